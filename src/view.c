// SPDX-License-Identifier: MIT
/*
 * A block as the engines know it, and as the program does: a wrapper that adds
 * bytes to blocks, or keeps freed ones, registers a view. And what may be
 * released before a request fails.
 */
#include "engine.h"

bool slate_engine_look_(struct slate_heap *heap, const void *ptr,
			struct slate_block *block, enum slate_fault *kind)
{
	struct engine_block found;

	if (!slate_engine_judge_(heap, ptr, &found, kind))
		return false;
	block->ptr = slate_arena_ptr(&found.p->chunks.arena, found.g);
	block->size = found.n << SLATE_GRANULE_SHIFT;
	block->caps = slate_arena_caps(&found.p->chunks.arena);
	block->pooled = found.pooled;
	return true;
}

bool slate_hooks_find_(struct slate_heap *heap, const void *ptr,
		       struct slate_block *block)
{
	const struct slate_view *view = hook_view(heap);
	enum slate_fault kind;
	slate_port_key key;
	bool live;

	if (view)
		return view->find(view, ptr, block);
	key = heap_lock();
	live = slate_engine_look_(heap, ptr, block, &kind);
	heap_unlock(key);
	if (!live)
		slate_port_fault(kind, heap, ptr);
	return live;
}

size_t slate_heap_usable_size(struct slate_heap *heap, const void *ptr)
{
	struct slate_block block;

	if (!ptr || !slate_hooks_find_(heap, ptr, &block))
		return 0;
	return block.size;
}

#if SLATE_CONFIG_HOOKS

int slate_heap_set_rescue(struct slate_heap *heap,
			  const struct slate_rescue *rescue)
{
	heap->rescue = rescue;
	return 0;
}

bool slate_hooks_rescue_(struct slate_heap *heap, size_t size)
{
	const struct slate_rescue *rescue = heap->rescue;

	return rescue && rescue->release(rescue->ctx, heap, size);
}

bool slate_hooks_relieve_(struct slate_heap *heap, size_t size, bool *asked)
{
	const struct slate_view *view = heap->view;

	if (view && view->relieve(view))
		return true;
	if (*asked)
		return false;
	*asked = true;
	return slate_hooks_rescue_(heap, size);
}

#else

int slate_heap_set_rescue(struct slate_heap *heap,
			  const struct slate_rescue *rescue)
{
	(void)heap;
	return rescue ? -SLATE_ENOTSUP : 0;
}

#endif /* SLATE_CONFIG_HOOKS */
