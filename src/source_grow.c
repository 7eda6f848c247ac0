// SPDX-License-Identifier: MIT
/* Arenas from sources: how they are taken, and found by address afterwards. */
#include "source.h"
#include "mem_calls.h"

#if SLATE_CONFIG_SOURCE

/* Times that the look-up table grows: no more memory is touched than that. */
#define TABLE_GROWTH	8u

/* Bytes that the next look-up table wants at least. */
static size_t table_wants(const struct slate_sources *s)
{
	if (SLATE_CONFIG_SOURCE_FAST)
		return (s->table.mask + 1) * TABLE_GROWTH * sizeof(void *);
	return s->slots_size * 2;
}

/* The slots that are used of @bytes. */
static size_t slots_in(const struct slate_sources *s, size_t bytes)
{
	size_t n = bytes / sizeof(void *);
	size_t most = (s->table.mask + 1) * TABLE_GROWTH;

	return SLATE_CONFIG_SOURCE_FAST && n > most ? most : n;
}

/* Lock held: all arenas stand in @slots from now on; false: they do not fit. */
static bool move_table(struct slate_sources *s, void *slots, size_t bytes)
{
	struct slate_arena **old = s->table.slots;
	size_t old_mask = s->table.mask;
	struct sourced *a;

	slate_table_use_(&s->table, slots, slots_in(s, bytes));
	for (a = s->all; a; a = sourced_next(a)) {
		if (slate_table_insert_(&s->table, &a->pools.chunks.arena,
					shelf_shift(a->shelf)))
			continue;
		s->table.slots = old;
		s->table.mask = old_mask;
		return false;
	}
	return true;
}

/* Room in the look-up table for one more, if the source has memory for it. */
static bool grow_table(struct slate_heap *heap,
		       const struct slate_arena_source *source)
{
	struct slate_sources *s = heap->sources;
	size_t bytes = (table_wants(s) + source->size - 1) &
		       ~(source->size - 1);
	const struct slate_arena_source *freed_by = NULL;
	size_t freed = 0;
	slate_port_key key;
	void *slots;
	void *old = NULL;

	if (bytes < source->size)
		bytes = source->size;
	slots = slate_source_take_(source, bytes);
	if (!slots)
		return false;
	key = heap_lock();
	if (slots_in(s, bytes) > s->table.mask + 1 &&
	    move_table(s, slots, bytes)) {
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

/**
 * struct fresh - an arena that is not in the heap yet
 * @a: the arena
 * @source: what brought it
 * @shelf: room for the shelf of its source, if that has none
 * @sources: room for the heap's lists, if it has none
 */
struct fresh {
	struct sourced *a;
	const struct slate_arena_source *source;
	struct shelf *shelf;
	struct slate_sources *sources;
};

/* Lock held: the shelf for it, made in it if this is its source's first. */
static struct shelf *shelf_for(struct slate_heap *heap,
			       const struct fresh *fresh)
{
	struct shelf *shelf = slate_shelf_find_(heap, fresh->source);

	if (shelf)
		return shelf;
	slate_shelf_add_(heap, fresh->shelf, fresh->source);
	fresh->shelf->pinned = fresh->a;
	return fresh->shelf;
}

/* False: the table is full. A heap's first arena always finds a place. */
static bool insert(struct slate_heap *heap, const struct fresh *fresh)
{
	unsigned int shift = slate_word_log2(fresh->source->size);
	slate_port_key key = heap_lock();
	struct sourced *a = fresh->a;
	bool done;

	if (!heap->sources) {
		memset(fresh->sources, 0, sizeof(*fresh->sources));
		slate_table_init_(&fresh->sources->table);
		fresh->sources->pinned = a;
		heap->sources = fresh->sources;
	}
	done = slate_table_insert_(&heap->sources->table,
				   &a->pools.chunks.arena, shift);
	if (done) {
		a->shelf = shelf_for(heap, fresh);
		slate_sources_add_(heap->sources, a);
	}
	heap_unlock(key);
	return done;
}

/* What the next arena of @source has to bring along, as its front's end. */
static void *front_of(struct slate_heap *heap, const struct fresh *fresh)
{
	slate_port_key key = heap_lock();
	void *front = fresh->shelf;

	if (!slate_shelf_find_(heap, fresh->source))
		front = fresh->sources;
	if (!heap->sources)
		front = fresh->sources + 1;
	heap_unlock(key);
	return front;
}

/* Take an arena of @size bytes into the heap. */
static bool add_arena(struct slate_heap *heap,
		      const struct slate_arena_source *source, size_t size)
{
	struct fresh fresh = { .source = source };
	struct sourced *a = slate_source_take_(source, size);
	void *front;

	if (!a)
		return false;
	fresh.a = a;
	fresh.shelf = (struct shelf *)(void *)(a + 1);
	fresh.sources = (struct slate_sources *)(void *)(fresh.shelf + 1);
	front = front_of(heap, &fresh);
	if (slate_arena_open_from_(&a->pools, a, size, source, front)) {
		source->free(source->ctx, a, size);
		return false;
	}
	a->large = size != source->size;
	a->pools.chunks.arena.caps |= SLATE_CAP_SOURCED;
	while (!insert(heap, &fresh)) {
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

static bool has_shelf(struct slate_heap *heap,
		      const struct slate_arena_source *source)
{
	slate_port_key key = heap_lock();
	bool has = slate_shelf_find_(heap, source);

	heap_unlock(key);
	return has;
}

static bool grow_from(struct slate_heap *heap,
		      const struct slate_arena_source *source,
		      const struct slate_request *req)
{
	size_t size;

	if (req->n + req->align <= source->size >> SLATE_GRANULE_SHIFT >> 1)
		return add_arena(heap, source, source->size);
	size = large_size(req, source->size);
	if (!size)
		return false;
	/* A shelf lies in an ordinary arena. */
	if (!has_shelf(heap, source) &&
	    !add_arena(heap, source, source->size))
		return false;
	return add_arena(heap, source, size > source->size ? size :
			 source->size * 2);
}

bool slate_sources_grow_(struct slate_heap *heap,
			 const struct slate_request *req)
{
	const struct slate_arena_source *source = heap->source;

	for (; source; source = source->next) {
		if (slate_caps_serve(source->caps, req->caps) &&
		    grow_from(heap, source, req))
			return true;
	}
	return false;
}

#else

extern const int slate_source_grow_is_off;

#endif /* SLATE_CONFIG_SOURCE */
