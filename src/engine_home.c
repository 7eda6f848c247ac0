// SPDX-License-Identifier: MIT
/*
 * The usual case, kept short: the home region serves, nothing is broken, the
 * quota lets it. Whatever else there is goes to engine.c, before anything has
 * changed.
 */
#include "chunk_ops.h"
#include "engine.h"

#if !SLATE_CONFIG_COMPACT

/*
 * Lock held: the block at @g of @n granules is to be handed out. False: there
 * is none, or the quota is used up.
 */
SLATE_INLINE bool hand_out(struct slate_heap *heap, enum slate_tier tier,
			   size_t g, size_t n)
{
	if (SLATE_UNLIKELY(g >= SLATE_BROKEN))
		return false;
	if (SLATE_LIKELY(account_add(heap, tier, n << SLATE_GRANULE_SHIFT)))
		return true;
	slate_pool_free(&heap->home, g);
	return false;
}

/* Lock held: a block of a class, from a pool or not; or a chunk. NULL: none. */
SLATE_INLINE void *take_any(struct slate_heap *heap, size_t n, bool small,
			    enum slate_tier tier)
{
	struct slate_pools *p = &heap->home;
	size_t g = small ? slate_pool_alloc(p, n, account_is_plenty(heap)) :
			   slate_chunk_alloc(&p->chunks, n);

	if (!hand_out(heap, tier, g, n))
		return NULL;
	return slate_arena_ptr(&p->chunks.arena, g);
}

void *slate_home_large_(struct slate_heap *heap, size_t size,
			enum slate_tier tier)
{
	slate_port_key key;
	void *ptr;

	if (SLATE_UNLIKELY(size > PTRDIFF_MAX))
		return NULL;
	key = heap_lock();
	ptr = take_any(heap, slate_granules(size), false, tier);
	heap_unlock(key);
	if (SLATE_LIKELY(ptr != NULL))
		return ptr;
	return engine_take_far(heap, tier, size);
}

void *slate_home_chunk_(struct slate_heap *heap, size_t size,
			enum slate_tier tier)
{
	unsigned int n = (unsigned int)slate_granules(size);
	slate_port_key key = heap_lock();
	size_t g = chunk_take_small(&heap->home.chunks, n);
	bool taken = hand_out(heap, tier, g, n);

	heap_unlock(key);
	if (SLATE_LIKELY(taken))
		return slate_arena_ptr(&heap->home.chunks.arena, g);
	return engine_take_far(heap, tier, size);
}

void *slate_home_small_(struct slate_heap *heap, size_t size,
			enum slate_tier tier)
{
	size_t n = slate_granules(size);
	slate_port_key key = heap_lock();
	void *ptr = take_any(heap, n, true, tier);

	heap_unlock(key);
	if (SLATE_LIKELY(ptr != NULL))
		return ptr;
	return engine_take_far(heap, tier, size);
}

void *slate_home_try_(struct slate_heap *heap, size_t n, bool small,
		      enum slate_tier tier)
{
	slate_port_key key = heap_lock();
	void *ptr = take_any(heap, n, small, tier);

	heap_unlock(key);
	return ptr;
}

/* Lock held: give the chunk at @g back, judged. */
SLATE_INLINE bool give_chunk(struct slate_heap *heap, size_t g,
			     enum slate_tier tier)
{
	struct slate_chunks *c = &heap->home.chunks;
	size_t n;

	/* Others may have made a pool of the unit since it was looked at. */
	if (SLATE_CONFIG_LOCK && is_lent(c, g))
		return false;
	if (SLATE_UNLIKELY(!chunk_judge_and_give(c, g, &n)))
		return false;
	if (n <= ENGINE_SMALL && tier != SLATE_TIER_RAW)
		credit_sub(&heap->home, n, 1);
	account_sub(heap, tier, n << SLATE_GRANULE_SHIFT);
	return true;
}

void slate_home_give_(struct slate_heap *heap, void *ptr, enum slate_tier tier,
		      size_t g)
{
	slate_port_key key = heap_lock();
	bool given = give_chunk(heap, g, tier);

	heap_unlock(key);
	if (SLATE_UNLIKELY(!given))
		slate_engine_free_(heap, tier, ptr);
}

void slate_home_edge_(struct slate_heap *heap, void *ptr, enum slate_tier tier,
		      size_t g)
{
	struct slate_chunks *c = &heap->home.chunks;
	slate_port_key key = heap_lock();
	size_t n = c->units[unit_of(g)];
	bool given = n && !pool_give_edge(&heap->home, g, n);

	if (SLATE_LIKELY(given))
		account_sub(heap, tier, n << SLATE_GRANULE_SHIFT);
	heap_unlock(key);
	if (SLATE_UNLIKELY(!given))
		slate_engine_free_(heap, tier, ptr);
}

#endif /* !SLATE_CONFIG_COMPACT */
