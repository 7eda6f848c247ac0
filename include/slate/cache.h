/* SPDX-License-Identifier: MIT */
/*
 * Layer 8: typed caches: one kind of object, its size and alignment said once,
 * constructed once and kept constructed.
 *
 * Objects are blocks of the heap, small ones from its pools, so a cache needs
 * no slabs of its own and every pointer is judged as any other. What it adds
 * is the constructor, the figures of one type, and a short list of free
 * objects that stay constructed. That list has a cap; slate_cache_shrink()
 * gives it back, slate_caches_release() does before a request of the heap
 * fails. With SLATE_CONFIG_CHECK 3 and above the cap is 0 to begin with, so
 * that each freed object is the heap's again and poisoned.
 */
#ifndef SLATE_CACHE_H
#define SLATE_CACHE_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

struct slate_cache;

/**
 * slate_cache_create() - a cache for one kind of object
 * @heap: where the objects and the cache itself lie; outlives it
 * @name: for people; not copied
 * @size: bytes of an object, at least 1
 * @align: a power of two, in bytes; 0 for that of every block
 * @ctor: brings a new object into the state in which slate_cache_alloc() hands
 *	it out, and in which slate_cache_free() gets it back; NULL for none
 * @dtor: called before an object goes back to the heap; NULL for none
 *
 * @ctor and @dtor are called with no lock held and may use the heap, and other
 * caches.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: the cache, or NULL if there is no memory, @size is 0 or above
 * PTRDIFF_MAX, or @align is no power of two.
 */
struct slate_cache *slate_cache_create(struct slate_heap *heap,
				       const char *name, size_t size,
				       size_t align,
				       void (*ctor)(void *object),
				       void (*dtor)(void *object))
				       SLATE_MUST_CHECK;

/**
 * slate_cache_alloc() - take an object
 * @cache: the cache
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1), plus the
 * constructor for an object that was not kept.
 * Return: the object, constructed; NULL if there is no memory.
 */
void *slate_cache_alloc(struct slate_cache *cache) SLATE_MUST_CHECK;

/**
 * slate_cache_free() - give an object back
 * @cache: the cache that it came from
 * @object: the object, in its constructed state; NULL does nothing
 *
 * The pointer is judged: one that is no live block of the heap, that is kept
 * here already, or that cannot be from here, since its block is smaller or no
 * object is live, is reported to slate_port_fault() (as free does; as
 * SLATE_FAULT_DOUBLE_FREE; as SLATE_FAULT_TIER) and dropped.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1): at most
 * SLATE_CONFIG_CACHE looks; plus the destructor for an object not kept.
 */
void slate_cache_free(struct slate_cache *cache, void *object);

/**
 * slate_cache_set_cap() - how many free objects a cache keeps
 * @cache: the cache
 * @cap: most of them; more than SLATE_CONFIG_CACHE means that many
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(@cap).
 */
void slate_cache_set_cap(struct slate_cache *cache, unsigned int cap);

/**
 * slate_cache_shrink() - give all kept objects back to the heap
 * @cache: the cache
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK; not from this
 * cache's constructor or destructor. O(SLATE_CONFIG_CACHE) and as many
 * destructors.
 * Return: how many objects there were.
 */
size_t slate_cache_shrink(struct slate_cache *cache);

/**
 * slate_cache_destroy() - end a cache
 * @cache: the cache, or NULL; it leaves the list that it is on
 *
 * Context: the owner; nobody may use the cache. As slate_cache_shrink(), and
 * O(caches) if it is on a list.
 * Return: 0, or -SLATE_EBUSY while objects are live, and then it stays.
 */
int slate_cache_destroy(struct slate_cache *cache);

/**
 * struct slate_cache_info - a cache in figures
 * @name: as given
 * @size: bytes of an object, as given
 * @align: their alignment, as given
 * @live: objects that are handed out
 * @peak: the most that @live has been
 * @kept: free objects that stay constructed
 * @cap: the most that @kept may be
 * @allocs: objects handed out, in all
 * @hits: those among them that had been kept
 * @failures: calls that returned NULL
 */
struct slate_cache_info {
	const char *name;
	size_t size;
	size_t align;
	size_t live;
	size_t peak;
	size_t kept;
	size_t cap;
	size_t allocs;
	size_t hits;
	size_t failures;
};

/**
 * slate_cache_stats() - a cache in figures
 * @cache: the cache
 * @stats: filled
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 */
void slate_cache_stats(struct slate_cache *cache,
		       struct slate_cache_info *stats);

/**
 * struct slate_caches - caches that give back together
 * @first: the last that was added
 *
 * The caller's, all zero in the beginning: for the handler that hears of
 * memory running out, and for reports.
 */
struct slate_caches {
	struct slate_cache *first;
};

/**
 * slate_caches_add() - put a cache on a list
 * @caches: the list
 * @cache: a cache that is on none
 *
 * Context: the owner of the list. O(1).
 * Return: 0, or -SLATE_EBUSY if it is on a list already.
 */
int slate_caches_add(struct slate_caches *caches, struct slate_cache *cache);

/**
 * slate_caches_shrink() - give back what all caches of a list keep
 * @caches: the list
 *
 * Context: the owner of the list. As slate_cache_shrink(), for each.
 * Return: how many objects went back to their heaps.
 */
size_t slate_caches_shrink(struct slate_caches *caches);

/**
 * slate_caches_release() - the same as an out-of-memory handler
 * @caches: the list, a struct slate_caches
 * @heap: not used
 * @size: not used
 *
 * For the release of a struct slate_rescue, whose ctx is the list: then what
 * is kept goes back before a request of the heap fails. Destructors must not
 * allocate from it then.
 *
 * Context: as slate_caches_shrink().
 * Return: true if an object went back.
 */
bool slate_caches_release(void *caches, struct slate_heap *heap, size_t size);

/**
 * slate_caches_next() - go through a list
 * @caches: the list
 * @cache: the cache before, or NULL for the first
 *
 * Context: the owner of the list. O(1).
 * Return: the next cache, or NULL.
 */
struct slate_cache *slate_caches_next(const struct slate_caches *caches,
				      const struct slate_cache *cache);

SLATE_END_DECLS

#endif /* SLATE_CACHE_H */
