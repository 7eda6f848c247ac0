// SPDX-License-Identifier: MIT
/* The table of each tier: read, wrapped, replaced; profiles. */
#include "spies.h"

static const char no_hooks[] = "no hooks in this configuration";

static struct spy spies[SLATE_TIERS];
static struct slate_allocator tables[SLATE_TIERS];

/* A heap with a spy on each tier, or NULL and the case is skipped. */
static struct slate_heap *start(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	int i;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = no_hooks;
		return NULL;
	}
	memset(spies, 0, sizeof(spies));
	for (i = 0; i < SLATE_TIERS; i++) {
		enum slate_tier tier = (enum slate_tier)i;

		tables[i] = spies_table(&spies[i]);
		ktap_expect(t, slate_tier_get(heap, tier,
					      &spies[i].below) == 0);
		ktap_expect(t, slate_tier_set(heap, tier, &tables[i]) == 0);
	}
	return heap;
}

static void wrapper_sees_context_and_sizes(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		const struct spy *spy = &spies[tier->tier];
		void *p = tier->malloc(heap, 42);
		void *q;

		ktap_expect(t, p && spies_saw(spy, 1, NULL, 42, 0));
		q = tier->realloc(heap, p, 200);
		ktap_expect(t, q && spies_saw(spy, 2, p, 200, 0));
		tier->free(heap, q);
		ktap_expect(t, spies_saw(spy, 3, q, 0, 0));
		p = tier->calloc(heap, 2, 5);
		ktap_expect(t, p && spies_saw(spy, 4, NULL, 2, 5));
		tier->free(heap, p);
		tier->free(heap, NULL);
		ktap_expect(t, spies_saw(spy, 6, NULL, 0, 0));
		p = tier->realloc(heap, NULL, 7);
		ktap_expect(t, p && spies_saw(spy, 7, NULL, 7, 0));
		q = tier->realloc(heap, p, 0);
		ktap_expect(t, q && spies_saw(spy, 8, p, 0, 0));
		tier->free(heap, q);
	}
	slate_heap_destroy(heap);
}

static void wrapper_of_raw_sees_aligned_requests(struct ktap *t)
{
	struct slate_heap *heap = start(t);

	if (!heap)
		return;
	ktap_expect(t, slate_raw_aligned_alloc(heap, 64, 10));
	ktap_expect(t, spies_saw(&spies[SLATE_TIER_RAW], 1, NULL, 64, 10));
	ktap_expect(t, slate_raw_alloc(heap, 32, 11, 0));
	ktap_expect(t, spies_saw(&spies[SLATE_TIER_RAW], 2, NULL, 32, 11));
	slate_heap_destroy(heap);
}

static void calloc_tests_the_product_before_the_wrapper(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		ktap_expect(t, !tier->calloc(heap, SIZE_MAX / 2 + 2, 2));
		ktap_expect(t, spies[tier->tier].calls == 0);
	}
	slate_heap_destroy(heap);
}

static void block_passes_exactly_one_table(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	const struct test_tier *tier;
	unsigned int i;

	if (!heap)
		return;
	for_each_tier(tier) {
		void *p = tier->malloc(heap, 4 * TEST_POOLED);

		p = tier->realloc(heap, p, 5 * TEST_POOLED);
		p = tier->realloc(heap, p, 5);
		tier->free(heap, p);
		for (i = 0; i < SLATE_TIERS; i++) {
			ktap_expect(t, spies[i].calls ==
				    (i == tier->tier ? 4u : 0u));
			spies[i].calls = 0;
		}
	}
	slate_heap_destroy(heap);
}

static void mem_helpers_pass_the_table_of_mem(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	const struct spy *spy = &spies[SLATE_TIER_MEM];

	if (!heap)
		return;
	ktap_expect(t, slate_mem_strdup(heap, "x"));
	ktap_expect(t, spy->calls == 1 && spy->a == 2);
	ktap_expect(t, slate_mem_resize_array(heap, NULL, 3, 5));
	ktap_expect(t, spy->calls == 2 && spy->a == 15);
	slate_heap_destroy(heap);
}

static void tier_set_null_brings_slates_own_back(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		const struct slate_allocator *table = NULL;

		ktap_expect(t, slate_tier_set(heap, tier->tier, NULL) == 0);
		ktap_expect(t, tier->malloc(heap, 10));
		ktap_expect(t, spies[tier->tier].calls == 0);
		ktap_expect(t, slate_tier_get(heap, tier->tier, &table) == 0);
		ktap_expect(t, table == spies[tier->tier].below);
	}
	slate_heap_destroy(heap);
}

static void tier_get_gives_the_table_that_was_set(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	const struct slate_allocator *table = NULL;

	if (!heap)
		return;
	ktap_expect(t, slate_tier_get(heap, SLATE_TIER_OBJ, &table) == 0);
	ktap_expect(t, table == &tables[SLATE_TIER_OBJ]);
	slate_heap_destroy(heap);
}

static void wrapper_may_be_set_while_blocks_live(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct slate_allocator *below;
	void *p = slate_obj_malloc(heap, 10);

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = no_hooks;
		return;
	}
	memset(spies, 0, sizeof(spies));
	tables[0] = spies_table(&spies[0]);
	ktap_expect(t, slate_tier_get(heap, SLATE_TIER_OBJ, &below) == 0);
	spies[0].below = below;
	ktap_expect(t, slate_tier_set(heap, SLATE_TIER_OBJ, &tables[0]) == 0);
	slate_obj_free(heap, p);
	ktap_expect(t, spies_saw(&spies[0], 1, p, 0, 0));
	ktap_expect(t, test_stats(heap).live == 0);
	ktap_expect(t, slate_tier_set(heap, SLATE_TIER_OBJ, below) == 0);
	slate_heap_destroy(heap);
}

static void replacing_table_is_refused_while_blocks_live(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	const struct slate_allocator *table = NULL;
	static struct slate_allocator moves;
	void *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 10);
	moves = tables[SLATE_TIER_MEM];
	moves.flags = SLATE_ALLOC_REPLACES;
	ktap_expect(t, slate_tier_set(heap, SLATE_TIER_MEM, &moves) ==
		    -SLATE_EBUSY);
	ktap_expect(t, slate_tier_get(heap, SLATE_TIER_MEM, &table) == 0);
	ktap_expect(t, table == &tables[SLATE_TIER_MEM]);
	slate_mem_free(heap, p);
	ktap_expect(t, slate_tier_set(heap, SLATE_TIER_MEM, &moves) == 0);
	p = slate_mem_malloc(heap, 10);
	/* Nor may it go while its blocks live. */
	ktap_expect(t, slate_tier_set(heap, SLATE_TIER_MEM, NULL) ==
		    -SLATE_EBUSY);
	slate_mem_free(heap, p);
	ktap_expect(t, slate_tier_set(heap, SLATE_TIER_MEM, NULL) == 0);
	slate_heap_destroy(heap);
}

static void tier_set_refuses_an_unknown_tier(struct ktap *t)
{
	const int beyond = SLATE_TIER_OBJ + 1;
	struct slate_heap *heap = start(t);
	const struct slate_allocator *table = &tables[0];

	if (!heap)
		return;
	ktap_expect(t, slate_tier_set(heap, (enum slate_tier)beyond,
				      &tables[1]) == -SLATE_EINVAL);
	ktap_expect(t, slate_tier_get(heap, (enum slate_tier)beyond,
				      &table) == -SLATE_EINVAL);
	ktap_expect(t, table == &tables[0]);
	ktap_expect(t, !slate_tier_name(heap, (enum slate_tier)beyond));
	slate_heap_destroy(heap);
}

static void tier_set_refuses_a_table_with_a_gap(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	static struct slate_allocator gap;
	int i;

	if (!heap)
		return;
	for (i = 0; i < 5; i++) {
		gap = tables[0];
		gap.malloc = i == 0 ? NULL : gap.malloc;
		gap.calloc = i == 1 ? NULL : gap.calloc;
		gap.realloc = i == 2 ? NULL : gap.realloc;
		gap.free = i == 3 ? NULL : gap.free;
		gap.aligned = i == 4 ? NULL : gap.aligned;
		ktap_expect(t, slate_tier_set(heap, SLATE_TIER_RAW, &gap) ==
			    -SLATE_EINVAL);
	}
	ktap_expect(t, slate_raw_malloc(heap, 3));
	ktap_expect(t, spies[SLATE_TIER_RAW].calls == 1);
	slate_heap_destroy(heap);
}

static void tier_calls_are_not_supported_without_hooks(struct ktap *t)
{
	static const struct slate_events events;
	struct slate_heap *heap = test_heap();
	const struct slate_allocator *table;

	if (SLATE_CONFIG_HOOKS) {
		t->skip = "hooks in this configuration";
		return;
	}
	ktap_expect(t, slate_tier_get(heap, SLATE_TIER_RAW, &table) ==
		    -SLATE_ENOTSUP);
	ktap_expect(t, slate_tier_set(heap, SLATE_TIER_RAW, NULL) ==
		    -SLATE_ENOTSUP);
	ktap_expect(t, slate_heap_set_events(heap, &events) ==
		    -SLATE_ENOTSUP);
	slate_heap_destroy(heap);
}

static void wrapper_of_raw_never_sees_a_bad_alignment(struct ktap *t)
{
	struct slate_heap *heap = start(t);

	if (!heap)
		return;
	ktap_expect(t, !slate_raw_aligned_alloc(heap, 24, 10));
	ktap_expect(t, !slate_raw_aligned_alloc(heap, 0, 10));
	ktap_expect(t, !slate_raw_aligned_alloc(heap, 64, TEST_TOO_LARGE));
	ktap_expect(t, spies[SLATE_TIER_RAW].calls == 0);
	slate_heap_destroy(heap);
}

static void profile_leaves_a_wrapper_where_it_is(struct ktap *t)
{
	struct slate_heap *heap = start(t);

	if (!heap)
		return;
	ktap_expect(t, slate_heap_set_profile(heap, SLATE_PROFILE_MALLOC) ==
		    0);
	ktap_expect(t, slate_obj_malloc(heap, 10));
	ktap_expect(t, slate_raw_malloc(heap, 10));
	ktap_expect(t, spies[SLATE_TIER_OBJ].calls == 1);
	ktap_expect(t, spies[SLATE_TIER_RAW].calls == 1);
	slate_heap_destroy(heap);
}

static void tables_count_as_overhead(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct slate_allocator *table = NULL;
	struct slate_stats before = test_stats(heap);
	struct slate_stats after;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = no_hooks;
		return;
	}
	ktap_expect(t, slate_tier_get(heap, SLATE_TIER_MEM, &table) == 0);
	after = test_stats(heap);
	ktap_expect(t, after.live == 0 && after.blocks == 0);
	ktap_expect(t, after.overhead >= before.overhead);
	ktap_expect(t, after.size == after.free + after.overhead);
	/* They are slate's, and no block of the program's. */
	slate_raw_free(heap, (void *)(uintptr_t)table);
	ktap_expect(t, faults_one(SLATE_FAULT_TABLE, heap, table));
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(wrapper_sees_context_and_sizes),
	KTAP_CASE(wrapper_of_raw_sees_aligned_requests),
	KTAP_CASE(calloc_tests_the_product_before_the_wrapper),
	KTAP_CASE(block_passes_exactly_one_table),
	KTAP_CASE(mem_helpers_pass_the_table_of_mem),
	KTAP_CASE(tier_set_null_brings_slates_own_back),
	KTAP_CASE(tier_get_gives_the_table_that_was_set),
	KTAP_CASE(wrapper_may_be_set_while_blocks_live),
	KTAP_CASE(replacing_table_is_refused_while_blocks_live),
	KTAP_CASE(tier_set_refuses_an_unknown_tier),
	KTAP_CASE(tier_set_refuses_a_table_with_a_gap),
	KTAP_CASE(tier_calls_are_not_supported_without_hooks),
	KTAP_CASE(tables_count_as_overhead),
	KTAP_CASE(wrapper_of_raw_never_sees_a_bad_alignment),
	KTAP_CASE(profile_leaves_a_wrapper_where_it_is),
};

KTAP_SUITE(slate_table, cases);
