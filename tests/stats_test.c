// SPDX-License-Identifier: MIT
#include "testing.h"

static const char no_stats[] = "no statistics in this configuration";

static void stats_add_up_to_the_size(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_node *live = NULL;
	unsigned int i;

	for (i = 0; i < 500; i++) {
		struct test_node *node = live;
		struct slate_stats stats;

		if (node && i % 3 == 0) {
			live = node->next;
			slate_obj_free(heap, node);
		} else {
			node = slate_mem_malloc(heap, sizeof(*node) +
						test_below(200));
			if (node) {
				node->next = live;
				live = node;
			}
		}
		stats = test_stats(heap);
		ktap_expect(t, stats.size == stats.live + stats.free +
			    stats.overhead);
		ktap_expect(t, stats.free_pooled <= stats.free);
		ktap_expect(t, stats.largest_free <= stats.free);
		ktap_expect(t, stats.peak >= stats.live);
	}
	slate_heap_destroy(heap);
}

static void live_and_its_peak_are_those_of_stats(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_stats stats;
	void *ptr[20];
	size_t peak;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		ptr[i] = slate_mem_malloc(heap, 1 + test_below(100));
		if (i % 3 == 2)
			slate_mem_free(heap, ptr[i - 1]);
		stats = test_stats(heap);
		ktap_expect(t, slate_heap_live(heap, &peak) == stats.live);
		ktap_expect(t, peak == stats.peak);
	}
	slate_heap_reset_peak(heap);
	ktap_expect(t, slate_heap_live(heap, &peak) == peak);
	slate_heap_destroy(heap);
}

static void stats_largest_free_can_be_had_and_no_more(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_stats stats;
	unsigned int i;
	void *p;

	for (i = 0; i < 60; i++) {
		p = slate_raw_malloc(heap, 1 + test_below(TEST_HEAP / 40));
		if (p && i % 3)
			slate_raw_free(heap, p);
		stats = test_stats(heap);
		if (!stats.largest_free)
			break;
		p = slate_raw_malloc(heap, stats.largest_free + 1);
		ktap_expect(t, !p);
		p = slate_raw_malloc(heap, stats.largest_free);
		ktap_expect(t, p);
		ktap_expect(t, test_stats(heap).largest_free <=
			    stats.largest_free);
		slate_raw_free(heap, p);
	}
	ktap_expect(t, i > 10);
	slate_heap_destroy(heap);
}

static void stats_largest_free_of_a_full_heap_is_0(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_node *list;

	test_exhaust(heap, &test_tiers[SLATE_TIER_RAW], sizeof(*list), &list);
	ktap_expect(t, test_stats(heap).largest_free == 0);
	ktap_expect(t, test_stats(heap).free == 0);
	ktap_expect(t, test_stats(heap).free_chunks == 0);
	slate_heap_destroy(heap);
}

static void stats_count_free_blocks_of_pools(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_stats stats;
	unsigned int i;

	if (!SLATE_CONFIG_POOL) {
		t->skip = "no pools in this configuration";
		return;
	}
	for (i = 0; i < SLATE_POOL_EARN + 4; i++)
		slate_obj_malloc(heap, SLATE_GRANULE);
	stats = test_stats(heap);
	ktap_expect(t, stats.pools == 1);
	ktap_expect(t, stats.free_pooled > 0);
	ktap_expect(t, stats.free_pooled % SLATE_GRANULE == 0);
	slate_heap_destroy(heap);
}

static void stats_count_failures(struct ktap *t)
{
	struct slate_heap *heap = test_heap();

	if (!SLATE_CONFIG_STATS) {
		t->skip = no_stats;
		return;
	}
	ktap_expect(t, !slate_mem_malloc(heap, TEST_HEAP));
	ktap_expect(t, test_stats(heap).failures == 1);
	ktap_expect(t, !slate_raw_calloc(heap, 2, TEST_HEAP));
	ktap_expect(t, test_stats(heap).failures == 2);
	ktap_expect(t, !slate_obj_realloc(heap, NULL, TEST_HEAP));
	ktap_expect(t, test_stats(heap).failures == 3);
	ktap_expect(t, slate_obj_malloc(heap, 10));
	ktap_expect(t, test_stats(heap).failures == 3);
	slate_heap_destroy(heap);
}

static void stats_keep_the_peak_until_it_is_reset(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	size_t high;
	size_t low;
	void *p;
	void *q;

	if (!SLATE_CONFIG_STATS) {
		t->skip = no_stats;
		return;
	}
	p = slate_mem_malloc(heap, 100);
	low = test_stats(heap).live;
	q = slate_obj_malloc(heap, 600);
	high = test_stats(heap).live;
	ktap_expect(t, test_stats(heap).peak == high);
	slate_obj_free(heap, q);
	ktap_expect(t, test_stats(heap).live == low);
	ktap_expect(t, test_stats(heap).peak == high);
	slate_heap_reset_peak(heap);
	ktap_expect(t, test_stats(heap).peak == low);
	slate_mem_free(heap, p);
	ktap_expect(t, test_stats(heap).peak == low);
	slate_heap_destroy(heap);
}

static void stats_count_live_by_tier(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	unsigned int i;

	if (!SLATE_CONFIG_STATS) {
		t->skip = no_stats;
		return;
	}
	for_each_tier(tier) {
		void *p = tier->malloc(heap, 50);
		void *q = tier->calloc(heap, 5, 100);

		p = tier->realloc(heap, p, 170);
		ktap_expect(t, test_stats(heap).tier_live[tier->tier] ==
			    slate_heap_usable_size(heap, p) +
			    slate_heap_usable_size(heap, q));
		for (i = 0; i < SLATE_TIERS; i++)
			ktap_expect(t, i == tier->tier ||
				    test_stats(heap).tier_live[i] == 0);
		tier->free(heap, p);
		tier->free(heap, q);
		ktap_expect(t, test_stats(heap).tier_live[tier->tier] == 0);
	}
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(stats_add_up_to_the_size),
	KTAP_CASE(live_and_its_peak_are_those_of_stats),
	KTAP_CASE(stats_largest_free_can_be_had_and_no_more),
	KTAP_CASE(stats_largest_free_of_a_full_heap_is_0),
	KTAP_CASE(stats_count_free_blocks_of_pools),
	KTAP_CASE(stats_count_failures),
	KTAP_CASE(stats_keep_the_peak_until_it_is_reset),
	KTAP_CASE(stats_count_live_by_tier),
};

KTAP_SUITE(slate_stats, cases);
