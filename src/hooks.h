/* SPDX-License-Identifier: MIT */
/*
 * The replaceable parts of a heap: the tiers' tables and the events; empty
 * twins for builds without them, which the compiler removes.
 */
#ifndef SLATE_HOOKS_H
#define SLATE_HOOKS_H

#include "heap_state.h"

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

/* Fill in slate's own tables. */
void slate_hooks_init_(struct slate_heap *heap);

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

SLATE_INLINE void slate_hooks_init_(struct slate_heap *heap)
{
	(void)heap;
}

#endif /* SLATE_CONFIG_HOOKS */

#endif /* SLATE_HOOKS_H */
