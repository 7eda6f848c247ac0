// SPDX-License-Identifier: MIT
/* A heap looked at from end to end: the parts add up to it. */
#include "testing.h"

static size_t sum_of(const struct slate_survey *s)
{
	return s->live_chunks + s->live_pooled + s->free_chunks +
	       s->free_pooled + s->pool_rests + s->tables;
}

static struct slate_survey survey(struct slate_heap *heap)
{
	struct slate_survey s;

	memset(&s, 0xa5, sizeof(s));
	slate_heap_survey(heap, &s);
	return s;
}

/* The parts are the whole, and what slate_heap_stats() says. */
static bool adds_up(struct slate_heap *heap, size_t size)
{
	const struct slate_survey s = survey(heap);
	const struct slate_stats stats = test_stats(heap);

	return s.size == size && sum_of(&s) == size &&
	       s.live_chunks + s.live_pooled == stats.live &&
	       s.free_chunks + s.free_pooled == stats.free &&
	       s.blocks_chunks + s.blocks_pooled == stats.blocks &&
	       s.pools.empty + s.pools.partial + s.pools.full == stats.pools &&
	       s.chunks == stats.free_chunks &&
	       s.regions.empty + s.regions.partial + s.regions.full ==
	       stats.arenas && s.fragmentation <= 1000;
}

/* Random traffic; after each call the parts are the region, to the byte. */
static void traffic(struct ktap *t, struct slate_heap *heap, size_t size)
{
	void *slots[16] = { NULL };
	unsigned int step;

	for (step = 0; step < 400; step++) {
		const struct test_tier *tier = &test_tiers[test_below(3)];
		unsigned int i = test_below(16);

		if (slots[i]) {
			tier->free(heap, slots[i]);
			slots[i] = NULL;
		} else {
			slots[i] = tier->malloc(heap, test_below(200));
		}
		if (!ktap_expect(t, adds_up(heap, size)))
			return;
	}
}

static void survey_parts_add_up_to_the_region(struct ktap *t)
{
	/* A ragged one: bytes at its start and its end are nobody's. */
	struct slate_heap *heap = slate_heap_create(test_memory + 3,
						    TEST_HEAP - 8);

	ktap_expect(t, adds_up(heap, TEST_HEAP - 8));
	traffic(t, heap, TEST_HEAP - 8);
	slate_heap_destroy(heap);
}

static void survey_parts_add_up_to_all_regions(struct ktap *t)
{
	struct slate_heap *heap;
	struct slate_survey one;
	void *second = test_memory + TEST_HALF + 5;

	if (SLATE_CONFIG_REGIONS < 2) {
		t->skip = "one region in this configuration";
		return;
	}
	heap = slate_heap_create(test_memory, TEST_HALF);
	ktap_expect(t, slate_heap_add_region(heap, second, TEST_HALF - 11,
					     0) == 0);
	traffic(t, heap, 2 * TEST_HALF - 11);
	ktap_expect(t, slate_region_survey(heap, second, &one) == 0);
	ktap_expect(t, one.size == TEST_HALF - 11 && sum_of(&one) == one.size);
	ktap_expect(t, one.regions.empty + one.regions.partial +
		    one.regions.full == 1);
	ktap_expect(t, slate_region_survey(heap, NULL, &one) == -SLATE_EINVAL);
	ktap_expect(t, one.size == TEST_HALF - 11);
	slate_heap_destroy(heap);
}

static void survey_has_states(struct ktap *t)
{
	const struct test_tier *raw = &test_tiers[SLATE_TIER_RAW];
	struct slate_heap *heap = test_heap();
	struct slate_survey s = survey(heap);
	struct test_node *list;

	ktap_expect(t, s.regions.empty == 1 && s.regions.full == 0);
	ktap_expect(t, s.chunks == 1 && s.largest_free == s.free_chunks);
	ktap_expect(t, s.fragmentation == 0 && s.blocks_chunks == 0);
	test_exhaust(heap, raw, SLATE_GRANULE, &list);
	s = survey(heap);
	ktap_expect(t, s.regions.full == 1 && s.regions.partial == 0);
	ktap_expect(t, s.chunks == 0 && s.largest_free == 0);
	ktap_expect(t, s.fragmentation == 0);
	slate_raw_free(heap, list);
	s = survey(heap);
	ktap_expect(t, s.regions.partial == 1 && s.regions.full == 0);
	slate_heap_destroy(heap);
}

static void survey_has_pools_by_state(struct ktap *t)
{
	const struct test_tier *mem = &test_tiers[SLATE_TIER_MEM];
	struct slate_heap *heap = test_heap();
	struct slate_survey s;
	struct test_node *list;

	if (!SLATE_CONFIG_POOL) {
		t->skip = "no pools in this configuration";
		return;
	}
	test_exhaust(heap, mem, 2 * SLATE_GRANULE, &list);
	s = survey(heap);
	ktap_expect(t, s.pools.full > 0 && s.pools.empty == 0);
	ktap_expect(t, s.blocks_pooled > 0 && s.live_pooled > 0);
	while (list && !test_pooled(heap, list)) {
		struct test_node *next = list->next;

		slate_mem_free(heap, list);
		list = next;
	}
	if (!ktap_expect(t, list))
		return;
	slate_mem_free(heap, list);
	s = survey(heap);
	ktap_expect(t, s.pools.partial == 1 && s.free_pooled > 0);
	slate_heap_destroy(heap);
}

/*
 * Every other block free: half of the heap in holes, which is what it says;
 * two small holes in a full heap are next to nothing.
 */
static void fragmentation_is_a_share_of_the_heap(struct ktap *t)
{
	const struct test_tier *raw = &test_tiers[SLATE_TIER_RAW];
	struct slate_heap *heap = test_heap();
	struct test_node *list;
	struct test_node *node;
	struct slate_survey s;
	unsigned int holes = 0;

	test_exhaust(heap, raw, 2 * SLATE_GRANULE, &list);
	for (node = list; node && node->next && node->next->next;
	     node = node->next) {
		struct test_node *gone = node->next;

		node->next = gone->next;
		slate_raw_free(heap, gone);
		if (++holes != 2)
			continue;
		s = survey(heap);
		ktap_expect(t, s.free_chunks <= 6 * SLATE_GRANULE);
		ktap_expect(t, s.fragmentation <= 10);
		ktap_expect(t, s.fragmentation ==
			    (s.free_chunks - s.largest_free) * 1000 / s.size);
	}
	s = survey(heap);
	ktap_expect(t, s.largest_free < 8 * SLATE_GRANULE);
	ktap_expect(t, s.fragmentation ==
		    (uint64_t)(s.free_chunks - s.largest_free) * 1000 / s.size);
	ktap_expect(t, s.fragmentation > 250);
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(survey_parts_add_up_to_the_region),
	KTAP_CASE(survey_parts_add_up_to_all_regions),
	KTAP_CASE(survey_has_states),
	KTAP_CASE(survey_has_pools_by_state),
	KTAP_CASE(fragmentation_is_a_share_of_the_heap),
};

KTAP_SUITE(slate_survey, cases);
