// SPDX-License-Identifier: MIT
/* Quota, events, and the figures that tell of failure and of the peak. */
#include "testing.h"

static const char no_stats[] = "no statistics in this configuration";
static const char no_hooks[] = "no hooks in this configuration";

static void quota_limits_what_is_live(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	struct test_node *list;

	if (!SLATE_CONFIG_STATS) {
		t->skip = no_stats;
		return;
	}
	ktap_expect(t, slate_heap_set_quota(heap, 512) == 0);
	ktap_expect(t, test_stats(heap).quota == 512);
	for_each_tier(tier) {
		size_t n = test_exhaust(heap, tier, 2 * SLATE_GRANULE, &list);

		ktap_expect(t, n == 512 / (2 * SLATE_GRANULE));
		ktap_expect(t, test_stats(heap).live <= 512);
		ktap_expect(t, !tier->realloc(heap, list, 512));
		ktap_expect(t, slate_heap_valid(heap));
		test_drain(heap, tier, &list);
	}
	ktap_expect(t, !slate_raw_malloc(heap, 513));
	ktap_expect(t, !slate_raw_aligned_alloc(heap, 1024, 1));
	ktap_expect(t, faults_none());
	slate_heap_destroy(heap);
}

static void quota_of_0_is_none(struct ktap *t)
{
	struct slate_heap *heap = test_heap();

	if (!SLATE_CONFIG_STATS) {
		t->skip = no_stats;
		return;
	}
	ktap_expect(t, slate_heap_set_quota(heap, 64) == 0);
	ktap_expect(t, !slate_mem_malloc(heap, 400));
	ktap_expect(t, slate_heap_set_quota(heap, 0) == 0);
	ktap_expect(t, slate_mem_malloc(heap, 400));
	slate_heap_destroy(heap);
}

static void quota_below_what_is_live_leaves_it(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	unsigned char *p = slate_mem_malloc(heap, 300);

	if (!SLATE_CONFIG_STATS) {
		t->skip = no_stats;
		return;
	}
	test_fill(p, 300, 1);
	ktap_expect(t, slate_heap_set_quota(heap, 100) == 0);
	ktap_expect(t, !slate_mem_malloc(heap, 1));
	ktap_expect(t, !slate_mem_realloc(heap, p, 400));
	ktap_expect(t, test_filled(p, 300, 1));
	/* A shrinking realloc never fails. */
	p = slate_mem_realloc(heap, p, 200);
	ktap_expect(t, p && test_filled(p, 200, 1));
	slate_mem_free(heap, p);
	ktap_expect(t, slate_mem_malloc(heap, 1));
	slate_heap_destroy(heap);
}

static int break_link(void *arg, const struct slate_span *span)
{
	(void)arg;
	if (span->kind == SLATE_SPAN_FREE)
		memset(span->ptr, 0x5a, sizeof(struct slate_link));
	return 0;
}

/* The call fails, and the block at @p is all there is, once all is mended. */
static void expect_refused(struct ktap *t, struct slate_heap *heap,
			   const void *result, const void *p)
{
	struct faults faults = faults_take();

	ktap_expect(t, !result);
	ktap_expect(t, faults.count == faults.corrupt);
	ktap_expect(t, test_stats(heap).live == 4 * SLATE_GRANULE);
	slate_heap_repair(heap);
	faults_take();
	ktap_expect(t, slate_heap_valid(heap));
	ktap_expect(t, test_stats(heap).blocks == 1);
	ktap_expect(t, test_stats(heap).live == 4 * SLATE_GRANULE);
	ktap_expect(t, test_filled(p, 4 * SLATE_GRANULE, 7));
}

static void quota_holds_beside_a_broken_link(struct ktap *t)
{
	static const size_t sizes[] = { 1, 3, 40, 100 };
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t i;
	void *p = slate_raw_malloc(heap, 4 * SLATE_GRANULE);

	if (!SLATE_CONFIG_STATS) {
		t->skip = no_stats;
		return;
	}
	test_fill(p, 4 * SLATE_GRANULE, 7);
	ktap_expect(t, !slate_heap_set_quota(heap, 4 * SLATE_GRANULE));
	for_each_tier(tier) {
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			size_t size = sizes[i] * SLATE_GRANULE;

			slate_heap_map(heap, break_link, NULL);
			expect_refused(t, heap, tier->malloc(heap, size), p);
			slate_heap_map(heap, break_link, NULL);
			expect_refused(t, heap, tier->realloc(heap, p, size +
						4 * SLATE_GRANULE), p);
		}
	}
	slate_heap_map(heap, break_link, NULL);
	expect_refused(t, heap, slate_raw_aligned_alloc(heap, 64, 64), p);
	ktap_expect(t, !slate_heap_set_quota(heap, 0));
	slate_raw_free(heap, p);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void quota_is_not_supported_without_statistics(struct ktap *t)
{
	struct slate_heap *heap = test_heap();

	if (SLATE_CONFIG_STATS) {
		t->skip = "statistics in this configuration";
		return;
	}
	ktap_expect(t, slate_heap_set_quota(heap, 64) == -SLATE_ENOTSUP);
	slate_heap_destroy(heap);
}

/* What the events told. */
struct heard {
	struct slate_heap *heap;
	unsigned int calls;
	size_t size;
	void *reserve;
};

static void on_low_memory(void *ctx, struct slate_heap *heap, size_t size)
{
	struct heard *heard = ctx;

	heard->calls++;
	heard->heap = heap;
	heard->size = size;
	slate_mem_free(heap, heard->reserve);
	heard->reserve = NULL;
}

static void low_memory_event_comes_once_per_failure(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct heard heard = { NULL, 0, 0, NULL };
	const struct slate_events events = { &heard, NULL, on_low_memory };
	const struct test_tier *tier;
	unsigned int n = 0;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = no_hooks;
		return;
	}
	ktap_expect(t, slate_heap_set_events(heap, &events) == 0);
	for_each_tier(tier) {
		void *p = tier->malloc(heap, 10);

		ktap_expect(t, heard.calls == n);
		ktap_expect(t, !tier->malloc(heap, TEST_HEAP));
		ktap_expect(t, heard.calls == ++n);
		ktap_expect(t, heard.heap == heap);
		ktap_expect(t, heard.size == TEST_HEAP);
		ktap_expect(t, !tier->realloc(heap, p, TEST_HEAP + 1));
		ktap_expect(t, heard.calls == ++n);
		ktap_expect(t, heard.size == TEST_HEAP + 1);
		ktap_expect(t, !tier->calloc(heap, 2, TEST_HEAP));
		ktap_expect(t, heard.calls == ++n);
		tier->free(heap, p);
	}
	ktap_expect(t, slate_heap_set_events(heap, NULL) == 0);
	ktap_expect(t, !slate_mem_malloc(heap, TEST_HEAP));
	ktap_expect(t, heard.calls == n);
	slate_heap_destroy(heap);
}

static void low_memory_event_may_free(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct heard heard = { NULL, 0, 0, NULL };
	const struct slate_events events = { &heard, NULL, on_low_memory };
	const size_t size = TEST_HEAP / 2;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = no_hooks;
		return;
	}
	heard.reserve = slate_mem_malloc(heap, size);
	ktap_expect(t, heard.reserve);
	ktap_expect(t, slate_heap_set_events(heap, &events) == 0);
	ktap_expect(t, !slate_mem_malloc(heap, size));
	ktap_expect(t, heard.calls == 1);
	ktap_expect(t, test_is_empty(heap));
	ktap_expect(t, slate_mem_malloc(heap, size));
	slate_heap_destroy(heap);
}

static void low_memory_event_tells_of_the_quota(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct heard heard = { NULL, 0, 0, NULL };
	const struct slate_events events = { &heard, NULL, on_low_memory };

	if (!SLATE_CONFIG_HOOKS || !SLATE_CONFIG_STATS) {
		t->skip = "no hooks or no statistics in this configuration";
		return;
	}
	ktap_expect(t, slate_heap_set_events(heap, &events) == 0);
	ktap_expect(t, slate_heap_set_quota(heap, 100) == 0);
	ktap_expect(t, !slate_obj_malloc(heap, 101));
	ktap_expect(t, heard.calls == 1 && heard.size == 101);
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(quota_limits_what_is_live),
	KTAP_CASE(quota_of_0_is_none),
	KTAP_CASE(quota_below_what_is_live_leaves_it),
	KTAP_CASE(quota_holds_beside_a_broken_link),
	KTAP_CASE(quota_is_not_supported_without_statistics),
	KTAP_CASE(low_memory_event_comes_once_per_failure),
	KTAP_CASE(low_memory_event_may_free),
	KTAP_CASE(low_memory_event_tells_of_the_quota),
};

KTAP_SUITE(slate_limit, cases);
