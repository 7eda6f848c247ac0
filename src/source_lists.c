// SPDX-License-Identifier: MIT
/* The lists of the arenas from a source, and which arena serves a request. */
#include "source.h"
#include "bins.h"
#include "mem_calls.h"

#if SLATE_CONFIG_SOURCE

/* Arenas of a list that may serve, but need not, that are asked. */
#define LOOKS	2

void slate_sources_init_(struct slate_sources *s, size_t source_size)
{
	memset(s, 0, sizeof(*s));
	slate_table_init_(&s->table, source_size);
}

/* log2 of the smallest size that the arena's last bin holds. */
static unsigned char top_of(const struct slate_chunks *c)
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
				       ((bin - SLATE_WORD_BITS) >> 2));
	}
	return NO_TOP;
}

static void top_set(struct slate_sources *s, struct sourced *a,
		    unsigned char top)
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

static void room_set(struct slate_sources *s, struct sourced *a, size_t n,
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

void slate_sources_list_(struct slate_sources *s, struct sourced *a, size_t n)
{
	unsigned char top = top_of(&a->pools.chunks);
	bool room;

	if (a->large && !slate_sourced_is_empty_(a))
		top = NO_TOP;
	if (top != a->top)
		top_set(s, a, top);
	if (a->large || n > SLATE_POOL_CLASSES)
		return;
	room = pool_has_room(&a->pools, n);
	if (room != (a->listed >> n & 1))
		room_set(s, a, n, room);
}

void slate_sources_add_(struct slate_sources *s, struct sourced *a)
{
	a->prev = NULL;
	a->top = NO_TOP;
	a->listed = 0;
	if (s->all) {
		s->all->prev = a;
		a->pools.chunks.arena.next = &s->all->pools.chunks.arena;
	}
	s->all = a;
	slate_sources_list_(s, a, 0);
}

void slate_sources_unlist_(struct slate_sources *s, struct sourced *a)
{
	struct sourced *next = sourced_next(a);
	size_t n;

	for (n = 1; n <= SLATE_POOL_CLASSES; n++) {
		if (a->listed >> n & 1)
			room_set(s, a, n, false);
	}
	if (a->top != NO_TOP)
		top_set(s, a, NO_TOP);
	if (next)
		next->prev = a->prev;
	if (a->prev)
		a->prev->pools.chunks.arena.next = a->pools.chunks.arena.next;
	else
		s->all = next;
	if (s->spare == a)
		s->spare = NULL;
	slate_table_remove_(&s->table, &a->pools.chunks.arena);
}

size_t slate_sources_serve_room_(struct slate_heap *heap,
				 const struct slate_request *req,
				 struct slate_pools **p)
{
	struct slate_sources *s = heap->sources;

	if (!s || !req->small || req->caps || !s->room[req->n])
		return SLATE_NONE;
	*p = &s->room[req->n]->pools;
	return slate_pool_alloc(*p, req->n);
}

size_t slate_sources_serve_(struct slate_heap *heap,
			    const struct slate_request *req,
			    struct slate_pools **p)
{
	struct slate_sources *s = heap->sources;
	struct sourced *a;
	unsigned int looks;
	unsigned int top;
	uintptr_t map;
	size_t g;

	if (!s || req->caps)
		return SLATE_NONE;
	top = slate_word_log2(req->n + req->align - 1);
	a = s->top[top];
	for (looks = 0; looks < LOOKS && a; looks++, a = a->top_next) {
		*p = &a->pools;
		g = slate_arena_serve_(*p, req);
		if (g != SLATE_NONE)
			return g;
	}
	map = s->top_map & ~slate_word_below(top) & ~slate_word_bit(top);
	if (!map)
		return SLATE_NONE;
	*p = &s->top[slate_word_ctz(map)]->pools;
	return slate_arena_serve_(*p, req);
}

size_t slate_sources_serve_larger_(struct slate_heap *heap, size_t n,
				   struct slate_pools **p)
{
	struct slate_sources *s = heap->sources;
	struct sourced *a;
	size_t g;

	for (; s && n <= SLATE_POOL_CLASSES; n++) {
		a = s->room[n];
		if (!a)
			continue;
		*p = &a->pools;
		g = slate_pool_alloc(*p, n);
		slate_sources_list_(s, a, n);
		return g;
	}
	return SLATE_NONE;
}

struct slate_pools *slate_sources_find_(const struct slate_heap *heap,
					const void *ptr)
{
	struct slate_sources *s = heap->sources;
	struct slate_arena *arena;
	struct sourced *a;

	if (!s)
		return NULL;
	arena = table_find(&s->table, ptr);
	if (arena && slate_arena_owns(arena, ptr))
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
		return heap->home_source;
	if (!p->chunks.arena.from_source)
		return NULL;
	return SLATE_CONTAINER_OF(p, const struct sourced, pools)->source;
}

bool slate_sources_closed_(const struct slate_pools *p)
{
	return p->chunks.arena.from_source &&
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
			slate_sources_list_(heap->sources, a, n);
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
