/* SPDX-License-Identifier: MIT */
/*
 * Layer 6: the three tiers, raw, mem and obj, and the table of each.
 *
 * What holds for all three:
 * - a size of 0 is a real request: a unique block of the smallest size;
 * - sizes above PTRDIFF_MAX, and products that overflow, give NULL;
 * - failing is silent: NULL, and everything is as before;
 * - a block is aligned to SLATE_CONFIG_GRANULE bytes;
 * - every pointer given is judged; a bad one is reported once to
 *   slate_port_fault() and, if that returns, dropped: free does nothing,
 *   realloc returns NULL;
 * - a block may be freed and resized through any tier, as long as the tiers
 *   have slate's own tables.
 *
 * raw serves from the chunk engine; mem (buffers) and obj (objects) are one
 * engine under two names: small blocks from pools, others from chunks.
 *
 * Context of all: with SLATE_CONFIG_LOCK 1 any thread, and any interrupt that
 * the port's lock masks; with 0 the heap's owner. O(1), plus copying and
 * clearing the caller's bytes, plus an arena from the source if one is needed,
 * plus O(arenas) if the source then has none.
 */
#ifndef SLATE_TIER_H
#define SLATE_TIER_H

#include <slate/heap.h>

SLATE_BEGIN_DECLS

enum slate_tier { SLATE_TIER_RAW, SLATE_TIER_MEM, SLATE_TIER_OBJ };
#define SLATE_TIERS	3

/* For struct slate_allocator.flags: moves pointers or has its own memory. */
#define SLATE_ALLOC_REPLACES	0x1u

/**
 * struct slate_allocator - the table of a tier
 * @name: for people; what slate_tier_name() returns
 * @flags: 0 or SLATE_ALLOC_REPLACES
 * @ctx: handed to each function first
 * @malloc: as slate_mem_malloc()
 * @calloc: as slate_mem_calloc(); the product was tested for overflow
 * @realloc: as slate_mem_realloc(), NULL and 0 included
 * @free: as slate_mem_free(), NULL included
 * @aligned: as slate_raw_alloc()
 *
 * A table may be const and in flash; it outlives the heap, or its use.
 * A wrapper keeps the table that it found, and calls that with its ctx.
 * Functions are called with no lock held and as concurrently as the tier is.
 */
struct slate_allocator {
	const char *name;
	unsigned int flags;
	void *ctx;
	void *(*malloc)(void *ctx, size_t size);
	void *(*calloc)(void *ctx, size_t nmemb, size_t size);
	void *(*realloc)(void *ctx, void *ptr, size_t size);
	void (*free)(void *ctx, void *ptr);
	void *(*aligned)(void *ctx, size_t align, size_t size,
			 unsigned int caps);
};

/**
 * slate_tier_get() - the table of a tier
 * @heap: the heap
 * @tier: the tier
 * @table: set to it; slate's own table if none was set. Untouched on error.
 *
 * slate's own tables lie in the heap, and end with it.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: 0, -SLATE_EINVAL for an unknown tier, or -SLATE_ENOTSUP without
 * SLATE_CONFIG_HOOKS.
 */
int slate_tier_get(struct slate_heap *heap, enum slate_tier tier,
		   const struct slate_allocator **table) SLATE_MUST_CHECK;

/**
 * slate_tier_set() - replace or wrap a tier
 * @heap: the heap
 * @tier: the tier
 * @table: the new table; NULL for slate's own
 *
 * A table that passes through to the one before may be set at any time. One
 * with SLATE_ALLOC_REPLACES, and the one after it, only while no block of the
 * tier is live; blocks that such a table made in memory of its own are not
 * seen here, so the caller sees to those.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1), one store.
 * Return: 0, -SLATE_EINVAL for an unknown tier or a table with a function
 * missing, -SLATE_EBUSY if blocks of the tier are live, or -SLATE_ENOTSUP
 * without SLATE_CONFIG_HOOKS.
 */
int slate_tier_set(struct slate_heap *heap, enum slate_tier tier,
		   const struct slate_allocator *table) SLATE_MUST_CHECK;

/**
 * slate_tier_name() - what serves a tier
 * @heap: the heap
 * @tier: the tier
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: the name of its table: "chunk" or "pool" for slate's own, NULL for
 * an unknown tier or a table without a name.
 */
const char *slate_tier_name(struct slate_heap *heap, enum slate_tier tier);

/**
 * enum slate_profile - what serves the tiers, as one choice
 * @SLATE_PROFILE_DEFAULT: what the configuration says: pools where it has them
 * @SLATE_PROFILE_DEBUG: default with debug hooks
 * @SLATE_PROFILE_MALLOC: every tier from the chunk engine, no pools
 * @SLATE_PROFILE_MALLOC_DEBUG: malloc with debug hooks
 * @SLATE_PROFILE_POOL: mem and obj from pools
 * @SLATE_PROFILE_POOL_DEBUG: pool with debug hooks
 */
enum slate_profile {
	SLATE_PROFILE_DEFAULT,
	SLATE_PROFILE_DEBUG,
	SLATE_PROFILE_MALLOC,
	SLATE_PROFILE_MALLOC_DEBUG,
	SLATE_PROFILE_POOL,
	SLATE_PROFILE_POOL_DEBUG
};

/**
 * slate_profile_find() - a profile by its name
 * @name: "default", "debug", "malloc", "malloc_debug", "pool", "pool_debug";
 *	"dev" is "debug", and "" and NULL are "default"
 * @profile: set to it; untouched on error
 *
 * Context: Any. O(1).
 * Return: 0, or -SLATE_EINVAL for an unknown name.
 */
int slate_profile_find(const char *name,
		       enum slate_profile *profile) SLATE_MUST_CHECK;

/**
 * slate_heap_set_profile() - choose what serves a heap's tiers
 * @heap: the heap
 * @profile: the choice
 *
 * May be called at any time: blocks that live stay where they are. But debug
 * hooks are put on and taken off only while no block lives; they need the
 * storage that slate_debug_enable() was given, or SLATE_CONFIG_DEBUG.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK; to put debug hooks
 * on or off, nobody else may be in a call. O(1), O(heap / 256) for that.
 * Return: 0, -SLATE_EINVAL for an unknown profile, -SLATE_EBUSY if debug hooks
 * would have to come or go while a block lives, or to go from under another
 * wrapper, -SLATE_ENOTSUP for one with debug hooks without their storage, for
 * "pool" without SLATE_CONFIG_POOL, and for "malloc" with pools but without
 * SLATE_CONFIG_HOOKS.
 */
int slate_heap_set_profile(struct slate_heap *heap,
			   enum slate_profile profile) SLATE_MUST_CHECK;

/* Any size, from the chunk engine. */
void *slate_raw_malloc(struct slate_heap *heap, size_t size);
void *slate_raw_calloc(struct slate_heap *heap, size_t nmemb, size_t size);
void *slate_raw_realloc(struct slate_heap *heap, void *ptr, size_t size);
void slate_raw_free(struct slate_heap *heap, void *ptr);

/**
 * slate_raw_aligned_alloc() - allocate with an alignment
 * @heap: the heap
 * @align: a power of two, in bytes; below a granule it means a granule
 * @size: bytes; rounded up to @align, so that no other block shares its last
 *	cache line
 *
 * Free it as any block. A realloc that moves it keeps the alignment of a
 * granule only. An alignment above a granule may fail though memory would
 * suffice.
 *
 * Context: see the top of this file.
 * Return: the block; NULL if there is no memory, the sum overflows or @align
 * is no power of two.
 */
void *slate_raw_aligned_alloc(struct slate_heap *heap, size_t align,
			      size_t size);

/**
 * slate_raw_alloc() - allocate with an alignment and from certain memory
 * @heap: the heap
 * @align: as slate_raw_aligned_alloc()
 * @size: bytes, rounded up to @align
 * @caps: the block's region has all these SLATE_CAP_* bits; 0 for any
 *
 * Context: see the top of this file.
 * Return: the block, or NULL as slate_raw_aligned_alloc().
 */
void *slate_raw_alloc(struct slate_heap *heap, size_t align, size_t size,
		      unsigned int caps);

/* Buffers. */
void *slate_mem_malloc(struct slate_heap *heap, size_t size);
void *slate_mem_calloc(struct slate_heap *heap, size_t nmemb, size_t size);
void *slate_mem_realloc(struct slate_heap *heap, void *ptr, size_t size);
void slate_mem_free(struct slate_heap *heap, void *ptr);

/* Objects. */
void *slate_obj_malloc(struct slate_heap *heap, size_t size);
void *slate_obj_calloc(struct slate_heap *heap, size_t nmemb, size_t size);
void *slate_obj_realloc(struct slate_heap *heap, void *ptr, size_t size);
void slate_obj_free(struct slate_heap *heap, void *ptr);

/**
 * slate_mem_strdup() - copy a string
 * @heap: the heap
 * @s: the string, or NULL
 *
 * Context: see the top of this file. O(length).
 * Return: the copy, the caller's to free; NULL if @s is or memory is short.
 */
char *slate_mem_strdup(struct slate_heap *heap, const char *s);

/**
 * slate_mem_strndup() - copy the start of a string
 * @heap: the heap
 * @s: the string, or NULL; need not end within @n bytes
 * @n: bytes to copy at most; a NUL is added
 *
 * Context: see the top of this file. O(@n).
 * Return: as slate_mem_strdup().
 */
char *slate_mem_strndup(struct slate_heap *heap, const char *s, size_t n);

/**
 * slate_mem_resize_array() - realloc for arrays
 * @heap: the heap
 * @ptr: the array or NULL
 * @nmemb: elements that it is to have
 * @size: bytes of an element
 *
 * Context: see the top of this file.
 * Return: the array, perhaps moved; NULL if memory is short or the product
 * overflows, and then @ptr is as it was and still the caller's.
 */
void *slate_mem_resize_array(struct slate_heap *heap, void *ptr, size_t nmemb,
			     size_t size);

/* An array of @n zeroed objects of @type, NULL if the product overflows. */
#define slate_mem_new(heap, type, n) \
	((type *)slate_mem_calloc(heap, n, sizeof(type)))

/* @ptr, an array of @type, with @n elements; @ptr itself is not assigned. */
#define slate_mem_resize(heap, ptr, type, n) \
	((type *)slate_mem_resize_array(heap, ptr, n, sizeof(type)))

SLATE_END_DECLS

#endif /* SLATE_TIER_H */
