// SPDX-License-Identifier: MIT
/* Tracing: where blocks come from, and what grew between marks and since. */
#include "tracing.h"

/* Is this the @i-th of what traced_top() gave last? */
static bool stat_is(unsigned int i, size_t size, size_t count)
{
	return traced->stats[i].size == size && traced->stats[i].count == count;
}

/* The same place is the same site, another place is not. */
static void trace_tells_sites_apart(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	struct slate_trace_block a;
	struct slate_trace_block b;
	unsigned int site = 0;
	unsigned int i;

	if (!heap)
		return;
	for (i = 0; i < 3; i++) {
		void *p = slate_mem_malloc(heap, 10);
		void *q = slate_mem_malloc(heap, 20);

		ktap_expect(t, slate_trace_find(trace, 0, p, &a) == 0);
		ktap_expect(t, slate_trace_find(trace, 0, q, &b) == 0);
		ktap_expect(t, a.site != b.site);
		ktap_expect(t, !i || a.site == site);
		site = a.site;
		ktap_expect(t, slate_trace_frames(trace, a.site)[0]);
	}
	ktap_expect(t, traced_top(0, TRACED_ALL) == 2);
	ktap_expect(t, stat_is(0, 60, 3));
	ktap_expect(t, traced->stats[0].site == b.site);
	ktap_expect(t, stat_is(1, 30, 3));
	tracing_stop(t, heap);
}

static void trace_takes_sites_that_the_program_names(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	struct slate_trace_block block;
	const unsigned int line = __LINE__ + 1;
	const void *here = SLATE_HERE;
	const struct slate_tag *tag;
	void *p;

	if (!heap)
		return;
	p = slate_site_malloc(heap, SLATE_TIER_OBJ, 10, here);
	ktap_expect(t, slate_trace_find(trace, 0, p, &block) == 0);
	tag = (const void *)slate_trace_frames(trace, block.site)[0];
	ktap_expect(t, tag == here && tag->line == line);
	tracing_stop(t, heap);
}

/* A walker of the stack that makes it up. */
static unsigned int frames_of(void *arg, const void *site, uintptr_t *frames,
			      unsigned int n)
{
	unsigned int *calls = arg;
	unsigned int i;

	if (!*calls)
		return 0;
	frames[0] = (uintptr_t)site;
	for (i = 1; i < n; i++)
		frames[i] = i < 3 ? *calls * 100 + i : 0;
	return n < 3 ? n : 3;
}

static void trace_keeps_frames_up_to_its_depth(struct ktap *t)
{
	struct slate_heap *heap = tracing_prepare(t);
	struct slate_trace_block a;
	struct slate_trace_block b;
	unsigned int calls;
	const uintptr_t *frames;

	if (!heap)
		return;
	traced->config.depth = TRACED_DEPTH;
	traced->config.frames = frames_of;
	traced->config.arg = &calls;
	tracing_begin(t, heap);
	for (calls = 0; calls < 3; calls++) {
		void *p = slate_mem_malloc(heap, 1);

		b = a;
		ktap_expect(t, slate_trace_find(trace, 0, p, &a) == 0);
		frames = slate_trace_frames(trace, a.site);
		ktap_expect(t, frames[0]);
		ktap_expect(t, frames[1] == (calls ? calls * 100 + 1 : 0));
		ktap_expect(t, frames[2] == (calls ? calls * 100 + 2 : 0));
		ktap_expect(t, frames[3] == 0);
		/* One place, called from three. */
		ktap_expect(t, !calls || a.site != b.site);
		ktap_expect(t, !calls || frames[0] ==
			    slate_trace_frames(trace, b.site)[0]);
	}
	tracing_stop(t, heap);
}

static void full_sites_become_one(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	struct slate_trace_block block;
	unsigned int i;
	void *p;

	if (!heap)
		return;
	for (i = 1; i < 2 * TRACED_SITES; i++) {
		p = slate_site_malloc(heap, SLATE_TIER_MEM, i,
				      test_memory + i);
		ktap_expect(t, slate_trace_find(trace, 0, p, &block) == 0);
		ktap_expect(t, (block.site == SLATE_TRACE_OTHER) ==
			    (i >= TRACED_SITES));
	}
	ktap_expect(t, trace->lost_sites == TRACED_SITES);
	ktap_expect(t, traced_top(0, TRACED_ALL) == TRACED_SITES);
	ktap_expect(t, traced->stats[0].site == SLATE_TRACE_OTHER);
	ktap_expect(t, traced->stats[0].count == TRACED_SITES);
	ktap_expect(t, slate_trace_frames(trace, SLATE_TRACE_OTHER)[0] == 0);
	ktap_expect(t, slate_trace_frames(trace, 12345)[0] == 0);
	tracing_stop(t, heap);
}

/* Three sites, the same whoever calls this. */
static __attribute__((noinline)) void
three_sites(struct slate_heap *heap, void **p)
{
	p[0] = slate_mem_malloc(heap, 10);
	p[1] = slate_mem_malloc(heap, 20);
	p[2] = slate_mem_malloc(heap, 30);
}

static void top_has_what_came_between_marks(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	void *p[3][3];

	if (!heap)
		return;
	three_sites(heap, p[0]);
	ktap_expect(t, slate_trace_mark(trace) == 1);
	three_sites(heap, p[1]);
	slate_mem_free(heap, p[0][1]);
	slate_mem_free(heap, p[1][0]);
	ktap_expect(t, slate_trace_mark(trace) == 2);
	three_sites(heap, p[2]);
	ktap_expect(t, traced_top(1, 2) == 2);
	ktap_expect(t, stat_is(0, 30, 1));
	ktap_expect(t, stat_is(1, 20, 1));
	ktap_expect(t, traced_top(0, 1) == 2);
	ktap_expect(t, traced->stats[1].size == 10);
	ktap_expect(t, traced_top(1, TRACED_ALL) == 3);
	ktap_expect(t, stat_is(0, 60, 2));
	ktap_expect(t, stat_is(1, 40, 2));
	ktap_expect(t, traced_top(3, TRACED_ALL) == 0);
	/* Only as many as there is room for, and those that have most. */
	ktap_expect(t, slate_trace_top(trace, 0, TRACED_ALL, traced->stats,
				       1) == 1);
	ktap_expect(t, traced->stats[0].size == 90);
	ktap_expect(t, slate_trace_top(trace, 0, TRACED_ALL, traced->stats,
				       0) == 0);
	tracing_stop(t, heap);
}

static void marks_end_at_the_last(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	unsigned int i;

	if (!heap)
		return;
	for (i = 1; i < SLATE_TRACE_MARKS + 5; i++)
		ktap_expect(t, slate_trace_mark(trace) ==
			    (i < SLATE_TRACE_MARKS ? i : SLATE_TRACE_MARKS));
	slate_mem_malloc(heap, 1);
	ktap_expect(t, traced_top(SLATE_TRACE_MARKS, TRACED_ALL) == 1);
	tracing_stop(t, heap);
}

static void compare_has_what_changed(struct ktap *t)
{
	struct slate_heap *heap = tracing_start(t);
	void *p[2][3];
	size_t n;

	if (!heap)
		return;
	three_sites(heap, p[0]);
	slate_trace_snapshot(trace, traced->levels);
	n = slate_trace_compare(trace, traced->levels, NULL, traced->diffs,
				TRACED_SITES);
	ktap_expect(t, n == 0);
	three_sites(heap, p[1]);
	slate_mem_free(heap, p[0][0]);
	slate_mem_free(heap, p[0][2]);
	slate_mem_free(heap, p[1][2]);
	n = slate_trace_compare(trace, traced->levels, NULL, traced->diffs,
				TRACED_SITES);
	ktap_expect(t, n == 2);
	ktap_expect(t, traced->diffs[0].size == 0);
	ktap_expect(t, traced->diffs[0].count == 0);
	ktap_expect(t, traced->diffs[0].size_diff == -30);
	ktap_expect(t, traced->diffs[0].count_diff == -1);
	ktap_expect(t, traced->diffs[1].size == 40);
	ktap_expect(t, traced->diffs[1].count == 2);
	ktap_expect(t, traced->diffs[1].size_diff == 20);
	ktap_expect(t, traced->diffs[1].count_diff == 1);
	n = slate_trace_compare(trace, traced->levels, NULL, traced->diffs, 1);
	ktap_expect(t, n == 1 && traced->diffs[0].size_diff == -30);
	n = slate_trace_compare(trace, traced->levels, traced->levels,
				traced->diffs, TRACED_SITES);
	ktap_expect(t, n == 0);
	tracing_stop(t, heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(trace_tells_sites_apart),
	KTAP_CASE(trace_takes_sites_that_the_program_names),
	KTAP_CASE(trace_keeps_frames_up_to_its_depth),
	KTAP_CASE(full_sites_become_one),
	KTAP_CASE(top_has_what_came_between_marks),
	KTAP_CASE(marks_end_at_the_last),
	KTAP_CASE(compare_has_what_changed),
};

KTAP_SUITE(slate_trace_site, cases);
