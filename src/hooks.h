/* SPDX-License-Identifier: MIT */
/*
 * The replaceable parts of a heap: the tiers' tables, the events, and the view
 * of a wrapper that lays blocks out in its own way; empty twins for builds
 * without them, which the compiler removes.
 */
#ifndef SLATE_HOOKS_H
#define SLATE_HOOKS_H

#include <slate/view.h>

#include "heap_state.h"

/* The program's block at @ptr; false: none is there, which was reported. */
bool slate_hooks_find_(struct slate_heap *heap, const void *ptr,
		       struct slate_block *block);

#if SLATE_CONFIG_HOOKS

/* The table that replaces slate's own in a tier, or NULL. */
SLATE_INLINE const struct slate_allocator *
hook_table(const struct slate_heap *heap, enum slate_tier tier)
{
	return heap->table[tier];
}

SLATE_INLINE void hook_arena(struct slate_heap *heap, void *start, size_t size,
			     bool added)
{
	const struct slate_events *events = heap->events;

	if (events && events->on_arena)
		events->on_arena(events->ctx, heap, start, size, added);
}

SLATE_INLINE void hook_low_memory(struct slate_heap *heap, size_t size)
{
	const struct slate_events *events = heap->events;

	if (events && events->on_low_memory)
		events->on_low_memory(events->ctx, heap, size);
}

/*
 * A request fails for want of memory or quota. True: something was released,
 * so try again. *@asked, false at first, becomes true with the one time that
 * the program's handler is asked.
 */
bool slate_hooks_relieve_(struct slate_heap *heap, size_t size, bool *asked);

/* Ask the program's handler alone. */
bool slate_hooks_rescue_(struct slate_heap *heap, size_t size);

SLATE_INLINE const struct slate_view *hook_view(const struct slate_heap *heap)
{
	return heap->view;
}

SLATE_INLINE void hook_set_view(struct slate_heap *heap,
				const struct slate_view *view)
{
	heap->view = view;
}

/* Is this slate's own table of a tier? */
SLATE_INLINE bool hook_is_own(const struct slate_heap *heap,
			      enum slate_tier tier,
			      const struct slate_allocator *table)
{
	return table == &heap->own[tier];
}

/* Fill in slate's own tables; with SLATE_CONFIG_DEBUG, enable debug hooks. */
void slate_hooks_init_(struct slate_heap *heap);

/* From the layer of the debug hooks: enable them, the state in heap->debug. */
void slate_debug_create_(struct slate_heap *heap);

#else

SLATE_INLINE const struct slate_allocator *
hook_table(const struct slate_heap *heap, enum slate_tier tier)
{
	(void)heap;
	(void)tier;
	return NULL;
}

SLATE_INLINE void hook_arena(struct slate_heap *heap, void *start, size_t size,
			     bool added)
{
	(void)heap;
	(void)start;
	(void)size;
	(void)added;
}

SLATE_INLINE void hook_low_memory(struct slate_heap *heap, size_t size)
{
	(void)heap;
	(void)size;
}

SLATE_INLINE bool slate_hooks_rescue_(struct slate_heap *heap, size_t size)
{
	(void)heap;
	(void)size;
	return false;
}

SLATE_INLINE bool slate_hooks_relieve_(struct slate_heap *heap, size_t size,
				       bool *asked)
{
	(void)heap;
	(void)size;
	(void)asked;
	return false;
}

SLATE_INLINE const struct slate_view *hook_view(const struct slate_heap *heap)
{
	(void)heap;
	return NULL;
}

SLATE_INLINE void hook_set_view(struct slate_heap *heap,
				const struct slate_view *view)
{
	(void)heap;
	(void)view;
}

SLATE_INLINE bool hook_is_own(const struct slate_heap *heap,
			      enum slate_tier tier,
			      const struct slate_allocator *table)
{
	(void)heap;
	(void)tier;
	(void)table;
	return false;
}

SLATE_INLINE void slate_hooks_init_(struct slate_heap *heap)
{
	(void)heap;
}

#endif /* SLATE_CONFIG_HOOKS */

#endif /* SLATE_HOOKS_H */
