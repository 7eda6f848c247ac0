/* SPDX-License-Identifier: MIT */
/*
 * What all suites share: one buffer that heaps are carved from, the tiers as
 * a table, patterns, snapshots, a source of arenas, random numbers.
 */
#ifndef TESTING_H
#define TESTING_H

#include <string.h>

#include <slate/slate.h>

#include "faults.h"
#include "ktap.h"

/* Bytes of the buffer; a board with little memory says less. */
#ifndef TEST_MEMORY
#define TEST_MEMORY	1048576
#endif

extern unsigned char test_memory[TEST_MEMORY];

/* Random calls of the suites that make as many as there is time for. */
#ifndef TEST_STEPS
#define TEST_STEPS	(TEST_MEMORY < 65536 ? 10000 : 1000000)
#endif

/*
 * The heap that most cases use: 32 units of side bits, 8 KiB or 32 KiB, or
 * the whole buffer if that is less.
 */
#define TEST_WANTED	((size_t)32 * SLATE_WORD_BITS * SLATE_GRANULE)
#define TEST_HEAP	(TEST_MEMORY < TEST_WANTED ? TEST_MEMORY : TEST_WANTED)
#define TEST_HALF	(TEST_HEAP / 2 / 64 * 64)

/* Usable bytes of the largest class that has pools, and a size beyond. */
#define TEST_POOLED	(SLATE_POOL_CLASSES * SLATE_GRANULE)

#define TEST_TOO_LARGE	((size_t)PTRDIFF_MAX + 1)

/* One of TEST_HEAP bytes at test_memory, which has never been all zero. */
struct slate_heap *test_heap(void);

/* The same with a size of one's own. */
struct slate_heap *test_heap_of(size_t size);

/* The calls of a tier. */
struct test_tier {
	enum slate_tier tier;
	void *(*malloc)(struct slate_heap *heap, size_t size);
	void *(*calloc)(struct slate_heap *heap, size_t nmemb, size_t size);
	void *(*realloc)(struct slate_heap *heap, void *ptr, size_t size);
	void (*free)(struct slate_heap *heap, void *ptr);
};

extern const struct test_tier test_tiers[SLATE_TIERS];

#define for_each_tier(tier) \
	for (tier = test_tiers; tier < test_tiers + SLATE_TIERS; tier++)

/* Bytes that depend on @key and their place; and do they still stand? */
void test_fill(void *ptr, size_t size, unsigned int key);
bool test_filled(const void *ptr, size_t size, unsigned int key);

/* Are all @size bytes @byte? */
bool test_all(const void *ptr, size_t size, unsigned char byte);

bool test_aligned(const void *ptr, size_t align);

/**
 * struct test_state - what must be the same after a call that did nothing
 * @stats: the heap's figures, without the count of failures
 * @sum: over address, size and bytes of every live block
 */
struct test_state {
	struct slate_stats stats;
	uint32_t sum;
};

struct test_state test_state(struct slate_heap *heap);

/* Is the heap valid, and as it was in all that the program can see? */
bool test_same(const struct test_state *state, struct slate_heap *heap);

/* As it was but for empty pools given back or kept. */
bool test_same_blocks(const struct test_state *state, struct slate_heap *heap);

/* Nothing live, all free memory in one piece once it is asked for. */
bool test_is_empty(struct slate_heap *heap);

/* Is this live block one that was cut from a pool? */
bool test_pooled(struct slate_heap *heap, const void *ptr);

/* Blocks as a list through their own first bytes. */
struct test_node {
	struct test_node *next;
};

/* Allocate blocks of @size until there are no more; how many. */
size_t test_exhaust(struct slate_heap *heap, const struct test_tier *tier,
		    size_t size, struct test_node **list);

/* Free them all. */
void test_drain(struct slate_heap *heap, const struct test_tier *tier,
		struct test_node **list);

/* Random numbers: the same on every machine. */
extern uint32_t test_seed;
uint32_t test_random(void);
uint32_t test_below(uint32_t n);

struct slate_stats test_stats(struct slate_heap *heap);

#endif /* TESTING_H */
