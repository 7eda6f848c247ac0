// SPDX-License-Identifier: MIT
/*
 * Threads that share a heap with debug hooks and failures on demand, under
 * the port's lock: for ThreadSanitizer. Ends with 0 if nothing was reported
 * and nothing is left.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <slate/slate.h>

#define THREADS	4
#define SLOTS	20

static unsigned char memory[262144];
static struct slate_debug debug;
static struct slate_inject inject;
static struct slate_heap *heap;

static void on_report(void *ctx, struct slate_heap *where,
		      const struct slate_debug_report *report)
{
	(void)ctx;
	slate_debug_print(where, report);
	abort();
}

struct slot {
	unsigned char *ptr;
	size_t size;
};

static void step(struct slot *slot, uint32_t random, int key)
{
	size_t size = random % 600;
	unsigned char *p;
	size_t i;

	for (i = 0; i < slot->size; i++) {
		if (slot->ptr[i] != key)
			abort();
	}
	if (slot->ptr && random >> 31) {
		slate_mem_free(heap, slot->ptr);
		slot->ptr = NULL;
		slot->size = 0;
		return;
	}
	p = slate_mem_realloc(heap, slot->ptr, size);
	if (!p)
		return;
	slot->ptr = memset(p, key, size);
	slot->size = size;
}

static void *work(void *arg)
{
	struct slot slots[SLOTS] = { { NULL, 0 } };
	uint32_t random = *(const uint32_t *)arg;
	int i;

	for (i = 0; i < 8000; i++) {
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		step(&slots[i % SLOTS], random, i % SLOTS);
	}
	for (i = 0; i < SLOTS; i++)
		slate_mem_free(heap, slots[i].ptr);
	return NULL;
}

int main(void)
{
	const struct slate_debug_options options = { .handler = on_report };
	const struct slate_inject_rule rule = { .chance = 2000 };
	static uint32_t seeds[THREADS] = { 1, 22, 333, 4444 };
	struct slate_debug_counts counts;
	pthread_t threads[THREADS];
	int i;

	heap = slate_heap_create(memory, sizeof(memory));
	if (!heap || slate_debug_enable(heap, &debug))
		return 9;
	slate_debug_set_options(heap, &options);
	if (slate_inject_start(heap, &inject, &rule))
		return 9;
	for (i = 0; i < THREADS; i++) {
		if (pthread_create(&threads[i], NULL, work, &seeds[i]))
			return 9;
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	slate_debug_stats(heap, &counts);
	if (counts.blocks || slate_debug_check_all(heap))
		return 1;
	return slate_heap_valid(heap) && inject.failed ? 0 : 1;
}
