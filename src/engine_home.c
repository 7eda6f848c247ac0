// SPDX-License-Identifier: MIT
/*
 * The usual case, kept short: the home region serves, nothing is broken, the
 * quota lets it. Whatever else there is goes to engine.c, before anything has
 * changed.
 */
#include "chunk_ops.h"
#include "engine.h"

/*
 * Lock held: hand out the block at @g of @n granules; NULL if there is none,
 * or the quota is used up.
 */
SLATE_INLINE void *hand_out(struct slate_heap *heap, enum slate_tier tier,
			    size_t g, size_t n)
{
	if (SLATE_UNLIKELY(g >= SLATE_BROKEN))
		return NULL;
	if (SLATE_LIKELY(account_add(heap, tier, n << SLATE_GRANULE_SHIFT)))
		return slate_arena_ptr(&heap->home.chunks.arena, g);
	slate_pool_free(&heap->home, g);
	return NULL;
}

/* Lock held: a block of a class, from a pool or not; NULL as hand_out(). */
SLATE_INLINE void *take_small(struct slate_heap *heap, size_t n,
			      enum slate_tier tier)
{
	size_t g = slate_pool_alloc(&heap->home, n, account_is_plenty(heap));

	return hand_out(heap, tier, g, n);
}

void *slate_home_chunk_(struct slate_heap *heap, size_t size,
			enum slate_tier tier)
{
	size_t n = slate_granules(size);
	slate_port_key key;
	void *ptr;

	if (SLATE_UNLIKELY(size > PTRDIFF_MAX))
		return NULL;
	key = heap_lock();
	ptr = hand_out(heap, tier, chunk_take(&heap->home.chunks, n), n);
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

	if (heap_has_source(heap) && !pool_has_room(&heap->home, n))
		ptr = slate_far_take_(heap, n, tier);
	if (!ptr)
		ptr = take_small(heap, n, tier);
	heap_unlock(key);
	if (SLATE_LIKELY(ptr != NULL))
		return ptr;
	return slate_engine_malloc_(heap, tier, size);
}

void *slate_home_try_(struct slate_heap *heap, size_t n, bool small,
		      enum slate_tier tier)
{
	slate_port_key key = heap_lock();
	void *ptr;

	if (small)
		ptr = take_small(heap, n, tier);
	else
		ptr = hand_out(heap, tier,
			       slate_chunk_alloc(&heap->home.chunks, n), n);
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

/* Lock held: give the block at @g to its pool, which was full or empties. */
SLATE_INLINE bool give_edge(struct slate_pools *p, size_t g, size_t n)
{
	uintptr_t bit = (uintptr_t)2 << pos_of(g);

	if (SLATE_LIKELY(pair_of(&p->chunks, g)->s == POOL_FULL) &&
	    SLATE_LIKELY(slate_pool_empty_[n] & ~POOL_FULL & bit) &&
	    SLATE_LIKELY(pool_reopen(p, n, unit_of(g) + 1, bit)))
		return true;
	return !slate_pool_give_edge_(p, g, n);
}

void slate_home_edge_(struct slate_heap *heap, size_t g, enum slate_tier tier)
{
	struct slate_chunks *c = &heap->home.chunks;
	slate_port_key key = heap_lock();
	size_t n = c->units[unit_of(g)];
	bool given = n && give_edge(&heap->home, g, n);

	if (SLATE_LIKELY(given))
		account_sub(heap, tier, n << SLATE_GRANULE_SHIFT);
	heap_unlock(key);
	if (SLATE_UNLIKELY(!given))
		slate_engine_free_(heap, tier, slate_arena_ptr(&c->arena, g));
}
