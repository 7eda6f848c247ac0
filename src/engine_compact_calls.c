// SPDX-License-Identifier: MIT
/*
 * What the layers above ask of a compact build's engine: aligned requests, and
 * blocks by their address.
 */
#include "chunk_compact.h"
#include "engine.h"

#if SLATE_CONFIG_COMPACT

static size_t serve(struct slate_heap *heap, const struct slate_request *req)
{
	struct slate_chunks *c = &heap->home.chunks;
	uintptr_t phase = (uintptr_t)c->arena.base >> SLATE_GRANULE_SHIFT;
	slate_port_key key = heap_lock();
	size_t g = slate_chunk_alloc_aligned(c, req->n, req->align, phase);

	if (g == SLATE_NONE && req->align == 1)
		g = slate_chunk_alloc(c, req->n);
	heap_unlock(key);
	return g;
}

bool slate_engine_mend_(struct slate_heap *heap, struct slate_pools *p)
{
	slate_port_key key;

	slate_port_fault(SLATE_FAULT_CORRUPT, heap,
			 slate_arena_ptr(&p->chunks.arena, p->chunks.broken));
	if (!SLATE_CONFIG_REPAIR)
		return false;
	key = heap_lock();
	slate_chunk_rebuild(&p->chunks);
	heap_unlock(key);
	return true;
}

void *slate_engine_try_(struct slate_heap *heap, enum slate_tier tier,
			const struct slate_request *req)
{
	size_t g;

	(void)tier;
	if (!slate_caps_serve(heap->home.chunks.arena.caps, req->caps))
		return NULL;
	do {
		g = serve(heap, req);
	} while (g == SLATE_BROKEN && slate_engine_mend_(heap, &heap->home));
	if (g >= SLATE_BROKEN)
		return NULL;
	return slate_arena_ptr(&heap->home.chunks.arena, g);
}

void slate_engine_failed_(struct slate_heap *heap, size_t size)
{
	(void)heap;
	(void)size;
}

void *slate_engine_alloc_(struct slate_heap *heap, enum slate_tier tier,
			  const struct slate_request *req, size_t size)
{
	void *ptr;

	(void)size;
	engine_audit(heap);
	ptr = slate_engine_try_(heap, tier, req);
	if (ptr)
		engine_fill_new(ptr, req->n);
	engine_audit(heap);
	return ptr;
}

bool slate_engine_judge_(struct slate_heap *heap, const void *ptr,
			 struct engine_block *block, enum slate_fault *kind)
{
	struct slate_chunks *c = &heap->home.chunks;

	*kind = slate_chunk_blame_(c, ptr);
	if (*kind != SLATE_FAULT_NONE)
		return false;
	block->p = &heap->home;
	block->g = slate_arena_index(&c->arena, ptr);
	block->n = slate_chunk_size(c, block->g);
	block->pooled = false;
	return true;
}

#endif /* SLATE_CONFIG_COMPACT */
