// SPDX-License-Identifier: MIT
/* A heap is made, in few bytes (SLATE_CONFIG_COMPACT): right where it lies. */
#include "heap_state.h"

#if SLATE_CONFIG_COMPACT

struct slate_heap *slate_heap_create(void *base, size_t size)
{
	size_t skip = -(uintptr_t)base & (SLATE_GRANULE - 1);
	struct slate_heap *heap;
	struct slate_arena *arena;

	if (!span_is_sound(base, size) || size < skip + sizeof(*heap))
		return NULL;
	heap = (void *)((unsigned char *)base + skip);
	arena = &heap->home.chunks.arena;
	arena->start = base;
	arena->size = size;
	arena->caps = 0;
	arena->next = NULL;
	return slate_chunk_layout(&heap->home.chunks, heap + 1) ? NULL : heap;
}

struct slate_heap *slate_heap_open_(void *base, size_t size, unsigned int caps)
{
	struct slate_heap *heap = slate_heap_create(base, size);

	if (heap)
		heap->home.chunks.arena.caps = caps;
	return heap;
}

#endif /* SLATE_CONFIG_COMPACT */
