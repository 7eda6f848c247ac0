// SPDX-License-Identifier: MIT
/*
 * Tracing: which blocks are in a trace, with what sizes. The suites on tracing
 * have all that CPython's test_tracemalloc has.
 */
#include "tracing.h"

static void trace_is_off_until_it_is_started(struct ktap *t)
{
	struct slate_heap *heap = tracing_prepare(t);
	struct slate_trace_block block;
	void *p;

	if (!heap)
		return;
	ktap_expect(t, !slate_trace_on(trace));
	p = slate_mem_malloc(heap, 10);
	ktap_expect(t, traced_memory_is(0, 0));
	ktap_expect(t, slate_trace_find(trace, 0, p, &block) == -SLATE_EINVAL);
	ktap_expect(t, slate_trace_stop(trace) == -SLATE_EINVAL);
	ktap_expect(t, slate_trace_track(trace, 1, p, 1, NULL) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_trace_untrack(trace, 1, p) == -SLATE_EINVAL);
	ktap_expect(t, traced_top(0, TRACED_ALL) == 0);
	slate_trace_clear(trace);
	tracing_begin(t, heap);
	ktap_expect(t, slate_trace_on(trace));
	/* It is older than the tracing. */
	ktap_expect(t, slate_trace_find(trace, 0, p, &block) == -SLATE_EINVAL);
	slate_mem_free(heap, p);
	ktap_expect(t, traced_memory_is(0, 0));
	tracing_stop(t, heap);
	ktap_expect(t, !slate_trace_on(trace));
}

static void trace_follows_a_block(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		struct slate_trace_block block;
		void *p = tier->malloc(heap, 42);

		ktap_expect(t, is_traced(p, 42));
		ktap_expect(t, slate_trace_find(trace, 0, p, &block) == 0);
		ktap_expect(t, block.tier == tier->tier);
		p = tier->realloc(heap, p, 7);
		ktap_expect(t, is_traced(p, 7));
		p = tier->realloc(heap, p, 300);
		ktap_expect(t, is_traced(p, 300));
		ktap_expect(t, !tier->realloc(heap, p, TEST_MEMORY));
		ktap_expect(t, is_traced(p, 300));
		ktap_expect(t, !is_traced((char *)p + SLATE_GRANULE, 300));
		tier->free(heap, p);
		ktap_expect(t, !is_traced(p, 300));
		p = tier->calloc(heap, 3, 5);
		ktap_expect(t, is_traced(p, 15));
		tier->free(heap, p);
		p = tier->realloc(heap, NULL, 9);
		ktap_expect(t, is_traced(p, 9));
		/* Through another tier. */
		slate_raw_free(heap, p);
		ktap_expect(t, !tier->malloc(heap, TEST_MEMORY));
		tier->free(heap, NULL);
		ktap_expect(t, traced_memory_is(0, 300) &&
			    trace->blocks.count == 0);
	}
	ktap_expect(t, is_traced(slate_raw_aligned_alloc(heap, 64, 11), 11));
	tracing_stop(t, heap);
}

static void trace_takes_blocks_of_size_0(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		void *p = tier->malloc(heap, 0);
		void *q = tier->calloc(heap, 0, 0);

		ktap_expect(t, p && q && p != q);
		ktap_expect(t, is_traced(p, 0) && is_traced(q, 0));
		tier->free(heap, p);
		tier->free(heap, q);
	}
	ktap_expect(t, trace->blocks.count == 0);
	tracing_stop(t, heap);
}

static void trace_takes_a_resized_block_from_before(struct ktap *t)
{
	struct slate_heap *heap = tracing_prepare(t);
	void *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 10);
	tracing_begin(t, heap);
	ktap_expect(t, !slate_mem_realloc(heap, p, TEST_MEMORY));
	ktap_expect(t, traced_memory_is(0, 0));
	p = slate_mem_realloc(heap, p, 20);
	ktap_expect(t, is_traced(p, 20) && traced_memory_is(20, 20));
	tracing_stop(t, heap);
}

static void trace_memory_has_current_and_peak(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	void *p;
	void *q;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 100);
	q = slate_obj_malloc(heap, 50);
	ktap_expect(t, traced_memory_is(150, 150));
	slate_mem_free(heap, p);
	ktap_expect(t, traced_memory_is(50, 150));
	slate_trace_reset_peak(trace);
	ktap_expect(t, traced_memory_is(50, 50));
	p = slate_mem_malloc(heap, 10);
	ktap_expect(t, traced_memory_is(60, 60));
	slate_obj_free(heap, q);
	slate_mem_free(heap, p);
	ktap_expect(t, traced_memory_is(0, 60));
	tracing_stop(t, heap);
	ktap_expect(t, traced_memory_is(0, 0));
}

static void trace_clear_forgets_all(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	void *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 10);
	ktap_expect(t, slate_trace_mark(trace) == 1);
	slate_trace_clear(trace);
	ktap_expect(t, slate_trace_on(trace));
	ktap_expect(t, traced_memory_is(0, 0) && !is_traced(p, 10));
	ktap_expect(t, traced_top(0, TRACED_ALL) == 0);
	ktap_expect(t, slate_trace_mark(trace) == 1);
	slate_mem_free(heap, p);
	p = slate_mem_malloc(heap, 5);
	ktap_expect(t, is_traced(p, 5) && traced_memory_is(5, 5));
	tracing_stop(t, heap);
}

static void trace_refuses_a_bad_configuration(struct ktap *t)
{
	struct slate_heap *heap = tracing_prepare(t);
	struct slate_trace_config *config = &traced->config;

	if (!heap)
		return;
	config->depth = SLATE_TRACE_FRAMES + 1;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->depth = 0;
	config->sites = 1;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->sites = 65536;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->sites = TRACED_SITES;
	config->every = 32768;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->every = 0;
	config->tiers = 8;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->tiers = 0;
	config->size = TRACED_SITES * 6 * sizeof(uintptr_t);
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->size = sizeof(traced->table) - 1;
	config->table = (char *)traced->table + 1;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	ktap_expect(t, !slate_trace_on(trace));
	config->table = traced->table;
	ktap_expect(t, slate_trace_start(trace, heap, config) == 0);
	/* A second start leaves it as it is. */
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EBUSY);
	ktap_expect(t, slate_trace_on(trace));
	tracing_stop(t, heap);
}

static void trace_ends_under_others_last(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	static struct slate_trace over;
	static uintptr_t table[2 * 6 + 3 * 8];
	static const struct slate_trace_config config = {
		.table = table, .size = sizeof(table), .sites = 2,
	};
	size_t current;
	size_t peak;
	void *p;

	if (!heap)
		return;
	memset(&over, 0, sizeof(over));
	ktap_expect(t, slate_trace_start(&over, heap, &config) == 0);
	p = slate_mem_malloc(heap, 10);
	ktap_expect(t, is_traced(p, 10));
	slate_trace_memory(&over, &current, &peak);
	ktap_expect(t, current == 10);
	/* Both know the place in the program. */
	ktap_expect(t, traced_top(0, TRACED_ALL) == 1);
	ktap_expect(t, slate_trace_frames(&over, 1)[0] ==
		    slate_trace_frames(trace, traced->stats[0].site)[0]);
	ktap_expect(t, slate_trace_stop(trace) == -SLATE_EBUSY);
	ktap_expect(t, slate_trace_stop(&over) == 0);
	tracing_stop(t, heap);
}

static void trace_is_not_supported_without_hooks(struct ktap *t)
{
	uintptr_t table[2 * 6 + 3 * 8];
	const struct slate_trace_config config = {
		.table = table, .size = sizeof(table), .sites = 2,
	};
	struct slate_trace off;

	if (SLATE_CONFIG_HOOKS) {
		t->skip = "hooks in this configuration";
		return;
	}
	memset(&off, 0, sizeof(off));
	ktap_expect(t, slate_trace_start(&off, test_heap(), &config) ==
		    -SLATE_ENOTSUP);
	ktap_expect(t, !slate_trace_on(&off));
}

static const struct ktap_case cases[] = {
	KTAP_CASE(trace_is_off_until_it_is_started),
	KTAP_CASE(trace_follows_a_block),
	KTAP_CASE(trace_takes_blocks_of_size_0),
	KTAP_CASE(trace_takes_a_resized_block_from_before),
	KTAP_CASE(trace_memory_has_current_and_peak),
	KTAP_CASE(trace_clear_forgets_all),
	KTAP_CASE(trace_refuses_a_bad_configuration),
	KTAP_CASE(trace_ends_under_others_last),
	KTAP_CASE(trace_is_not_supported_without_hooks),
};

KTAP_SUITE(slate_trace, cases);
