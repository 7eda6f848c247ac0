/* SPDX-License-Identifier: MIT */
/*
 * Layer 6: what the tiers' calls are made of: the heap's engines with the
 * lock, the counting and the judging around them. Straight paths are inline,
 * for tier.c; the rest is in engine.c.
 */
#ifndef SLATE_ENGINE_H
#define SLATE_ENGINE_H

#include "account.h"
#include "hooks.h"
#include "mem_calls.h"
#include "pool_ops.h"
#include "weak.h"

/* Allocate without counting a failure or telling anybody of it. */
void *slate_engine_try_(struct slate_heap *heap, enum slate_tier tier,
			const struct slate_request *req);

/* As slate_engine_try_(); on failure counts it and tells, and returns NULL. */
void *slate_engine_alloc_(struct slate_heap *heap, enum slate_tier tier,
			  const struct slate_request *req, size_t size);

/* The same for @size bytes without alignment or capabilities. */
void *slate_engine_malloc_(struct slate_heap *heap, enum slate_tier tier,
			   size_t size);

/* What a request asks of the engines; false if it can never be served. */
bool slate_request_make_(struct slate_request *req,
			 const struct slate_heap *heap, enum slate_tier tier,
			 size_t align, size_t size, unsigned int caps);

/* As slate_raw_alloc(), for any tier. */
void *slate_engine_aligned_(struct slate_heap *heap, enum slate_tier tier,
			    size_t align, size_t size, unsigned int caps);

/* Free any pointer but NULL. */
void slate_engine_free_(struct slate_heap *heap, enum slate_tier tier,
			void *ptr);

/* As slate_mem_realloc(), for any pointer but NULL. */
void *slate_engine_realloc_(struct slate_heap *heap, enum slate_tier tier,
			    void *ptr, size_t size);

/* Count a failed request and tell who wants to hear of it. */
void slate_engine_failed_(struct slate_heap *heap, size_t size);

/* A live block, found and judged; sizes in granules. */
struct engine_block {
	struct slate_pools *p;
	size_t g;
	size_t n;
	bool pooled;
};

/*
 * Judge @ptr, with the lock held. False: @kind says why it is no live block;
 * unlock, then call slate_port_fault().
 */
bool slate_engine_judge_(struct slate_heap *heap, const void *ptr,
			 struct engine_block *block, enum slate_fault *kind);

/* The same, and the block as slate_heap_walk() shows it without a view. */
bool slate_engine_look_(struct slate_heap *heap, const void *ptr,
			struct slate_block *block, enum slate_fault *kind);

/*
 * A broken link was met in @p. Reports every one there, once, and rebuilds
 * the lists. No lock held. True: try again.
 */
bool slate_engine_mend_(struct slate_heap *heap, struct slate_pools *p);

/* What level 3 fills blocks with. */
#define ENGINE_NEW	0xcd
#define ENGINE_FREED	0xdd

SLATE_INLINE void engine_fill_new(void *ptr, size_t n)
{
	if (SLATE_CONFIG_CHECK >= 3)
		memset(ptr, ENGINE_NEW, n << SLATE_GRANULE_SHIFT);
}

/* The granules that a request comes in: whole cache lines for DMA. */
SLATE_INLINE size_t engine_line(unsigned int caps)
{
	if (SLATE_CONFIG_LINE && caps & SLATE_CAP_DMA)
		return SLATE_CONFIG_LINE >> SLATE_GRANULE_SHIFT;
	return 1;
}

/* Bytes of @p that are free from now on: cleared if that was promised. */
SLATE_INLINE void engine_clear(const struct slate_pools *p, void *from,
			       size_t size)
{
	if (SLATE_CONFIG_REGIONS == 1 && !SLATE_CONFIG_SOURCE)
		return;
	if (SLATE_UNLIKELY(p->chunks.arena.caps & SLATE_CAP_ZERO))
		memset(from, 0, size);
}

/* Level 4: the whole heap is walked, and corruption reported. No lock held. */
SLATE_INLINE void engine_audit(struct slate_heap *heap)
{
	struct slate_report report;

	if (SLATE_CONFIG_CHECK < 4)
		return;
	if (slate_heap_check(heap, &report))
		slate_port_fault(report.kind, heap, report.address);
}

/* Largest request that is a class, for the tiers with pools. */
#define ENGINE_SMALL	(SLATE_CONFIG_POOL ? SLATE_POOL_CLASSES : 0)

/* Largest request, in bytes, that less than a unit serves. */
#define ENGINE_CHUNK	(SLATE_WORD_MASK << SLATE_GRANULE_SHIFT)

/*
 * The home region's, which serve the usual case without a look at others: a
 * chunk of up to ENGINE_CHUNK bytes, a larger one, a small block though no
 * pool has room; any of these, of @n granules; a block resized; given back,
 * the chunk or the block of a pool at @ptr, granule @g. When they cannot,
 * slate_home_try_() and _realloc_() return NULL and have done nothing; the
 * others hand over to the functions above.
 */
void *slate_home_chunk_(struct slate_heap *heap, size_t size,
			enum slate_tier tier);
void *slate_home_large_(struct slate_heap *heap, size_t size,
			enum slate_tier tier);
void *slate_home_small_(struct slate_heap *heap, size_t size,
			enum slate_tier tier);
void *slate_home_try_(struct slate_heap *heap, size_t n, bool small,
		      enum slate_tier tier);
void *slate_home_realloc_(struct slate_heap *heap, enum slate_tier tier,
			  void *ptr, size_t size);
void slate_home_give_(struct slate_heap *heap, void *ptr,
		      enum slate_tier tier, size_t g);
void slate_home_edge_(struct slate_heap *heap, void *ptr,
		      enum slate_tier tier, size_t g);

/*
 * The same from arenas that a source brought: a small block of a pool that has
 * room, else from home; either, if home has none; either, of @n granules, or
 * NULL; given back. All but the third hand over to the functions above.
 */
void *slate_far_small_(struct slate_heap *heap, size_t size,
		       enum slate_tier tier);
void *slate_far_malloc_(struct slate_heap *heap, size_t size,
			enum slate_tier tier);
void *slate_far_try_(struct slate_heap *heap, size_t n, bool small,
		     enum slate_tier tier);
void slate_far_free_(struct slate_heap *heap, enum slate_tier tier, void *ptr);

/* A small block when no pool of the home region has room. */
SLATE_INLINE void *engine_take_roomless(struct slate_heap *heap,
					enum slate_tier tier, size_t size)
{
	if (SLATE_CONFIG_SOURCE_FAST)
		return slate_far_small_(heap, size, tier);
	return slate_home_small_(heap, size, tier);
}

/* What the home region has not, from elsewhere. */
SLATE_INLINE void *engine_take_far(struct slate_heap *heap,
				   enum slate_tier tier, size_t size)
{
	if (SLATE_CONFIG_SOURCE_FAST)
		return slate_far_malloc_(heap, size, tier);
	return slate_engine_malloc_(heap, tier, size);
}

SLATE_INLINE void engine_give_far(struct slate_heap *heap,
				  enum slate_tier tier, void *ptr)
{
	if (SLATE_CONFIG_SOURCE_FAST && SLATE_CONFIG_CHECK < 3)
		slate_far_free_(heap, tier, ptr);
	else
		slate_engine_free_(heap, tier, ptr);
}

/* Is the request for pools? Its n and align are set. */
SLATE_INLINE void engine_classify(const struct slate_heap *heap,
				  enum slate_tier tier,
				  struct slate_request *req)
{
	req->small = tier != SLATE_TIER_RAW && req->align == 1 &&
		     req->n <= ENGINE_SMALL && !heap->no_pools;
	req->make = false;
}

#if SLATE_CONFIG_POOL

/* A small block of the home region's pools, if that takes no more to do. */
SLATE_INLINE void *engine_take_small(struct slate_heap *heap,
				     enum slate_tier tier, size_t size)
{
	/* Class 0, a request for no bytes, never has a pool. */
	size_t n = (size + SLATE_GRANULE - 1) >> SLATE_GRANULE_SHIFT;
	slate_port_key key = heap_lock();
	uintptr_t room = pool_room(&heap->home, n);
	size_t g;

	if (SLATE_UNLIKELY(!room ||
			   !account_grow(heap, tier,
					 n << SLATE_GRANULE_SHIFT))) {
		heap_unlock(key);
		return engine_take_roomless(heap, tier, size);
	}
	g = pool_take_from(&heap->home, n, room);
	heap_unlock(key);
	return slate_arena_ptr(&heap->home.chunks.arena, g);
}

/* Free what is at @ptr, granule @g of the home region. */
SLATE_INLINE void engine_give_home(struct slate_heap *heap,
				   enum slate_tier tier, void *ptr, size_t g)
{
	slate_port_key key = heap_lock();
	size_t n = heap->home.chunks.units[unit_of(g)];

	if (!n) {
		heap_unlock(key);
		slate_home_give_(heap, ptr, tier, g);
	} else if (SLATE_LIKELY(pool_give(&heap->home, g, n))) {
		account_sub(heap, tier, n << SLATE_GRANULE_SHIFT);
		heap_unlock(key);
	} else {
		heap_unlock(key);
		slate_home_edge_(heap, ptr, tier, g);
	}
}

#else

SLATE_INLINE void *engine_take_small(struct slate_heap *heap,
				     enum slate_tier tier, size_t size)
{
	return slate_home_chunk_(heap, size, tier);
}

SLATE_INLINE void engine_give_home(struct slate_heap *heap,
				   enum slate_tier tier, void *ptr, size_t g)
{
	slate_home_give_(heap, ptr, tier, g);
}

#endif /* SLATE_CONFIG_POOL */

/* Take a block of any size: straight if that can be. */
SLATE_INLINE void *engine_take(struct slate_heap *heap, enum slate_tier tier,
			       size_t size)
{
	if (SLATE_CONFIG_CHECK >= 3)
		return slate_engine_malloc_(heap, tier, size);
	if (ENGINE_SMALL && tier != SLATE_TIER_RAW &&
	    SLATE_LIKELY(size <= (size_t)ENGINE_SMALL << SLATE_GRANULE_SHIFT))
		return engine_take_small(heap, tier, size);
	if (SLATE_LIKELY(size <= ENGINE_CHUNK))
		return slate_home_chunk_(heap, size, tier);
	return slate_home_large_(heap, size, tier);
}

/* Free any pointer: straight if that can be. */
SLATE_INLINE void engine_give(struct slate_heap *heap, enum slate_tier tier,
			      void *ptr)
{
	const struct slate_arena *arena = &heap->home.chunks.arena;
	uintptr_t off = (uintptr_t)ptr - (uintptr_t)arena->base;
	size_t g = off >> SLATE_GRANULE_SHIFT;

	if (SLATE_CONFIG_CHECK < 3 && SLATE_LIKELY(g < arena->n) &&
	    SLATE_LIKELY(!(off & (SLATE_GRANULE - 1))))
		engine_give_home(heap, tier, ptr, g);
	else if (ptr)
		engine_give_far(heap, tier, ptr);
}

#endif /* SLATE_ENGINE_H */
