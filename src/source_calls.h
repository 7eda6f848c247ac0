/* SPDX-License-Identifier: MIT */
/*
 * What the rest of a heap asks of its arenas from sources; empty twins for
 * builds without sources, which the compiler removes. What stands behind the
 * calls is in source.h.
 */
#ifndef SLATE_SOURCE_CALLS_H
#define SLATE_SOURCE_CALLS_H

#include "heap_state.h"

#if SLATE_CONFIG_SOURCE

SLATE_INLINE bool heap_has_source(const struct slate_heap *heap)
{
	return heap->source;
}

/* The arena from a source that owns @ptr, or NULL. */
struct slate_pools *slate_sources_find_(const struct slate_heap *heap,
					const void *ptr);

/* Is @ptr anywhere in the span of such an arena? */
bool slate_sources_span_(const struct slate_heap *heap, const void *ptr);

/* The next arena from a source behind @p, the first for NULL. */
struct slate_pools *slate_sources_next_(const struct slate_heap *heap,
					const struct slate_pools *p);

/* Serve @req from pools with room; *@p is set to the arena. */
size_t slate_sources_serve_room_(struct slate_heap *heap,
				 const struct slate_request *req,
				 struct slate_pools **p);

/* Serve @req from the arenas that are there; *@p is set to the one. */
size_t slate_sources_serve_(struct slate_heap *heap,
			    const struct slate_request *req,
			    struct slate_pools **p);

/* As slate_pool_alloc_any(), in the arenas from a source. */
size_t slate_sources_serve_larger_(struct slate_heap *heap,
				   const struct slate_request *req,
				   struct slate_pools **p);

/* Something of class or size @n was taken from @p, or resized. Lock held. */
void slate_sources_note_(struct slate_pools *p, size_t n);

/*
 * Something of class or size @n changed in @p. Lock held; returns an arena
 * that is now to be given back with slate_sources_return_() once the lock is
 * not.
 */
struct slate_pools *slate_sources_touch_(struct slate_heap *heap,
					 struct slate_pools *p, size_t n);
void slate_sources_return_(struct slate_heap *heap, struct slate_pools *p);

/* Give the empty pools of all these arenas back: was there one? No lock. */
bool slate_sources_trim_(struct slate_heap *heap);

/* Take an arena that can serve @req. No lock held. */
bool slate_sources_grow_(struct slate_heap *heap,
			 const struct slate_request *req);

/* What brought this arena, the first one included; NULL: the user did. */
const struct slate_arena_source *
slate_sources_origin_(const struct slate_heap *heap,
		      const struct slate_pools *p);

/* Is @p kept for one large block, so that what is left of it serves no one? */
bool slate_sources_closed_(const struct slate_pools *p);

/* Bytes that these arenas' look-up table takes beside the arenas. */
size_t slate_sources_table_size_(const struct slate_heap *heap);

/*
 * Between the two no arena goes back to its source, so a walk from one to the
 * next may drop the lock. No lock held.
 */
void slate_sources_pin_(struct slate_heap *heap);
void slate_sources_unpin_(struct slate_heap *heap);

/* Give everything back, the home arena too if it came from a source. */
void slate_sources_destroy_(struct slate_heap *heap);

#else

SLATE_INLINE bool heap_has_source(const struct slate_heap *heap)
{
	(void)heap;
	return false;
}

SLATE_INLINE struct slate_pools *
slate_sources_find_(const struct slate_heap *heap, const void *ptr)
{
	(void)heap;
	(void)ptr;
	return NULL;
}

SLATE_INLINE bool slate_sources_span_(const struct slate_heap *heap,
				      const void *ptr)
{
	(void)heap;
	(void)ptr;
	return false;
}

SLATE_INLINE struct slate_pools *
slate_sources_next_(const struct slate_heap *heap, const struct slate_pools *p)
{
	(void)heap;
	(void)p;
	return NULL;
}

SLATE_INLINE size_t slate_sources_serve_room_(struct slate_heap *heap,
					      const struct slate_request *req,
					      struct slate_pools **p)
{
	(void)heap;
	(void)req;
	(void)p;
	return SLATE_NONE;
}

SLATE_INLINE bool slate_sources_trim_(struct slate_heap *heap)
{
	(void)heap;
	return false;
}

SLATE_INLINE size_t slate_sources_serve_(struct slate_heap *heap,
					 const struct slate_request *req,
					 struct slate_pools **p)
{
	(void)heap;
	(void)req;
	(void)p;
	return SLATE_NONE;
}

SLATE_INLINE size_t
slate_sources_serve_larger_(struct slate_heap *heap,
			    const struct slate_request *req,
			    struct slate_pools **p)
{
	(void)heap;
	(void)req;
	(void)p;
	return SLATE_NONE;
}

SLATE_INLINE void slate_sources_note_(struct slate_pools *p, size_t n)
{
	(void)p;
	(void)n;
}

SLATE_INLINE struct slate_pools *
slate_sources_touch_(struct slate_heap *heap, struct slate_pools *p, size_t n)
{
	(void)heap;
	(void)p;
	(void)n;
	return NULL;
}

SLATE_INLINE void slate_sources_return_(struct slate_heap *heap,
					struct slate_pools *p)
{
	(void)heap;
	(void)p;
}

SLATE_INLINE bool slate_sources_grow_(struct slate_heap *heap,
				      const struct slate_request *req)
{
	(void)heap;
	(void)req;
	return false;
}

SLATE_INLINE const struct slate_arena_source *
slate_sources_origin_(const struct slate_heap *heap,
		      const struct slate_pools *p)
{
	(void)heap;
	(void)p;
	return NULL;
}

SLATE_INLINE bool slate_sources_closed_(const struct slate_pools *p)
{
	(void)p;
	return false;
}

SLATE_INLINE size_t slate_sources_table_size_(const struct slate_heap *heap)
{
	(void)heap;
	return 0;
}

SLATE_INLINE void slate_sources_pin_(struct slate_heap *heap)
{
	(void)heap;
}

SLATE_INLINE void slate_sources_unpin_(struct slate_heap *heap)
{
	(void)heap;
}

SLATE_INLINE void slate_sources_destroy_(struct slate_heap *heap)
{
	(void)heap;
}

#endif /* SLATE_CONFIG_SOURCE */

#endif /* SLATE_SOURCE_CALLS_H */
