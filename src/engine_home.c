// SPDX-License-Identifier: MIT
/*
 * The usual case, kept short: the home region serves, nothing is broken, the
 * quota lets it. Whatever else there is goes to engine.c, before anything has
 * changed.
 */
#include "chunk_ops.h"
#include "engine.h"

/* Hand out the block at @g of @n granules; NULL if the quota is used up. */
SLATE_INLINE void *hand_out(struct slate_heap *heap, enum slate_tier tier,
			    size_t g, size_t n)
{
	if (SLATE_LIKELY(account_add(heap, tier, n << SLATE_GRANULE_SHIFT)))
		return slate_arena_ptr(&heap->home.chunks.arena, g);
	slate_pool_free(&heap->home, g);
	return NULL;
}

void *slate_home_chunk_(struct slate_heap *heap, size_t size,
			enum slate_tier tier)
{
	size_t n = slate_granules(size);
	slate_port_key key;
	void *ptr = NULL;
	size_t g;

	if (SLATE_UNLIKELY(size > PTRDIFF_MAX))
		return NULL;
	key = heap_lock();
	g = chunk_take(&heap->home.chunks, n);
	if (SLATE_LIKELY(g < SLATE_BROKEN))
		ptr = hand_out(heap, tier, g, n);
	heap_unlock(key);
	if (SLATE_LIKELY(ptr != NULL))
		return ptr;
	return slate_engine_malloc_(heap, tier, size);
}

void *slate_home_small_(struct slate_heap *heap, size_t size,
			enum slate_tier tier)
{
	size_t n = slate_granules(size);
	slate_port_key key = heap_lock();
	void *ptr = NULL;
	size_t g;

	if (heap_has_source(heap) && !pool_has_room(&heap->home, n))
		ptr = slate_far_take_(heap, n, tier);
	if (!ptr) {
		g = slate_pool_alloc(&heap->home, n, account_is_plenty(heap));
		if (SLATE_LIKELY(g < SLATE_BROKEN))
			ptr = hand_out(heap, tier, g, n);
	}
	heap_unlock(key);
	if (SLATE_LIKELY(ptr != NULL))
		return ptr;
	return slate_engine_malloc_(heap, tier, size);
}

void *slate_home_try_(struct slate_heap *heap, size_t n, bool small,
		      enum slate_tier tier)
{
	slate_port_key key = heap_lock();
	void *ptr = NULL;
	size_t g;

	if (small)
		g = slate_pool_alloc(&heap->home, n, account_is_plenty(heap));
	else
		g = slate_chunk_alloc(&heap->home.chunks, n);
	if (SLATE_LIKELY(g < SLATE_BROKEN))
		ptr = hand_out(heap, tier, g, n);
	heap_unlock(key);
	return ptr;
}

void slate_home_give_(struct slate_heap *heap, size_t g, enum slate_tier tier)
{
	struct slate_chunks *c = &heap->home.chunks;
	slate_port_key key = heap_lock();
	size_t n = 0;

	/* Others may have made a pool of the unit since it was looked at. */
	if (!SLATE_CONFIG_LOCK || !is_lent(c, g))
		n = chunk_judge_and_give(c, g);
	if (SLATE_LIKELY(n)) {
		if (n <= ENGINE_SMALL && tier != SLATE_TIER_RAW)
			credit_sub(&heap->home, n, 1);
		account_sub(heap, tier, n << SLATE_GRANULE_SHIFT);
	}
	heap_unlock(key);
	if (SLATE_UNLIKELY(!n))
		slate_engine_free_(heap, tier, slate_arena_ptr(&c->arena, g));
}

void slate_home_edge_(struct slate_heap *heap, size_t g, enum slate_tier tier)
{
	struct slate_chunks *c = &heap->home.chunks;
	slate_port_key key = heap_lock();
	size_t n = c->units[unit_of(g)];
	bool given = n && !slate_pool_give_edge_(&heap->home, g, n);

	if (SLATE_LIKELY(given))
		account_sub(heap, tier, n << SLATE_GRANULE_SHIFT);
	heap_unlock(key);
	if (SLATE_UNLIKELY(!given))
		slate_engine_free_(heap, tier, slate_arena_ptr(&c->arena, g));
}
