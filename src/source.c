// SPDX-License-Identifier: MIT
/* Arenas from a source: taken when a heap is full, given back when empty. */
#include "source.h"
#include "mem_calls.h"

#if SLATE_CONFIG_SOURCE

#define SOURCE_MIN	4096u

static bool source_is_sound(const struct slate_arena_source *source)
{
	return source->alloc && source->free && source->size >= SOURCE_MIN &&
	       slate_is_power_of_two(source->size);
}

/* Memory that keeps the source's promise; what does not goes back. */
static void *source_take(const struct slate_arena_source *source, size_t size)
{
	void *start = source->alloc(source->ctx, size);

	if (start && (uintptr_t)start & (source->size - 1)) {
		source->free(source->ctx, start, size);
		return NULL;
	}
	return start;
}

struct slate_heap *
slate_heap_create_from(const struct slate_arena_source *source)
{
	struct slate_heap *heap;
	struct slate_pools home;
	struct slate_sources *sources;
	void *start;

	if (!source)
		source = slate_port_source();
	if (!source || !source_is_sound(source))
		return NULL;
	start = source_take(source, source->size);
	if (!start)
		return NULL;
	heap = start;
	sources = (struct slate_sources *)(void *)(heap + 1);
	if (source->size <= sizeof(*heap) + sizeof(*sources) ||
	    slate_arena_open_(&home, start, source->size, 0, sources + 1)) {
		source->free(source->ctx, start, source->size);
		return NULL;
	}
	memset(heap, 0, sizeof(*heap));
	heap->home = home;
	heap->source = source;
	heap->home_source = source;
	heap->sources = sources;
	slate_sources_init_(sources, source->size);
	slate_hooks_init_(heap);
	return heap;
}

int slate_heap_set_source(struct slate_heap *heap,
			  const struct slate_arena_source *source)
{
	slate_port_key key;
	int err = 0;

	if (source && !source_is_sound(source))
		return -SLATE_EINVAL;
	key = heap_lock();
	if (source && heap->sources &&
	    heap->sources->table.shift != slate_word_log2(source->size)) {
		if (heap->sources->all)
			err = -SLATE_EBUSY;
		else
			heap->sources->table.shift =
				slate_word_log2(source->size);
	}
	if (!err)
		heap->source = source;
	heap_unlock(key);
	return err;
}

bool slate_sourced_is_empty_(const struct sourced *a)
{
	const struct slate_pools *p = &a->pools;
	unsigned int steps = 2 * SLATE_POOL_CLASSES + 2;
	uintptr_t live;
	size_t g = 0;

	while (g < p->chunks.arena.n) {
		if (slate_pool_class(p, g))
			slate_pool_blocks(p, g, &live);
		else
			live = !slate_chunk_is_free(&p->chunks, g);
		if (live || !steps--)
			return false;
		g = slate_chunk_end(&p->chunks, g);
	}
	return true;
}

/* @a is empty: the arena that is one too many now, or NULL. */
static struct sourced *surplus(struct slate_sources *s, struct sourced *a)
{
	if (a == s->pinned) {
		if (s->spare && slate_sourced_is_empty_(s->spare))
			return s->spare;
		return NULL;
	}
	if (a->large || (s->pinned && slate_sourced_is_empty_(s->pinned)))
		return a;
	if (s->spare && s->spare != a && slate_sourced_is_empty_(s->spare))
		return a;
	s->spare = a;
	return NULL;
}

struct slate_pools *slate_sources_touch_(struct slate_heap *heap,
					 struct slate_pools *p, size_t n)
{
	struct slate_sources *s = heap->sources;
	struct sourced *a = sourced_of(p);

	slate_sources_list_(s, a, n);
	if (heap->pins || !slate_sourced_is_empty_(a))
		return NULL;
	a = surplus(s, a);
	if (!a || slate_pool_trim(&a->pools) < 0)
		return NULL;
	slate_sources_unlist_(s, a);
	return &a->pools;
}

void slate_sources_pin_(struct slate_heap *heap)
{
	slate_port_key key = heap_lock();

	heap->pins++;
	heap_unlock(key);
}

/* Lock held: an arena that emptied while it could not go back, or NULL. */
static struct slate_pools *next_surplus(struct slate_heap *heap)
{
	struct sourced *a = heap->sources ? heap->sources->all : NULL;
	struct slate_pools *p = NULL;

	for (; a && !p && !heap->pins; a = sourced_next(a))
		p = slate_sources_touch_(heap, &a->pools, 0);
	return p;
}

void slate_sources_unpin_(struct slate_heap *heap)
{
	slate_port_key key = heap_lock();
	struct slate_pools *p;

	heap->pins--;
	while ((p = next_surplus(heap))) {
		heap_unlock(key);
		slate_sources_return_(heap, p);
		key = heap_lock();
	}
	heap_unlock(key);
}

void slate_sources_return_(struct slate_heap *heap, struct slate_pools *p)
{
	struct sourced *a = sourced_of(p);
	const struct slate_arena_source *source = a->source;
	struct slate_arena *arena = &a->pools.chunks.arena;

	hook_arena(heap, arena->start, arena->size, false);
	source->free(source->ctx, arena->start, arena->size);
}

/* Room in the look-up table for one more, if the source has memory for it. */
static bool grow_table(struct slate_heap *heap,
		       const struct slate_arena_source *source)
{
	struct slate_sources *s = heap->sources;
	size_t bytes = s->slots_size * 2;
	size_t freed = 0;
	const struct slate_arena_source *freed_by = NULL;
	slate_port_key key;
	void *slots;
	void *old = NULL;

	if (bytes < source->size)
		bytes = source->size;
	slots = source_take(source, bytes);
	if (!slots)
		return false;
	key = heap_lock();
	if (bytes > s->slots_size &&
	    slate_table_grow_(&s->table, slots, bytes / sizeof(void *))) {
		old = s->slots;
		freed = s->slots_size;
		freed_by = s->slots_source;
		s->slots = slots;
		s->slots_size = bytes;
		s->slots_source = source;
		slots = NULL;
	}
	heap_unlock(key);
	if (old)
		freed_by->free(freed_by->ctx, old, freed);
	if (!slots)
		return true;
	source->free(source->ctx, slots, bytes);
	return false;
}

/* Insert a prepared arena; the heap's first one brings the lists along. */
static bool insert(struct slate_heap *heap, struct sourced *a,
		   struct slate_sources *lists)
{
	slate_port_key key = heap_lock();
	bool done;

	if (!heap->sources) {
		slate_sources_init_(lists, a->source->size);
		heap->sources = lists;
		lists->pinned = a;
	}
	done = slate_table_insert_(&heap->sources->table,
				   &a->pools.chunks.arena);
	if (done)
		slate_sources_add_(heap->sources, a);
	heap_unlock(key);
	return done;
}

/* Take an arena of @size bytes into the heap. */
static bool add_arena(struct slate_heap *heap,
		      const struct slate_arena_source *source, size_t size)
{
	struct sourced *a = source_take(source, size);
	bool first = !heap->sources;
	struct slate_sources *lists;

	if (!a)
		return false;
	lists = (struct slate_sources *)(void *)(a + 1);
	if (slate_arena_open_(&a->pools, a, size, 0,
			      first ? (void *)(lists + 1) : (void *)lists)) {
		source->free(source->ctx, a, size);
		return false;
	}
	a->source = source;
	a->large = size != source->size;
	a->pools.chunks.arena.from_source = true;
	while (!insert(heap, a, lists)) {
		if (grow_table(heap, source))
			continue;
		source->free(source->ctx, a, size);
		return false;
	}
	hook_arena(heap, a, size, true);
	return true;
}

/*
 * Bytes of an arena that serves a large request: it, its alignment, a
 * sixteenth of both for the tables, and the control data; 0: beyond a size.
 */
static size_t large_size(const struct slate_request *req, size_t step)
{
	size_t granules = req->n + req->align;
	size_t bytes;

	if (granules > SLATE_CHUNKS_MAX - SLATE_CHUNKS_MAX / 8)
		return 0;
	granules += granules / 16;
	if (granules > (PTRDIFF_MAX - 2 * step) >> SLATE_GRANULE_SHIFT)
		return 0;
	bytes = (granules << SLATE_GRANULE_SHIFT) + sizeof(struct sourced) +
		SLATE_BINS_MAX * sizeof(uint32_t) + 256;
	return (bytes + step - 1) & ~(step - 1);
}

bool slate_sources_grow_(struct slate_heap *heap,
			 const struct slate_request *req)
{
	const struct slate_arena_source *source = heap->source;
	size_t size;

	if (!source || req->caps)
		return false;
	if (req->n + req->align <= source->size >> SLATE_GRANULE_SHIFT >> 1)
		return add_arena(heap, source, source->size);
	size = large_size(req, source->size);
	if (!size)
		return false;
	if (!heap->sources && !add_arena(heap, source, source->size))
		return false;
	return add_arena(heap, source, size > source->size ? size :
			 source->size * 2);
}

void slate_sources_destroy_(struct slate_heap *heap)
{
	const struct slate_arena_source *home = heap->home_source;
	void *home_start = heap->home.chunks.arena.start;
	size_t home_size = heap->home.chunks.arena.size;
	struct slate_sources *s = heap->sources;
	struct sourced *pinned = s ? s->pinned : NULL;
	struct sourced *a = s ? s->all : NULL;
	struct sourced *next;

	for (; a; a = next) {
		next = sourced_next(a);
		if (a != pinned)
			a->source->free(a->source->ctx, a,
					a->pools.chunks.arena.size);
	}
	if (s && s->slots)
		s->slots_source->free(s->slots_source->ctx, s->slots,
				      s->slots_size);
	if (pinned)
		pinned->source->free(pinned->source->ctx, pinned,
				     pinned->pools.chunks.arena.size);
	if (home)
		home->free(home->ctx, home_start, home_size);
}

#else

struct slate_heap *
slate_heap_create_from(const struct slate_arena_source *source)
{
	(void)source;
	return NULL;
}

int slate_heap_set_source(struct slate_heap *heap,
			  const struct slate_arena_source *source)
{
	(void)heap;
	return source ? -SLATE_ENOTSUP : 0;
}

#endif /* SLATE_CONFIG_SOURCE */
