// SPDX-License-Identifier: MIT
/* Several regions in one heap. */
#include "testing.h"

static const char one_region[] = "one region in this configuration";

#define SECOND		(test_memory + TEST_HALF)

/* A heap of the first half; the second is for a region of its own. */
static struct slate_heap *start(struct ktap *t)
{
	if (SLATE_CONFIG_REGIONS < 2) {
		t->skip = one_region;
		return NULL;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	return slate_heap_create(test_memory, TEST_HALF);
}

/* The same with the second half added, which has @caps. */
static struct slate_heap *start_two(struct ktap *t, unsigned int caps)
{
	struct slate_heap *heap = start(t);

	if (!heap)
		return NULL;
	ktap_expect(t, slate_heap_add_region(heap, SECOND, TEST_HALF,
					     caps) == 0);
	return heap;
}

static bool in_second(const void *ptr)
{
	const unsigned char *p = ptr;

	return p >= SECOND && p < SECOND + TEST_HALF;
}

static void add_region_makes_the_heap_larger(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	struct slate_stats one;
	struct slate_stats two;

	if (!heap)
		return;
	one = test_stats(heap);
	ktap_expect(t, slate_heap_add_region(heap, SECOND, TEST_HALF, 0) ==
		    0);
	two = test_stats(heap);
	ktap_expect(t, two.size == one.size + TEST_HALF);
	ktap_expect(t, two.free > one.free + TEST_HALF / 2);
	ktap_expect(t, two.arenas == 2);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void add_region_serves_when_the_first_is_full(struct ktap *t)
{
	struct slate_heap *heap = start_two(t, 0);
	const struct test_tier *tier;
	struct test_node *list;

	if (!heap)
		return;
	for_each_tier(tier) {
		struct test_node *node;
		bool first = false;
		bool second = false;

		test_exhaust(heap, tier, 24, &list);
		for (node = list; node; node = node->next) {
			first = first || !in_second(node);
			second = second || in_second(node);
		}
		ktap_expect(t, first && second);
		ktap_expect(t, slate_heap_valid(heap));
		test_drain(heap, tier, &list);
		ktap_expect(t, test_is_empty(heap));
	}
	slate_heap_destroy(heap);
}

static void add_region_refuses_overlap(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	unsigned char *first = test_memory;
	struct test_state before;

	if (!heap)
		return;
	before = test_state(heap);
	ktap_expect(t, slate_heap_add_region(heap, first, TEST_HALF, 0) ==
		    -SLATE_EEXIST);
	ktap_expect(t, slate_heap_add_region(heap, SECOND - 1, TEST_HALF,
					     0) == -SLATE_EEXIST);
	ktap_expect(t, slate_heap_add_region(heap, first + 512,
					     TEST_HALF - 768, 0) ==
		    -SLATE_EEXIST);
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void add_region_refuses_overlap_from_below(struct ktap *t)
{
	struct slate_heap *heap;

	if (!start(t))
		return;
	heap = slate_heap_create(SECOND, TEST_HALF);
	ktap_expect(t, slate_heap_add_region(heap, test_memory,
					     TEST_HALF + 1, 0) ==
		    -SLATE_EEXIST);
	ktap_expect(t, slate_heap_add_region(heap, test_memory, TEST_HEAP,
					     0) == -SLATE_EEXIST);
	ktap_expect(t, slate_heap_add_region(heap, test_memory, TEST_HALF,
					     0) == 0);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void add_region_refuses_what_is_too_small_or_wraps(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	struct test_state before;
	size_t size;

	if (!heap)
		return;
	before = test_state(heap);
	for (size = 0; size <= SLATE_GRANULE; size++)
		ktap_expect(t, slate_heap_add_region(heap, SECOND, size, 0) ==
			    -SLATE_EINVAL);
	ktap_expect(t, slate_heap_add_region(heap, SECOND, SIZE_MAX, 0) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_heap_add_region(heap, NULL, TEST_HALF, 0) ==
		    -SLATE_EINVAL);
	ktap_expect(t, test_same(&before, heap));
	ktap_expect(t, test_all(SECOND, TEST_HALF, 0xa5));
	slate_heap_destroy(heap);
}

static void add_region_refuses_one_too_many(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	unsigned char *base = SECOND;
	size_t size = TEST_HALF / SLATE_CONFIG_REGIONS / 64 * 64;
	struct test_state before;
	unsigned int n;

	if (!heap)
		return;
	if (size < 64 * sizeof(void *)) {
		t->skip = "memory too small for that many regions";
		return;
	}
	for (n = 1; n < SLATE_CONFIG_REGIONS; n++, base += size)
		ktap_expect(t, slate_heap_add_region(heap, base, size, 0) ==
			    0);
	before = test_state(heap);
	ktap_expect(t, before.stats.arenas == SLATE_CONFIG_REGIONS);
	ktap_expect(t, slate_heap_add_region(heap, base, size, 0) ==
		    -SLATE_ENOSPC);
	ktap_expect(t, test_same(&before, heap));
	ktap_expect(t, test_all(base, size, 0xa5));
	slate_heap_destroy(heap);
}

static void add_region_takes_a_ragged_base(struct ktap *t)
{
	size_t off;

	for (off = 1; off < 16; off++) {
		size_t size = TEST_HALF - 64 - 2 * off;
		struct slate_heap *heap = start(t);

		if (!heap)
			return;
		ktap_expect(t, slate_heap_add_region(heap, SECOND + off, size,
						     SLATE_CAP_USER) == 0);
		ktap_expect(t, test_stats(heap).size == TEST_HALF + size);
		ktap_expect(t, slate_raw_alloc(heap, 1, 100, SLATE_CAP_USER));
		ktap_expect(t, slate_heap_valid(heap));
		ktap_expect(t, test_all(SECOND, off, 0xa5));
		ktap_expect(t, test_all(SECOND + off + size, 16, 0xa5));
		slate_heap_destroy(heap);
	}
}

static void remove_region_gives_the_memory_back(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	struct test_state before;

	if (!heap)
		return;
	before = test_state(heap);
	ktap_expect(t, slate_heap_add_region(heap, SECOND, TEST_HALF, 0) ==
		    0);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) == 0);
	memset(SECOND, 0x11, TEST_HALF);
	ktap_expect(t, test_same(&before, heap));
	ktap_expect(t, slate_heap_add_region(heap, SECOND, TEST_HALF, 0) ==
		    0);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void remove_region_refuses_a_busy_one(struct ktap *t)
{
	struct slate_heap *heap = start_two(t, SLATE_CAP_DMA);
	struct test_state before;
	void *p;

	if (!heap)
		return;
	p = slate_raw_alloc(heap, 1, 1, SLATE_CAP_DMA);
	ktap_expect(t, in_second(p));
	before = test_state(heap);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) ==
		    -SLATE_EBUSY);
	ktap_expect(t, test_same(&before, heap));
	slate_raw_free(heap, p);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) == 0);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void remove_region_works_once_pools_are_empty(struct ktap *t)
{
	struct slate_heap *heap = start_two(t, 0);
	struct test_node *list;

	if (!heap)
		return;
	test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], sizeof(void *),
		     &list);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) ==
		    -SLATE_EBUSY);
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) == 0);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void remove_region_refuses_an_unknown_one(struct ktap *t)
{
	struct slate_heap *heap = start_two(t, 0);
	struct test_state before;

	if (!heap)
		return;
	before = test_state(heap);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND + 8) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_heap_remove_region(heap, NULL) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_heap_remove_region(heap, &before) ==
		    -SLATE_EINVAL);
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void remove_region_refuses_the_first(struct ktap *t)
{
	struct slate_heap *heap = start_two(t, 0);
	struct test_state before;

	if (!heap)
		return;
	before = test_state(heap);
	ktap_expect(t, slate_heap_remove_region(heap, test_memory) ==
		    -SLATE_EBUSY);
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void remove_region_takes_one_from_the_middle(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	size_t size = TEST_HALF / 4;
	void *p;

	if (!heap)
		return;
	if (SLATE_CONFIG_REGIONS < 4) {
		t->skip = "fewer than 4 regions in this configuration";
		return;
	}
	ktap_expect(t, !slate_heap_add_region(heap, SECOND, size, 0));
	ktap_expect(t, !slate_heap_add_region(heap, SECOND + size, size, 0));
	ktap_expect(t, !slate_heap_add_region(heap, SECOND + 2 * size, size,
					      SLATE_CAP_EXEC));
	p = slate_raw_alloc(heap, 1, 30, SLATE_CAP_EXEC);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND + size) == 0);
	memset(SECOND + size, 0x11, size);
	ktap_expect(t, slate_heap_valid(heap));
	ktap_expect(t, test_stats(heap).arenas == 3);
	slate_raw_free(heap, p);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND + 2 * size) ==
		    0);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) == 0);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(add_region_makes_the_heap_larger),
	KTAP_CASE(add_region_serves_when_the_first_is_full),
	KTAP_CASE(add_region_refuses_overlap),
	KTAP_CASE(add_region_refuses_overlap_from_below),
	KTAP_CASE(add_region_refuses_what_is_too_small_or_wraps),
	KTAP_CASE(add_region_refuses_one_too_many),
	KTAP_CASE(add_region_takes_a_ragged_base),
	KTAP_CASE(remove_region_gives_the_memory_back),
	KTAP_CASE(remove_region_refuses_a_busy_one),
	KTAP_CASE(remove_region_works_once_pools_are_empty),
	KTAP_CASE(remove_region_refuses_an_unknown_one),
	KTAP_CASE(remove_region_refuses_the_first),
	KTAP_CASE(remove_region_takes_one_from_the_middle),
};

KTAP_SUITE(slate_region, cases);
