// SPDX-License-Identifier: MIT
/*
 * Tracing. Beside what CPython's test_tracemalloc has: full tables, sampling,
 * and random traffic against a model.
 */
#include "testing.h"

static const char no_hooks[] = "no hooks in this configuration";

#define SITES	8
#define SLOTS	24
#define DEPTH	4

/* All that a case needs beside its heap, at the end of the memory. */
struct area {
	struct slate_trace trace;
	struct slate_trace_config config;
	struct slate_trace_level levels[SITES];
	struct slate_trace_diff diffs[SITES];
	struct slate_trace_stat stats[SITES];
	unsigned char *slots[SLOTS];
	unsigned char sizes[SLOTS];
	uintptr_t table[SITES * (5 + DEPTH) + 3 * 40];
};

static struct area *area;
static struct slate_trace *trace;

static struct slate_heap *prepare(struct ktap *t)
{
	const size_t room = (sizeof(*area) + 63) / 64 * 64;
	unsigned char *at = test_memory + TEST_HEAP - room;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = no_hooks;
		return NULL;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	area = memset(at, 0, sizeof(*area));
	trace = &area->trace;
	area->config.table = area->table;
	area->config.size = sizeof(area->table);
	area->config.sites = SITES;
	return slate_heap_create(test_memory, TEST_HEAP - room);
}

static struct slate_heap *start(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);

	if (!heap)
		return NULL;
	ktap_expect(t, slate_trace_start(trace, heap, &area->config) == 0);
	return heap;
}

static void stop(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_trace_stop(trace) == 0);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static bool memory_is(size_t current, size_t peak)
{
	size_t now;
	size_t most;

	slate_trace_memory(trace, &now, &most);
	return now == current && most == peak;
}

static bool is_traced(const void *ptr, size_t size)
{
	struct slate_trace_block block;

	return !slate_trace_find(trace, SLATE_TRACE_HEAP, ptr, &block) &&
	       block.ptr == ptr && block.size == size &&
	       block.domain == SLATE_TRACE_HEAP;
}

static size_t top(unsigned int from, unsigned int to)
{
	return slate_trace_top(trace, from, to, area->stats, SITES);
}

#define ALL	(SLATE_TRACE_MARKS + 1)

static void trace_is_off_until_it_is_started(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	struct slate_trace_block block;
	void *p;

	if (!heap)
		return;
	ktap_expect(t, !slate_trace_on(trace));
	p = slate_mem_malloc(heap, 10);
	ktap_expect(t, memory_is(0, 0));
	ktap_expect(t, slate_trace_find(trace, 0, p, &block) == -SLATE_EINVAL);
	ktap_expect(t, slate_trace_stop(trace) == -SLATE_EINVAL);
	ktap_expect(t, slate_trace_track(trace, 1, p, 1, NULL) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_trace_untrack(trace, 1, p) == -SLATE_EINVAL);
	ktap_expect(t, top(0, ALL) == 0);
	slate_trace_clear(trace);
	ktap_expect(t, slate_trace_start(trace, heap, &area->config) == 0);
	ktap_expect(t, slate_trace_on(trace));
	/* It is older than the tracing. */
	ktap_expect(t, slate_trace_find(trace, 0, p, &block) == -SLATE_EINVAL);
	slate_mem_free(heap, p);
	ktap_expect(t, memory_is(0, 0));
	stop(t, heap);
	ktap_expect(t, !slate_trace_on(trace));
}

static void trace_follows_a_block(struct ktap *t)
{
	struct slate_heap *heap = start(t);
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
		ktap_expect(t, memory_is(0, 300) && trace->blocks.count == 0);
	}
	ktap_expect(t, is_traced(slate_raw_aligned_alloc(heap, 64, 11), 11));
	stop(t, heap);
}

static void trace_takes_blocks_of_size_0(struct ktap *t)
{
	struct slate_heap *heap = start(t);
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
	stop(t, heap);
}

static void trace_takes_a_resized_block_from_before(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	void *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 10);
	ktap_expect(t, slate_trace_start(trace, heap, &area->config) == 0);
	ktap_expect(t, !slate_mem_realloc(heap, p, TEST_MEMORY));
	ktap_expect(t, memory_is(0, 0));
	p = slate_mem_realloc(heap, p, 20);
	ktap_expect(t, is_traced(p, 20) && memory_is(20, 20));
	stop(t, heap);
}

static void trace_memory_has_current_and_peak(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	void *p;
	void *q;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 100);
	q = slate_obj_malloc(heap, 50);
	ktap_expect(t, memory_is(150, 150));
	slate_mem_free(heap, p);
	ktap_expect(t, memory_is(50, 150));
	slate_trace_reset_peak(trace);
	ktap_expect(t, memory_is(50, 50));
	p = slate_mem_malloc(heap, 10);
	ktap_expect(t, memory_is(60, 60));
	slate_obj_free(heap, q);
	slate_mem_free(heap, p);
	ktap_expect(t, memory_is(0, 60));
	stop(t, heap);
	ktap_expect(t, memory_is(0, 0));
}

static void trace_clear_forgets_all(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	void *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 10);
	ktap_expect(t, slate_trace_mark(trace) == 1);
	slate_trace_clear(trace);
	ktap_expect(t, slate_trace_on(trace));
	ktap_expect(t, memory_is(0, 0) && !is_traced(p, 10));
	ktap_expect(t, top(0, ALL) == 0);
	ktap_expect(t, slate_trace_mark(trace) == 1);
	slate_mem_free(heap, p);
	p = slate_mem_malloc(heap, 5);
	ktap_expect(t, is_traced(p, 5) && memory_is(5, 5));
	stop(t, heap);
}

/* The same place is the same site, another place is not. */
static void trace_tells_sites_apart(struct ktap *t)
{
	struct slate_heap *heap = start(t);
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
	ktap_expect(t, top(0, ALL) == 2);
	ktap_expect(t, area->stats[0].size == 60 && area->stats[0].count == 3);
	ktap_expect(t, area->stats[0].site == b.site);
	ktap_expect(t, area->stats[1].size == 30 && area->stats[1].count == 3);
	stop(t, heap);
}

static void trace_takes_sites_that_the_program_names(struct ktap *t)
{
	struct slate_heap *heap = start(t);
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
	stop(t, heap);
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
	struct slate_heap *heap = prepare(t);
	struct slate_trace_block a;
	struct slate_trace_block b;
	unsigned int calls;
	const uintptr_t *frames;

	if (!heap)
		return;
	area->config.depth = DEPTH;
	area->config.frames = frames_of;
	area->config.arg = &calls;
	ktap_expect(t, slate_trace_start(trace, heap, &area->config) == 0);
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
	stop(t, heap);
}

static void trace_refuses_a_bad_configuration(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	struct slate_trace_config *config = &area->config;

	if (!heap)
		return;
	config->depth = SLATE_TRACE_FRAMES + 1;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->depth = 0;
	config->sites = 1;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->sites = 65536;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->sites = SITES;
	config->every = 32768;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->every = 0;
	config->tiers = 8;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->tiers = 0;
	config->size = SITES * 6 * sizeof(uintptr_t);
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	config->size = sizeof(area->table) - 1;
	config->table = (char *)area->table + 1;
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EINVAL);
	ktap_expect(t, !slate_trace_on(trace));
	config->table = area->table;
	ktap_expect(t, slate_trace_start(trace, heap, config) == 0);
	/* A second start leaves it as it is. */
	ktap_expect(t, slate_trace_start(trace, heap, config) == -SLATE_EBUSY);
	ktap_expect(t, slate_trace_on(trace));
	stop(t, heap);
}

static int count_domain(void *arg, const struct slate_trace_block *block)
{
	unsigned int *counts = arg;

	counts[block->domain < 3 ? block->domain : 3]++;
	return block->size == 77 ? 5 : 0;
}

static void track_takes_memory_of_others(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	unsigned int counts[4] = { 0 };
	struct slate_trace_block block;
	const void *here = SLATE_HERE;
	char *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 10);
	ktap_expect(t, slate_trace_track(trace, 1, p, 100, here) == 0);
	ktap_expect(t, slate_trace_track(trace, 2, p, 200, NULL) == 0);
	ktap_expect(t, memory_is(310, 310));
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
	ktap_expect(t, memory_is(287, 310));
	ktap_expect(t, slate_trace_walk(trace, count_domain, counts) == 5);
	ktap_expect(t, slate_trace_untrack(trace, 1, p) == 0);
	ktap_expect(t, slate_trace_untrack(trace, 1, p) == 0);
	ktap_expect(t, memory_is(210, 310) && is_traced(p, 10));
	ktap_expect(t, slate_trace_track(trace, 0, p, 1, here) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_trace_track(trace, 1, NULL, 1, here) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_trace_track(trace, SLATE_TRACE_DOMAINS, p, 1,
					 here) == -SLATE_EINVAL);
	ktap_expect(t, slate_trace_track(trace, SLATE_TRACE_DOMAINS - 1, p, 1,
					 here) == 0);
	ktap_expect(t, slate_trace_untrack(trace, 0, p) == -SLATE_EINVAL);
	stop(t, heap);
	ktap_expect(t, slate_trace_track(trace, 1, p, 1, here) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_trace_untrack(trace, 1, p) == -SLATE_EINVAL);
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
	struct slate_heap *heap = start(t);
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
	ktap_expect(t, top(1, 2) == 2);
	ktap_expect(t, area->stats[0].size == 30 && area->stats[0].count == 1);
	ktap_expect(t, area->stats[1].size == 20 && area->stats[1].count == 1);
	ktap_expect(t, top(0, 1) == 2);
	ktap_expect(t, area->stats[1].size == 10);
	ktap_expect(t, top(1, ALL) == 3);
	ktap_expect(t, area->stats[0].size == 60 && area->stats[0].count == 2);
	ktap_expect(t, area->stats[1].size == 40 && area->stats[1].count == 2);
	ktap_expect(t, top(3, ALL) == 0);
	/* Only as many as there is room for, and those that have most. */
	ktap_expect(t, slate_trace_top(trace, 0, ALL, area->stats, 1) == 1);
	ktap_expect(t, area->stats[0].size == 90);
	ktap_expect(t, slate_trace_top(trace, 0, ALL, area->stats, 0) == 0);
	stop(t, heap);
}

static void marks_end_at_the_last(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	unsigned int i;

	if (!heap)
		return;
	for (i = 1; i < SLATE_TRACE_MARKS + 5; i++)
		ktap_expect(t, slate_trace_mark(trace) ==
			    (i < SLATE_TRACE_MARKS ? i : SLATE_TRACE_MARKS));
	slate_mem_malloc(heap, 1);
	ktap_expect(t, top(SLATE_TRACE_MARKS, ALL) == 1);
	stop(t, heap);
}

static void compare_has_what_changed(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	void *p[2][3];
	size_t n;

	if (!heap)
		return;
	three_sites(heap, p[0]);
	slate_trace_snapshot(trace, area->levels);
	n = slate_trace_compare(trace, area->levels, NULL, area->diffs, SITES);
	ktap_expect(t, n == 0);
	three_sites(heap, p[1]);
	slate_mem_free(heap, p[0][0]);
	slate_mem_free(heap, p[0][2]);
	slate_mem_free(heap, p[1][2]);
	n = slate_trace_compare(trace, area->levels, NULL, area->diffs, SITES);
	ktap_expect(t, n == 2);
	ktap_expect(t, area->diffs[0].size == 0);
	ktap_expect(t, area->diffs[0].count == 0);
	ktap_expect(t, area->diffs[0].size_diff == -30);
	ktap_expect(t, area->diffs[0].count_diff == -1);
	ktap_expect(t, area->diffs[1].size == 40);
	ktap_expect(t, area->diffs[1].count == 2);
	ktap_expect(t, area->diffs[1].size_diff == 20);
	ktap_expect(t, area->diffs[1].count_diff == 1);
	n = slate_trace_compare(trace, area->levels, NULL, area->diffs, 1);
	ktap_expect(t, n == 1 && area->diffs[0].size_diff == -30);
	n = slate_trace_compare(trace, area->levels, area->levels, area->diffs,
				SITES);
	ktap_expect(t, n == 0);
	stop(t, heap);
}

/* More blocks than records: the calls succeed, the rest is counted. */
static void full_table_loses_and_counts(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	const struct test_tier *mem = &test_tiers[SLATE_TIER_MEM];
	struct test_node *list;
	size_t n;

	if (!heap)
		return;
	area->config.size -= 28 * sizeof(struct slate_entry);
	ktap_expect(t, slate_trace_start(trace, heap, &area->config) == 0);
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
	stop(t, heap);
}

static void full_sites_become_one(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	struct slate_trace_block block;
	unsigned int i;
	void *p;

	if (!heap)
		return;
	for (i = 1; i < 2 * SITES; i++) {
		p = slate_site_malloc(heap, SLATE_TIER_MEM, i,
				      test_memory + i);
		ktap_expect(t, slate_trace_find(trace, 0, p, &block) == 0);
		ktap_expect(t, (block.site == SLATE_TRACE_OTHER) ==
			    (i >= SITES));
	}
	ktap_expect(t, trace->lost_sites == SITES);
	ktap_expect(t, top(0, ALL) == SITES);
	ktap_expect(t, area->stats[0].site == SLATE_TRACE_OTHER);
	ktap_expect(t, area->stats[0].count == SITES);
	ktap_expect(t, slate_trace_frames(trace, SLATE_TRACE_OTHER)[0] == 0);
	ktap_expect(t, slate_trace_frames(trace, 12345)[0] == 0);
	stop(t, heap);
}

/* What one of four says is not far from the truth, nor just the truth. */
static void sampling_estimates(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	size_t resized = 0;
	size_t seen = 0;
	size_t n;

	if (!heap)
		return;
	area->config.every = 4;
	ktap_expect(t, slate_trace_start(trace, heap, &area->config) == 0);
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
	ktap_expect(t, memory_is(0, 40));
	stop(t, heap);
}

/* Every block of the model, and no other, with its size. */
static bool agrees(void)
{
	size_t sum = 0;
	size_t n = 0;
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		if (!area->slots[i])
			continue;
		if (!is_traced(area->slots[i], area->sizes[i]))
			return false;
		sum += area->sizes[i];
		n++;
	}
	return trace->blocks.count == n && trace->current == sum;
}

static void random_calls_agree_with_the_trace(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	unsigned int step;

	if (!heap)
		return;
	/* Thirty places for 24 blocks: many are not at home. */
	area->config.size -= 10 * sizeof(struct slate_entry);
	ktap_expect(t, slate_trace_start(trace, heap, &area->config) == 0);
	for (step = 0; step < 3000; step++) {
		const struct test_tier *tier = &test_tiers[test_below(3)];
		unsigned int i = test_below(SLOTS);
		unsigned char size = (unsigned char)test_below(60);
		void *p;

		if (area->slots[i] && test_below(2)) {
			tier->free(heap, area->slots[i]);
			area->slots[i] = NULL;
		} else {
			p = tier->realloc(heap, area->slots[i], size);
			if (p) {
				area->slots[i] = p;
				area->sizes[i] = size;
			}
		}
		if (!ktap_expect(t, agrees()))
			return;
	}
	ktap_expect(t, trace->blocks.lost == 0);
	stop(t, heap);
}

static void trace_ends_under_others_last(struct ktap *t)
{
	struct slate_heap *heap = start(t);
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
	ktap_expect(t, top(0, ALL) == 1);
	ktap_expect(t, slate_trace_frames(&over, 1)[0] ==
		    slate_trace_frames(trace, area->stats[0].site)[0]);
	ktap_expect(t, slate_trace_stop(trace) == -SLATE_EBUSY);
	ktap_expect(t, slate_trace_stop(&over) == 0);
	stop(t, heap);
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
	KTAP_CASE(trace_tells_sites_apart),
	KTAP_CASE(trace_takes_sites_that_the_program_names),
	KTAP_CASE(trace_keeps_frames_up_to_its_depth),
	KTAP_CASE(trace_refuses_a_bad_configuration),
	KTAP_CASE(track_takes_memory_of_others),
	KTAP_CASE(top_has_what_came_between_marks),
	KTAP_CASE(marks_end_at_the_last),
	KTAP_CASE(compare_has_what_changed),
	KTAP_CASE(full_table_loses_and_counts),
	KTAP_CASE(full_sites_become_one),
	KTAP_CASE(sampling_estimates),
	KTAP_CASE(random_calls_agree_with_the_trace),
	KTAP_CASE(trace_ends_under_others_last),
	KTAP_CASE(trace_is_not_supported_without_hooks),
};

KTAP_SUITE(slate_trace, cases);
