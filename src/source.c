// SPDX-License-Identifier: MIT
/*
 * Sources of arenas: heaps that are made from one, get others, and end; and
 * when arenas go back. How they come is in source_grow.c.
 */
#include "source.h"
#include "mem_calls.h"

#if SLATE_CONFIG_SOURCE

#define SOURCE_MIN	4096u

static bool is_sound(const struct slate_arena_source *source)
{
	return source->alloc && source->free && source->size >= SOURCE_MIN &&
	       slate_is_power_of_two(source->size) &&
	       !(source->caps & SLATE_CAPS_OWN);
}

static bool chain_is_sound(const struct slate_arena_source *source)
{
	unsigned int n = 0;

	for (; source; source = source->next) {
		if (++n > SLATE_SOURCES_MAX || !is_sound(source))
			return false;
	}
	return true;
}

void *slate_source_take_(const struct slate_arena_source *source, size_t size)
{
	void *start = source->alloc(source->ctx, size);

	if (start && (uintptr_t)start & (source->size - 1)) {
		source->free(source->ctx, start, size);
		return NULL;
	}
	return start;
}

/* A heap in an arena of @source, which stands in @chain; or NULL. */
static struct slate_heap *create(const struct slate_arena_source *source,
				 const struct slate_arena_source *chain)
{
	struct slate_heap *heap = slate_source_take_(source, source->size);
	struct slate_sources *sources;
	struct slate_pools home;
	struct shelf *shelf;

	if (!heap)
		return NULL;
	sources = (struct slate_sources *)(void *)(heap + 1);
	shelf = (struct shelf *)(void *)(sources + 1);
	if (source->size <= sizeof(*heap) + sizeof(*sources) +
			    sizeof(*shelf) ||
	    slate_arena_open_from_(&home, heap, source->size, source,
				   shelf + 1)) {
		source->free(source->ctx, heap, source->size);
		return NULL;
	}
	memset(heap, 0, sizeof(*heap));
	memset(sources, 0, sizeof(*sources));
	heap->home = home;
	heap->source = chain;
	heap->sources = sources;
	sources->home = source;
	slate_table_init_(&sources->table);
	slate_shelf_add_(heap, shelf, source);
	slate_hooks_init_(heap);
	return heap;
}

struct slate_heap *
slate_heap_create_from(const struct slate_arena_source *source)
{
	const struct slate_arena_source *chain = source;
	struct slate_heap *heap = NULL;

	if (!chain)
		chain = slate_port_source();
	if (!chain_is_sound(chain))
		return NULL;
	for (source = chain; source && !heap; source = source->next) {
		if (!(source->caps & (SLATE_CAP_ZERO | SLATE_CAP_RESERVE)))
			heap = create(source, chain);
	}
	return heap;
}

int slate_heap_set_source(struct slate_heap *heap,
			  const struct slate_arena_source *source)
{
	slate_port_key key;

	if (!chain_is_sound(source))
		return -SLATE_EINVAL;
	key = heap_lock();
	heap->source = source;
	heap_unlock(key);
	return 0;
}

/* An ordinary arena that is one too many on its shelf, or NULL. */
static struct sourced *surplus(const struct shelf *shelf)
{
	struct sourced *a = shelf->empty;

	if (shelf->nempty <= SHELF_KEEP(shelf->n))
		return NULL;
	return a == shelf->pinned ? a->empty_next : a;
}

/* Lock held: @a, if there is one, leaves the heap if nothing prevents it. */
static struct slate_pools *leave(struct slate_heap *heap, struct sourced *a)
{
	if (!a || heap->pins || slate_pool_trim(&a->pools) < 0)
		return NULL;
	slate_sources_unlist_(heap->sources, a);
	return &a->pools;
}

void slate_sources_note_(struct slate_pools *p, size_t n)
{
	slate_sources_list_(sourced_of(p), n);
}

struct slate_pools *slate_sources_touch_(struct slate_heap *heap,
					 struct slate_pools *p, size_t n)
{
	struct sourced *a = sourced_of(p);

	slate_sources_list_(a, n);
	if (!a->large)
		a = surplus(a->shelf);
	else if (!a->empty)
		return NULL;
	return leave(heap, a);
}

/* One arena; returns the shelf that it stood on. */
static struct shelf *give_back(struct slate_heap *heap, struct slate_pools *p)
{
	struct sourced *a = sourced_of(p);
	struct shelf *shelf = a->shelf;
	struct slate_arena *arena = &a->pools.chunks.arena;

	hook_arena(heap, arena->start, arena->size, false);
	shelf->source->free(shelf->source->ctx, arena->start, arena->size);
	return shelf;
}

/* With fewer arenas, fewer empty ones are kept. */
void slate_sources_return_(struct slate_heap *heap, struct slate_pools *p)
{
	while (p) {
		struct shelf *shelf = give_back(heap, p);
		slate_port_key key = heap_lock();

		p = leave(heap, surplus(shelf));
		heap_unlock(key);
	}
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

static void free_arena(struct sourced *a)
{
	const struct slate_arena_source *source = a->shelf->source;

	source->free(source->ctx, a, a->pools.chunks.arena.size);
}

/* What holds the structs that tell of others goes last. */
static void free_all(struct slate_sources *s)
{
	struct sourced *a = s->all;
	struct shelf *shelf = s->shelves;

	while (a) {
		struct sourced *next = sourced_next(a);

		if (a != a->shelf->pinned)
			free_arena(a);
		a = next;
	}
	if (s->slots)
		s->slots_source->free(s->slots_source->ctx, s->slots,
				      s->slots_size);
	while (shelf) {
		struct shelf *next = shelf->next;

		if (shelf->pinned && shelf->pinned != s->pinned)
			free_arena(shelf->pinned);
		shelf = next;
	}
	if (s->pinned)
		free_arena(s->pinned);
}

void slate_sources_destroy_(struct slate_heap *heap)
{
	const struct slate_arena_source *home;
	void *start = heap->home.chunks.arena.start;
	size_t size = heap->home.chunks.arena.size;

	if (!heap->sources)
		return;
	home = heap->sources->home;
	free_all(heap->sources);
	if (home)
		home->free(home->ctx, start, size);
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
