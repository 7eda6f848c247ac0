// SPDX-License-Identifier: MIT
/*
 * Typed caches: blocks of the heap, and an array of free ones that stay
 * constructed.
 *
 * kept[0] to kept[nkept - 1] are constructed, owned by the cache, and live
 * blocks for the heap; nothing is written into them. The last in is the first
 * out. Every other object is either live or the heap's. The array is edited
 * with the lock held; constructors, destructors, faults and the heap are
 * called without.
 *
 * Invariant: nkept <= cap <= SLATE_CONFIG_CACHE, hits <= allocs.
 */
#include <slate/cache.h>

#include "port_lock.h"
#include "weak.h"

/**
 * struct slate_cache - a cache
 * @heap: where objects come from
 * @list: the list it is on, or NULL
 * @next: the cache behind it on @list
 * @ctor: or NULL
 * @dtor: or NULL
 * @aligned: @stats.align is above that of every block
 * @stats: its figures; name, size, align and cap are settings
 * @kept: free objects
 */
struct slate_cache {
	struct slate_heap *heap;
	struct slate_caches *list;
	struct slate_cache *next;
	void (*ctor)(void *object);
	void (*dtor)(void *object);
	bool aligned;
	struct slate_cache_info stats;
	void *kept[SLATE_CONFIG_CACHE + !SLATE_CONFIG_CACHE];
};

struct slate_cache *slate_cache_create(struct slate_heap *heap,
				       const char *name, size_t size,
				       size_t align,
				       void (*ctor)(void *object),
				       void (*dtor)(void *object))
{
	struct slate_cache *cache;

	if (!size || size > PTRDIFF_MAX)
		return NULL;
	if (align && !slate_is_power_of_two(align))
		return NULL;
	cache = slate_mem_calloc(heap, 1, sizeof(*cache));
	if (!cache)
		return NULL;
	cache->heap = heap;
	cache->ctor = ctor;
	cache->dtor = dtor;
	cache->aligned = align > SLATE_CONFIG_GRANULE;
	cache->stats.name = name;
	cache->stats.size = size;
	cache->stats.align = align;
	cache->stats.cap = SLATE_CONFIG_CHECK >= 3 ? 0 : SLATE_CONFIG_CACHE;
	return cache;
}

/* An object of the heap, constructed, or NULL. */
static void *object_new(struct slate_cache *cache)
{
	size_t size = cache->stats.size;
	void *object;

	if (cache->aligned)
		object = slate_raw_alloc(cache->heap, cache->stats.align, size,
					 0);
	else
		object = slate_obj_malloc(cache->heap, size);
	if (object && cache->ctor)
		cache->ctor(object);
	return object;
}

static void object_end(struct slate_cache *cache, void *object)
{
	if (cache->dtor)
		cache->dtor(object);
	if (cache->aligned)
		slate_raw_free(cache->heap, object);
	else
		slate_obj_free(cache->heap, object);
}

/* With the lock held: the object that was kept last, or NULL. */
static void *pop(struct slate_cache *cache)
{
	return cache->stats.kept ? cache->kept[--cache->stats.kept] : NULL;
}

/* Give one kept object back to the heap, if more than @cap are. */
static bool give_back(struct slate_cache *cache, size_t cap)
{
	slate_port_key key = port_lock();
	void *object = cache->stats.kept > cap ? pop(cache) : NULL;

	port_unlock(key);
	if (object)
		object_end(cache, object);
	return object;
}

/* With the lock held: one more is handed out. */
static void count(struct slate_cache_info *stats)
{
	stats->allocs++;
	stats->live++;
	if (stats->live > stats->peak)
		stats->peak = stats->live;
}

void *slate_cache_alloc(struct slate_cache *cache)
{
	struct slate_cache_info *stats = &cache->stats;
	slate_port_key key = port_lock();
	void *object = pop(cache);

	if (object) {
		stats->hits++;
		count(stats);
		port_unlock(key);
		return object;
	}
	port_unlock(key);
	object = object_new(cache);
	key = port_lock();
	if (object)
		count(stats);
	else
		stats->failures++;
	port_unlock(key);
	return object;
}

static bool is_kept(const struct slate_cache *cache, const void *object)
{
	size_t i;

	for (i = 0; i < cache->stats.kept; i++) {
		if (cache->kept[i] == object)
			return true;
	}
	return false;
}

enum verdict { KEPT, NOT_KEPT, TWICE, NOT_OURS };

/* Take an object back, and keep it if there is room. */
static enum verdict push(struct slate_cache *cache, void *object)
{
	struct slate_cache_info *stats = &cache->stats;

	if (is_kept(cache, object))
		return TWICE;
	if (!stats->live)
		return NOT_OURS;
	stats->live--;
	if (stats->kept >= stats->cap)
		return NOT_KEPT;
	cache->kept[stats->kept++] = object;
	return KEPT;
}

void slate_cache_free(struct slate_cache *cache, void *object)
{
	enum verdict verdict = NOT_OURS;
	slate_port_key key;
	size_t usable;

	if (!object)
		return;
	usable = slate_heap_usable_size(cache->heap, object);
	if (!usable)
		return;
	if (usable >= cache->stats.size) {
		key = port_lock();
		verdict = push(cache, object);
		port_unlock(key);
	}
	if (verdict == NOT_KEPT)
		object_end(cache, object);
	else if (verdict == TWICE)
		slate_port_fault(SLATE_FAULT_DOUBLE_FREE, cache->heap, object);
	else if (verdict == NOT_OURS)
		slate_port_fault(SLATE_FAULT_TIER, cache->heap, object);
}

size_t slate_cache_shrink(struct slate_cache *cache)
{
	size_t n = 0;

	while (n < SLATE_CONFIG_CACHE && give_back(cache, 0))
		n++;
	return n;
}

void slate_cache_set_cap(struct slate_cache *cache, unsigned int cap)
{
	slate_port_key key = port_lock();

	if (cap > SLATE_CONFIG_CACHE)
		cap = SLATE_CONFIG_CACHE;
	cache->stats.cap = cap;
	port_unlock(key);
	while (give_back(cache, cap))
		;
}

void slate_cache_stats(struct slate_cache *cache,
		       struct slate_cache_info *stats)
{
	slate_port_key key = port_lock();

	*stats = cache->stats;
	port_unlock(key);
}

static void leave_list(struct slate_cache *cache)
{
	struct slate_cache **link;

	if (!cache->list)
		return;
	for (link = &cache->list->first; *link != cache; link = &(*link)->next)
		;
	*link = cache->next;
}

int slate_cache_destroy(struct slate_cache *cache)
{
	if (!cache)
		return 0;
	if (cache->stats.live)
		return -SLATE_EBUSY;
	slate_cache_shrink(cache);
	leave_list(cache);
	slate_mem_free(cache->heap, cache);
	return 0;
}

int slate_caches_add(struct slate_caches *caches, struct slate_cache *cache)
{
	if (cache->list)
		return -SLATE_EBUSY;
	cache->list = caches;
	cache->next = caches->first;
	caches->first = cache;
	return 0;
}

struct slate_cache *slate_caches_next(const struct slate_caches *caches,
				      const struct slate_cache *cache)
{
	return cache ? cache->next : caches->first;
}

size_t slate_caches_shrink(struct slate_caches *caches)
{
	struct slate_cache *cache;
	size_t n = 0;

	for (cache = caches->first; cache; cache = cache->next)
		n += slate_cache_shrink(cache);
	return n;
}

bool slate_caches_release(void *caches, struct slate_heap *heap, size_t size)
{
	(void)heap;
	(void)size;
	return slate_caches_shrink(caches);
}
