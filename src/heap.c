// SPDX-License-Identifier: MIT
/*
 * Heaps: made of a span, given further regions, taken apart. The first region
 * starts with struct slate_heap, every further one with its struct
 * slate_pools.
 */
#include "hooks.h"
#include "mem_calls.h"
#include "sanitize.h"
#include "source_calls.h"

struct slate_pools *slate_heap_find_far_(struct slate_heap *heap,
					 const void *ptr)
{
	struct slate_pools *p = &heap->home;

	while ((p = next_region(p))) {
		if (slate_arena_owns(&p->chunks.arena, ptr))
			return p;
	}
	return slate_sources_find_(heap, ptr);
}

struct slate_pools *slate_heap_next_(struct slate_heap *heap,
				     struct slate_pools *p)
{
	struct slate_pools *q = &heap->home;
	struct slate_pools *next = next_region(p);

	if (next)
		return next;
	while (q != p && q)
		q = next_region(q);
	return slate_sources_next_(heap, q ? NULL : p);
}

struct slate_pools *slate_heap_step_(struct slate_heap *heap,
				     struct slate_pools *p)
{
	slate_port_key key = heap_lock();
	struct slate_pools *next = slate_heap_next_(heap, p);

	heap_unlock(key);
	return next;
}

/* Lay out the tables of an arena that only its span is known of. */
SLATE_INLINE int lay_out(struct slate_pools *p, struct slate_pools *fresh,
			 void *front)
{
	int err;

	sanitize_open(fresh->chunks.arena.start, fresh->chunks.arena.size);
	err = slate_chunk_layout(&fresh->chunks, front);
	if (!err)
		*p = *fresh;
	return err;
}

int slate_arena_open_(struct slate_pools *p, void *start, size_t size,
		      unsigned int caps, void *front)
{
	struct slate_pools fresh;

	memset(&fresh, 0, sizeof(fresh));
	fresh.chunks.arena.start = start;
	fresh.chunks.arena.size = size;
	fresh.chunks.arena.caps = caps;
	return lay_out(p, &fresh, front);
}

#if SLATE_CONFIG_SOURCE_FAST

int slate_arena_open_from_(struct slate_pools *p, void *start, size_t size,
			   const struct slate_arena_source *source, void *front)
{
	struct slate_pools fresh;

	memset(&fresh, 0, sizeof(fresh));
	fresh.chunks.arena.start = start;
	fresh.chunks.arena.size = size;
	fresh.chunks.arena.caps = source->caps;
	fresh.chunks.arena.zeroed = source->zeroed;
	return lay_out(p, &fresh, front);
}

#endif

/*
 * The place for a struct at the start of a span, aligned to a granule; NULL
 * if the span wraps, is NULL, or has no room for the struct.
 */
static void *span_front(void *base, size_t size, size_t want)
{
	size_t skip = -(uintptr_t)base & (SLATE_GRANULE - 1);

	if (!span_is_sound(base, size))
		return NULL;
	if (size < skip || size - skip < want)
		return NULL;
	return (unsigned char *)base + skip;
}

#if !SLATE_CONFIG_COMPACT

struct slate_heap *slate_heap_open_(void *base, size_t size, unsigned int caps)
{
	struct slate_heap *heap = span_front(base, size, sizeof(*heap));
	struct slate_pools home;

	if (!heap || slate_arena_open_(&home, base, size, caps, heap + 1))
		return NULL;
	memset(heap, 0, sizeof(*heap));
	heap->home = home;
	slate_hooks_init_(heap);
	return heap;
}

struct slate_heap *slate_heap_create(void *base, size_t size)
{
	return slate_heap_open_(base, size, 0);
}

#endif /* !SLATE_CONFIG_COMPACT */

static bool spans_overlap(const struct slate_arena *arena, const void *base,
			  size_t size)
{
	uintptr_t a = (uintptr_t)arena->start;
	uintptr_t b = (uintptr_t)base;

	return a < b + size && b < a + arena->size;
}

/* Under the lock: may the heap take this span, and behind which region? */
static int find_place(struct slate_heap *heap, const void *base, size_t size,
		      struct slate_pools **last)
{
	struct slate_pools *p;
	unsigned int count = 0;

	for_each_arena(p, heap) {
		if (spans_overlap(&p->chunks.arena, base, size))
			return -SLATE_EEXIST;
	}
	for (p = &heap->home; p; p = next_region(p)) {
		count++;
		*last = p;
	}
	return count < SLATE_CONFIG_REGIONS ? 0 : -SLATE_ENOSPC;
}

int slate_heap_room_for_(struct slate_heap *heap, const void *base, size_t size)
{
	slate_port_key key = heap_lock();
	struct slate_pools *last;
	int err = find_place(heap, base, size, &last);

	heap_unlock(key);
	return err;
}

int slate_heap_add_(struct slate_heap *heap, void *base, size_t size,
		    unsigned int caps)
{
	struct slate_pools *p = span_front(base, size, sizeof(*p));
	struct slate_pools *last = NULL;
	slate_port_key key;
	int err;

	if (!p)
		return -SLATE_EINVAL;
	err = slate_heap_room_for_(heap, base, size);
	if (err)
		return err;
	if (slate_arena_open_(p, base, size, caps, p + 1))
		return -SLATE_EINVAL;
	key = heap_lock();
	err = find_place(heap, base, size, &last);
	if (!err)
		last->chunks.arena.next = &p->chunks.arena;
	heap_unlock(key);
	return err;
}

int slate_heap_add_region(struct slate_heap *heap, void *base, size_t size,
			  unsigned int caps)
{
	if (caps & SLATE_CAPS_OWN)
		return -SLATE_EINVAL;
	return slate_heap_add_(heap, base, size, caps);
}

/* Not one live block: after the empty pools went, one free chunk is left. */
static int take_out(struct slate_pools *before, struct slate_pools *p)
{
	if (slate_pool_trim(p) < 0)
		return -SLATE_EUCLEAN;
	if (!slate_chunk_is_free(&p->chunks, 0) ||
	    slate_chunk_end(&p->chunks, 0) != p->chunks.arena.n)
		return -SLATE_EBUSY;
	before->chunks.arena.next = p->chunks.arena.next;
	return 0;
}

/* One attempt, with the lock held. */
static int remove_region(struct slate_heap *heap, const void *base)
{
	struct slate_pools *before = &heap->home;
	struct slate_pools *p;

	if (base == before->chunks.arena.start)
		return -SLATE_EBUSY;
	while ((p = next_region(before))) {
		if (p->chunks.arena.start == base)
			return take_out(before, p);
		before = p;
	}
	return -SLATE_EINVAL;
}

int slate_heap_remove_region(struct slate_heap *heap, void *base)
{
	slate_port_key key = heap_lock();
	int err = remove_region(heap, base);

	heap_unlock(key);
	if (err != -SLATE_EUCLEAN)
		return err;
	slate_heap_repair(heap);
	key = heap_lock();
	err = remove_region(heap, base);
	heap_unlock(key);
	return err == -SLATE_EUCLEAN ? -SLATE_EBUSY : err;
}

/* What debug hooks have closed is the caller's again. */
static void open_all(struct slate_heap *heap)
{
	struct slate_pools *p;

	if (!SLATE_CONFIG_SANITIZE)
		return;
	for_each_arena(p, heap)
		sanitize_open(p->chunks.arena.start, p->chunks.arena.size);
}

void slate_heap_destroy(struct slate_heap *heap)
{
	if (!heap)
		return;
	open_all(heap);
	slate_sources_destroy_(heap);
}
