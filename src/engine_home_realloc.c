// SPDX-License-Identifier: MIT
/*
 * The usual case of resizing, kept short: a block of the home region stays
 * where it is or moves within the region. Whatever else there is goes to
 * engine_realloc.c, before anything has changed; so do wrong pointers, which
 * are told apart there.
 */
#include "chunk_ops.h"
#include "engine.h"

#if !SLATE_CONFIG_COMPACT

/* Lock held: the granules of the live block that starts at @g; 0 if none. */
SLATE_INLINE size_t live_at(const struct slate_pools *p, size_t g)
{
	size_t n = slate_pool_class(p, g);
	uintptr_t live;

	if (!n)
		return is_used_start(&p->chunks, g) ?
		       side_end(&p->chunks, g) - g : 0;
	slate_pool_blocks(p, g, &live);
	return live >> pos_of(g) & 1 ? n : 0;
}

/* Lock held: grow the chunk of @from granules at @g where it is. */
static bool grow_here(struct slate_heap *heap, enum slate_tier tier, size_t g,
		      size_t from, size_t n)
{
	struct slate_chunks *c = &heap->home.chunks;
	size_t e = g + from;
	size_t more = (n - from) << SLATE_GRANULE_SHIFT;

	if (!boundary_is_free(c, e) || side_end(c, e) - g < n)
		return false;
	if (!account_add(heap, tier, more))
		return false;
	if (SLATE_LIKELY(!slate_chunk_resize(c, g, n)))
		return true;
	account_sub(heap, tier, more);
	return false;
}

/* Lock held: can the block at @g stay, with @n granules now? */
static bool stays(struct slate_heap *heap, enum slate_tier tier, size_t g,
		  size_t from, size_t n)
{
	struct slate_chunks *c = &heap->home.chunks;

	if (is_lent(c, g))
		return n <= from && 4 * n > 3 * from;
	if (n > from)
		return grow_here(heap, tier, g, from, n);
	if (n == from)
		return true;
	if (SLATE_UNLIKELY(slate_chunk_resize(c, g, n)))
		return false;
	account_sub(heap, tier, (from - n) << SLATE_GRANULE_SHIFT);
	return true;
}

void *slate_home_realloc_(struct slate_heap *heap, enum slate_tier tier,
			  void *ptr, size_t size)
{
	const struct slate_arena *arena = &heap->home.chunks.arena;
	uintptr_t off = (uintptr_t)ptr - (uintptr_t)arena->base;
	size_t g = off >> SLATE_GRANULE_SHIFT;
	size_t n = slate_granules(size);
	slate_port_key key;
	size_t from;
	bool done;
	void *to;

	if (SLATE_CONFIG_CHECK >= 3 || g >= arena->n ||
	    off & (SLATE_GRANULE - 1) || size > PTRDIFF_MAX ||
	    arena->caps & (SLATE_CAP_ZERO | SLATE_CAP_DMA))
		return NULL;
	key = heap_lock();
	from = live_at(&heap->home, g);
	done = from && stays(heap, tier, g, from, n);
	heap_unlock(key);
	if (done)
		return ptr;
	if (!from || n <= from)
		return NULL;
	to = slate_home_try_(heap, n, n <= ENGINE_SMALL && !heap->no_pools &&
			     tier != SLATE_TIER_RAW, tier);
	if (SLATE_UNLIKELY(!to))
		return NULL;
	memcpy(to, ptr, from << SLATE_GRANULE_SHIFT);
	engine_give(heap, tier, ptr);
	return to;
}

#endif /* !SLATE_CONFIG_COMPACT */
