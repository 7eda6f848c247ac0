// SPDX-License-Identifier: MIT
/*
 * The firmware of a small data logger, with five mistakes in it, one in each
 * of the functions that the debug hooks are going to name: a write behind a
 * block, one before it, one into a block that is freed, a second free, and a
 * block that nobody frees. "make bugs" runs it in QEMU.
 */
#include <stdio.h>
#include <string.h>

#include <slate/slate.h>

static unsigned char memory[8192];
static struct slate_debug debug;
static struct slate_heap *heap;

/* Text of slate's goes where ours goes. */
void slate_port_write(const char *text, size_t len)
{
	fwrite(text, 1, len, stdout);
}

/* Print what was found, and let the program go on: the block leaks. */
static void on_report(void *ctx, struct slate_heap *where,
		      const struct slate_debug_report *report)
{
	(void)ctx;
	slate_debug_print(where, report);
	putchar('\n');
}

struct session {
	char *peer;
	unsigned int last_seen;
};

/* Mistake 1: no room for the NUL. */
static char *copy_name(const char *name)
{
	char *copy = slate_mem_malloc(heap, strlen(name));

	if (copy)
		memcpy(copy, name, strlen(name) + 1);
	return copy;
}

static void name_sensor(void)
{
	char *name = copy_name("temperature");

	printf("sensor %s\n\n", name);
	slate_mem_free(heap, name);
}

/* Mistake 2: the first sample has none before it. */
static void smooth(unsigned char *samples, int n)
{
	int i;

	for (i = 0; i < n; i++)
		samples[i - 1] = (unsigned char)((samples[i - 1] +
						  samples[i]) / 2);
}

static void log_samples(void)
{
	unsigned char *samples = slate_mem_calloc(heap, 32, 1);

	smooth(samples, 32);
	slate_mem_free(heap, samples);
}

/* Mistake 3: the session is closed, and a timer still has it. */
static void on_timer(struct session *session)
{
	session->last_seen++;
}

static void close_session(struct session *session)
{
	slate_obj_free(heap, session);
}

static void serve(void)
{
	struct session *session = slate_obj_calloc(heap, 1, sizeof(*session));

	close_session(session);
	on_timer(session);
}

/* Mistake 4: the one who fails frees, and so does the one who asked. */
static int parse(char *message)
{
	if (message[0] == '{')
		return 0;
	slate_mem_free(heap, message);
	return -1;
}

static void receive(void)
{
	char *message = slate_mem_strdup(heap, "garbage");

	parse(message);
	slate_mem_free(heap, message);
}

/* Mistake 5: a way out on which the buffer is forgotten. */
static int send_report(int connected)
{
	char *buffer = slate_raw_malloc(heap, 256);

	if (!connected)
		return -1;
	snprintf(buffer, 256, "report");
	slate_raw_free(heap, buffer);
	return 0;
}

int main(void)
{
	const struct slate_debug_options options = { .handler = on_report };
	struct slate_debug_counts stats;
	uint32_t start;

	heap = slate_heap_create(memory, sizeof(memory));
	if (!heap || slate_debug_enable(heap, &debug))
		return 1;
	slate_debug_set_options(heap, &options);
	slate_debug_stats(heap, &stats);
	start = stats.serial;

	name_sensor();
	log_samples();
	serve();
	receive();
	send_report(0);

	/* What nobody's call has met: written after free, never freed. */
	slate_debug_flush(heap);
	slate_debug_leaks(heap, start);
	slate_debug_stats(heap, &stats);
	printf("%lu reports, %lu blocks live\n", (unsigned long)stats.reports,
	       (unsigned long)stats.blocks);
	return 0;
}
