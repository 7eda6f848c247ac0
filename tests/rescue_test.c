// SPDX-License-Identifier: MIT
/* The out-of-memory handler: asked once per request, before it fails. */
#include "testing.h"

static const char no_hooks[] = "no hooks in this configuration";

/* A handler with something in reserve, and what it was asked. */
struct reserve {
	struct slate_rescue rescue;
	void *block;
	unsigned int calls;
	size_t size;
	struct slate_heap *heap;
};

static bool release(void *ctx, struct slate_heap *heap, size_t size)
{
	struct reserve *reserve = ctx;
	bool had = reserve->block;

	reserve->calls++;
	reserve->size = size;
	reserve->heap = heap;
	slate_mem_free(heap, reserve->block);
	reserve->block = NULL;
	return had;
}

static unsigned int low_memory_calls;

static void on_low_memory(void *ctx, struct slate_heap *heap, size_t size)
{
	(void)ctx;
	(void)heap;
	(void)size;
	low_memory_calls++;
}

static const struct slate_events events = { NULL, NULL, on_low_memory };

/* Half of the heap is in reserve. */
static struct slate_heap *start(struct ktap *t, struct reserve *reserve)
{
	struct slate_heap *heap = test_heap();

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = no_hooks;
		return NULL;
	}
	memset(reserve, 0, sizeof(*reserve));
	low_memory_calls = 0;
	reserve->rescue.ctx = reserve;
	reserve->rescue.release = release;
	reserve->block = slate_mem_malloc(heap, TEST_HEAP / 2);
	ktap_expect(t, reserve->block);
	ktap_expect(t, !slate_heap_set_rescue(heap, &reserve->rescue));
	ktap_expect(t, !slate_heap_set_events(heap, &events));
	return heap;
}

static void rescue_lets_malloc_succeed(struct ktap *t)
{
	struct reserve reserve;
	struct slate_heap *heap = start(t, &reserve);

	if (!heap)
		return;
	ktap_expect(t, slate_obj_malloc(heap, 10) && !reserve.calls);
	ktap_expect(t, slate_obj_malloc(heap, TEST_HEAP / 2));
	ktap_expect(t, reserve.calls == 1 && reserve.size >= TEST_HEAP / 2);
	ktap_expect(t, reserve.heap == heap);
	ktap_expect(t, !low_memory_calls && !test_stats(heap).failures);
	slate_heap_destroy(heap);
}

static void rescue_lets_calloc_and_aligned_succeed(struct ktap *t)
{
	struct reserve reserve;
	struct slate_heap *heap = start(t, &reserve);
	unsigned char *p;

	if (!heap)
		return;
	memset(reserve.block, 0x77, TEST_HEAP / 2);
	p = slate_raw_calloc(heap, 1, TEST_HEAP / 2);
	if (ktap_expect(t, p))
		ktap_expect(t, test_all(p, TEST_HEAP / 2, 0));
	slate_heap_destroy(heap);
	heap = start(t, &reserve);
	p = slate_raw_aligned_alloc(heap, 64, TEST_HEAP / 2);
	ktap_expect(t, p && reserve.calls == 1);
	slate_heap_destroy(heap);
}

static void rescue_lets_realloc_succeed(struct ktap *t)
{
	struct reserve reserve;
	struct slate_heap *heap = start(t, &reserve);
	const struct test_tier *tier = test_tiers;
	unsigned char *p;

	for (; heap && tier < test_tiers + SLATE_TIERS; tier++) {
		p = tier->malloc(heap, 40);
		test_fill(p, 40, 3);
		p = tier->realloc(heap, p, TEST_HEAP / 2);
		ktap_expect(t, p && test_filled(p, 40, 3));
		ktap_expect(t, reserve.calls == 1);
		ktap_expect(t, !low_memory_calls);
		ktap_expect(t, !test_stats(heap).failures);
		slate_heap_destroy(heap);
		heap = start(t, &reserve);
	}
}

static void rescue_is_asked_once_per_request(struct ktap *t)
{
	struct reserve reserve;
	struct slate_heap *heap = start(t, &reserve);
	void *p;

	if (!heap)
		return;
	/* What it releases is not enough. */
	ktap_expect(t, !slate_mem_malloc(heap, TEST_HEAP));
	ktap_expect(t, reserve.calls == 1 && low_memory_calls == 1);
	/* It has nothing left to release. */
	p = slate_mem_malloc(heap, 100);
	ktap_expect(t, !slate_mem_realloc(heap, p, TEST_HEAP));
	ktap_expect(t, reserve.calls == 2 && low_memory_calls == 2);
	ktap_expect(t, !SLATE_CONFIG_STATS ||
		    test_stats(heap).failures == 2);
	/* What can never be had is not worth a question. */
	ktap_expect(t, !slate_mem_malloc(heap, TEST_TOO_LARGE));
	ktap_expect(t, !slate_mem_calloc(heap, SIZE_MAX / 2 + 2, 2));
	ktap_expect(t, reserve.calls == 2);
	ktap_expect(t, !slate_heap_set_rescue(heap, NULL));
	ktap_expect(t, !slate_mem_malloc(heap, TEST_HEAP));
	ktap_expect(t, reserve.calls == 2);
	slate_heap_destroy(heap);
}

static void rescue_is_not_supported_without_hooks(struct ktap *t)
{
	static const struct slate_rescue rescue = { NULL, release };
	struct slate_heap *heap = test_heap();

	if (SLATE_CONFIG_HOOKS) {
		t->skip = "hooks in this configuration";
		return;
	}
	ktap_expect(t, slate_heap_set_rescue(heap, &rescue) ==
		    -SLATE_ENOTSUP);
	ktap_expect(t, slate_heap_set_rescue(heap, NULL) == 0);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(rescue_lets_malloc_succeed),
	KTAP_CASE(rescue_lets_calloc_and_aligned_succeed),
	KTAP_CASE(rescue_lets_realloc_succeed),
	KTAP_CASE(rescue_is_asked_once_per_request),
	KTAP_CASE(rescue_is_not_supported_without_hooks),
};

KTAP_SUITE(slate_rescue, cases);
