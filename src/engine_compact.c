// SPDX-License-Identifier: MIT
/*
 * The tiers' calls in few bytes (SLATE_CONFIG_COMPACT). All three tiers are
 * the chunk engine of one region, so each call of raw and obj is that of mem,
 * and each of mem is one edit of the tables, or a few.
 */
#include "chunk_compact.h"
#include "engine.h"

#if SLATE_CONFIG_COMPACT

/* A pointer was refused. */
#define REFUSED	(SLATE_BROKEN - 1)

/* Every further attempt has lists that were rebuilt. */
#define ATTEMPTS	4

/* The granules of a block, too many for any heap if @size is. */
SLATE_INLINE size_t granules(size_t size)
{
	return ((size - !!size) >> SLATE_GRANULE_SHIFT) + 1;
}

/* Level 3, lock held: the block at @g is to be freed, and is filled. */
SLATE_INLINE void fill_freed(const struct slate_chunks *c, size_t g)
{
	if (SLATE_CONFIG_CHECK >= 3)
		memset(slate_arena_ptr(&c->arena, g), ENGINE_FREED,
		       slate_chunk_size(c, g) << SLATE_GRANULE_SHIFT);
}

/* One attempt of edit(). */
static size_t attempt(struct slate_heap *heap, void *ptr, size_t n)
{
	struct slate_chunks *c = &heap->home.chunks;
	enum slate_fault kind = SLATE_FAULT_NONE;
	slate_port_key key = heap_lock();
	size_t g = SLATE_NONE;

	if (ptr) {
		kind = slate_chunk_blame_(c, ptr);
		g = slate_arena_index(&c->arena, ptr);
	}
	if (kind == SLATE_FAULT_NONE) {
		if (!n)
			fill_freed(c, g);
		g = slate_chunk_edit_(c, g, n);
		ptr = slate_arena_ptr(&c->arena, c->broken);
	}
	heap_unlock(key);
	if (kind == SLATE_FAULT_NONE && g != SLATE_BROKEN)
		return g;
	slate_port_fault(kind, heap, ptr);
	return kind == SLATE_FAULT_CORRUPT ? SLATE_BROKEN : REFUSED;
}

/* Is the live block at @ptr to have fewer granules, but some? */
SLATE_INLINE bool shrinks(struct slate_heap *heap, const void *ptr, size_t n)
{
	struct slate_chunks *c = &heap->home.chunks;

	return ptr && n && n <= slate_chunk_size(c, slate_arena_index(&c->arena,
								     ptr));
}

/*
 * Let the block at @ptr, NULL for a new one, have @n granules, as
 * slate_chunk_edit_() says. Its address then, the heap's if there is no room;
 * NULL if it was refused, which was reported.
 */
static void *edit(struct slate_heap *heap, void *ptr, size_t n)
{
	struct slate_chunks *c = &heap->home.chunks;
	unsigned int left = ATTEMPTS;
	slate_port_key key;
	size_t g;

	do {
		engine_audit(heap);
		g = attempt(heap, ptr, n);
		engine_audit(heap);
		if (g == SLATE_NONE)
			return heap;
		if (g < REFUSED)
			return slate_arena_ptr(&c->arena, g);
		if (g == REFUSED)
			return NULL;
		if (!SLATE_CONFIG_REPAIR)
			return shrinks(heap, ptr, n) ? ptr : NULL;
		key = heap_lock();
		slate_chunk_rebuild(c);
		heap_unlock(key);
	} while (--left);
	return NULL;
}

void slate_mem_free(struct slate_heap *heap, void *ptr)
{
	if (ptr)
		edit(heap, ptr, 0);
}

/* The bytes from @ptr to the end of the block at @from. */
static size_t rest(struct slate_heap *heap, const void *from, const void *ptr)
{
	struct slate_chunks *c = &heap->home.chunks;
	slate_port_key key = heap_lock();
	size_t end = slate_side_end_(c, slate_arena_index(&c->arena, from));

	heap_unlock(key);
	return (size_t)((unsigned char *)slate_arena_ptr(&c->arena, end) -
			(const unsigned char *)ptr);
}

void *slate_mem_realloc(struct slate_heap *heap, void *ptr, size_t size)
{
	size_t n = granules(size);
	void *to = edit(heap, ptr, n);
	void *from = to;

	if (to == heap) {
		if (!ptr)
			return NULL;
		to = slate_mem_malloc(heap, size);
		from = ptr;
		n = 0;
	}
	if (!to || !ptr || to == ptr)
		return to;
	/* It slid down, and has more than it is to have; or is a new one. */
	memmove(to, ptr, rest(heap, from, ptr));
	edit(heap, from, n);
	return to;
}

void *slate_mem_malloc(struct slate_heap *heap, size_t size)
{
	void *ptr = slate_mem_realloc(heap, NULL, size);

	if (ptr)
		engine_fill_new(ptr, granules(size));
	return ptr;
}

/* As slate_size_product(). */
static bool product(size_t nmemb, size_t size, size_t *bytes)
{
	const unsigned int half = SLATE_WORD_BITS / 2;
	size_t high;

	if (nmemb > size) {
		high = nmemb;
		nmemb = size;
		size = high;
	}
	high = nmemb * (size >> half);
	high += nmemb * (size & (((size_t)1 << half) - 1)) >> half;
	*bytes = nmemb * size;
	return !(nmemb >> half | high >> (half - 1));
}

void *slate_mem_calloc(struct slate_heap *heap, size_t nmemb, size_t size)
{
	size_t bytes;
	void *ptr;

	if (!product(nmemb, size, &bytes))
		return NULL;
	ptr = slate_mem_malloc(heap, bytes);
	if (ptr)
		memset(ptr, 0, bytes);
	return ptr;
}

#define TIER_CALLS(name)						\
void *slate_##name##_malloc(struct slate_heap *heap, size_t size)	\
{									\
	return slate_mem_malloc(heap, size);				\
}									\
									\
void *slate_##name##_calloc(struct slate_heap *heap, size_t nmemb,	\
			    size_t size)				\
{									\
	return slate_mem_calloc(heap, nmemb, size);			\
}									\
									\
void *slate_##name##_realloc(struct slate_heap *heap, void *ptr,	\
			     size_t size)				\
{									\
	return slate_mem_realloc(heap, ptr, size);			\
}									\
									\
void slate_##name##_free(struct slate_heap *heap, void *ptr)		\
{									\
	slate_mem_free(heap, ptr);					\
}

TIER_CALLS(raw)
TIER_CALLS(obj)

#endif /* SLATE_CONFIG_COMPACT */
