// SPDX-License-Identifier: MIT
/* Memory with capabilities: blocks come from, and stay in, what has them. */
#include "testing.h"

#define SECOND		(test_memory + TEST_HALF)
#define CAPS		(SLATE_CAP_DMA | SLATE_CAP_FAST)

/* A heap of two regions, the second with @caps; or the case is skipped. */
static struct slate_heap *start_two(struct ktap *t, unsigned int caps)
{
	struct slate_heap *heap;

	if (SLATE_CONFIG_REGIONS < 2) {
		t->skip = "one region in this configuration";
		return NULL;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	heap = slate_heap_create(test_memory, TEST_HALF);
	ktap_expect(t, slate_heap_add_region(heap, SECOND, TEST_HALF,
					     caps) == 0);
	return heap;
}

static bool in_second(const void *ptr)
{
	const unsigned char *p = ptr;

	return p >= SECOND && p < SECOND + TEST_HALF;
}

static void raw_alloc_takes_from_a_region_with_the_caps(struct ktap *t)
{
	struct slate_heap *heap = start_two(t, CAPS);
	size_t size;

	if (!heap)
		return;
	for (size = 1; size < TEST_HALF / 3; size *= 3) {
		void *p = slate_raw_alloc(heap, 1, size, SLATE_CAP_DMA);
		void *q = slate_raw_alloc(heap, 1, size, 0);

		ktap_expect(t, in_second(p));
		ktap_expect(t, q && !in_second(q));
		slate_raw_free(heap, p);
		slate_raw_free(heap, q);
	}
	ktap_expect(t, in_second(slate_raw_alloc(heap, 32, 5, CAPS)));
	slate_heap_destroy(heap);
}

static void raw_alloc_gives_null_if_no_region_has_the_caps(struct ktap *t)
{
	struct slate_heap *heap = start_two(t, CAPS);
	struct test_state before;

	if (!heap)
		return;
	before = test_state(heap);
	ktap_expect(t, !slate_raw_alloc(heap, 1, 8, SLATE_CAP_EXEC));
	ktap_expect(t, !slate_raw_alloc(heap, 1, 8, CAPS | SLATE_CAP_EXEC));
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void realloc_keeps_the_caps_of_the_region(struct ktap *t)
{
	struct slate_heap *heap = start_two(t, CAPS);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		unsigned char *p = slate_raw_alloc(heap, 1, 40, CAPS);
		void *blocker = slate_raw_alloc(heap, 1, 40, CAPS);
		unsigned char *q;

		test_fill(p, 40, 5);
		q = tier->realloc(heap, p, TEST_HALF / 4);
		ktap_expect(t, in_second(q));
		ktap_expect(t, q && test_filled(q, 40, 5));
		/* The first region would do, but for its caps. */
		ktap_expect(t, !tier->realloc(heap, q, TEST_HALF));
		q = tier->realloc(heap, q, 10);
		ktap_expect(t, in_second(q));
		slate_raw_free(heap, blocker);
		slate_raw_free(heap, q);
		ktap_expect(t, slate_heap_valid(heap));
	}
	slate_heap_destroy(heap);
}

static void create_caps_gives_the_first_region_caps(struct ktap *t)
{
	struct slate_heap *heap;

	memset(test_memory, 0xa5, TEST_HEAP);
	heap = slate_heap_create_caps(test_memory, TEST_HEAP, CAPS);
	if (!ktap_expect(t, heap))
		return;
	ktap_expect(t, slate_raw_alloc(heap, 1, 8, SLATE_CAP_FAST));
	ktap_expect(t, slate_raw_alloc(heap, 1, 8, 0));
	ktap_expect(t, !slate_raw_alloc(heap, 1, 8, SLATE_CAP_EXTERNAL));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(raw_alloc_takes_from_a_region_with_the_caps),
	KTAP_CASE(raw_alloc_gives_null_if_no_region_has_the_caps),
	KTAP_CASE(realloc_keeps_the_caps_of_the_region),
	KTAP_CASE(create_caps_gives_the_first_region_caps),
};

KTAP_SUITE(slate_caps, cases);
