// SPDX-License-Identifier: MIT
/*
 * Visiting what is in a heap: live blocks, or every byte as spans. The lock is
 * taken for each step and not held while the visitor runs; the walk goes on
 * from an address, so the visitor may change the heap.
 */
#include "engine.h"

/* Hand a block to the visitor as the program knows it. */
static int visit(struct slate_heap *heap, struct slate_block *block,
		 slate_walk_fn fn, void *arg)
{
	const struct slate_view *view = hook_view(heap);

	if (view && !view->show(view, block))
		return 0;
	return fn(arg, block);
}

/* Where a walk stands: the next granule to look at in an arena. */
struct cursor {
	struct slate_pools *p;
	size_t g;
};

/* Lock held: the first live block of a pool at or behind a granule. */
static bool next_in_pool(struct cursor *at, struct slate_block *block)
{
	size_t n = slate_pool_class(at->p, at->g);
	size_t unit = at->g & ~(size_t)SLATE_WORD_MASK;
	uintptr_t live;

	slate_pool_blocks(at->p, unit, &live);
	live &= ~slate_word_below(pos_of(at->g));
	if (!live) {
		at->g = unit + SLATE_WORD_BITS;
		return false;
	}
	at->g = unit + slate_word_ctz(live);
	block->ptr = slate_arena_ptr(&at->p->chunks.arena, at->g);
	block->size = n << SLATE_GRANULE_SHIFT;
	block->pooled = true;
	at->g += n;
	return true;
}

/* Lock held: the next live block of the arena; false at its end. */
static bool next_live(struct cursor *at, struct slate_block *block)
{
	const struct slate_chunks *c = &at->p->chunks;
	size_t g;

	while (at->g < c->arena.n) {
		if (slate_pool_class(at->p, at->g)) {
			if (next_in_pool(at, block))
				return true;
			continue;
		}
		g = slate_chunk_next(c, at->g);
		at->g = g;
		if (g >= c->arena.n)
			return false;
		if (slate_pool_class(at->p, g))
			continue;
		at->g = slate_chunk_end(c, g);
		if (slate_chunk_is_free(c, g))
			continue;
		block->ptr = slate_arena_ptr(&c->arena, g);
		block->size = (at->g - g) << SLATE_GRANULE_SHIFT;
		block->pooled = false;
		return true;
	}
	return false;
}

int slate_arena_walk_(struct slate_heap *heap, struct slate_pools *p,
		      slate_walk_fn fn, void *arg)
{
	struct cursor at = { .p = p, .g = 0 };
	int result = 0;

	while (!result) {
		slate_port_key key = heap_lock();
		struct slate_block block = {
			.caps = slate_arena_caps(&p->chunks.arena),
		};
		bool found = next_live(&at, &block);

		heap_unlock(key);
		if (!found)
			return 0;
		result = visit(heap, &block, fn, arg);
	}
	return result;
}

int slate_heap_walk(struct slate_heap *heap, slate_walk_fn fn, void *arg)
{
	struct slate_pools *p;
	int result = 0;

	slate_sources_pin_(heap);
	for (p = &heap->home; p && !result; p = slate_heap_step_(heap, p))
		result = slate_arena_walk_(heap, p, fn, arg);
	slate_sources_unpin_(heap);
	return result;
}

/*
 * Lock held: the chunk or pool at the cursor as a span; false at the end. If
 * others changed the heap, the cursor may no longer be at a start.
 */
static bool next_span(struct cursor *at, struct slate_span *span)
{
	const struct slate_chunks *c = &at->p->chunks;
	uintptr_t live;
	size_t end;
	size_t n;

	at->g = slate_chunk_next(c, at->g);
	if (at->g >= c->arena.n)
		return false;
	n = slate_pool_class(at->p, at->g);
	end = slate_chunk_end(c, at->g);
	span->ptr = slate_arena_ptr(&c->arena, at->g);
	span->size = (end - at->g) << SLATE_GRANULE_SHIFT;
	span->kind = slate_chunk_is_free(c, at->g) ? SLATE_SPAN_FREE :
		     SLATE_SPAN_LIVE;
	span->block_size = 0;
	span->nblocks = 0;
	span->nlive = 0;
	span->caps = slate_arena_caps(&c->arena);
	if (n) {
		span->kind = SLATE_SPAN_POOL;
		span->block_size = n << SLATE_GRANULE_SHIFT;
		span->nblocks = slate_word_count(
				slate_pool_blocks(at->p, at->g, &live));
		span->nlive = slate_word_count(live);
	}
	at->g = end;
	return true;
}

static int map_edge(const struct slate_arena *arena, slate_span_fn fn,
		    void *arg, const void *from, const void *to)
{
	size_t before = (uintptr_t)from - (uintptr_t)arena->start;
	struct slate_span span = {
		.ptr = (unsigned char *)arena->start + before,
		.size = (uintptr_t)to - (uintptr_t)from,
		.kind = SLATE_SPAN_TABLES,
		.caps = slate_arena_caps(arena),
	};

	return span.size ? fn(arg, &span) : 0;
}

int slate_arena_map_(struct slate_pools *p, slate_span_fn fn, void *arg)
{
	const struct slate_arena *arena = &p->chunks.arena;
	struct cursor at = { .p = p, .g = 0 };
	int result = map_edge(arena, fn, arg, arena->start, arena->base);

	while (!result && at.g < arena->n) {
		slate_port_key key = heap_lock();
		struct slate_span span;
		bool found = next_span(&at, &span);

		heap_unlock(key);
		if (found)
			result = fn(arg, &span);
	}
	if (result)
		return result;
	return map_edge(arena, fn, arg, slate_arena_ptr(arena, arena->n),
			(unsigned char *)arena->start + arena->size);
}

int slate_heap_map(struct slate_heap *heap, slate_span_fn fn, void *arg)
{
	struct slate_pools *p;
	int result = 0;

	slate_sources_pin_(heap);
	for (p = &heap->home; p && !result; p = slate_heap_step_(heap, p))
		result = slate_arena_map_(p, fn, arg);
	slate_sources_unpin_(heap);
	return result;
}
