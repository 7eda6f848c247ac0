/* SPDX-License-Identifier: MIT */
/*
 * Layer 6: what a heap is made of, and how an address finds its arena.
 *
 * The heap struct lies at the start of its first region, whose tables follow.
 * Further regions are chained behind it, each with its own struct slate_pools
 * at its start. Arenas from a source are kept apart, in source.c.
 *
 * The lock: taken by the functions of this layer around table work, never
 * nested, never held while the port's fault, an event, a source or a walker's
 * function runs, or while a caller's bytes are copied or cleared.
 */
#ifndef SLATE_HEAP_STATE_H
#define SLATE_HEAP_STATE_H

#include <slate/tier.h>

#include "side.h"

struct slate_sources;

/*
 * Counting. @room is how far live bytes are below @mark, the point from which
 * on an allocation must be looked at: the lower of peak and quota. So the
 * straight path is one subtraction and one test. @sliding is what chunks that
 * are moved just now have beyond what is counted of them; with no lock nobody
 * can look then. @tier_live is of raw and mem; obj has what is left.
 */
struct slate_account {
	ptrdiff_t room;
	size_t mark;
	size_t peak;
	size_t quota;
	size_t failures;
	size_t tier_live[SLATE_TIER_OBJ];
#if SLATE_CONFIG_LOCK
	size_t sliding;
#endif
};

/* Words that debug hooks need: debug_create.c holds it to be enough. */
#define SLATE_DEBUG_WORDS	(64 + 8 * SLATE_CONFIG_QUARANTINE)

/**
 * struct slate_heap - a heap
 * @home: the first region, which holds this struct
 * @table: each tier's table, NULL for slate's own
 * @events: who hears of arenas and of running low, or NULL
 * @rescue: who may release something before a request fails, or NULL
 * @view: who shows blocks otherwise than the engines know them, or NULL
 * @debug: storage of the debug hooks that every heap has; a layer above knows
 *	what is in it
 * @own: slate's own tables with this heap in their ctx, for wrappers; valid
 *	from creation on
 * @account: what is counted
 * @pins: walks under way, during which no arena goes back
 * @no_pools: the profile says that every tier takes chunks
 * @source: where new arenas come from, or NULL
 * @sources: the arenas that came from a source, or NULL before the first
 */
struct slate_heap {
	struct slate_pools home;
	uint16_t pins;
	bool no_pools;
#if SLATE_CONFIG_HOOKS
	const struct slate_allocator *table[SLATE_TIERS];
	const struct slate_events *events;
	const struct slate_rescue *rescue;
	const struct slate_view *view;
	struct slate_allocator own[SLATE_TIERS];
#endif
#if SLATE_CONFIG_DEBUG
	uintptr_t debug[SLATE_DEBUG_WORDS];
#endif
#if SLATE_CONFIG_STATS
	struct slate_account account;
#endif
#if SLATE_CONFIG_SOURCE
	const struct slate_arena_source *source;
	struct slate_sources *sources;
#endif
};

SLATE_INLINE slate_port_key heap_lock(void)
{
	if (SLATE_CONFIG_LOCK)
		return slate_port_lock();
	return (slate_port_key)0;
}

SLATE_INLINE void heap_unlock(slate_port_key key)
{
	if (SLATE_CONFIG_LOCK)
		slate_port_unlock(key);
}

SLATE_INLINE struct slate_pools *pools_of(struct slate_arena *arena)
{
	return SLATE_CONTAINER_OF(arena, struct slate_pools, chunks.arena);
}

/* The region behind @p in the chain, or NULL. */
SLATE_INLINE struct slate_pools *next_region(const struct slate_pools *p)
{
	struct slate_arena *next = p->chunks.arena.next;

	if (SLATE_CONFIG_REGIONS == 1 || !next)
		return NULL;
	return pools_of(next);
}

/* A request as the engines see it; sizes in granules. */
struct slate_request {
	size_t n;
	size_t align;
	unsigned int caps;
	bool small;	/* a class, and the tier takes from pools */
	bool make;	/* pools may be made for it: set under the lock */
	bool no_arena;	/* not worth a new arena */
};

/* Serve @req from one arena: as slate_chunk_alloc(). */
size_t slate_arena_serve_(struct slate_pools *p,
			  const struct slate_request *req);

/* Prepare the tables of a span, its first @front bytes kept for the caller. */
int slate_arena_open_(struct slate_pools *p, void *start, size_t size,
		      unsigned int caps, void *front);

/* The same for memory of a source. */
#if SLATE_CONFIG_SOURCE_FAST
int slate_arena_open_from_(struct slate_pools *p, void *start, size_t size,
			   const struct slate_arena_source *source,
			   void *front);
#else
SLATE_INLINE int
slate_arena_open_from_(struct slate_pools *p, void *start, size_t size,
		       const struct slate_arena_source *source, void *front)
{
	return slate_arena_open_(p, start, size, source->caps, front);
}
#endif

/* As slate_heap_walk() and slate_heap_map(), for one arena. No lock held. */
int slate_arena_walk_(struct slate_heap *heap, struct slate_pools *p,
		      slate_walk_fn fn, void *arg);
int slate_arena_map_(struct slate_pools *p, slate_span_fn fn, void *arg);

/* As slate_heap_create_caps(), whatever @caps say. */
struct slate_heap *slate_heap_open_(void *base, size_t size, unsigned int caps);

/* Is it a span that could be a region: not NULL, not wrapping? */
SLATE_INLINE bool span_is_sound(const void *base, size_t size)
{
	return base && size <= PTRDIFF_MAX && (uintptr_t)base + size >= size;
}

/* 0, or why the heap cannot take this span as a region. No lock held. */
int slate_heap_room_for_(struct slate_heap *heap, const void *base,
			 size_t size);

/* As slate_heap_add_region(), whatever @caps say. */
int slate_heap_add_(struct slate_heap *heap, void *base, size_t size,
		    unsigned int caps);

/* Add an arena's chunks and pools to @stats; but for its size in granules. */
void slate_arena_count_(const struct slate_pools *p, struct slate_stats *stats);

/* All arenas are counted: sizes become bytes, the overhead is the rest. */
void slate_stats_finish_(struct slate_stats *stats);

/* The arena that owns @ptr, if that is not the home region. */
struct slate_pools *slate_heap_find_far_(struct slate_heap *heap,
					 const void *ptr);

SLATE_INLINE struct slate_pools *heap_find(struct slate_heap *heap,
					   const void *ptr)
{
	if (SLATE_LIKELY(slate_arena_owns(&heap->home.chunks.arena, ptr)))
		return &heap->home;
	if (SLATE_CONFIG_REGIONS == 1 && !SLATE_CONFIG_SOURCE)
		return NULL;
	return slate_heap_find_far_(heap, ptr);
}

/* The arena behind @p: regions first, then those from a source. */
struct slate_pools *slate_heap_next_(struct slate_heap *heap,
				     struct slate_pools *p);

/* The same, taking the lock for it; the heap is pinned. */
struct slate_pools *slate_heap_step_(struct slate_heap *heap,
				     struct slate_pools *p);

/* For loops over all arenas of a heap, in order; lock held. */
#define for_each_arena(p, heap)                                                \
	for (p = &(heap)->home; p; p = slate_heap_next_(heap, p))

#endif /* SLATE_HEAP_STATE_H */
