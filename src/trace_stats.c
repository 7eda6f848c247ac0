// SPDX-License-Identifier: MIT
/*
 * What a tracer knows, as figures. Each is scaled here, where it is handed
 * out: the tables hold what was seen.
 */
#include "trace_state.h"

void slate_trace_clear(struct slate_trace *trace)
{
	slate_port_key lock;

	if (!trace->heap)
		return;
	lock = port_lock();
	slate_trace_empty_(trace);
	port_unlock(lock);
}

void slate_trace_memory(struct slate_trace *trace, size_t *current,
			size_t *peak)
{
	slate_port_key lock = port_lock();

	*current = trace->current * trace->every;
	*peak = trace->peak * trace->every;
	port_unlock(lock);
}

void slate_trace_reset_peak(struct slate_trace *trace)
{
	slate_port_key lock = port_lock();

	trace->peak = trace->current;
	port_unlock(lock);
}

unsigned int slate_trace_mark(struct slate_trace *trace)
{
	slate_port_key lock = port_lock();
	unsigned int mark;

	if (trace->mark < SLATE_TRACE_MARKS)
		trace->mark++;
	mark = trace->mark;
	port_unlock(lock);
	return mark;
}

const uintptr_t *slate_trace_frames(const struct slate_trace *trace,
				    unsigned int site)
{
	if (site >= trace->nsites)
		site = SLATE_TRACE_OTHER;
	return trace_site(trace, site)->frames;
}

static void show(const struct slate_entry *entry,
		 struct slate_trace_block *block)
{
	block->ptr = (void *)entry->ptr;
	block->size = entry->size;
	block->domain = SLATE_TRACE_HEAP;
	block->tier = SLATE_TIER_RAW;
	if (entry->key < SLATE_TIERS)
		block->tier = (enum slate_tier)entry->key;
	else
		block->domain = entry->key - (SLATE_TIERS - 1u);
	block->mark = entry->mark;
	block->site = entry->whose;
}

int slate_trace_find(struct slate_trace *trace, unsigned int domain,
		     const void *ptr, struct slate_trace_block *block)
{
	const struct slate_entry *entry = NULL;
	slate_port_key lock;

	if (!trace->heap || !ptr || domain >= SLATE_TRACE_DOMAINS)
		return -SLATE_EINVAL;
	lock = port_lock();
	entry = slate_ledger_look_(&trace->blocks, domain == SLATE_TRACE_HEAP ?
				   TRACE_KEY_TIER(SLATE_TIER_RAW) :
				   TRACE_KEY_DOMAIN(domain), (uintptr_t)ptr);
	if (entry)
		show(entry, block);
	port_unlock(lock);
	return entry ? 0 : -SLATE_EINVAL;
}

int slate_trace_walk(struct slate_trace *trace, slate_trace_fn fn, void *arg)
{
	int result = 0;
	size_t i;

	for (i = 0; trace->heap && i < trace->blocks.places && !result; i++) {
		struct slate_trace_block block;
		slate_port_key lock = port_lock();
		bool taken = trace->blocks.entries[i].ptr != 0;

		if (taken)
			show(&trace->blocks.entries[i], &block);
		port_unlock(lock);
		if (taken)
			result = fn(arg, &block);
	}
	return result;
}

/* Lock held: into the part of each site go its blocks of [@from, @to). */
static void sum_parts(struct slate_trace *trace, unsigned int from,
		      unsigned int to)
{
	size_t i;

	for (i = 0; i < trace->nsites; i++) {
		trace_site(trace, i)->part_size = 0;
		trace_site(trace, i)->part_count = 0;
	}
	for (i = 0; i < trace->blocks.places; i++) {
		const struct slate_entry *entry = &trace->blocks.entries[i];
		struct slate_trace_site *site;

		if (!entry->ptr || entry->mark < from || entry->mark >= to)
			continue;
		site = trace_site(trace, entry->whose);
		site->part_size += entry->size;
		site->part_count++;
	}
}

static bool is_more(const struct slate_trace_stat *a,
		    const struct slate_trace_stat *b)
{
	if (a->size != b->size)
		return a->size > b->size;
	return a->count > b->count;
}

/* Put @stat where it belongs among the first *@used; the last may drop out. */
static void insert_stat(struct slate_trace_stat *stats, size_t n,
			size_t *used, const struct slate_trace_stat *stat)
{
	size_t i = *used;

	if (i == n) {
		if (!n || !is_more(stat, &stats[--i]))
			return;
	} else {
		++*used;
	}
	for (; i && is_more(stat, &stats[i - 1]); i--)
		stats[i] = stats[i - 1];
	stats[i] = *stat;
}

size_t slate_trace_top(struct slate_trace *trace, unsigned int from,
		       unsigned int to, struct slate_trace_stat *stats,
		       size_t n)
{
	slate_port_key lock;
	size_t used = 0;
	size_t i;

	if (!trace->heap)
		return 0;
	lock = port_lock();
	sum_parts(trace, from, to);
	for (i = 0; i < trace->nsites; i++) {
		const struct slate_trace_site *site = trace_site(trace, i);
		const struct slate_trace_stat stat = {
			.size = site->part_size * trace->every,
			.count = site->part_count * trace->every,
			.site = (unsigned int)i,
		};

		if (stat.count)
			insert_stat(stats, n, &used, &stat);
	}
	port_unlock(lock);
	return used;
}

/* Lock held. */
static struct slate_trace_level level_of(const struct slate_trace *trace,
					 size_t i)
{
	const struct slate_trace_site *site = trace_site(trace, i);
	const struct slate_trace_level level = {
		site->size * trace->every, site->count * trace->every
	};

	return level;
}

void slate_trace_snapshot(struct slate_trace *trace,
			  struct slate_trace_level *levels)
{
	slate_port_key lock = port_lock();
	size_t i;

	for (i = 0; i < trace->nsites; i++)
		levels[i] = level_of(trace, i);
	port_unlock(lock);
}

static size_t magnitude(ptrdiff_t n)
{
	return n < 0 ? (size_t)0 - (size_t)n : (size_t)n;
}

static bool is_more_changed(const struct slate_trace_diff *a,
			    const struct slate_trace_diff *b)
{
	if (magnitude(a->size_diff) != magnitude(b->size_diff))
		return magnitude(a->size_diff) > magnitude(b->size_diff);
	if (a->size != b->size)
		return a->size > b->size;
	if (magnitude(a->count_diff) != magnitude(b->count_diff))
		return magnitude(a->count_diff) > magnitude(b->count_diff);
	return a->count > b->count;
}

/* As insert_stat(). */
static void insert_diff(struct slate_trace_diff *diffs, size_t n,
			size_t *used, const struct slate_trace_diff *diff)
{
	size_t i = *used;

	if (i == n) {
		if (!n || !is_more_changed(diff, &diffs[--i]))
			return;
	} else {
		++*used;
	}
	for (; i && is_more_changed(diff, &diffs[i - 1]); i--)
		diffs[i] = diffs[i - 1];
	diffs[i] = *diff;
}

size_t slate_trace_compare(struct slate_trace *trace,
			   const struct slate_trace_level *before,
			   const struct slate_trace_level *now,
			   struct slate_trace_diff *diffs, size_t n)
{
	slate_port_key lock = port_lock();
	size_t used = 0;
	size_t i;

	for (i = 0; i < trace->nsites; i++) {
		const struct slate_trace_level level =
			now ? now[i] : level_of(trace, i);
		const struct slate_trace_diff diff = {
			.size = level.size,
			.count = level.count,
			.size_diff = (ptrdiff_t)(level.size - before[i].size),
			.count_diff = (ptrdiff_t)(level.count -
						  before[i].count),
			.site = (unsigned int)i,
		};

		if (diff.size_diff || diff.count_diff)
			insert_diff(diffs, n, &used, &diff);
	}
	port_unlock(lock);
	return used;
}
