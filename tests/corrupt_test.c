// SPDX-License-Identifier: MIT
/*
 * Memory written by those who should not: inside live blocks nothing may
 * come of it; in freed memory every broken link is reported and none obeyed.
 */
#include "litter.h"

/*
 * Allocate until nothing is left and free all again, whatever is reported:
 * blocks neither overlap nor touch the live ones.
 */
static void expect_traffic(struct ktap *t, struct slate_heap *heap)
{
	struct test_node *large;
	struct test_node *small;
	struct test_node *node;
	size_t n = 0;

	test_exhaust(heap, &test_tiers[SLATE_TIER_RAW], 100, &large);
	/* Where lists are not rebuilt by themselves the program has to ask. */
	if (!SLATE_CONFIG_REPAIR)
		slate_heap_repair(heap);
	test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], sizeof(*node), &small);
	for (node = small; node; node = node->next)
		n++;
	ktap_expect(t, n > 0);
	for (node = large; node; node = node->next)
		memset(node + 1, 0x99, 100 - sizeof(*node));
	litter_expect_live(t);
	test_drain(heap, &test_tiers[SLATE_TIER_RAW], &large);
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &small);
	ktap_expect(t, slate_heap_valid(heap));
}

static void live_blocks_may_hold_anything(struct ktap *t)
{
	struct slate_heap *heap = litter_heap(t);
	unsigned int round;
	unsigned int i;

	for (round = 0; round < 8; round++) {
		for (i = 1; i < LITTER; i += 2) {
			void *p = litter[i].ptr;

			litter_scribble(p, slate_heap_usable_size(heap, p));
		}
		ktap_expect(t, slate_heap_valid(heap));
	}
	for (i = 1; i < LITTER; i += 2)
		test_fill(litter[i].ptr, litter[i].size, i);
	expect_traffic(t, heap);
	litter_finish(t, heap);
}

/* What is to be done to each span of free memory. */
typedef void (*spoil_fn)(unsigned char *p, size_t size);

struct spoiler {
	spoil_fn fn;
	unsigned int n;
};

static int spoil_span(void *arg, const struct slate_span *span)
{
	struct spoiler *spoiler = arg;

	if (span->kind != SLATE_SPAN_FREE)
		return 0;
	spoiler->fn(span->ptr, span->size);
	spoiler->n++;
	return 0;
}

/* Spoil all free chunks; how many there are. */
static unsigned int spoil(struct slate_heap *heap, spoil_fn fn)
{
	struct spoiler spoiler = { fn, 0 };

	slate_heap_map(heap, spoil_span, &spoiler);
	return spoiler.n;
}

static void fill_random(unsigned char *p, size_t size)
{
	litter_scribble(p, size);
}

static void fill_zero(unsigned char *p, size_t size)
{
	memset(p, 0, size);
}

static void fill_ones(unsigned char *p, size_t size)
{
	memset(p, 0xff, size);
}

static const spoil_fn fills[] = { fill_random, fill_zero, fill_ones };

#define NFILLS	(sizeof(fills) / sizeof(fills[0]))

static void check_names_a_broken_link(struct ktap *t)
{
	struct slate_heap *heap = litter_heap(t);
	struct slate_report report = { 0 };

	ktap_expect(t, slate_heap_check(heap, &report) == 0);
	ktap_expect(t, slate_heap_check(heap, NULL) == 0);
	spoil(heap, fill_random);
	ktap_expect(t, slate_heap_check(heap, NULL) == -SLATE_EUCLEAN);
	ktap_expect(t, slate_heap_check(heap, &report) == -SLATE_EUCLEAN);
	ktap_expect(t, report.kind == SLATE_FAULT_CORRUPT);
	ktap_expect(t, (const unsigned char *)report.address >= test_memory);
	ktap_expect(t, (const unsigned char *)report.address <
		    test_memory + TEST_HEAP);
	ktap_expect(t, report.text && *report.text);
	ktap_expect(t, faults_none());
	slate_heap_repair(heap);
	faults_take();
	litter_finish(t, heap);
}

static void repair_reports_and_counts_each_broken_chunk(struct ktap *t)
{
	size_t i;

	for (i = 0; i < NFILLS; i++) {
		struct slate_heap *heap = litter_heap(t);
		unsigned int n = spoil(heap, fills[i]);
		struct faults faults;
		int repaired;

		ktap_expect(t, !slate_heap_valid(heap));
		repaired = slate_heap_repair(heap);
		faults = faults_take();
		/* Granule 0 in both links is right for a lone first chunk. */
		ktap_expect(t, repaired == (int)n ||
			    (i == 1 && repaired + 1 == (int)n));
		ktap_expect(t, faults.count == (unsigned int)repaired);
		ktap_expect(t, faults.corrupt == faults.count);
		ktap_expect(t, faults.heap == heap);
		ktap_expect(t, slate_heap_valid(heap));
		ktap_expect(t, slate_heap_check(heap, NULL) == 0);
		ktap_expect(t, slate_heap_repair(heap) == 0);
		ktap_expect(t, faults_none());
		expect_traffic(t, heap);
		litter_finish(t, heap);
	}
}

static void allocation_goes_on_after_a_write_to_free_memory(struct ktap *t)
{
	unsigned int round;

	for (round = 0; round < 24; round++) {
		struct slate_heap *heap = litter_heap(t);

		spoil(heap, fills[round % NFILLS]);
		expect_traffic(t, heap);
		ktap_expect(t, faults_corrupt());
		litter_finish(t, heap);
	}
}

static void free_goes_on_after_a_write_to_free_memory(struct ktap *t)
{
	unsigned int round;
	unsigned int i;

	for (round = 0; round < 24; round++) {
		struct slate_heap *heap = litter_heap(t);

		spoil(heap, fills[round % NFILLS]);
		for (i = 1; i < LITTER; i += 2) {
			slate_mem_free(heap, litter[i].ptr);
			if (!SLATE_CONFIG_REPAIR && slate_heap_repair(heap))
				slate_mem_free(heap, litter[i].ptr);
		}
		ktap_expect(t, faults_corrupt());
		slate_heap_repair(heap);
		faults_take();
		ktap_expect(t, test_stats(heap).live == 0);
		ktap_expect(t, test_is_empty(heap));
		slate_heap_destroy(heap);
	}
}

static void realloc_goes_on_after_a_write_to_free_memory(struct ktap *t)
{
	struct slate_heap *heap = litter_heap(t);
	unsigned int i;

	spoil(heap, fill_random);
	for (i = 1; i < LITTER; i += 2) {
		void *p = slate_mem_realloc(heap, litter[i].ptr,
					    litter[i].size + 60);

		if (!p && !SLATE_CONFIG_REPAIR) {
			slate_heap_repair(heap);
			p = slate_mem_realloc(heap, litter[i].ptr,
					      litter[i].size + 60);
		}
		litter[i].ptr = p ? p : litter[i].ptr;
	}
	ktap_expect(t, faults_corrupt());
	ktap_expect(t, slate_heap_valid(heap));
	litter_finish(t, heap);
}

static void remove_region_goes_on_after_a_write_to_free_memory(struct ktap *t)
{
	struct slate_heap *heap;
	struct test_node *list;

	if (SLATE_CONFIG_REGIONS < 2 || !SLATE_CONFIG_POOL) {
		t->skip = "no pools or one region in this configuration";
		return;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	heap = slate_heap_create(test_memory, TEST_HALF);
	ktap_expect(t, !slate_heap_add_region(heap, test_memory + TEST_HALF,
					      TEST_HALF, 0));
	test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], sizeof(void *), &list);
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	/* The empty pool that is kept has to be merged with what is spoilt. */
	spoil(heap, fill_random);
	ktap_expect(t, slate_heap_remove_region(heap, test_memory +
						TEST_HALF) == 0);
	slate_heap_repair(heap);
	faults_take();
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void free_pool_blocks_hold_nothing_of_slates(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	unsigned int spoilt = 0;
	struct test_node *list;
	struct test_node *node;

	if (!SLATE_CONFIG_POOL) {
		t->skip = "no pools in this configuration";
		return;
	}
	test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], 2 * SLATE_GRANULE,
		     &list);
	/* Free every other one, and spoil those that are in a pool. */
	for (node = list; node && node->next; node = node->next) {
		struct test_node *gone = node->next;
		bool pooled = test_pooled(heap, gone);

		node->next = gone->next;
		slate_obj_free(heap, gone);
		if (pooled)
			litter_scribble(gone, 2 * SLATE_GRANULE);
		spoilt += pooled;
	}
	ktap_expect(t, spoilt > 10);
	ktap_expect(t, test_stats(heap).free_pooled > 0);
	ktap_expect(t, slate_heap_valid(heap));
	ktap_expect(t, slate_obj_malloc(heap, 2 * SLATE_GRANULE));
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	ktap_expect(t, slate_heap_valid(heap));
	ktap_expect(t, faults_none());
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(live_blocks_may_hold_anything),
	KTAP_CASE(check_names_a_broken_link),
	KTAP_CASE(repair_reports_and_counts_each_broken_chunk),
	KTAP_CASE(allocation_goes_on_after_a_write_to_free_memory),
	KTAP_CASE(free_goes_on_after_a_write_to_free_memory),
	KTAP_CASE(realloc_goes_on_after_a_write_to_free_memory),
	KTAP_CASE(remove_region_goes_on_after_a_write_to_free_memory),
	KTAP_CASE(free_pool_blocks_hold_nothing_of_slates),
};

KTAP_SUITE(slate_corrupt, cases);
