// SPDX-License-Identifier: MIT
/* Regions that are closed, emptied by those who hold them, and taken out. */
#include "places.h"

#define SECOND	PLACE_BASE(DMA)

static bool in_second(const void *ptr)
{
	return (uintptr_t)ptr - (uintptr_t)SECOND < TEST_HALF;
}

struct holders {
	struct slate_heap *heap;
	void *seen[8];
	size_t n;
	bool let_go;
};

static int note_holder(void *arg, const struct slate_block *block)
{
	struct holders *holders = arg;

	if (holders->n < 8)
		holders->seen[holders->n] = block->ptr;
	holders->n++;
	if (holders->let_go)
		slate_mem_free(holders->heap, block->ptr);
	return 0;
}

static void removal_is_refused_and_the_holders_are_listed(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, SLATE_CAP_DMA);
	struct holders holders = { .heap = heap };
	void *p;
	void *q;

	if (!heap)
		return;
	ktap_expect(t, slate_raw_malloc(heap, 8));
	p = slate_raw_alloc(heap, 1, 30, SLATE_CAP_DMA);
	q = slate_raw_alloc(heap, 1, 3, SLATE_CAP_DMA);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) ==
		    -SLATE_EBUSY);
	ktap_expect(t, !slate_region_walk(heap, SECOND, note_holder,
					  &holders));
	ktap_expect(t, holders.n == 2 && holders.seen[0] == p &&
		    holders.seen[1] == q);
	slate_raw_free(heap, p);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) ==
		    -SLATE_EBUSY);
	slate_raw_free(heap, q);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) == 0);
	slate_heap_destroy(heap);
}

static void nothing_enters_a_drained_region(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, SLATE_CAP_DMA);
	const struct test_tier *tier;
	struct test_node *list;

	if (!heap)
		return;
	ktap_expect(t, slate_region_drain(heap, SECOND, true) == 0);
	ktap_expect(t, !slate_raw_alloc(heap, 1, 1, SLATE_CAP_DMA));
	ktap_expect(t, !slate_raw_alloc(heap, 1, 1, SLATE_CAP_DRAINED));
	for_each_tier(tier) {
		test_exhaust(heap, tier, 20, &list);
		test_exhaust(heap, tier, 1, &list);
	}
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) == 0);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void drained_region_opens_again(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, SLATE_CAP_DMA);

	if (!heap)
		return;
	ktap_expect(t, slate_region_drain(heap, SECOND, true) == 0);
	ktap_expect(t, slate_region_drain(heap, SECOND, true) == 0);
	ktap_expect(t, !slate_raw_alloc(heap, 1, 1, SLATE_CAP_DMA));
	ktap_expect(t, slate_region_drain(heap, SECOND, false) == 0);
	ktap_expect(t, in_second(slate_raw_alloc(heap, 1, 1, SLATE_CAP_DMA)));
	slate_heap_destroy(heap);
}

static void first_region_is_never_drained(struct ktap *t)
{
	struct slate_heap *heap = test_heap();

	ktap_expect(t, slate_region_drain(heap, test_memory, true) ==
		    -SLATE_EBUSY);
	ktap_expect(t, slate_raw_malloc(heap, 1));
	slate_heap_destroy(heap);
}

static int drained_is_told(void *arg, const struct slate_region *region)
{
	if (region->base == SECOND)
		*(bool *)arg = region->drained && region->caps == 0;
	return 0;
}

/* Pools, chunks, blocks that move: all leave, and what they hold is whole. */
static void live_blocks_move_out_and_the_region_goes(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, 0);
	struct holders holders = { .heap = heap, .let_go = true };
	struct test_node *list;
	bool told = false;
	unsigned char *p = NULL;

	if (!heap)
		return;
	test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], 24, &list);
	ktap_expect(t, in_second(list));
	p = (unsigned char *)list;
	list = list->next;
	test_fill(p, 24, 8);
	ktap_expect(t, slate_region_drain(heap, SECOND, true) == 0);
	slate_heap_regions(heap, drained_is_told, &told);
	ktap_expect(t, told);
	while (list && in_second(list->next))
		list = list->next;
	/* What is left of the list is in the first region: that empties. */
	list = list ? list->next : NULL;
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	p = slate_mem_realloc(heap, p, TEST_HALF / 4);
	ktap_expect(t, p && !in_second(p) && test_filled(p, 24, 8));
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) ==
		    -SLATE_EBUSY);
	ktap_expect(t, !slate_region_walk(heap, SECOND, note_holder,
					  &holders));
	ktap_expect(t, holders.n);
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) == 0);
	memset(SECOND, 0x11, TEST_HALF);
	ktap_expect(t, slate_heap_valid(heap));
	ktap_expect(t, slate_heap_add_region(heap, SECOND, TEST_HALF, 0) ==
		    0);
	slate_heap_destroy(heap);
}

/* Every size from nothing up: refused cleanly, or a region that serves. */
static void smallest_region_that_is_taken_serves(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, 0);
	size_t taken = 0;
	size_t size;
	void *p;

	if (!heap)
		return;
	ktap_expect(t, slate_heap_remove_region(heap, SECOND) == 0);
	for (size = 0; size < TEST_HALF / 2; size++) {
		unsigned char *base = SECOND + size % 19;

		if (slate_heap_add_region(heap, base, size, SLATE_CAP_USER)) {
			ktap_expect(t, !taken || size < taken + SLATE_GRANULE);
			continue;
		}
		taken = taken ? taken : size;
		p = slate_raw_alloc(heap, 1, 1, SLATE_CAP_USER);
		ktap_expect(t, p > (void *)base && p < (void *)(base + size));
		slate_raw_free(heap, p);
		ktap_expect(t, slate_heap_valid(heap));
		ktap_expect(t, slate_heap_remove_region(heap, base) == 0);
	}
	ktap_expect(t, taken && taken <= 512);
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(removal_is_refused_and_the_holders_are_listed),
	KTAP_CASE(nothing_enters_a_drained_region),
	KTAP_CASE(drained_region_opens_again),
	KTAP_CASE(first_region_is_never_drained),
	KTAP_CASE(live_blocks_move_out_and_the_region_goes),
	KTAP_CASE(smallest_region_that_is_taken_serves),
};

KTAP_SUITE(slate_drain, cases);
