// SPDX-License-Identifier: MIT
/*
 * Four threads in one heap, with counts, accounts, tracing and a recorder over
 * each other: each call of each thread must be in the books of all of them.
 * Blocks are freed by other threads than those that made them. Linux, with
 * SLATE_CONFIG_LOCK 1; usage: wrapped RECORDING
 */
#include <pthread.h>
#include <stdio.h>

#include <slate/slate.h>

#define THREADS		4
#define ROUNDS		5000
#define SLOTS		64

static _Alignas(64) unsigned char memory[1 << 20];
static struct slate_heap *heap;
static struct slate_count count;
static struct slate_counts classes[SLATE_TIERS * 8];
static struct slate_owner owner;
static struct slate_owner_account accounts[THREADS];
static struct slate_entry blocks[1024];
static struct slate_trace trace;
static uintptr_t table[3 * 1024 + 6 * 16];
static struct slate_record record;
static unsigned char buffer[8 * 4096];
static FILE *file;

/* Shared: a thread takes what another has put there. */
static void *slots[SLOTS];
static _Thread_local unsigned int self;

static unsigned int who(void *arg)
{
	(void)arg;
	return self;
}

/* Not called by two at once, so the file needs nothing. */
static int put(void *arg, const void *data, size_t len)
{
	return fwrite(data, 1, len, arg) == len ? 0 : -1;
}

static const struct slate_owner_config owner_config = {
	.accounts = accounts, .owners = THREADS, .table = blocks,
	.size = sizeof(blocks), .owner = who,
};

static const struct slate_trace_config trace_config = {
	.table = table, .size = sizeof(table), .sites = 16,
};

static struct slate_record_config record_config = {
	.buffer = buffer, .size = sizeof(buffer), .block = 4096,
	.write = put, .owner = who,
};

static void *run(void *arg)
{
	uint32_t seed = 2463534242u;
	unsigned int n;

	self = (unsigned int)(uintptr_t)arg;
	seed += self;
	for (n = 0; n < ROUNDS; n++) {
		void *mine;

		seed = seed * 1664525u + 1013904223u;
		mine = slate_obj_malloc(heap, seed >> 24);
		if (seed & 0x100)
			mine = slate_obj_realloc(heap, mine, seed >> 23 & 255);
		mine = __atomic_exchange_n(&slots[seed >> 9 & (SLOTS - 1)],
					   mine, __ATOMIC_ACQ_REL);
		slate_obj_free(heap, mine);
	}
	return NULL;
}

static int start(const char *name)
{
	file = fopen(name, "wb");
	heap = slate_heap_create(memory, sizeof(memory));
	record_config.arg = file;
	return !file || !heap || slate_count_start(&count, heap, classes, 8) ||
	       slate_owner_start(&owner, heap, &owner_config) ||
	       slate_trace_start(&trace, heap, &trace_config) ||
	       slate_record_start(&record, heap, &record_config);
}

/* All is given back: is it so in all the books? */
static int books(void)
{
	size_t left = count.tiers[SLATE_TIER_OBJ].live + trace.current;
	size_t calls = count.tiers[SLATE_TIER_OBJ].calls;
	unsigned int i;

	for (i = 0; i < THREADS; i++)
		left += accounts[i].live + accounts[i].blocks;
	printf("left %lu, lost %lu, blocks recorded badly %lu\n",
	       (unsigned long)left, (unsigned long)(trace.blocks.lost +
	       owner.blocks.lost + record.lost), (unsigned long)record.failed);
	return left || trace.blocks.lost || owner.blocks.lost ||
	       record.failed || calls < THREADS * ROUNDS ||
	       !slate_heap_valid(heap);
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	uintptr_t i;
	int bad;

	if (argc != 2 || start(argv[1]))
		return 2;
	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, (void *)i);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < SLOTS; i++)
		slate_obj_free(heap, slots[i]);
	bad = books();
	return slate_record_stop(&record) || slate_trace_stop(&trace) ||
	       slate_owner_stop(&owner) || slate_count_stop(&count) ||
	       fclose(file) || bad;
}
