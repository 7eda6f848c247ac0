// SPDX-License-Identifier: MIT
/*
 * Reserves: a part of a region that ordinary requests never touch, that is
 * there in one piece when it is asked for by name.
 */
#include "places.h"

#define RESERVED	(SLATE_CAP_DMA | SLATE_CAP_RESERVE)
#define RESERVE		(TEST_HALF / 4)

/* DMA memory, its last RESERVE bytes reserved. */
static struct slate_heap *start(struct ktap *t)
{
	struct slate_heap *heap;

	if (SLATE_CONFIG_REGIONS < 3) {
		t->skip = "fewer than 3 regions in this configuration";
		return NULL;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	heap = slate_heap_create(test_memory, TEST_HALF);
	ktap_expect(t, !slate_heap_add_reserved(heap, PLACE_BASE(DMA),
						TEST_HALF, SLATE_CAP_DMA,
						RESERVE));
	return heap;
}

/* Live bytes in memory that is reserved. */
static int count_reserved(void *arg, const struct slate_block *block)
{
	if (block->caps & SLATE_CAP_RESERVE)
		*(size_t *)arg += block->size;
	return 0;
}

static size_t reserved_live(struct slate_heap *heap)
{
	size_t live = 0;

	slate_heap_walk(heap, count_reserved, &live);
	return live;
}

/* Resize, and keep the block where it is if that fails. */
static void *resized(struct slate_heap *heap, void *ptr, size_t size)
{
	void *to = slate_mem_realloc(heap, ptr, size);

	return to ? to : ptr;
}

/* Take all that requests without the name can, of every size, growing too. */
static void take_the_rest(struct slate_heap *heap)
{
	static const size_t sizes[] = { 300, 64, 40, 24, 8, 1 };
	const struct test_tier *tier;
	struct test_node *list;
	void *grown = slate_mem_malloc(heap, 1);
	void *dma = slate_raw_alloc(heap, 1, 1, SLATE_CAP_DMA);
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for_each_tier(tier)
			test_exhaust(heap, tier, sizes[i], &list);
		while (slate_raw_aligned_alloc(heap, 16, sizes[i]))
			;
		while (slate_raw_alloc(heap, 1, sizes[i], SLATE_CAP_DMA))
			;
		grown = resized(heap, grown, RESERVE / 2 + i);
		dma = resized(heap, dma, RESERVE / 2 + i);
	}
	while (slate_mem_calloc(heap, 1, 1))
		;
}

static void ordinary_requests_never_touch_it(struct ktap *t)
{
	struct slate_heap *heap = start(t);

	if (!heap)
		return;
	take_the_rest(heap);
	ktap_expect(t, reserved_live(heap) == 0);
	/* And so it is there, in one piece. */
	ktap_expect(t, slate_raw_alloc(heap, 1, RESERVE, RESERVED));
	ktap_expect(t, reserved_live(heap) == RESERVE);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void it_is_taken_by_name(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	void *p;
	void *q;

	if (!heap)
		return;
	p = slate_raw_alloc(heap, 1, 40, SLATE_CAP_RESERVE);
	q = slate_raw_alloc(heap, 1, 40, RESERVED);
	ktap_expect(t, slate_heap_block_caps(heap, p) == RESERVED);
	ktap_expect(t, slate_heap_block_caps(heap, q) == RESERVED);
	ktap_expect(t, !slate_raw_alloc(heap, 1, 40, SLATE_CAP_RESERVE |
					SLATE_CAP_FAST));
	slate_raw_free(heap, p);
	slate_mem_free(heap, q);
	ktap_expect(t, reserved_live(heap) == 0);
	ktap_expect(t, slate_raw_alloc(heap, 1, RESERVE, RESERVED));
	slate_heap_destroy(heap);
}

static void fallback_reaches_it_last(struct ktap *t)
{
	static const unsigned int order[] = { SLATE_CAP_DMA, RESERVED };
	struct slate_heap *heap = start(t);
	void *p;

	if (!heap)
		return;
	p = slate_raw_alloc_prefer(heap, 1, 40, order, 2);
	ktap_expect(t, slate_heap_block_caps(heap, p) == SLATE_CAP_DMA);
	while (slate_raw_alloc(heap, 1, 1, SLATE_CAP_DMA))
		;
	p = slate_raw_alloc_prefer(heap, 1, 40, order, 2);
	ktap_expect(t, slate_heap_block_caps(heap, p) == RESERVED);
	ktap_expect(t, !slate_raw_alloc_prefer(heap, 1, 40, order, 1));
	slate_heap_destroy(heap);
}

static void block_in_it_stays_in_it(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	unsigned char *p;
	void *blocker;

	if (!heap)
		return;
	p = slate_raw_alloc(heap, 1, 32, RESERVED);
	blocker = slate_raw_alloc(heap, 1, 32, RESERVED);
	test_fill(p, 32, 3);
	p = slate_mem_realloc(heap, p, RESERVE / 2);
	ktap_expect(t, p && test_filled(p, 32, 3));
	ktap_expect(t, slate_heap_block_caps(heap, p) == RESERVED);
	ktap_expect(t, !slate_mem_realloc(heap, p, RESERVE + 1));
	ktap_expect(t, slate_heap_block_caps(heap, blocker) == RESERVED);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void every_size_that_fits_can_be_reserved(struct ktap *t)
{
	struct slate_heap *heap;
	size_t size;

	if (!start(t))
		return;
	for (size = 1; size <= TEST_HALF / 2; size += size / 3 + 1) {
		heap = slate_heap_create(test_memory, TEST_HALF);
		if (slate_heap_add_reserved(heap, PLACE_BASE(DMA), TEST_HALF,
					    0, size)) {
			ktap_expect(t, size > TEST_HALF / 4);
			continue;
		}
		ktap_expect(t, slate_raw_alloc(heap, 1, size,
					       SLATE_CAP_RESERVE));
		ktap_expect(t, slate_heap_valid(heap));
	}
}

static void add_reserved_refuses_and_leaves_the_heap(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	unsigned char *second = PLACE_BASE(DMA);
	struct test_state before;
	unsigned int i;

	if (!heap)
		return;
	heap = slate_heap_create(test_memory, TEST_HALF);
	before = test_state(heap);
	ktap_expect(t, slate_heap_add_reserved(heap, second, TEST_HALF, 0,
					       TEST_HALF) == -SLATE_EINVAL);
	ktap_expect(t, slate_heap_add_reserved(heap, second, TEST_HALF, 0,
					       TEST_HALF + 1) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_heap_add_reserved(heap, NULL, TEST_HALF, 0, 8) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_heap_add_reserved(heap, second, TEST_TOO_LARGE,
					       0, 8) == -SLATE_EINVAL);
	ktap_expect(t, slate_heap_add_reserved(heap, second, TEST_HALF,
					       SLATE_CAP_DRAINED, 8) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_heap_add_reserved(heap, test_memory, TEST_HALF,
					       0, 8) == -SLATE_EEXIST);
	ktap_expect(t, slate_heap_add_region(heap, second, TEST_HALF,
					     SLATE_CAP_DRAINED) ==
		    -SLATE_EINVAL);
	ktap_expect(t, test_same(&before, heap));
	/* One region is left, and two are needed. */
	for (i = 2; i < SLATE_CONFIG_REGIONS; i++)
		ktap_expect(t, !slate_heap_add_region(heap, second +
				(i - 2) * (TEST_HALF / 192 * 64),
				TEST_HALF / 192 * 64, 0));
	before = test_state(heap);
	ktap_expect(t, slate_heap_add_reserved(heap, second + TEST_HALF -
				TEST_HALF / 192 * 64, TEST_HALF / 192 * 64, 0,
				8) < 0);
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void first_region_is_no_reserve(struct ktap *t)
{
	ktap_expect(t, !slate_heap_create_caps(test_memory, TEST_HEAP,
					       SLATE_CAP_RESERVE));
	ktap_expect(t, !slate_heap_create_caps(test_memory, TEST_HEAP,
					       SLATE_CAP_ZERO));
	ktap_expect(t, !slate_heap_create_caps(test_memory, TEST_HEAP,
					       SLATE_CAP_DRAINED));
}

static const struct ktap_case cases[] = {
	KTAP_CASE(ordinary_requests_never_touch_it),
	KTAP_CASE(it_is_taken_by_name),
	KTAP_CASE(fallback_reaches_it_last),
	KTAP_CASE(block_in_it_stays_in_it),
	KTAP_CASE(every_size_that_fits_can_be_reserved),
	KTAP_CASE(add_reserved_refuses_and_leaves_the_heap),
	KTAP_CASE(first_region_is_no_reserve),
};

KTAP_SUITE(slate_reserve, cases);
