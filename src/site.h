/* SPDX-License-Identifier: MIT */
/*
 * Layer 6: calling a table on behalf of a site. Tiers call what is set, and a
 * wrapper that has a site passes it on to the table below with these.
 */
#ifndef SLATE_SITE_CALLS_H
#define SLATE_SITE_CALLS_H

#include <slate/site.h>

/*
 * Where the function in which this stands returns to. On Thumb bit 0 is set.
 * A function that is inlined has no such place: whoever asks is marked, since
 * -flto inlines across files.
 */
#define SLATE_CALLER	((const void *)__builtin_return_address(0))
#define SLATE_CALLED	__attribute__((noinline))

/*
 * The function of @table, or its twin with a site. As the tiers' calls, sizes
 * above PTRDIFF_MAX are refused here, so that no table sees them; a product
 * was tested before.
 */
void *slate_table_malloc_(const struct slate_allocator *table, size_t size,
			  const void *site);
void *slate_table_calloc_(const struct slate_allocator *table, size_t nmemb,
			  size_t size, const void *site);
void *slate_table_realloc_(const struct slate_allocator *table, void *ptr,
			   size_t size, const void *site);
void slate_table_free_(const struct slate_allocator *table, void *ptr,
		       const void *site);
void *slate_table_aligned_(const struct slate_allocator *table, size_t align,
			   size_t size, unsigned int caps, const void *site);

/* The mem tier's calls for a caller's caller; without hooks none asks whose. */
SLATE_INLINE void *mem_malloc_at(struct slate_heap *heap, size_t size,
				 const void *site)
{
	if (!SLATE_CONFIG_HOOKS)
		return slate_mem_malloc(heap, size);
	return slate_site_malloc(heap, SLATE_TIER_MEM, size, site);
}

SLATE_INLINE void *mem_calloc_at(struct slate_heap *heap, size_t nmemb,
				 size_t size, const void *site)
{
	if (!SLATE_CONFIG_HOOKS)
		return slate_mem_calloc(heap, nmemb, size);
	return slate_site_calloc(heap, SLATE_TIER_MEM, nmemb, size, site);
}

SLATE_INLINE void *mem_realloc_at(struct slate_heap *heap, void *ptr,
				  size_t size, const void *site)
{
	if (!SLATE_CONFIG_HOOKS)
		return slate_mem_realloc(heap, ptr, size);
	return slate_site_realloc(heap, SLATE_TIER_MEM, ptr, size, site);
}

SLATE_INLINE void mem_free_at(struct slate_heap *heap, void *ptr,
			      const void *site)
{
	if (SLATE_CONFIG_HOOKS)
		slate_site_free(heap, SLATE_TIER_MEM, ptr, site);
	else
		slate_mem_free(heap, ptr);
}

#endif /* SLATE_SITE_CALLS_H */
