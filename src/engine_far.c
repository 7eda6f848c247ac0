// SPDX-License-Identifier: MIT
/*
 * The usual case in arenas from a source, kept short: a small block of a pool
 * that has room and keeps some, and one given back to a pool that is neither
 * full nor empties. No list of arenas changes then. Whatever else there is
 * goes to engine.c, before anything has changed.
 */
#include "engine.h"
#include "source.h"

#if SLATE_CONFIG_SOURCE && SLATE_CONFIG_POOL

/* The first shelf's arena with room for class @n; NULL: let engine.c look. */
static struct sourced *with_room(const struct slate_heap *heap, size_t n)
{
	const struct shelf *shelf;
	struct sourced *a;

	if (!heap->sources)
		return NULL;
	shelf = heap->sources->shelves;
	if (!shelf || !slate_caps_serve(shelf->source->caps, 0))
		return NULL;
	a = shelf->room[n];
	return a && !a->empty ? a : NULL;
}

void *slate_far_take_(struct slate_heap *heap, size_t n, enum slate_tier tier)
{
	struct sourced *a = with_room(heap, n);
	size_t g;

	if (!a || !account_grow(heap, tier, n << SLATE_GRANULE_SHIFT))
		return NULL;
	g = pool_take(&a->pools, n);
	if (!pool_has_room(&a->pools, n))
		slate_sources_list_(a, n);
	return slate_arena_ptr(&a->pools.chunks.arena, g);
}

bool slate_far_give_(struct slate_heap *heap, const void *ptr,
		     enum slate_tier tier)
{
	struct slate_pools *p = slate_sources_find_(heap, ptr);
	size_t g;
	size_t n;

	if (!p || p->chunks.arena.caps & SLATE_CAP_ZERO)
		return false;
	g = slate_arena_index(&p->chunks.arena, ptr);
	n = p->chunks.units[unit_of(g)];
	if (!n || (uintptr_t)ptr & (SLATE_GRANULE - 1) || !pool_give(p, g, n))
		return false;
	account_sub(heap, tier, n << SLATE_GRANULE_SHIFT);
	return true;
}

#else

void *slate_far_take_(struct slate_heap *heap, size_t n, enum slate_tier tier)
{
	(void)heap;
	(void)n;
	(void)tier;
	return NULL;
}

bool slate_far_give_(struct slate_heap *heap, const void *ptr,
		     enum slate_tier tier)
{
	(void)heap;
	(void)ptr;
	(void)tier;
	return false;
}

#endif /* SLATE_CONFIG_SOURCE && SLATE_CONFIG_POOL */
