/* SPDX-License-Identifier: MIT */
/*
 * Layer 6: the arenas that a heap has from sources.
 *
 * All stand in one list and in one table by address. Each source has a shelf,
 * on which those that it brought stand in up to 2 + classes lists more, so
 * that a request finds its arena without a search:
 *
 *	top[k]	the arenas whose largest free chunk has 2^k granules or more,
 *		but not 2^(k+1). The lowest list that surely serves is asked
 *		first: the fullest arena that will do, so that others empty.
 *	room[n]	the arenas that have a pool of class n with room and are not
 *		empty, and some whose last one filled up since.
 *	empty	the arenas in which nothing is live.
 *
 * An arena for one large request, of another size than the source's, stands
 * in a top list until that request is served, and in none afterwards; once it
 * is empty it goes back at once. Of the others as many empty ones are kept as
 * SHELF_KEEP() says; what is more goes back.
 *
 * struct slate_sources and the first shelf lie behind the heap struct if the
 * heap was made from a source. A shelf that is made later lies in the first
 * arena that its source brings, which then stays (@pinned).
 */
#ifndef SLATE_SOURCE_H
#define SLATE_SOURCE_H

#include "engine.h"
#include "source_table.h"

#define NO_TOP	0xffu

/* Empty arenas that are kept of @n. */
#define SHELF_KEEP(n)	(1 + ((n) >> 3))

/**
 * struct sourced - an arena from a source, at the start of its span
 * @pools: its engines
 * @shelf: of its source
 * @prev: the arena before it in the list of all; the next is arena.next
 * @top_next: next in its top list; valid while @top is not NO_TOP
 * @top_prev: previous there
 * @empty_next: next in the list of empty ones; valid while @empty, and not
 *	@large
 * @empty_prev: previous there
 * @witness: a granule where something was live when that was last looked for
 * @listed: bit n: it stands in room[n], and @room[n] is valid
 * @top: its top list
 * @large: it is for one large request
 * @empty: nothing is live in it, empty pools aside
 * @room: neighbours in the room lists
 */
struct sourced {
	struct slate_pools pools;
	struct shelf *shelf;
	struct sourced *prev;
	struct sourced *top_next;
	struct sourced *top_prev;
	struct sourced *empty_next;
	struct sourced *empty_prev;
	size_t witness;
	uintptr_t listed;
	unsigned char top;
	bool large;
	bool empty;
	struct {
		struct sourced *next;
		struct sourced *prev;
	} room[SLATE_POOL_CLASSES + 1];
};

/**
 * struct shelf - the arenas that one source brought
 * @source: which
 * @next: the next shelf, of a source that stands behind this one in the chain
 * @rank: its place in the chain
 * @pinned: the arena that holds this struct, or NULL
 * @empty: the newest of the empty arenas, large ones aside, or NULL
 * @nempty: how many there are
 * @n: all arenas here, large ones aside
 * @top_map: bit k: top[k] is not empty
 * @top: see above
 * @room: see above
 */
struct shelf {
	const struct slate_arena_source *source;
	struct shelf *next;
	unsigned int rank;
	struct sourced *pinned;
	struct sourced *empty;
	size_t nempty;
	size_t n;
	uintptr_t top_map;
	struct sourced *top[SLATE_WORD_BITS];
	struct sourced *room[SLATE_POOL_CLASSES + 1];
};

/**
 * struct slate_sources - all arenas that a heap has from sources
 * @all: the newest arena, or NULL
 * @shelves: the first shelf
 * @plain: the same if its memory is ordinary, which any request may have, else
 *	NULL
 * @pinned: the arena that holds this struct, or NULL
 * @home: what brought the home region, NULL if the user gave it
 * @table: arenas by address
 * @slots: memory of the grown table, or NULL
 * @slots_size: bytes there
 * @slots_source: what brought it
 */
struct slate_sources {
	struct sourced *all;
	struct shelf *shelves;
	struct shelf *plain;
	struct sourced *pinned;
	const struct slate_arena_source *home;
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

SLATE_INLINE unsigned int shelf_shift(const struct shelf *shelf)
{
	return slate_word_log2(shelf->source->size);
}

/* Memory that keeps the source's promise; what does not goes back. */
void *slate_source_take_(const struct slate_arena_source *source, size_t size);

/* The shelf of a source, or NULL if it has brought nothing yet. */
struct shelf *slate_shelf_find_(const struct slate_heap *heap,
				const struct slate_arena_source *source);

/* Make a shelf for @source, and give it its place. */
void slate_shelf_add_(struct slate_heap *heap, struct shelf *shelf,
		      const struct slate_arena_source *source);

/* log2 of the smallest size that the arena's last bin holds, or NO_TOP. */
SLATE_INLINE unsigned char top_of(const struct slate_chunks *c)
{
	unsigned int i = SLATE_BIN_WORDS;
	unsigned int bin;

	while (i--) {
		if (!c->map[i])
			continue;
		bin = (i << SLATE_WORD_SHIFT) + slate_word_log2(c->map[i]);
		if (bin < SLATE_WORD_BITS)
			return (unsigned char)slate_word_log2(bin);
		return (unsigned char)(SLATE_WORD_SHIFT +
				       ((bin - SLATE_WORD_BITS) >>
					SLATE_BIN_SPLIT));
	}
	return NO_TOP;
}

/* Is what was found live in the arena last still so? Then it is not empty. */
SLATE_INLINE bool witness_is_live(const struct sourced *a)
{
	uintptr_t live;

	if (!is_lent(&a->pools.chunks, a->witness))
		return is_used_start(&a->pools.chunks, a->witness);
	slate_pool_blocks(&a->pools, a->witness & ~(size_t)SLATE_WORD_MASK,
			  &live);
	return live;
}

/* Keep the lists true to the arena; class @n of its pools may have changed. */
void slate_sources_list_(struct sourced *a, size_t n);

/*
 * An arena that has a pool of class @n with room, or NULL; of those whose last
 * one filled up, one leaves the list. So some stay there for a while, and most
 * get room again before anybody looks.
 */
struct sourced *slate_shelf_room_(struct shelf *shelf, size_t n);

/* Take the arena, which is empty, out of every list and out of the table. */
void slate_sources_unlist_(struct slate_sources *s, struct sourced *a);

/* Put a new arena into the list of all; it is in the table already. */
void slate_sources_add_(struct slate_sources *s, struct sourced *a);

#endif /* SLATE_SOURCE_H */
