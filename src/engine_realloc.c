// SPDX-License-Identifier: MIT
/*
 * Resizing: in place where that is possible, else by moving, else, for a
 * chunk behind a free one, by sliding down into it.
 *
 * A pool block stays as long as it fits and no more than a quarter of it
 * would be wasted. A shrink that finds no smaller block keeps the old one:
 * shrinking never fails. A block of DMA memory that has whole cache lines to
 * itself keeps that: it grows and shrinks by lines, and moves to a line's
 * start.
 */
#include "engine.h"
#include "mem_calls.h"

#if !SLATE_CONFIG_COMPACT

#define ATTEMPTS	4

/* What an attempt came to, when it did not finish. */
enum outcome {
	DONE,
	MOVE,
	BROKEN
};

/* Count a block that became @n granules; false: the quota says no. */
static bool recount(struct slate_heap *heap, enum slate_tier tier, size_t from,
		    size_t to)
{
	if (to > from)
		return account_add(heap, tier, (to - from) <<
				   SLATE_GRANULE_SHIFT);
	account_sub(heap, tier, (from - to) << SLATE_GRANULE_SHIFT);
	return true;
}

/* The granules that a block's size comes in: whole lines if it has them. */
static size_t step_of(const struct engine_block *block)
{
	const struct slate_arena *arena = &block->p->chunks.arena;
	size_t line = engine_line(arena->caps);
	size_t at = (uintptr_t)arena->base >> SLATE_GRANULE_SHIFT;

	if (line == 1 || block->pooled)
		return 1;
	return ((at + block->g) | block->n) & (line - 1) ? 1 : line;
}

/* Lock held: resize where the block is. */
static enum outcome in_place(struct slate_heap *heap, enum slate_tier tier,
			     const struct engine_block *block, size_t n)
{
	int err;

	if (block->pooled)
		return n <= block->n && 4 * n > 3 * block->n ? DONE : MOVE;
	if (n < block->n)
		engine_clear(block->p, slate_arena_ptr(&block->p->chunks.arena,
						       block->g + n),
			     (block->n - n) << SLATE_GRANULE_SHIFT);
	err = slate_chunk_resize(&block->p->chunks, block->g, n);
	if (err == -SLATE_EUCLEAN)
		return BROKEN;
	if (err)
		return MOVE;
	if (recount(heap, tier, block->n, n))
		return DONE;
	/* Cannot fail: what was just taken from behind goes back there. */
	return slate_chunk_resize(&block->p->chunks, block->g, block->n) ?
	       BROKEN : MOVE;
}

/*
 * A block that may be in any arena, taken the short way; in the home region if
 * it shrinks there, for growth has been tried.
 */
static void *take_short(struct slate_heap *heap, enum slate_tier tier,
			const struct engine_block *block,
			const struct slate_request *req)
{
	void *to = NULL;

	if (!SLATE_CONFIG_SOURCE_FAST || req->align > 1 || req->caps)
		return NULL;
	if (block->p == &heap->home && req->no_arena)
		to = slate_home_try_(heap, req->n, req->small, tier);
	return to ? to : slate_far_try_(heap, req->n, req->small, tier);
}

/* No lock held: a new block, a copy, and the old one freed. */
static void *move(struct slate_heap *heap, enum slate_tier tier, void *ptr,
		  const struct engine_block *block, size_t n, size_t step)
{
	struct slate_request req = {
		.n = n,
		.align = step,
		.caps = slate_arena_caps(&block->p->chunks.arena),
		.no_arena = n <= block->n,
	};
	size_t keep = block->n < n ? block->n : n;
	void *to;

	engine_classify(heap, tier, &req);
	to = take_short(heap, tier, block, &req);
	if (!to)
		to = slate_engine_try_(heap, tier, &req);
	if (!to)
		return NULL;
	memcpy(to, ptr, keep << SLATE_GRANULE_SHIFT);
	engine_give(heap, tier, ptr);
	return to;
}

/*
 * Lock held: make the chunk at @ptr the middle of one that starts in the free
 * chunk before it. As slate_chunk_slide(); @extra is set to the bytes that it
 * has more now, for account_slide().
 */
static size_t join(struct slate_heap *heap, const void *ptr, size_t n,
		   struct engine_block *block, size_t *extra)
{
	enum slate_fault kind;
	size_t g;

	if (!slate_engine_judge_(heap, ptr, block, &kind) || block->pooled)
		return SLATE_NONE;
	if (!account_fits(heap, (n - block->n) << SLATE_GRANULE_SHIFT))
		return SLATE_NONE;
	g = slate_chunk_slide(&block->p->chunks, block->g, n);
	if (g >= SLATE_BROKEN)
		return g;
	*extra = (slate_chunk_size(&block->p->chunks, g) - block->n)
		 << SLATE_GRANULE_SHIFT;
	account_slide(heap, *extra);
	return g;
}

/* No lock held: join(), once more if links were broken and are mended. */
static size_t join_or_mend(struct slate_heap *heap, const void *ptr, size_t n,
			   struct engine_block *block, size_t *extra)
{
	slate_port_key key = heap_lock();
	size_t g = join(heap, ptr, n, block, extra);

	heap_unlock(key);
	if (g != SLATE_BROKEN || !slate_engine_mend_(heap, block->p))
		return g;
	key = heap_lock();
	g = join(heap, ptr, n, block, extra);
	heap_unlock(key);
	return g;
}

/*
 * Last resort: take the free chunk before and the one behind along, move the
 * bytes down without the lock, then give the rest back.
 */
static void *slide(struct slate_heap *heap, enum slate_tier tier, void *ptr,
		   size_t n)
{
	struct engine_block block;
	slate_port_key key;
	size_t extra = 0;
	size_t g = join_or_mend(heap, ptr, n, &block, &extra);
	void *to;

	if (g >= SLATE_BROKEN)
		return NULL;
	to = slate_arena_ptr(&block.p->chunks.arena, g);
	memmove(to, ptr, block.n << SLATE_GRANULE_SHIFT);
	engine_clear(block.p, (unsigned char *)to +
		     (block.n << SLATE_GRANULE_SHIFT),
		     (size_t)((unsigned char *)ptr - (unsigned char *)to));
	key = heap_lock();
	if (slate_chunk_resize(&block.p->chunks, g, n))
		n = slate_chunk_size(&block.p->chunks, g);
	account_slide(heap, -extra);
	if (!recount(heap, tier, block.n, n))
		account_force(heap, tier, (n - block.n) <<
			      SLATE_GRANULE_SHIFT);
	if (slate_arena_is_sourced(&block.p->chunks.arena))
		slate_sources_note_(block.p, n);
	heap_unlock(key);
	return to;
}

/* The block must move: it grows, or has shrunk below its pool's class. */
static void *resize_elsewhere(struct slate_heap *heap, enum slate_tier tier,
			      void *ptr, const struct engine_block *block,
			      size_t n, size_t step)
{
	void *to = move(heap, tier, ptr, block, n, step);

	if (to)
		return to;
	if (n <= block->n)
		return ptr;
	if (step > 1)
		return NULL;
	return slide(heap, tier, ptr, n);
}

static void *resize(struct slate_heap *heap, enum slate_tier tier, void *ptr,
		    size_t size)
{
	struct engine_block block;
	unsigned int attempt = 0;
	bool asked = false;
	size_t step;
	size_t n;

	while (attempt < ATTEMPTS) {
		slate_port_key key = heap_lock();
		enum slate_fault kind;
		void *to;
		enum outcome outcome;

		if (!slate_engine_judge_(heap, ptr, &block, &kind)) {
			heap_unlock(key);
			slate_port_fault(kind, heap, ptr);
			return NULL;
		}
		if (size > PTRDIFF_MAX) {
			heap_unlock(key);
			return NULL;
		}
		step = step_of(&block);
		n = (slate_granules(size) + step - 1) & ~(step - 1);
		outcome = in_place(heap, tier, &block, n);
		if (outcome == DONE &&
		    slate_arena_is_sourced(&block.p->chunks.arena))
			slate_sources_note_(block.p, n);
		heap_unlock(key);
		if (outcome == DONE)
			return ptr;
		if (outcome == BROKEN) {
			if (!slate_engine_mend_(heap, block.p))
				return n <= block.n ? ptr : NULL;
			attempt++;
			continue;
		}
		to = resize_elsewhere(heap, tier, ptr, &block, n, step);
		if (to)
			return to;
		if (!slate_hooks_relieve_(heap, size, &asked)) {
			slate_engine_failed_(heap, size);
			return NULL;
		}
	}
	return NULL;
}

void *slate_engine_realloc_(struct slate_heap *heap, enum slate_tier tier,
			    void *ptr, size_t size)
{
	void *to = slate_home_realloc_(heap, tier, ptr, size);

	if (SLATE_LIKELY(to != NULL))
		return to;
	engine_audit(heap);
	ptr = resize(heap, tier, ptr, size);
	engine_audit(heap);
	return ptr;
}

#endif /* !SLATE_CONFIG_COMPACT */
