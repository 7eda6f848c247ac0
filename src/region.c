// SPDX-License-Identifier: MIT
/*
 * A heap's regions one by one. A region is found by its first byte, in the
 * order in which the heap has them: these calls are for starting, stopping and
 * looking, not for every block.
 */
#include <slate/region.h>

#include "hooks.h"
#include "mem_calls.h"
#include "source_calls.h"

/* Lock held: the region that was added with @base, or NULL. */
static struct slate_pools *find(struct slate_heap *heap, const void *base)
{
	struct slate_pools *p;

	for_each_arena(p, heap) {
		if (p->chunks.arena.start == base)
			return p;
	}
	return NULL;
}

/* No lock held, but the heap is pinned. */
static struct slate_pools *look_up(struct slate_heap *heap, const void *base)
{
	slate_port_key key = heap_lock();
	struct slate_pools *p = find(heap, base);

	heap_unlock(key);
	return p;
}

int slate_heap_regions(struct slate_heap *heap, slate_region_fn fn, void *arg)
{
	struct slate_pools *p;
	int result = 0;

	slate_sources_pin_(heap);
	for (p = &heap->home; p && !result; p = slate_heap_step_(heap, p)) {
		const struct slate_arena *arena = &p->chunks.arena;
		struct slate_region region = {
			.base = arena->start,
			.size = arena->size,
			.caps = slate_arena_caps(arena),
			.drained = arena->caps & SLATE_CAP_DRAINED,
			.source = slate_sources_origin_(heap, p),
		};

		result = fn(arg, &region);
	}
	slate_sources_unpin_(heap);
	return result;
}

int slate_region_stats(struct slate_heap *heap, const void *base,
		       struct slate_stats *stats)
{
	slate_port_key key = heap_lock();
	struct slate_pools *p = find(heap, base);

	if (p) {
		memset(stats, 0, sizeof(*stats));
		slate_arena_count_(p, stats);
	}
	heap_unlock(key);
	if (!p)
		return -SLATE_EINVAL;
	slate_stats_finish_(stats);
	stats->peak = stats->live;
	return 0;
}

int slate_region_walk(struct slate_heap *heap, const void *base,
		      slate_walk_fn fn, void *arg)
{
	struct slate_pools *p;
	int result = -SLATE_EINVAL;

	slate_sources_pin_(heap);
	p = look_up(heap, base);
	if (p)
		result = slate_arena_walk_(heap, p, fn, arg);
	slate_sources_unpin_(heap);
	return result;
}

int slate_region_map(struct slate_heap *heap, const void *base,
		     slate_span_fn fn, void *arg)
{
	struct slate_pools *p;
	int result = -SLATE_EINVAL;

	slate_sources_pin_(heap);
	p = look_up(heap, base);
	if (p)
		result = slate_arena_map_(p, fn, arg);
	slate_sources_unpin_(heap);
	return result;
}

int slate_region_drain(struct slate_heap *heap, const void *base, bool drained)
{
	slate_port_key key = heap_lock();
	struct slate_pools *p = find(heap, base);
	int err = 0;

	if (!p || slate_arena_is_sourced(&p->chunks.arena))
		err = -SLATE_EINVAL;
	else if (p == &heap->home)
		err = -SLATE_EBUSY;
	if (!err && drained)
		p->chunks.arena.caps |= SLATE_CAP_DRAINED;
	if (!err && !drained)
		p->chunks.arena.caps &= ~SLATE_CAP_DRAINED;
	heap_unlock(key);
	return err;
}
