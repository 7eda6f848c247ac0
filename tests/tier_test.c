// SPDX-License-Identifier: MIT
/* What malloc, calloc and free of each tier promise. */
#include "testing.h"

static const size_t too_large[] = {
	TEST_TOO_LARGE, TEST_TOO_LARGE + 1, SIZE_MAX - SLATE_WORD_BITS,
	SIZE_MAX - 15, SIZE_MAX - 7, SIZE_MAX - 1, SIZE_MAX,
};

#define NTOO_LARGE	(sizeof(too_large) / sizeof(too_large[0]))

static void expect_unique(struct ktap *t, struct slate_heap *heap,
			  const struct test_tier *tier, void *p, void *q)
{
	ktap_expect(t, p && q && p != q);
	ktap_expect(t, test_aligned(p, SLATE_GRANULE));
	ktap_expect(t, slate_heap_usable_size(heap, p) > 0);
	ktap_expect(t, test_stats(heap).blocks == 2);
	tier->free(heap, p);
	tier->free(heap, q);
	ktap_expect(t, test_is_empty(heap));
}

static void malloc_of_0_gives_a_unique_block(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;

	for_each_tier(tier)
		expect_unique(t, heap, tier, tier->malloc(heap, 0),
			      tier->malloc(heap, 0));
	slate_heap_destroy(heap);
}

static void calloc_of_0_gives_a_unique_block(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;

	for_each_tier(tier) {
		expect_unique(t, heap, tier, tier->calloc(heap, 0, 7),
			      tier->calloc(heap, 7, 0));
		expect_unique(t, heap, tier, tier->calloc(heap, 0, 0),
			      tier->calloc(heap, 0, SIZE_MAX));
		expect_unique(t, heap, tier, tier->calloc(heap, SIZE_MAX, 0),
			      tier->malloc(heap, 0));
	}
	slate_heap_destroy(heap);
}

static void malloc_refuses_sizes_above_ptrdiff_max(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_state before = test_state(heap);
	const struct test_tier *tier;
	size_t i;

	for_each_tier(tier) {
		for (i = 0; i < NTOO_LARGE; i++)
			ktap_expect(t, !tier->malloc(heap, too_large[i]));
		ktap_expect(t, !tier->malloc(heap, PTRDIFF_MAX));
	}
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void calloc_refuses_sizes_above_ptrdiff_max(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_state before = test_state(heap);
	const struct test_tier *tier;
	size_t i;

	for_each_tier(tier) {
		for (i = 0; i < NTOO_LARGE; i++) {
			ktap_expect(t, !tier->calloc(heap, 1, too_large[i]));
			ktap_expect(t, !tier->calloc(heap, too_large[i], 1));
		}
		ktap_expect(t, !tier->calloc(heap, TEST_TOO_LARGE / 2, 2));
	}
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void calloc_refuses_products_that_overflow(struct ktap *t)
{
	const size_t half = (size_t)1 << SLATE_WORD_BITS / 2;
	const size_t sixth = SIZE_MAX / 6 + 1;
	struct slate_heap *heap = test_heap();
	struct test_state before = test_state(heap);
	const struct test_tier *tier;

	for_each_tier(tier) {
		ktap_expect(t, !tier->calloc(heap, half, half));
		ktap_expect(t, !tier->calloc(heap, half + 1, half));
		ktap_expect(t, !tier->calloc(heap, half, half + 1));
		ktap_expect(t, !tier->calloc(heap, SIZE_MAX, SIZE_MAX));
		ktap_expect(t, !tier->calloc(heap, SIZE_MAX / 2 + 2, 2));
		ktap_expect(t, !tier->calloc(heap, 4, SIZE_MAX / 4 + 2));
		ktap_expect(t, !tier->calloc(heap, sixth, 6));
		ktap_expect(t, !tier->calloc(heap, 6, sixth));
	}
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void malloc_of_what_is_not_there_gives_null(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_state before = test_state(heap);
	const struct test_tier *tier;

	for_each_tier(tier) {
		ktap_expect(t, !tier->malloc(heap, TEST_HEAP));
		ktap_expect(t, !tier->calloc(heap, 1, TEST_HEAP));
		ktap_expect(t, !tier->malloc(heap, PTRDIFF_MAX - 64));
	}
	ktap_expect(t, faults_none());
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void calloc_clears_used_memory(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t size;

	for_each_tier(tier) {
		for (size = 1; size < 2 * TEST_POOLED; size++) {
			void *p = tier->malloc(heap, size);
			size_t usable = slate_heap_usable_size(heap, p);

			memset(p, 0xff, usable);
			tier->free(heap, p);
			p = size & 1 ? tier->calloc(heap, 1, size) :
			    tier->calloc(heap, size / 2, 2);
			ktap_expect(t, p && test_all(p, size, 0));
			tier->free(heap, p);
		}
	}
	slate_heap_destroy(heap);
}

static void calloc_serves_every_factor(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t n;

	for_each_tier(tier) {
		for (n = 1; n <= 40; n++) {
			void *p = tier->calloc(heap, n, 41 - n);

			if (!ktap_expect(t, p))
				break;
			ktap_expect(t, slate_heap_usable_size(heap, p) >=
				    n * (41 - n));
			tier->free(heap, p);
		}
	}
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void free_of_null_does_nothing(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_state before = test_state(heap);
	const struct test_tier *tier;

	for_each_tier(tier)
		tier->free(heap, NULL);
	ktap_expect(t, faults_none());
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void malloc_aligns_every_size_to_a_granule(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	void *last[8] = { NULL };
	size_t size;

	for_each_tier(tier) {
		for (size = 0; size <= 2 * TEST_POOLED; size++) {
			void **p = &last[size % 8];

			tier->free(heap, *p);
			*p = tier->malloc(heap, size);
			ktap_expect(t, *p);
			ktap_expect(t, test_aligned(*p, SLATE_GRANULE));
		}
	}
	slate_heap_destroy(heap);
}

/* Blocks of all sizes together, each with its own bytes. */
static void malloc_gives_blocks_that_do_not_overlap(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	unsigned char *p[40];
	unsigned int i;

	for_each_tier(tier) {
		for (i = 0; i < 40; i++) {
			p[i] = tier->malloc(heap, i * 3);
			ktap_expect(t, p[i]);
			test_fill(p[i], i * 3, i);
		}
		for (i = 0; i < 40; i++) {
			ktap_expect(t, test_filled(p[i], i * 3, i));
			tier->free(heap, p[i]);
		}
		ktap_expect(t, test_is_empty(heap));
	}
	slate_heap_destroy(heap);
}

static void malloc_fills_the_heap_and_free_empties_it(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	size_t largest = test_stats(heap).largest_free;
	const struct test_tier *tier;
	size_t size;

	for_each_tier(tier) {
		for (size = sizeof(void *); size < TEST_HEAP / 4; size *= 2) {
			struct test_node *list;
			size_t n = test_exhaust(heap, tier, size, &list);

			/* At least 3/4 of what is free can be had. */
			ktap_expect(t, n >= 2);
			ktap_expect(t, size < SLATE_GRANULE ||
				    size > TEST_POOLED ||
				    n * size * 4 >= largest * 3);
			ktap_expect(t, test_stats(heap).blocks == n);
			test_drain(heap, tier, &list);
			/* What cannot be had makes empty pools go back. */
			ktap_expect(t, !tier->malloc(heap, TEST_HEAP));
			ktap_expect(t, test_stats(heap).largest_free ==
				    largest);
			ktap_expect(t, test_is_empty(heap));
		}
	}
	slate_heap_destroy(heap);
}

static void free_through_any_tier_frees(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	unsigned int i;

	for_each_tier(tier) {
		for (i = 0; i < 3; i++) {
			void *p = tier->malloc(heap, 20);

			p = test_tiers[i].realloc(heap, p, 600);
			ktap_expect(t, p);
			p = test_tiers[(i + 1) % 3].realloc(heap, p, 16);
			ktap_expect(t, p);
			test_tiers[(i + 2) % 3].free(heap, p);
			ktap_expect(t, test_is_empty(heap));
		}
	}
	ktap_expect(t, faults_none());
	slate_heap_destroy(heap);
}

static void mem_uses_pools_for_many_small_blocks(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_node *list;

	if (!SLATE_CONFIG_POOL) {
		t->skip = "no pools in this configuration";
		return;
	}
	test_exhaust(heap, &test_tiers[SLATE_TIER_MEM], SLATE_GRANULE, &list);
	ktap_expect(t, test_stats(heap).pools > 1);
	test_drain(heap, &test_tiers[SLATE_TIER_MEM], &list);
	/* One empty pool of the class may be kept against thrashing. */
	ktap_expect(t, test_stats(heap).pools <= 1);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void raw_never_uses_pools(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_node *list;

	test_exhaust(heap, &test_tiers[SLATE_TIER_RAW], SLATE_GRANULE, &list);
	ktap_expect(t, test_stats(heap).pools == 0);
	slate_heap_destroy(heap);
}

static void empty_pools_go_back_before_a_request_fails(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	size_t largest = test_stats(heap).largest_free;
	const struct test_tier *tier;
	struct test_node *list;
	size_t size;

	for_each_tier(tier) {
		for (size = SLATE_GRANULE; size < 6 * SLATE_GRANULE;
		     size += SLATE_GRANULE) {
			test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], size,
				     &list);
			test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
		}
		list = tier->malloc(heap, largest);
		ktap_expect(t, list);
		ktap_expect(t, test_stats(heap).pools == 0);
		tier->free(heap, list);
	}
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(malloc_of_0_gives_a_unique_block),
	KTAP_CASE(calloc_of_0_gives_a_unique_block),
	KTAP_CASE(malloc_refuses_sizes_above_ptrdiff_max),
	KTAP_CASE(calloc_refuses_sizes_above_ptrdiff_max),
	KTAP_CASE(calloc_refuses_products_that_overflow),
	KTAP_CASE(malloc_of_what_is_not_there_gives_null),
	KTAP_CASE(calloc_clears_used_memory),
	KTAP_CASE(calloc_serves_every_factor),
	KTAP_CASE(free_of_null_does_nothing),
	KTAP_CASE(malloc_aligns_every_size_to_a_granule),
	KTAP_CASE(malloc_gives_blocks_that_do_not_overlap),
	KTAP_CASE(malloc_fills_the_heap_and_free_empties_it),
	KTAP_CASE(free_through_any_tier_frees),
	KTAP_CASE(mem_uses_pools_for_many_small_blocks),
	KTAP_CASE(raw_never_uses_pools),
	KTAP_CASE(empty_pools_go_back_before_a_request_fails),
};

KTAP_SUITE(slate_tier, cases);
