// SPDX-License-Identifier: MIT
/*
 * Testing a heap as a whole, and making its free lists anew from the side
 * bits, which no stray write can reach.
 */
#include "engine.h"

#if SLATE_CONFIG_STATS

/* What was counted call by call must be what the tables show. */
static bool count_is_valid(const struct slate_heap *heap, size_t live,
			   struct slate_report *report)
{
	if (live == account_live(heap) + account_sliding(heap))
		return true;
	if (report) {
		report->kind = SLATE_FAULT_CORRUPT;
		report->address = heap;
		report->block = NULL;
		report->size = 0;
		report->text = "live bytes counted and shown differ";
	}
	return false;
}

#else

static bool count_is_valid(const struct slate_heap *heap, size_t live,
			   struct slate_report *report)
{
	(void)heap;
	(void)live;
	(void)report;
	return true;
}

#endif /* SLATE_CONFIG_STATS */

/* Lock held. */
static bool check(struct slate_heap *heap, struct slate_report *report)
{
	struct slate_stats stats = {.live = 0};
	struct slate_pools *p;

	for_each_arena(p, heap) {
		if (!slate_chunk_valid(&p->chunks, report) ||
		    !slate_pool_valid(p, report))
			return false;
		slate_arena_count_(p, &stats);
	}
	return count_is_valid(heap, stats.live << SLATE_GRANULE_SHIFT, report);
}

int slate_heap_check(struct slate_heap *heap, struct slate_report *report)
{
	slate_port_key key = heap_lock();
	bool valid = check(heap, report);

	heap_unlock(key);
	return valid ? 0 : -SLATE_EUCLEAN;
}

bool slate_heap_valid(struct slate_heap *heap)
{
	return !slate_heap_check(heap, NULL);
}

/* Report each broken free chunk of an arena, then rebuild its lists. */
static int mend(struct slate_heap *heap, struct slate_pools *p)
{
	struct slate_chunks *c = &p->chunks;
	slate_port_key key;
	size_t g = 0;
	int count = 0;

	for (;;) {
		key = heap_lock();
		g = slate_chunk_find_broken(c, g);
		heap_unlock(key);
		if (g == SLATE_NONE)
			break;
		slate_port_fault(SLATE_FAULT_CORRUPT, heap,
				 slate_arena_ptr(&c->arena, g));
		count++;
		g++;
	}
	key = heap_lock();
	slate_chunk_rebuild(c);
	heap_unlock(key);
	return count;
}

#if !SLATE_CONFIG_COMPACT

/* Is the arena still the heap's? Others may have emptied it meanwhile. */
static bool has_arena(struct slate_heap *heap, const struct slate_pools *p)
{
	slate_port_key key = heap_lock();
	struct slate_pools *q;
	bool found = false;

	for_each_arena(q, heap) {
		if (q == p)
			found = true;
	}
	heap_unlock(key);
	return found;
}

/* The heap is pinned. As slate_engine_mend_(). */
static bool mend_or_tell(struct slate_heap *heap, struct slate_pools *p)
{
	const void *suspect;

	if (!has_arena(heap, p))
		return true;
	suspect = slate_arena_ptr(&p->chunks.arena, p->chunks.broken);
	if (SLATE_CONFIG_REPAIR && mend(heap, p))
		return true;
	slate_port_fault(SLATE_FAULT_CORRUPT, heap, suspect);
	return SLATE_CONFIG_REPAIR;
}

bool slate_engine_mend_(struct slate_heap *heap, struct slate_pools *p)
{
	bool mended;

	slate_sources_pin_(heap);
	mended = mend_or_tell(heap, p);
	slate_sources_unpin_(heap);
	return mended;
}

#endif /* !SLATE_CONFIG_COMPACT */

int slate_heap_repair(struct slate_heap *heap)
{
	struct slate_pools *p;
	int count = 0;

	slate_sources_pin_(heap);
	for (p = &heap->home; p; p = slate_heap_step_(heap, p))
		count += mend(heap, p);
	slate_sources_unpin_(heap);
	return count;
}
