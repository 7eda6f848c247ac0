// SPDX-License-Identifier: MIT
#include "testing.h"

#define GUARD	64

static void heap_create_gives_an_empty_heap(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_stats stats;

	if (!ktap_expect(t, heap))
		return;
	stats = test_stats(heap);
	ktap_expect(t, slate_heap_valid(heap));
	ktap_expect(t, stats.size == TEST_HEAP);
	ktap_expect(t, stats.live == 0);
	ktap_expect(t, stats.blocks == 0);
	ktap_expect(t, stats.free == stats.largest_free);
	ktap_expect(t, stats.arenas == 1);
	ktap_expect(t, stats.pools == 0);
	ktap_expect(t, stats.failures == 0);
	slate_heap_destroy(heap);
}

static void heap_create_refuses_null(struct ktap *t)
{
	ktap_expect(t, !slate_heap_create(NULL, 4096));
	ktap_expect(t, !slate_heap_create(NULL, 0));
	ktap_expect(t, !slate_heap_create_caps(NULL, 4096, SLATE_CAP_DMA));
}

static void heap_create_refuses_a_span_that_wraps(struct ktap *t)
{
	ktap_expect(t, !slate_heap_create(test_memory, SIZE_MAX));
	ktap_expect(t, !slate_heap_create(test_memory,
					  UINTPTR_MAX -
					  (uintptr_t)test_memory + 2));
}

/* Small sizes fail, then all work; nothing outside is written. */
static void heap_create_works_from_some_size_on(struct ktap *t)
{
	size_t last = 0;
	size_t size;

	for (size = 0; size < TEST_HEAP / 2; size += size < 1200 ? 1 : 37) {
		struct slate_heap *heap;
		size_t now;

		memset(test_memory, 0xa5, size + GUARD);
		heap = slate_heap_create(test_memory, size);
		ktap_expect(t, test_all(test_memory + size, GUARD, 0xa5));
		if (!heap) {
			ktap_expect(t, !last);
			continue;
		}
		now = test_stats(heap).largest_free;
		ktap_expect(t, now > 0);
		/* One more bin may cost what a few more bytes bring. */
		ktap_expect(t, now + SLATE_GRANULE >= last);
		last = now;
		ktap_expect(t, slate_heap_valid(heap));
		ktap_expect(t, test_stats(heap).size == size);
		slate_heap_destroy(heap);
	}
	ktap_expect(t, last);
}

static void heap_create_hands_out_half_of_a_small_region(struct ktap *t)
{
	struct slate_heap *heap = test_heap_of(256 * sizeof(void *));
	struct test_node *list;
	size_t n;

	if (!ktap_expect(t, heap))
		return;
	n = test_exhaust(heap, &test_tiers[SLATE_TIER_RAW], 16, &list);
	ktap_expect(t, n * 16 >= 128 * sizeof(void *));
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

/* Every ragged start and end, with guards before and behind. */
static void heap_create_takes_a_ragged_base(struct ktap *t)
{
	struct test_node *list;
	size_t off;

	for (off = 0; off < 16; off++) {
		size_t size = TEST_HALF - 3 * off;
		unsigned char *base = test_memory + GUARD + off;
		struct slate_heap *heap;

		memset(test_memory, 0xa5, TEST_HEAP);
		heap = slate_heap_create(base, size);
		if (!ktap_expect(t, heap))
			return;
		ktap_expect(t, test_stats(heap).size == size);
		ktap_expect(t, test_exhaust(heap, &test_tiers[off % 3],
					    sizeof(void *), &list) > 10);
		test_drain(heap, &test_tiers[off % 3], &list);
		ktap_expect(t, test_is_empty(heap));
		slate_heap_destroy(heap);
		ktap_expect(t, test_all(test_memory, GUARD + off, 0xa5));
		ktap_expect(t, test_all(base + size, GUARD, 0xa5));
	}
}

static bool inside(const void *ptr, size_t size, const unsigned char *base,
		   size_t span)
{
	const unsigned char *p = ptr;

	return p >= base && p + size <= base + span;
}

static void heap_writes_only_inside_its_span(struct ktap *t)
{
	const struct test_tier *tier;
	unsigned char *base = test_memory + GUARD;
	size_t size = TEST_HEAP - 2 * GUARD;
	struct slate_heap *heap;
	struct test_node *list;
	struct test_node *node;

	memset(test_memory, 0xa5, TEST_HEAP);
	heap = slate_heap_create(base, size);
	if (!ktap_expect(t, heap))
		return;
	for_each_tier(tier) {
		test_exhaust(heap, tier, 3 * sizeof(void *), &list);
		for (node = list; node; node = node->next) {
			size_t usable = slate_heap_usable_size(heap, node);

			ktap_expect(t, inside(node, usable, base, size));
		}
		test_drain(heap, tier, &list);
	}
	slate_heap_destroy(heap);
	ktap_expect(t, test_all(test_memory, GUARD, 0xa5));
	ktap_expect(t, test_all(base + size, GUARD, 0xa5));
}

static void heaps_live_side_by_side(struct ktap *t)
{
	struct slate_heap *a;
	struct slate_heap *b;
	struct test_state before;
	struct test_node *list;
	void *p;

	memset(test_memory, 0xa5, TEST_HEAP);
	a = slate_heap_create(test_memory, TEST_HALF);
	b = slate_heap_create(test_memory + TEST_HALF, TEST_HALF);
	if (!ktap_expect(t, a && b && a != b))
		return;
	p = slate_mem_malloc(b, 40);
	if (!ktap_expect(t, p))
		return;
	test_fill(p, 40, 1);
	before = test_state(b);
	test_exhaust(a, &test_tiers[SLATE_TIER_OBJ], 24, &list);
	ktap_expect(t, test_same(&before, b));
	test_drain(a, &test_tiers[SLATE_TIER_OBJ], &list);
	ktap_expect(t, test_is_empty(a));
	slate_heap_destroy(a);
	memset(test_memory, 0, TEST_HALF);
	ktap_expect(t, test_same(&before, b));
	ktap_expect(t, test_filled(p, 40, 1));
	slate_mem_free(b, p);
	ktap_expect(t, test_is_empty(b));
	slate_heap_destroy(b);
}

static void heap_destroy_frees_the_memory_for_a_new_heap(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_node *list;
	size_t free_bytes;
	size_t n;

	if (!ktap_expect(t, heap))
		return;
	free_bytes = test_stats(heap).free;
	n = test_exhaust(heap, &test_tiers[SLATE_TIER_MEM], 24, &list);
	slate_heap_destroy(heap);
	heap = slate_heap_create(test_memory, TEST_HEAP);
	if (!ktap_expect(t, heap))
		return;
	ktap_expect(t, test_stats(heap).free == free_bytes);
	ktap_expect(t, test_stats(heap).live == 0);
	ktap_expect(t, test_exhaust(heap, &test_tiers[SLATE_TIER_MEM], 24,
				    &list) == n);
	slate_heap_destroy(heap);
}

static void heap_destroy_of_null_does_nothing(struct ktap *t)
{
	slate_heap_destroy(NULL);
	ktap_expect(t, faults_none());
}

static void usable_size_holds_the_request(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t size;

	for_each_tier(tier) {
		for (size = 0; size < 2 * TEST_POOLED; size++) {
			void *p = tier->malloc(heap, size);

			if (!ktap_expect(t, p))
				return;
			ktap_expect(t, slate_heap_usable_size(heap, p) >=
				    size);
			ktap_expect(t, slate_heap_usable_size(heap, p) > 0);
			tier->free(heap, p);
		}
	}
	slate_heap_destroy(heap);
}

static void usable_size_may_be_written(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	struct test_state before;
	size_t size;

	for_each_tier(tier) {
		for (size = 1; size < 2 * TEST_POOLED; size += 7) {
			void *guard = tier->malloc(heap, size);
			void *p = tier->malloc(heap, size);
			void *behind = tier->malloc(heap, size);
			size_t usable = slate_heap_usable_size(heap, p);

			if (!ktap_expect(t, guard && p && behind))
				return;
			test_fill(guard, size, 1);
			test_fill(p, usable, 2);
			test_fill(behind, size, 3);
			ktap_expect(t, test_filled(guard, size, 1));
			ktap_expect(t, test_filled(p, usable, 2));
			before = test_state(heap);
			ktap_expect(t, test_same(&before, heap));
			tier->free(heap, guard);
			tier->free(heap, p);
			tier->free(heap, behind);
		}
	}
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void usable_size_of_null_is_0(struct ktap *t)
{
	struct slate_heap *heap = test_heap();

	ktap_expect(t, slate_heap_usable_size(heap, NULL) == 0);
	ktap_expect(t, faults_none());
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(heap_create_gives_an_empty_heap),
	KTAP_CASE(heap_create_refuses_null),
	KTAP_CASE(heap_create_refuses_a_span_that_wraps),
	KTAP_CASE(heap_create_works_from_some_size_on),
	KTAP_CASE(heap_create_hands_out_half_of_a_small_region),
	KTAP_CASE(heap_create_takes_a_ragged_base),
	KTAP_CASE(heap_writes_only_inside_its_span),
	KTAP_CASE(heaps_live_side_by_side),
	KTAP_CASE(heap_destroy_frees_the_memory_for_a_new_heap),
	KTAP_CASE(heap_destroy_of_null_does_nothing),
	KTAP_CASE(usable_size_holds_the_request),
	KTAP_CASE(usable_size_may_be_written),
	KTAP_CASE(usable_size_of_null_is_0),
};

KTAP_SUITE(slate_heap, cases);
