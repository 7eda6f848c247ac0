// SPDX-License-Identifier: MIT
/*
 * Tracing: memory of others, full tables, sampling, and random calls against a
 * model.
 */
#include "tracing.h"

static int count_domain(void *arg, const struct slate_trace_block *block)
{
	unsigned int *counts = arg;

	counts[block->domain < 3 ? block->domain : 3]++;
	return block->size == 77 ? 5 : 0;
}

static void track_takes_memory_of_others(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	unsigned int counts[4] = { 0 };
	struct slate_trace_block block;
	const void *here = SLATE_HERE;
	char *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 10);
	ktap_expect(t, slate_trace_track(trace, 1, p, 100, here) == 0);
	ktap_expect(t, slate_trace_track(trace, 2, p, 200, NULL) == 0);
	ktap_expect(t, traced_memory_is(310, 310));
	ktap_expect(t, slate_trace_find(trace, 1, p, &block) == 0);
	ktap_expect(t, block.size == 100 && block.domain == 1);
	ktap_expect(t, slate_trace_frames(trace, block.site)[0] ==
		    (uintptr_t)here);
	ktap_expect(t, slate_trace_find(trace, 2, p, &block) == 0);
	ktap_expect(t, block.size == 200 && block.domain == 2);
	ktap_expect(t, slate_trace_frames(trace, block.site)[0]);
	ktap_expect(t, slate_trace_walk(trace, count_domain, counts) == 0);
	ktap_expect(t, counts[0] == 1 && counts[1] == 1 && counts[2] == 1);
	/* What is tracked already gets the new size. */
	ktap_expect(t, slate_trace_track(trace, 1, p, 77, here) == 0);
	ktap_expect(t, traced_memory_is(287, 310));
	ktap_expect(t, slate_trace_walk(trace, count_domain, counts) == 5);
	ktap_expect(t, slate_trace_untrack(trace, 1, p) == 0);
	ktap_expect(t, slate_trace_untrack(trace, 1, p) == 0);
	ktap_expect(t, traced_memory_is(210, 310) && is_traced(p, 10));
	ktap_expect(t, slate_trace_track(trace, 0, p, 1, here) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_trace_track(trace, 1, NULL, 1, here) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_trace_track(trace, SLATE_TRACE_DOMAINS, p, 1,
					 here) == -SLATE_EINVAL);
	ktap_expect(t, slate_trace_track(trace, SLATE_TRACE_DOMAINS - 1, p, 1,
					 here) == 0);
	ktap_expect(t, slate_trace_untrack(trace, 0, p) == -SLATE_EINVAL);
	tracing_stop(t, heap);
	ktap_expect(t, slate_trace_track(trace, 1, p, 1, here) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_trace_untrack(trace, 1, p) == -SLATE_EINVAL);
}

/* More blocks than records: the calls succeed, the rest is counted. */
static void full_table_loses_and_counts(struct ktap *t)
{
	struct slate_heap *heap = tracing_prepare(t);
	const struct test_tier *mem = &test_tiers[SLATE_TIER_MEM];
	struct test_node *list;
	size_t n;

	if (!heap)
		return;
	traced->config.size -= 28 * sizeof(struct slate_entry);
	tracing_begin(t, heap);
	n = test_exhaust(heap, mem, sizeof(void *), &list);
	ktap_expect(t, trace->blocks.count > 0);
	ktap_expect(t, trace->blocks.count <= trace->blocks.limit);
	ktap_expect(t, trace->blocks.lost > 0);
	ktap_expect(t, trace->blocks.count + trace->blocks.lost == n);
	ktap_expect(t, trace->current == trace->blocks.count * sizeof(void *));
	ktap_expect(t, slate_trace_track(trace, 1, test_memory, 1, NULL) ==
		    -SLATE_ENOMEM);
	test_drain(heap, mem, &list);
	ktap_expect(t, trace->blocks.count == 0 && trace->current == 0);
	/* There is room again. */
	ktap_expect(t, is_traced(slate_mem_malloc(heap, 3), 3));
	tracing_stop(t, heap);
}

/* What one of four says is not far from the truth, nor just the truth. */
static void sampling_estimates(struct ktap *t)
{
	struct slate_heap *heap = tracing_prepare(t);
	size_t resized = 0;
	size_t seen = 0;
	size_t n;

	if (!heap)
		return;
	traced->config.every = 4;
	tracing_begin(t, heap);
	for (n = 0; n < 2000; n++) {
		void *p = slate_mem_malloc(heap, 10);
		size_t current;
		size_t peak;

		slate_trace_memory(trace, &current, &peak);
		ktap_expect(t, current == 0 || current == 40);
		seen += current;
		/* A resize is chosen as any; what was chosen stays so. */
		if (!current) {
			p = slate_mem_realloc(heap, p, 10);
			slate_trace_memory(trace, &current, &peak);
			resized += current;
		}
		slate_mem_free(heap, p);
		ktap_expect(t, trace->blocks.count == 0 && trace->current == 0);
	}
	ktap_expect(t, seen > 18000 && seen < 22000);
	ktap_expect(t, resized > 11000 && resized < 19000);
	ktap_expect(t, traced_memory_is(0, 40));
	tracing_stop(t, heap);
}

/* Every block of the model, and no other, with its size. */
static bool agrees(void)
{
	size_t sum = 0;
	size_t n = 0;
	unsigned int i;

	for (i = 0; i < TRACED_SLOTS; i++) {
		if (!traced->slots[i])
			continue;
		if (!is_traced(traced->slots[i], traced->sizes[i]))
			return false;
		sum += traced->sizes[i];
		n++;
	}
	return trace->blocks.count == n && trace->current == sum;
}

static void random_calls_agree_with_the_trace(struct ktap *t)
{
	struct slate_heap *heap = tracing_prepare(t);
	unsigned int step;

	if (!heap)
		return;
	/* Thirty places for 24 blocks: many are not at home. */
	traced->config.size -= 10 * sizeof(struct slate_entry);
	tracing_begin(t, heap);
	for (step = 0; step < 3000; step++) {
		const struct test_tier *tier = &test_tiers[test_below(3)];
		unsigned int i = test_below(TRACED_SLOTS);
		unsigned char size = (unsigned char)test_below(60);
		void *p;

		if (traced->slots[i] && test_below(2)) {
			tier->free(heap, traced->slots[i]);
			traced->slots[i] = NULL;
		} else {
			p = tier->realloc(heap, traced->slots[i], size);
			if (p) {
				traced->slots[i] = p;
				traced->sizes[i] = size;
			}
		}
		if (!ktap_expect(t, agrees()))
			return;
	}
	ktap_expect(t, trace->blocks.lost == 0);
	tracing_stop(t, heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(track_takes_memory_of_others),
	KTAP_CASE(full_table_loses_and_counts),
	KTAP_CASE(sampling_estimates),
	KTAP_CASE(random_calls_agree_with_the_trace),
};

KTAP_SUITE(slate_trace_limit, cases);
