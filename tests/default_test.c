// SPDX-License-Identifier: MIT
/*
 * The default heap is made once in a program: the first case must come first.
 */
#include "testing.h"

#define DEFAULT_SIZE	(TEST_HEAP / 2)

static void default_init_refuses_a_span_that_is_too_small(struct ktap *t)
{
	ktap_expect(t, slate_default_init(NULL, 100) == -SLATE_EINVAL);
	ktap_expect(t, slate_default_init(test_memory, 16) == -SLATE_EINVAL);
}

static void default_init_makes_the_default_heap(struct ktap *t)
{
	struct slate_heap *heap;
	unsigned char *p;

	ktap_expect(t, slate_default_init(test_memory, DEFAULT_SIZE) == 0);
	heap = slate_default();
	if (!ktap_expect(t, heap))
		return;
	ktap_expect(t, slate_default() == heap);
	ktap_expect(t, slate_heap_valid(heap));
	p = slate_malloc(10);
	ktap_expect(t, p >= test_memory && p < test_memory + DEFAULT_SIZE);
	slate_free(p);
	ktap_expect(t, test_is_empty(heap));
}

static void default_init_refuses_a_second_one(struct ktap *t)
{
	struct test_state before = test_state(slate_default());

	ktap_expect(t, slate_default_init(test_memory + DEFAULT_SIZE,
					  DEFAULT_SIZE) == -SLATE_EBUSY);
	ktap_expect(t, test_same(&before, slate_default()));
}

static void default_calls_use_the_mem_tier(struct ktap *t)
{
	struct slate_heap *heap = slate_default();
	unsigned char *p = slate_calloc(3, 5);

	ktap_expect(t, p && test_all(p, 15, 0));
	ktap_expect(t, !SLATE_CONFIG_STATS ||
		    test_stats(heap).tier_live[SLATE_TIER_MEM] ==
		    slate_heap_usable_size(heap, p));
	test_fill(p, 15, 1);
	p = slate_realloc(p, 300);
	ktap_expect(t, p && test_filled(p, 15, 1));
	slate_free(p);
	slate_free(NULL);
	p = slate_realloc(NULL, 7);
	ktap_expect(t, p);
	slate_free(p);
	ktap_expect(t, !slate_malloc(TEST_TOO_LARGE));
	ktap_expect(t, !slate_calloc(SIZE_MAX / 2 + 2, 2));
	ktap_expect(t, test_is_empty(heap));
}

static void default_free_reports_a_bad_pointer(struct ktap *t)
{
	void *p = slate_malloc(10);

	slate_free(p);
	ktap_expect(t, faults_none());
	slate_free(p);
	ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, slate_default(),
				  p));
}

static const struct ktap_case cases[] = {
	KTAP_CASE(default_init_refuses_a_span_that_is_too_small),
	KTAP_CASE(default_init_makes_the_default_heap),
	KTAP_CASE(default_init_refuses_a_second_one),
	KTAP_CASE(default_calls_use_the_mem_tier),
	KTAP_CASE(default_free_reports_a_bad_pointer),
};

KTAP_SUITE(slate_default, cases);
