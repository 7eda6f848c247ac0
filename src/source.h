/* SPDX-License-Identifier: MIT */
/*
 * Layer 6: the arenas that a heap has from a source.
 *
 * All stand in one list, and in up to 1 + classes more, so that a request
 * finds its arena without a search:
 *
 *	top[k]	the arenas whose largest free chunk has 2^k granules or more,
 *		but not 2^(k+1). The lowest list that surely serves is asked
 *		first: the fullest arena that will do, so that others empty.
 *	room[n]	the arenas that have a pool of class n with room.
 *
 * An arena for one large request, of another size than the source's, stands
 * in a top list until that request is served, and in none afterwards. Empty
 * arenas go back, but for one of the usual size.
 *
 * This data lies behind the heap struct if the heap was made from a source;
 * else in the first arena that came, which then stays (@pinned).
 */
#ifndef SLATE_SOURCE_H
#define SLATE_SOURCE_H

#include "engine.h"
#include "source_table.h"

#define NO_TOP	0xffu

/**
 * struct sourced - an arena from a source, at the start of its span
 * @pools: its engines
 * @source: what brought it, and takes it back
 * @prev: the arena before it in the list of all; the next is arena.next
 * @top_next: next in its top list; valid while @top is not NO_TOP
 * @top_prev: previous there
 * @listed: bit n: it stands in room[n], and @room[n] is valid
 * @top: its top list
 * @large: it is for one large request
 * @room: neighbours in the room lists
 */
struct sourced {
	struct slate_pools pools;
	const struct slate_arena_source *source;
	struct sourced *prev;
	struct sourced *top_next;
	struct sourced *top_prev;
	uintptr_t listed;
	unsigned char top;
	bool large;
	struct {
		struct sourced *next;
		struct sourced *prev;
	} room[SLATE_POOL_CLASSES + 1];
};

/**
 * struct slate_sources - all arenas that a heap has from sources
 * @all: the newest arena, or NULL
 * @pinned: the arena that holds this struct, or NULL
 * @spare: the arena that was found empty and kept last; may be in use again
 * @top_map: bit k: top[k] is not empty
 * @top: see above
 * @room: see above
 * @table: arenas by address
 * @slots: memory of the grown table, or NULL
 * @slots_size: bytes there
 * @slots_source: what brought it
 */
struct slate_sources {
	struct sourced *all;
	struct sourced *pinned;
	struct sourced *spare;
	uintptr_t top_map;
	struct sourced *top[SLATE_WORD_BITS];
	struct sourced *room[SLATE_POOL_CLASSES + 1];
	struct source_table table;
	void *slots;
	size_t slots_size;
	const struct slate_arena_source *slots_source;
};

SLATE_INLINE struct sourced *sourced_of(struct slate_pools *p)
{
	return SLATE_CONTAINER_OF(p, struct sourced, pools);
}

SLATE_INLINE struct sourced *sourced_next(const struct sourced *a)
{
	struct slate_arena *next = a->pools.chunks.arena.next;

	return next ? sourced_of(pools_of(next)) : NULL;
}

/* Keep the lists true to the arena; class @n of its pools may have changed. */
void slate_sources_list_(struct slate_sources *s, struct sourced *a, size_t n);

/* Take the arena out of every list and out of the table. */
void slate_sources_unlist_(struct slate_sources *s, struct sourced *a);

/* Put a new arena into the list of all; it is in the table already. */
void slate_sources_add_(struct slate_sources *s, struct sourced *a);

void slate_sources_init_(struct slate_sources *s, size_t source_size);

/* Is nothing live in the arena, empty pools aside? O(classes). */
bool slate_sourced_is_empty_(const struct sourced *a);

#endif /* SLATE_SOURCE_H */
