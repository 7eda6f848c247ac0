/* SPDX-License-Identifier: MIT */
/*
 * Layer 6: where a call came from. A site is the address that a call of slate
 * returns to, or a tag: the address of a constant with file and line.
 *
 * A wrapper that wants sites has a second set of functions, each with the
 * site behind the other arguments. A tier looks for it (SLATE_ALLOC_SITES)
 * and calls those; whoever knows nothing of sites calls the table as any
 * other, and is itself the site then. Nothing is stored on the way, so calls
 * from threads and interrupts keep their own sites, and a tier without a
 * table does not execute one instruction for it.
 *
 * With SLATE_CONFIG_HOOKS 0 the calls here are the tiers' own.
 */
#ifndef SLATE_SITE_H
#define SLATE_SITE_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

/* For struct slate_allocator.flags: it is in a struct slate_site_allocator. */
#define SLATE_ALLOC_SITES	0x2u

/**
 * struct slate_site_calls - a table's functions, with the site of the call
 * @malloc: as that of struct slate_allocator, and so are the others
 * @calloc: see @malloc
 * @realloc: see @malloc
 * @free: see @malloc
 * @aligned: see @malloc
 */
struct slate_site_calls {
	void *(*malloc)(void *ctx, size_t size, const void *site);
	void *(*calloc)(void *ctx, size_t nmemb, size_t size,
			const void *site);
	void *(*realloc)(void *ctx, void *ptr, size_t size, const void *site);
	void (*free)(void *ctx, void *ptr, const void *site);
	void *(*aligned)(void *ctx, size_t align, size_t size,
			 unsigned int caps, const void *site);
};

/**
 * struct slate_site_allocator - a table that is told of sites
 * @table: for slate_tier_set(); its flags have SLATE_ALLOC_SITES
 * @calls: the functions with a site; may be const, and outlives the table
 */
struct slate_site_allocator {
	struct slate_allocator table;
	const struct slate_site_calls *calls;
};

/**
 * struct slate_tag - a site that says where it is
 * @file: name of the source file
 * @line: line in it
 *
 * Tags lie in a section of their own, slate_tags, by which a tool tells them
 * from return addresses.
 */
struct slate_tag {
	const char *file;
	unsigned int line;
};

/* The address of a constant struct slate_tag of this line. */
#define SLATE_HERE							\
	(__extension__({						\
		static const struct slate_tag slate_here_		\
			__attribute__((section("slate_tags"), used)) = {\
			__FILE__, __LINE__				\
		};							\
		(const void *)&slate_here_;				\
	}))

/**
 * slate_site_malloc() - a tier's malloc, on behalf of another place
 * @heap: the heap
 * @tier: the tier; an unknown one gives NULL
 * @size: bytes
 * @site: what wrappers are to take for the caller: SLATE_HERE, a return
 *	address, or anything that the program tells apart
 *
 * Context: as slate_mem_malloc().
 * Return: as slate_mem_malloc().
 */
void *slate_site_malloc(struct slate_heap *heap, enum slate_tier tier,
			size_t size, const void *site);

/**
 * slate_site_calloc() - a tier's calloc, on behalf of another place
 * @heap: the heap
 * @tier: as slate_site_malloc()
 * @nmemb: elements
 * @size: bytes of each
 * @site: as slate_site_malloc()
 *
 * Context: as slate_mem_calloc().
 * Return: as slate_mem_calloc().
 */
void *slate_site_calloc(struct slate_heap *heap, enum slate_tier tier,
			size_t nmemb, size_t size, const void *site);

/**
 * slate_site_realloc() - a tier's realloc, on behalf of another place
 * @heap: the heap
 * @tier: as slate_site_malloc()
 * @ptr: the block, or NULL
 * @size: bytes
 * @site: as slate_site_malloc()
 *
 * Context: as slate_mem_realloc().
 * Return: as slate_mem_realloc().
 */
void *slate_site_realloc(struct slate_heap *heap, enum slate_tier tier,
			 void *ptr, size_t size, const void *site);

/**
 * slate_site_free() - a tier's free, on behalf of another place
 * @heap: the heap
 * @tier: the tier; an unknown one does nothing
 * @ptr: the block, or NULL
 * @site: as slate_site_malloc()
 *
 * Context: as slate_mem_free().
 */
void slate_site_free(struct slate_heap *heap, enum slate_tier tier, void *ptr,
		     const void *site);

/**
 * slate_site_alloc() - slate_raw_alloc(), on behalf of another place
 * @heap: the heap
 * @align: as slate_raw_alloc()
 * @size: as slate_raw_alloc()
 * @caps: as slate_raw_alloc()
 * @site: as slate_site_malloc()
 *
 * Context: as slate_raw_alloc().
 * Return: as slate_raw_alloc().
 */
void *slate_site_alloc(struct slate_heap *heap, size_t align, size_t size,
		       unsigned int caps, const void *site);

SLATE_END_DECLS

#endif /* SLATE_SITE_H */
