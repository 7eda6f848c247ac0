// SPDX-License-Identifier: MIT
/* Debug hooks: what the tiers promise holds through them. */
#include "hooked.h"

static void realloc_keeps_bytes_and_fills_the_rest(struct ktap *t)
{
	static const size_t sizes[] = { 40, 41, 200, 60, 3, 0, 500, 100 };
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		size_t was = 20;
		unsigned char *p = tier->malloc(heap, was);
		unsigned int i;

		test_fill(p, was, 1);
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			size_t keep = was < sizes[i] ? was : sizes[i];
			unsigned char *q = tier->realloc(heap, p, sizes[i]);

			if (!ktap_expect(t, q))
				break;
			ktap_expect(t, test_filled(q, keep, i + 1));
			ktap_expect(t, test_all(q + keep, sizes[i] - keep,
						0xcd));
			ktap_expect(t, test_aligned(q, SLATE_GRANULE));
			p = q;
			was = sizes[i];
			test_fill(p, was, i + 2);
		}
		tier->free(heap, p);
	}
	slate_debug_flush(heap);
	ktap_expect(t, hooked_take().count == 0);
	ktap_expect(t, test_stats(heap).live == 0);
	slate_heap_destroy(heap);
}

/* A failing realloc leaves the block, a shrinking one does not fail. */
static void realloc_in_a_full_heap(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *mem = &test_tiers[SLATE_TIER_MEM];
	struct test_node *list;
	unsigned char *p;
	size_t size;

	if (!heap)
		return;
	p = mem->malloc(heap, 100);
	test_fill(p, 100, 8);
	test_exhaust(heap, mem, sizeof(void *), &list);
	ktap_expect(t, !mem->realloc(heap, p, 300));
	ktap_expect(t, test_filled(p, 100, 8));
	ktap_expect(t, slate_heap_usable_size(heap, p) == 100);
	for (size = 90; size > 20; size -= 7) {
		p = mem->realloc(heap, p, size);
		ktap_expect(t, p && test_filled(p, size, 8));
	}
	mem->free(heap, p);
	test_drain(heap, mem, &list);
	ktap_expect(t, hooked_take().count == 0);
	ktap_expect(t, test_stats(heap).blocks == 0);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void sizes_near_the_limit_fail(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *tier;
	size_t size;

	if (!heap)
		return;
	for_each_tier(tier) {
		unsigned char *p = tier->malloc(heap, 5);

		for (size = PTRDIFF_MAX - 100; size <= TEST_TOO_LARGE; size++) {
			ktap_expect(t, !tier->malloc(heap, size));
			ktap_expect(t, !tier->calloc(heap, 1, size));
			ktap_expect(t, !tier->realloc(heap, p, size));
		}
		tier->free(heap, p);
	}
	ktap_expect(t, hooked_take().count == 0);
	slate_heap_destroy(heap);
}

/* As CPython's test_pymem_alloc0. */
static void nothing_is_a_request_too(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		void *p = tier->malloc(heap, 0);
		void *q = tier->calloc(heap, 0, 0);

		ktap_expect(t, p && q && p != q);
		p = tier->realloc(heap, p, 0);
		ktap_expect(t, p);
		tier->free(heap, p);
		tier->free(heap, q);
		tier->free(heap, NULL);
	}
	ktap_expect(t, hooked_take().count == 0);
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(realloc_keeps_bytes_and_fills_the_rest),
	KTAP_CASE(realloc_in_a_full_heap),
	KTAP_CASE(sizes_near_the_limit_fail),
	KTAP_CASE(nothing_is_a_request_too),
};

KTAP_SUITE(slate_hooked, cases);
