// SPDX-License-Identifier: MIT
#include "testing.h"

_Alignas(64) unsigned char test_memory[TEST_MEMORY];

const struct test_tier test_tiers[SLATE_TIERS] = {
	{
		SLATE_TIER_RAW, slate_raw_malloc, slate_raw_calloc,
		slate_raw_realloc, slate_raw_free,
	}, {
		SLATE_TIER_MEM, slate_mem_malloc, slate_mem_calloc,
		slate_mem_realloc, slate_mem_free,
	}, {
		SLATE_TIER_OBJ, slate_obj_malloc, slate_obj_calloc,
		slate_obj_realloc, slate_obj_free,
	},
};

struct slate_heap *test_heap_of(size_t size)
{
	memset(test_memory, 0xa5, size);
	return slate_heap_create(test_memory, size);
}

struct slate_heap *test_heap(void)
{
	return test_heap_of(TEST_HEAP);
}

static unsigned char pattern(size_t i, unsigned int key)
{
	return (unsigned char)(key * 167 + i * 31 + (i >> 8) + 1);
}

void test_fill(void *ptr, size_t size, unsigned int key)
{
	unsigned char *p = ptr;
	size_t i;

	for (i = 0; i < size; i++)
		p[i] = pattern(i, key);
}

bool test_filled(const void *ptr, size_t size, unsigned int key)
{
	const unsigned char *p = ptr;
	size_t i;

	for (i = 0; i < size; i++) {
		if (p[i] != pattern(i, key))
			return false;
	}
	return true;
}

bool test_all(const void *ptr, size_t size, unsigned char byte)
{
	const unsigned char *p = ptr;

	while (size--) {
		if (*p++ != byte)
			return false;
	}
	return true;
}

bool test_aligned(const void *ptr, size_t align)
{
	return !((uintptr_t)ptr & (align - 1));
}

static uint32_t mix(uint32_t sum, uint32_t value)
{
	return (sum ^ value) * 16777619u;
}

static int add_block(void *arg, const struct slate_block *block)
{
	const unsigned char *p = block->ptr;
	uint32_t *sum = arg;
	size_t i;

	*sum = mix(*sum, (uint32_t)(uintptr_t)p);
	*sum = mix(*sum, (uint32_t)block->size);
	for (i = 0; i < block->size; i++)
		*sum = mix(*sum, p[i]);
	return 0;
}

struct slate_stats test_stats(struct slate_heap *heap)
{
	struct slate_stats stats;

	memset(&stats, 0, sizeof(stats));
	slate_heap_stats(heap, &stats);
	return stats;
}

struct test_state test_state(struct slate_heap *heap)
{
	struct test_state state;

	memset(&state, 0, sizeof(state));
	slate_heap_stats(heap, &state.stats);
	state.stats.failures = 0;
	state.sum = 2166136261u;
	slate_heap_walk(heap, add_block, &state.sum);
	return state;
}

bool test_same(const struct test_state *state, struct slate_heap *heap)
{
	struct test_state now = test_state(heap);

	if (!slate_heap_valid(heap) || now.sum != state->sum)
		return false;
	return !memcmp(&now.stats, &state->stats, sizeof(now.stats));
}

bool test_same_blocks(const struct test_state *state, struct slate_heap *heap)
{
	struct test_state now = test_state(heap);

	if (!slate_heap_valid(heap) || now.sum != state->sum)
		return false;
	return now.stats.live == state->stats.live &&
	       now.stats.blocks == state->stats.blocks;
}

bool test_is_empty(struct slate_heap *heap)
{
	struct slate_stats stats = test_stats(heap);
	void *ptr;

	if (stats.live || stats.blocks || !slate_heap_valid(heap))
		return false;
	ptr = slate_mem_malloc(heap, stats.largest_free);
	if (!ptr)
		return false;
	slate_mem_free(heap, ptr);
	return slate_heap_valid(heap);
}

static int is_pooled(void *arg, const struct slate_block *block)
{
	if (block->ptr != arg)
		return 0;
	return block->pooled ? 2 : 1;
}

bool test_pooled(struct slate_heap *heap, const void *ptr)
{
	return slate_heap_walk(heap, is_pooled, (void *)(uintptr_t)ptr) == 2;
}

size_t test_exhaust(struct slate_heap *heap, const struct test_tier *tier,
		    size_t size, struct test_node **list)
{
	struct test_node *node;
	size_t n = 0;

	*list = NULL;
	while ((node = tier->malloc(heap, size))) {
		node->next = *list;
		*list = node;
		n++;
	}
	return n;
}

void test_drain(struct slate_heap *heap, const struct test_tier *tier,
		struct test_node **list)
{
	while (*list) {
		struct test_node *node = *list;

		*list = node->next;
		tier->free(heap, node);
	}
}

uint32_t test_seed = 1;

uint32_t test_random(void)
{
	test_seed ^= test_seed << 13;
	test_seed ^= test_seed >> 17;
	test_seed ^= test_seed << 5;
	return test_seed;
}

uint32_t test_below(uint32_t n)
{
	return (uint32_t)((uint64_t)test_random() * n >> 32);
}
