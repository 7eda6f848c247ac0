// SPDX-License-Identifier: MIT
/* The shelves of the sources, and the lists that arenas stand in. */
#include "source.h"
#include "bins.h"
#include "mem_calls.h"

#if SLATE_CONFIG_SOURCE

struct shelf *slate_shelf_find_(const struct slate_heap *heap,
				const struct slate_arena_source *source)
{
	struct shelf *shelf = heap->sources ? heap->sources->shelves : NULL;

	while (shelf && shelf->source != source)
		shelf = shelf->next;
	return shelf;
}

/* Where a source stands in the heap's chain; behind all if it does not. */
static unsigned int rank_of(const struct slate_heap *heap,
			    const struct slate_arena_source *source)
{
	const struct slate_arena_source *other = heap->source;
	unsigned int rank = 0;

	for (; other && other != source; other = other->next)
		rank++;
	return rank;
}

void slate_shelf_add_(struct slate_heap *heap, struct shelf *shelf,
		      const struct slate_arena_source *source)
{
	struct shelf **at = &heap->sources->shelves;

	memset(shelf, 0, sizeof(*shelf));
	shelf->source = source;
	shelf->rank = rank_of(heap, source);
	while (*at && (*at)->rank <= shelf->rank)
		at = &(*at)->next;
	shelf->next = *at;
	*at = shelf;
	shelf = heap->sources->shelves;
	heap->sources->plain = slate_caps_serve(shelf->source->caps, 0) ?
			       shelf : NULL;
}

/*
 * Is nothing live in the arena, empty pools aside? O(classes): there are only
 * so many chunks between which nothing is live.
 */
static bool is_empty(struct sourced *a)
{
	const struct slate_pools *p = &a->pools;
	unsigned int steps = 2 * SLATE_POOL_CLASSES + 2;
	uintptr_t live;
	size_t g = 0;

	if (witness_is_live(a))
		return false;
	while (g < p->chunks.arena.n) {
		if (slate_pool_class(p, g))
			slate_pool_blocks(p, g, &live);
		else
			live = !slate_chunk_is_free(&p->chunks, g);
		if (live || !steps--) {
			a->witness = g;
			return false;
		}
		g = slate_chunk_end(&p->chunks, g);
	}
	return true;
}

/* An ordinary arena that became empty, or is no longer. */
static void empty_set(struct shelf *s, struct sourced *a, bool empty)
{
	if (empty) {
		a->empty_prev = NULL;
		a->empty_next = s->empty;
		if (s->empty)
			s->empty->empty_prev = a;
		s->empty = a;
		s->nempty++;
		return;
	}
	if (a->empty_prev)
		a->empty_prev->empty_next = a->empty_next;
	else
		s->empty = a->empty_next;
	if (a->empty_next)
		a->empty_next->empty_prev = a->empty_prev;
	s->nempty--;
}

static void top_set(struct shelf *s, struct sourced *a, unsigned char top)
{
	if (a->top != NO_TOP) {
		if (a->top_prev)
			a->top_prev->top_next = a->top_next;
		else
			s->top[a->top] = a->top_next;
		if (a->top_next)
			a->top_next->top_prev = a->top_prev;
		if (!s->top[a->top])
			s->top_map &= ~slate_word_bit(a->top);
	}
	a->top = top;
	if (top == NO_TOP)
		return;
	a->top_prev = NULL;
	a->top_next = s->top[top];
	if (a->top_next)
		a->top_next->top_prev = a;
	s->top[top] = a;
	s->top_map |= slate_word_bit(top);
}

static void room_set(struct shelf *s, struct sourced *a, size_t n,
		     bool room)
{
	a->listed ^= slate_word_bit(n);
	if (room) {
		a->room[n].prev = NULL;
		a->room[n].next = s->room[n];
		if (s->room[n])
			s->room[n]->room[n].prev = a;
		s->room[n] = a;
		return;
	}
	if (a->room[n].prev)
		a->room[n].prev->room[n].next = a->room[n].next;
	else
		s->room[n] = a->room[n].next;
	if (a->room[n].next)
		a->room[n].next->room[n].prev = a->room[n].prev;
}

/* Keep the list of those with room for class @n true to the arena. */
static void note_room(struct sourced *a, size_t n)
{
	bool room = !a->empty && pool_has_room(&a->pools, n);

	if (room != (a->listed >> n & 1))
		room_set(a->shelf, a, n, room);
}

/* Keep the list of empty ones true to the arena. */
static void note_empty(struct sourced *a)
{
	bool empty = is_empty(a);
	size_t n;

	if (empty == a->empty)
		return;
	a->empty = empty;
	if (a->large)
		return;
	empty_set(a->shelf, a, empty);
	for (n = 1; n <= SLATE_POOL_CLASSES; n++)
		note_room(a, n);
}

struct sourced *slate_shelf_room_(struct shelf *shelf, size_t n)
{
	struct sourced *a = shelf->room[n];

	if (a && !pool_has_room(&a->pools, n)) {
		room_set(shelf, a, n, false);
		a = shelf->room[n];
	}
	return a && pool_has_room(&a->pools, n) ? a : NULL;
}

void slate_sources_list_(struct sourced *a, size_t n)
{
	unsigned char top = top_of(&a->pools.chunks);

	note_empty(a);
	if (a->large && !a->empty)
		top = NO_TOP;
	if (top != a->top)
		top_set(a->shelf, a, top);
	if (!a->large && n && n <= SLATE_POOL_CLASSES)
		note_room(a, n);
}

void slate_sources_add_(struct slate_sources *s, struct sourced *a)
{
	a->prev = NULL;
	a->top = NO_TOP;
	a->listed = 0;
	a->empty = false;
	a->witness = 0;
	slate_arena_set_plain(&a->pools.chunks.arena, !a->large &&
			      !(a->shelf->source->caps & SLATE_CAP_ZERO));
	if (s->all) {
		s->all->prev = a;
		a->pools.chunks.arena.next = &s->all->pools.chunks.arena;
	}
	s->all = a;
	a->shelf->n += !a->large;
	slate_sources_list_(a, 0);
}

void slate_sources_unlist_(struct slate_sources *s, struct sourced *a)
{
	struct sourced *next = sourced_next(a);
	struct shelf *shelf = a->shelf;

	if (a->top != NO_TOP)
		top_set(shelf, a, NO_TOP);
	if (a->empty && !a->large)
		empty_set(shelf, a, false);
	shelf->n -= !a->large;
	if (next)
		next->prev = a->prev;
	if (a->prev)
		a->prev->pools.chunks.arena.next = a->pools.chunks.arena.next;
	else
		s->all = next;
	slate_table_remove_(&s->table, &a->pools.chunks.arena,
			    shelf_shift(shelf));
}

struct slate_pools *slate_sources_find_(const struct slate_heap *heap,
					const void *ptr)
{
	struct slate_sources *s = heap->sources;
	struct slate_arena *arena;
	struct sourced *a;

	if (!s)
		return NULL;
	arena = SLATE_CONFIG_SOURCE_FAST ? table_glance(&s->table, ptr) : NULL;
	if (!arena)
		arena = table_find(&s->table, ptr);
	if (arena)
		return pools_of(arena);
	/* Beyond the first span of a large arena, or not ours at all. */
	for (a = s->all; a; a = sourced_next(a)) {
		if (a->large &&
		    slate_arena_owns(&a->pools.chunks.arena, ptr))
			return &a->pools;
	}
	return NULL;
}

bool slate_sources_span_(const struct slate_heap *heap, const void *ptr)
{
	struct sourced *a = heap->sources ? heap->sources->all : NULL;

	for (; a; a = sourced_next(a)) {
		if (slate_arena_spans(&a->pools.chunks.arena, ptr))
			return true;
	}
	return false;
}

const struct slate_arena_source *
slate_sources_origin_(const struct slate_heap *heap,
		      const struct slate_pools *p)
{
	if (p == &heap->home)
		return heap->sources ? heap->sources->home : NULL;
	if (!slate_arena_is_sourced(&p->chunks.arena))
		return NULL;
	return SLATE_CONTAINER_OF(p, const struct sourced,
				  pools)->shelf->source;
}

bool slate_sources_closed_(const struct slate_pools *p)
{
	return slate_arena_is_sourced(&p->chunks.arena) &&
	       SLATE_CONTAINER_OF(p, const struct sourced, pools)->large;
}

struct slate_pools *slate_sources_next_(const struct slate_heap *heap,
					const struct slate_pools *p)
{
	struct sourced *a = heap->sources ? heap->sources->all : NULL;
	const struct slate_arena *arena;

	if (!p)
		return a ? &a->pools : NULL;
	arena = p->chunks.arena.next;
	return arena ? pools_of(p->chunks.arena.next) : NULL;
}

bool slate_sources_trim_(struct slate_heap *heap)
{
	slate_port_key key = heap_lock();
	struct sourced *a = heap->sources ? heap->sources->all : NULL;
	bool trimmed = false;
	size_t n;

	for (; a; a = sourced_next(a)) {
		if (slate_pool_trim(&a->pools) <= 0)
			continue;
		trimmed = true;
		for (n = 1; n <= SLATE_POOL_CLASSES; n++)
			slate_sources_list_(a, n);
	}
	heap_unlock(key);
	return trimmed;
}

size_t slate_sources_table_size_(const struct slate_heap *heap)
{
	return heap->sources ? heap->sources->slots_size : 0;
}

#else

extern const int slate_source_lists_are_off;

#endif /* SLATE_CONFIG_SOURCE */
