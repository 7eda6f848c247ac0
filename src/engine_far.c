// SPDX-License-Identifier: MIT
/*
 * The usual case in arenas from a source, kept short: the home region has not
 * what is wanted, the first shelf serves, nothing is broken, the quota lets
 * it. An arena moves to another list only if what that list is about has
 * changed, and that is looked at here. Whatever else there is goes to
 * engine.c, before anything has changed.
 */
#include "chunk_ops.h"
#include "engine.h"
#include "source.h"

#if SLATE_CONFIG_SOURCE_FAST

/* Lock held: hand out the block at @g of @n granules; NULL: the quota. */
SLATE_INLINE void *hand_out(struct slate_heap *heap, enum slate_tier tier,
			    struct slate_pools *p, size_t g, size_t n)
{
	if (SLATE_LIKELY(account_add(heap, tier, n << SLATE_GRANULE_SHIFT)))
		return slate_arena_ptr(&p->chunks.arena, g);
	slate_pool_free(p, g);
	return NULL;
}

/* The shelf that serves whatever the home region does not; or NULL. */
SLATE_INLINE struct shelf *shelf_of(const struct slate_heap *heap)
{
	return heap->sources ? heap->sources->plain : NULL;
}

/* Can the home region make a pool? If not it is asked for chunks alone. */
SLATE_INLINE bool home_has_unit(const struct slate_heap *heap)
{
	const uintptr_t *map = heap->home.chunks.map;
	unsigned int i;
	uintptr_t any = 0;

	for (i = 1; i < SLATE_BIN_WORDS; i++)
		any |= map[i];
	return any;
}

/* Has an arena of the shelf a free chunk of a unit or more? */
SLATE_INLINE bool shelf_has_unit(const struct shelf *shelf)
{
	return shelf->top_map >> SLATE_WORD_SHIFT;
}

/* Lock held: a small block of pools with room, if there are such. */
static void *take_room(struct slate_heap *heap, struct shelf *shelf, size_t n,
		       enum slate_tier tier)
{
	struct sourced *a = slate_shelf_room_(shelf, n);

	if (!a)
		return NULL;
	return hand_out(heap, tier, &a->pools, pool_take(&a->pools, n), n);
}

/*
 * A small block when neither the home region nor the first arena that should
 * have room has a pool with some: home is asked for chunks only if nobody can
 * make a pool.
 */
static SLATE_NOINLINE void *small_slowly(struct slate_heap *heap, size_t size,
					 enum slate_tier tier)
{
	size_t n = slate_granules(size);
	slate_port_key key = heap_lock();
	struct shelf *shelf = shelf_of(heap);
	bool far = false;
	void *ptr = NULL;

	if (shelf) {
		ptr = take_room(heap, shelf, n, tier);
		far = !home_has_unit(heap) && shelf_has_unit(shelf);
	}
	heap_unlock(key);
	if (ptr)
		return ptr;
	return far ? slate_far_malloc_(heap, size, tier) :
		     slate_home_small_(heap, size, tier);
}

/* Lock held, not on return: @p has room, but the peak or quota is reached. */
static SLATE_NOINLINE void *small_at_peak(struct slate_heap *heap, size_t size,
					  enum slate_tier tier,
					  struct slate_pools *p,
					  slate_port_key key)
{
	size_t n = slate_granules(size);
	bool fits = account_add(heap, tier, n << SLATE_GRANULE_SHIFT);
	size_t g = fits ? pool_take(p, n) : 0;

	heap_unlock(key);
	if (SLATE_LIKELY(fits))
		return slate_arena_ptr(&p->chunks.arena, g);
	return slate_engine_malloc_(heap, tier, size);
}

/* Lock held: who has a pool of class @n with room; NULL: look further. */
SLATE_INLINE struct slate_pools *with_room(struct slate_heap *heap, size_t n)
{
	struct shelf *shelf = shelf_of(heap);
	struct sourced *a = shelf ? shelf->room[n] : NULL;

	if (pool_has_room(&heap->home, n))
		return &heap->home;
	return a && pool_has_room(&a->pools, n) ? &a->pools : NULL;
}

void *slate_far_small_(struct slate_heap *heap, size_t size,
		       enum slate_tier tier)
{
	size_t n = (size + SLATE_GRANULE - 1) >> SLATE_GRANULE_SHIFT;
	slate_port_key key = heap_lock();
	struct slate_pools *p = with_room(heap, n);
	size_t g;

	if (SLATE_UNLIKELY(!p)) {
		heap_unlock(key);
		return small_slowly(heap, size, tier);
	}
	if (SLATE_UNLIKELY(!account_grow(heap, tier, n << SLATE_GRANULE_SHIFT)))
		return small_at_peak(heap, size, tier, p, key);
	g = pool_take(p, n);
	heap_unlock(key);
	return slate_arena_ptr(&p->chunks.arena, g);
}

/* As slate_chunk_alloc(), and slate_pool_alloc() for a small block. */
SLATE_INLINE size_t take_from(struct slate_pools *p, size_t n, bool small)
{
	return small ? slate_pool_alloc(p, n, true) : chunk_take(&p->chunks, n);
}

/*
 * Lock held: from the fullest arenas, one whose largest free chunk may do,
 * then one where it surely does. A small block goes where a pool can be made.
 */
static void *take_any(struct slate_heap *heap, struct shelf *shelf, size_t n,
		      bool small, enum slate_tier tier)
{
	unsigned int top = small && shelf_has_unit(shelf) ? SLATE_WORD_SHIFT :
			   slate_word_log2(n);
	uintptr_t map = shelf->top_map >> top << top;
	struct sourced *a = NULL;
	size_t g = SLATE_NONE;
	unsigned int looks;
	void *ptr;

	for (looks = 0; looks < 2 && map && g == SLATE_NONE; looks++) {
		a = shelf->top[slate_word_ctz(map)];
		g = take_from(&a->pools, n, small);
		map &= map - 1;
	}
	if (g >= SLATE_BROKEN)
		return NULL;
	ptr = hand_out(heap, tier, &a->pools, g, n);
	if (small || a->empty || top_of(&a->pools.chunks) != a->top)
		slate_sources_list_(a, n);
	return ptr;
}

void *slate_far_try_(struct slate_heap *heap, size_t n, bool small,
		     enum slate_tier tier)
{
	slate_port_key key = heap_lock();
	struct shelf *shelf = shelf_of(heap);
	void *ptr = NULL;

	if (shelf && !next_region(&heap->home)) {
		if (small)
			ptr = take_room(heap, shelf, n, tier);
		if (!ptr)
			ptr = take_any(heap, shelf, n, small, tier);
	}
	heap_unlock(key);
	return ptr;
}

void *slate_far_malloc_(struct slate_heap *heap, size_t size,
			enum slate_tier tier)
{
	size_t n = slate_granules(size);
	bool small = tier != SLATE_TIER_RAW && n <= ENGINE_SMALL;
	void *ptr = NULL;

	if (SLATE_LIKELY(size <= PTRDIFF_MAX))
		ptr = slate_far_try_(heap, n, small, tier);
	if (SLATE_LIKELY(ptr != NULL))
		return ptr;
	return slate_engine_malloc_(heap, tier, size);
}

/*
 * Lock held: the arena that owns @ptr, a granule's start, if straight paths
 * may give it back.
 */
SLATE_INLINE struct slate_pools *owner_of(const struct slate_heap *heap,
					  const void *ptr)
{
	const struct slate_sources *s = heap->sources;
	struct slate_arena *arena = s ? table_glance(&s->table, ptr) : NULL;

	if (!arena || !arena->plain || (uintptr_t)ptr & (SLATE_GRANULE - 1))
		return NULL;
	return pools_of(arena);
}

/*
 * Lock held: judge and give back what is at @g. Its granules, or 0: nothing
 * was done. @moved: the arena may belong into other lists now.
 */
SLATE_INLINE size_t give(struct slate_pools *p, size_t g, enum slate_tier tier,
			 bool *moved)
{
	size_t n = p->chunks.units[unit_of(g)];

	*moved = true;
	if (n)
		return pool_give_edge(p, g, n) ? 0 : n;
	if (SLATE_UNLIKELY(!chunk_judge_and_give(&p->chunks, g, &n)))
		return 0;
	if (n <= ENGINE_SMALL && tier != SLATE_TIER_RAW)
		credit_sub(p, n, 1);
	*moved = top_of(&p->chunks) != sourced_of(p)->top ||
		 !witness_is_live(sourced_of(p));
	return n;
}

/* Lock held, and no longer on return: what is not straight from a pool. */
static SLATE_NOINLINE void give_slowly(struct slate_heap *heap,
				       enum slate_tier tier, void *ptr,
				       struct slate_pools *p,
				       slate_port_key key)
{
	struct slate_pools *leaving = NULL;
	bool moved;
	size_t n = give(p, slate_arena_index(&p->chunks.arena, ptr), tier,
			&moved);

	if (SLATE_LIKELY(n)) {
		account_sub(heap, tier, n << SLATE_GRANULE_SHIFT);
		if (moved)
			leaving = slate_sources_touch_(heap, p, n);
	}
	heap_unlock(key);
	if (SLATE_UNLIKELY(leaving != NULL))
		slate_sources_return_(heap, leaving);
	if (SLATE_UNLIKELY(!n))
		slate_engine_free_(heap, tier, ptr);
}

void slate_far_free_(struct slate_heap *heap, enum slate_tier tier, void *ptr)
{
	slate_port_key key = heap_lock();
	struct slate_pools *p = owner_of(heap, ptr);
	size_t g;
	size_t n;

	if (SLATE_UNLIKELY(!p)) {
		heap_unlock(key);
		slate_engine_free_(heap, tier, ptr);
		return;
	}
	g = slate_arena_index(&p->chunks.arena, ptr);
	n = p->chunks.units[unit_of(g)];
	if (SLATE_LIKELY(n) && SLATE_LIKELY(pool_give(p, g, n))) {
		account_sub(heap, tier, n << SLATE_GRANULE_SHIFT);
		heap_unlock(key);
		return;
	}
	give_slowly(heap, tier, ptr, p, key);
}

#else

extern const int slate_engine_far_is_off;

#endif /* SLATE_CONFIG_SOURCE_FAST */
