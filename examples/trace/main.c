// SPDX-License-Identifier: MIT
/*
 * Who has the memory, and how did the program get there? A small program that
 * forgets some of its memory, traced with four frames. tools/slate-sites puts
 * names to the addresses that it prints.
 */
#include <inttypes.h>
#include <stdio.h>

#include <slate/slate.h>

#include "backtrace.h"

#define DEPTH	4
#define SITES	32
#define NOINLINE	__attribute__((noinline))

static uintptr_t table[SITES * (5 + DEPTH) + 3 * 128];
static _Alignas(16) unsigned char memory[32768];
static struct slate_trace trace;
static struct slate_heap *heap;

static const struct slate_trace_config config = {
	.table = table,
	.size = sizeof(table),
	.sites = SITES,
	.depth = DEPTH,
	.frames = backtrace_frames,
};

/* Its caller's work goes on behind the calls, so that none is a jump. */
static volatile unsigned int done;

static NOINLINE void *buffer_new(size_t size)
{
	void *buffer = slate_mem_malloc(heap, size);

	done++;
	return buffer;
}

static NOINLINE void *message_new(size_t size)
{
	void *message = buffer_new(size + 16);

	done++;
	return message;
}

static NOINLINE void send_report(unsigned int n)
{
	void *message = message_new(40);

	done++;
	/* Every fourth is forgotten. */
	if (n % 4)
		slate_mem_free(heap, message);
}

static NOINLINE void answer_request(unsigned int n)
{
	void *message = message_new(100 + n);

	done++;
	slate_mem_free(heap, message);
}

static NOINLINE void run(unsigned int rounds)
{
	unsigned int n;

	for (n = 0; n < rounds; n++) {
		send_report(n);
		answer_request(n);
	}
	done++;
}

static void print_site(const char *what, size_t size, size_t count,
		       unsigned int site)
{
	const uintptr_t *frames = slate_trace_frames(&trace, site);
	unsigned int i;

	printf("%s: %lu bytes in %lu blocks\n", what, (unsigned long)size,
	       (unsigned long)count);
	for (i = 0; i < DEPTH && frames[i]; i++)
		printf("  from 0x%" PRIxPTR "\n", frames[i]);
}

int main(void)
{
	struct slate_trace_stat top[4];
	unsigned int mark;
	size_t n;
	size_t i;

	heap = slate_heap_create(memory, sizeof(memory));
	if (!heap || slate_trace_start(&trace, heap, &config)) {
		printf("no tracing in this configuration\n");
		return 1;
	}
	run(8);
	mark = slate_trace_mark(&trace);
	run(12);
	n = slate_trace_top(&trace, mark, SLATE_TRACE_MARKS + 1, top, 4);
	for (i = 0; i < n; i++)
		print_site("since the mark", top[i].size, top[i].count,
			   top[i].site);
	return trace.blocks.lost || slate_trace_stop(&trace);
}
