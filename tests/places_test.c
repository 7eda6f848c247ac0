// SPDX-License-Identifier: MIT
/*
 * Requests that say where their memory is to come from, and each memory by
 * itself; on a board with a second bank of RAM, there as well.
 */
#include "places.h"

/* A second bank of RAM, if the board has one: the build says so. */
#ifndef TEST_BANK
#define TEST_BANK	0
#define TEST_BANK_SIZE	0
#endif

static void request_is_served_from_what_it_names(struct ktap *t)
{
	struct slate_heap *heap = places_make(t);
	unsigned int i;

	if (!heap)
		return;
	for (i = 0; i < PLACES; i++) {
		void *p = slate_raw_alloc(heap, 1, 40, place_caps[i]);
		void *q = slate_raw_alloc(heap, 1, 1, place_caps[i]);

		ktap_expect(t, place_of(p) == i && place_of(q) == i);
		ktap_expect(t, slate_heap_block_caps(heap, p) ==
			    place_caps[i]);
	}
	ktap_expect(t, place_of(slate_raw_alloc(heap, 1, 8,
						SLATE_CAP_RETAINED)) == TCM);
	ktap_expect(t, place_of(slate_raw_alloc(heap, 1, 8, SLATE_CAP_USER
						<< 3)) == EXTERNAL);
	ktap_expect(t, !slate_raw_alloc(heap, 1, 8, SLATE_CAP_DMA |
					SLATE_CAP_FAST));
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void block_caps_judges_the_pointer(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	unsigned char *p = slate_raw_malloc(heap, 64);

	ktap_expect(t, slate_heap_block_caps(heap, NULL) == 0);
	ktap_expect(t, slate_heap_block_caps(heap, p) == 0);
	ktap_expect(t, slate_heap_block_caps(heap, p + SLATE_GRANULE) == 0);
	ktap_expect(t, faults_one(SLATE_FAULT_INTERIOR, heap,
				  p + SLATE_GRANULE));
	slate_heap_destroy(heap);
}

/* All that @caps names is taken, block by block. */
static void fill(struct slate_heap *heap, unsigned int caps)
{
	while (slate_raw_alloc(heap, 1, 32, caps))
		;
	while (slate_raw_alloc(heap, 1, 1, caps))
		;
}

static void prefer_follows_the_order(struct ktap *t)
{
	static const unsigned int order[] = {
		SLATE_CAP_FAST, SLATE_CAP_EXTERNAL, 0
	};
	struct slate_heap *heap = places_make(t);
	size_t size = PLACE_SIZE(TCM) / 8;

	if (!heap)
		return;
	/* Ordinary RAM has the most room, and comes first in the heap. */
	ktap_expect(t, place_of(slate_raw_alloc_prefer(heap, 1, size, order,
						       3)) == TCM);
	fill(heap, SLATE_CAP_FAST);
	ktap_expect(t, place_of(slate_raw_alloc_prefer(heap, 1, size, order,
						       3)) == EXTERNAL);
	fill(heap, SLATE_CAP_EXTERNAL);
	ktap_expect(t, place_of(slate_raw_alloc_prefer(heap, 16, size, order,
						       3)) == RAM);
	ktap_expect(t, !slate_raw_alloc_prefer(heap, 1, size, order, 2));
	ktap_expect(t, !slate_raw_alloc_prefer(heap, 1, size, order, 0));
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void prefer_fails_once_and_changes_nothing(struct ktap *t)
{
	static const unsigned int order[] = {
		SLATE_CAP_FAST, SLATE_CAP_EXTERNAL, 0
	};
	struct slate_heap *heap = places_make(t);
	struct test_state before;
	size_t failures;

	if (!heap)
		return;
	ktap_expect(t, slate_raw_malloc(heap, 10));
	before = test_state(heap);
	failures = test_stats(heap).failures;
	ktap_expect(t, !slate_raw_alloc_prefer(heap, 1, TEST_HEAP, order, 3));
	ktap_expect(t, test_same(&before, heap));
	if (SLATE_CONFIG_STATS)
		ktap_expect(t, test_stats(heap).failures == failures + 1);
	ktap_expect(t, !slate_raw_alloc_prefer(heap, 3, 10, order, 3));
	ktap_expect(t, !slate_raw_alloc_prefer(heap, 1, TEST_TOO_LARGE, order,
					       3));
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

struct seen {
	struct slate_heap *heap;
	struct slate_stats sum;
	size_t mapped;
	size_t blocks;
	unsigned int regions;
	bool sound;
};

static int add_block(void *arg, const struct slate_block *block)
{
	struct seen *seen = arg;

	seen->blocks++;
	seen->sound = seen->sound && place_of(block->ptr) == seen->regions;
	return 0;
}

static int add_span(void *arg, const struct slate_span *span)
{
	struct seen *seen = arg;

	seen->mapped += span->size;
	seen->sound = seen->sound && place_of(span->ptr) == seen->regions;
	return 0;
}

/* Each region's figures, picture and blocks are its own. */
static int add_region(void *arg, const struct slate_region *region)
{
	struct seen *seen = arg;
	struct slate_stats stats;
	size_t blocks = seen->blocks;

	seen->sound = seen->sound && region->base ==
		      PLACE_BASE(seen->regions) && region->size ==
		      PLACE_SIZE(seen->regions) && region->caps ==
		      place_caps[seen->regions] && !region->drained &&
		      !region->source;
	if (slate_region_stats(seen->heap, region->base, &stats) ||
	    slate_region_walk(seen->heap, region->base, add_block, seen) ||
	    slate_region_map(seen->heap, region->base, add_span, seen))
		return 1;
	seen->sound = seen->sound && stats.size == region->size &&
		      stats.arenas == 1 && stats.live && stats.overhead &&
		      stats.size == stats.live + stats.free + stats.overhead &&
		      stats.blocks == seen->blocks - blocks;
	seen->sum.live += stats.live;
	seen->sum.free += stats.free;
	seen->sum.overhead += stats.overhead;
	seen->sum.blocks += stats.blocks;
	seen->regions++;
	return 0;
}

static void figures_and_picture_of_each_add_up(struct ktap *t)
{
	struct slate_heap *heap = places_make(t);
	struct seen seen = { .heap = heap, .sound = true };
	struct slate_stats all;
	unsigned int i;

	if (!heap)
		return;
	for (i = 0; i < 3 * PLACES; i++)
		ktap_expect(t, slate_raw_alloc(heap, 1, 8 * i,
					       place_caps[i % PLACES]));
	ktap_expect(t, slate_heap_regions(heap, add_region, &seen) == 0);
	all = test_stats(heap);
	ktap_expect(t, seen.sound);
	ktap_expect(t, seen.regions == PLACES);
	ktap_expect(t, seen.mapped == all.size);
	ktap_expect(t, seen.sum.live == all.live);
	ktap_expect(t, seen.sum.free == all.free);
	ktap_expect(t, seen.sum.overhead == all.overhead);
	ktap_expect(t, seen.sum.blocks == all.blocks);
	ktap_expect(t, seen.blocks == all.blocks);
	slate_heap_destroy(heap);
}

static int stop(void *arg, const struct slate_region *region)
{
	(void)region;
	return ++*(int *)arg;
}

static void region_calls_refuse_an_unknown_one(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_stats stats = { .live = 7 };
	unsigned char *inside = test_memory + 1;
	int n = 0;

	ktap_expect(t, slate_region_stats(heap, inside, &stats) ==
		    -SLATE_EINVAL);
	ktap_expect(t, stats.live == 7);
	ktap_expect(t, slate_region_walk(heap, inside, NULL, NULL) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_region_map(heap, NULL, NULL, NULL) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_region_drain(heap, inside, true) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_heap_regions(heap, stop, &n) == 1 && n == 1);
	slate_heap_destroy(heap);
}

/* On mps2-an385: SRAM at 0x20000000 and PSRAM at 0x21000000. */
static void second_bank_of_the_board_is_a_region(struct ktap *t)
{
	static const unsigned int order[] = { 0, SLATE_CAP_EXTERNAL };
	unsigned char *bank = (unsigned char *)(uintptr_t)TEST_BANK;
	struct slate_heap *heap;
	struct slate_stats stats;
	unsigned char *p;

	if (!TEST_BANK_SIZE) {
		t->skip = "one bank of RAM here";
		return;
	}
	heap = test_heap();
	ktap_expect(t, !slate_heap_add_reserved(heap, bank, TEST_BANK_SIZE,
						SLATE_CAP_EXTERNAL, 65536));
	p = slate_raw_alloc_prefer(heap, 1, TEST_BANK_SIZE / 2, order, 2);
	ktap_expect(t, p > bank && p < bank + TEST_BANK_SIZE / 2);
	if (p) {
		test_fill(p, TEST_BANK_SIZE / 2, 9);
		ktap_expect(t, test_filled(p, TEST_BANK_SIZE / 2, 9));
	}
	ktap_expect(t, slate_raw_alloc_prefer(heap, 1, 100, order, 2) <
		    (void *)bank);
	ktap_expect(t, !slate_region_stats(heap, bank, &stats));
	ktap_expect(t, stats.live == TEST_BANK_SIZE / 2);
	ktap_expect(t, slate_heap_remove_region(heap, bank) == -SLATE_EBUSY);
	slate_raw_free(heap, p);
	ktap_expect(t, slate_raw_alloc(heap, 1, 65536, SLATE_CAP_EXTERNAL |
				       SLATE_CAP_RESERVE));
	ktap_expect(t, slate_heap_remove_region(heap, bank) == 0);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(request_is_served_from_what_it_names),
	KTAP_CASE(block_caps_judges_the_pointer),
	KTAP_CASE(prefer_follows_the_order),
	KTAP_CASE(prefer_fails_once_and_changes_nothing),
	KTAP_CASE(figures_and_picture_of_each_add_up),
	KTAP_CASE(region_calls_refuse_an_unknown_one),
	KTAP_CASE(second_bank_of_the_board_is_a_region),
};

KTAP_SUITE(slate_places, cases);
