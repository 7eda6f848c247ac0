// SPDX-License-Identifier: MIT
/*
 * Taking and giving back blocks of any size in any arena of a heap.
 *
 * An allocation looks, in this order: at pools with room in arenas from the
 * source; at each region; at the arenas from the
 * source; then it gives empty pools back and looks again; then takes a block
 * of a larger class; then takes an arena from the source; if there is none,
 * gives back the empty pools of the source's arenas and looks once more. Each
 * step but the last two is bounded; what is met first serves.
 */
#include "engine.h"
#include "mem_calls.h"

#if !SLATE_CONFIG_COMPACT

size_t slate_arena_serve_(struct slate_pools *p,
			  const struct slate_request *req)
{
	const struct slate_arena *arena = &p->chunks.arena;
	size_t phase;

	if (!slate_caps_serve(arena->caps, req->caps))
		return SLATE_NONE;
	if (req->align > 1) {
		phase = (uintptr_t)arena->base >> SLATE_GRANULE_SHIFT;
		return slate_chunk_alloc_aligned(&p->chunks, req->n,
						 req->align, phase);
	}
	if (req->small)
		return slate_pool_alloc(p, req->n, req->make);
	return slate_chunk_alloc(&p->chunks, req->n);
}

static size_t block_granules(const struct slate_pools *p, size_t g)
{
	size_t n = slate_pool_class(p, g);

	return n ? n : slate_chunk_size(&p->chunks, g);
}

/* One look at everything that is there, with the lock held. */
static size_t serve(struct slate_heap *heap, const struct slate_request *req,
		    struct slate_pools **at)
{
	struct slate_pools *p;
	size_t g;

	g = slate_sources_serve_room_(heap, req, at);
	if (g != SLATE_NONE)
		return g;
	for (p = &heap->home; p; p = next_region(p)) {
		*at = p;
		g = slate_arena_serve_(p, req);
		if (g != SLATE_NONE)
			return g;
	}
	return slate_sources_serve_(heap, req, at);
}

/* Give the pools back that are kept without a block; larger classes serve. */
static size_t serve_last(struct slate_heap *heap,
			 const struct slate_request *req,
			 struct slate_pools **at)
{
	struct slate_pools *p;
	int trimmed = 0;
	size_t g;

	for (p = &heap->home; p; p = next_region(p)) {
		int count = slate_pool_trim(p);

		*at = p;
		if (count < 0)
			return SLATE_BROKEN;
		trimmed += count;
	}
	if (trimmed) {
		g = serve(heap, req, at);
		if (g != SLATE_NONE)
			return g;
	}
	if (req->n > ENGINE_SMALL || req->align > 1)
		return SLATE_NONE;
	for (p = &heap->home; p; p = next_region(p)) {
		*at = p;
		if (!slate_caps_serve(p->chunks.arena.caps, req->caps))
			continue;
		g = slate_pool_alloc_any(p, req->n);
		if (g != SLATE_NONE)
			return g;
	}
	return slate_sources_serve_larger_(heap, req, at);
}

/*
 * Count the block just taken. The quota has room for what was asked for; only
 * a block of a larger class can be too much, and that goes back to its pool,
 * which needs no chunk and so cannot fail.
 */
static void *hand_out(struct slate_heap *heap, enum slate_tier tier,
		      struct slate_pools *p, size_t g)
{
	size_t size = block_granules(p, g) << SLATE_GRANULE_SHIFT;

	if (account_add(heap, tier, size))
		return slate_arena_ptr(&p->chunks.arena, g);
	slate_pool_free(p, g);
	return NULL;
}

/* No lock held: an arena, or what the empty pools of all arenas give. */
static bool more_memory(struct slate_heap *heap,
			const struct slate_request *req)
{
	if (req->no_arena)
		return false;
	return slate_sources_grow_(heap, req) || slate_sources_trim_(heap);
}

/* Every further attempt has lists that were mended, or a new arena. */
#define ATTEMPTS	4

void *slate_engine_try_(struct slate_heap *heap, enum slate_tier tier,
			const struct slate_request *req)
{
	struct slate_request now = *req;
	struct slate_pools *p = NULL;
	unsigned int attempt;

	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		slate_port_key key = heap_lock();
		void *ptr = NULL;
		size_t g;

		now.make = now.small && account_is_plenty(heap);
		if (!account_fits(heap, req->n << SLATE_GRANULE_SHIFT)) {
			heap_unlock(key);
			return NULL;
		}
		g = serve(heap, &now, &p);
		if (g == SLATE_NONE)
			g = serve_last(heap, &now, &p);
		if (g < SLATE_BROKEN) {
			size_t n = block_granules(p, g);

			ptr = hand_out(heap, tier, p, g);
			if (slate_arena_is_sourced(&p->chunks.arena))
				slate_sources_note_(p, n);
		}
		heap_unlock(key);
		if (g < SLATE_BROKEN)
			return ptr;
		if (g == SLATE_BROKEN && !slate_engine_mend_(heap, p))
			return NULL;
		if (g == SLATE_NONE && !more_memory(heap, req))
			return NULL;
	}
	return NULL;
}

void slate_engine_failed_(struct slate_heap *heap, size_t size)
{
	slate_port_key key = heap_lock();

	account_failure(heap);
	heap_unlock(key);
	hook_low_memory(heap, size);
}

void *slate_engine_alloc_(struct slate_heap *heap, enum slate_tier tier,
			  const struct slate_request *req, size_t size)
{
	bool asked = false;
	void *ptr;

	engine_audit(heap);
	do {
		ptr = slate_engine_try_(heap, tier, req);
	} while (!ptr && slate_hooks_relieve_(heap, size, &asked));
	if (!ptr)
		slate_engine_failed_(heap, size);
	else
		engine_fill_new(ptr, req->n);
	engine_audit(heap);
	return ptr;
}

void *slate_engine_malloc_(struct slate_heap *heap, enum slate_tier tier,
			   size_t size)
{
	struct slate_request req = { .align = 1 };

	if (SLATE_UNLIKELY(size > PTRDIFF_MAX))
		return NULL;
	req.n = slate_granules(size);
	engine_classify(heap, tier, &req);
	return slate_engine_alloc_(heap, tier, &req, size);
}

/* Why @ptr is in no arena: it is in some arena's tables, or nowhere. */
static enum slate_fault blame_outside(struct slate_heap *heap, const void *ptr)
{
	struct slate_pools *p;

	for (p = &heap->home; p; p = next_region(p)) {
		if (slate_arena_spans(&p->chunks.arena, ptr))
			return SLATE_FAULT_TABLE;
	}
	return slate_sources_span_(heap, ptr) ? SLATE_FAULT_TABLE
					      : SLATE_FAULT_FOREIGN;
}

#if SLATE_CONFIG_SOURCE_FAST

/* The usual case: a live block starts at @g, and what is there tells so. */
SLATE_INLINE bool is_live(const struct slate_pools *p, size_t g)
{
	size_t n = p->chunks.units[unit_of(g)];

	if (!n)
		return is_used_start(&p->chunks, g);
	return (slate_pool_empty_[n] & ~pair_of(&p->chunks, g)->s) >> 1 >>
	       pos_of(g) & 1;
}

#else

SLATE_INLINE bool is_live(const struct slate_pools *p, size_t g)
{
	(void)p;
	(void)g;
	return false;
}

#endif

bool slate_engine_judge_(struct slate_heap *heap, const void *ptr,
			 struct engine_block *block, enum slate_fault *kind)
{
	struct slate_pools *p = heap_find(heap, ptr);
	enum slate_verdict verdict = SLATE_VERDICT_LIVE;

	if (!p) {
		*kind = blame_outside(heap, ptr);
		return false;
	}
	if ((uintptr_t)ptr & (SLATE_GRANULE - 1)) {
		*kind = SLATE_FAULT_UNALIGNED;
		return false;
	}
	block->p = p;
	block->g = slate_arena_index(&p->chunks.arena, ptr);
	if (!is_live(p, block->g))
		verdict = slate_pool_judge(p, block->g);
	if (verdict != SLATE_VERDICT_LIVE) {
		*kind = verdict == SLATE_VERDICT_FREE ?
			SLATE_FAULT_DOUBLE_FREE : SLATE_FAULT_INTERIOR;
		return false;
	}
	block->n = slate_pool_class(p, block->g);
	block->pooled = block->n;
	if (!block->n)
		block->n = slate_chunk_size(&p->chunks, block->g);
	return true;
}

/* One attempt to free, with the lock held; @leaving is to be returned. */
static int give_back(struct slate_heap *heap, enum slate_tier tier, void *ptr,
		     const struct engine_block *block,
		     struct slate_pools **leaving)
{
	size_t size = block->n << SLATE_GRANULE_SHIFT;
	int err;

	if (SLATE_CONFIG_CHECK >= 3)
		memset(ptr, ENGINE_FREED, size);
	engine_clear(block->p, ptr, size);
	err = slate_pool_free(block->p, block->g);
	if (err)
		return err;
	account_sub(heap, tier, size);
	if (slate_arena_is_sourced(&block->p->chunks.arena))
		*leaving = slate_sources_touch_(heap, block->p, block->n);
	return 0;
}

static void free_judged(struct slate_heap *heap, enum slate_tier tier,
			void *ptr)
{
	unsigned int attempt;

	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		slate_port_key key = heap_lock();
		struct slate_pools *leaving = NULL;
		struct engine_block block;
		enum slate_fault kind;
		int err;

		if (!slate_engine_judge_(heap, ptr, &block, &kind)) {
			heap_unlock(key);
			slate_port_fault(kind, heap, ptr);
			return;
		}
		err = give_back(heap, tier, ptr, &block, &leaving);
		heap_unlock(key);
		if (leaving)
			slate_sources_return_(heap, leaving);
		if (!err || !slate_engine_mend_(heap, block.p))
			return;
	}
}

void slate_engine_free_(struct slate_heap *heap, enum slate_tier tier,
			void *ptr)
{
	engine_audit(heap);
	free_judged(heap, tier, ptr);
	engine_audit(heap);
}

#endif /* !SLATE_CONFIG_COMPACT */
