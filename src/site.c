// SPDX-License-Identifier: MIT
/* Calls on behalf of a site, and those of tables that want to know it. */
#include "site.h"
#include "hooks.h"

static const struct slate_site_calls *
calls_of(const struct slate_allocator *table)
{
	if (!(table->flags & SLATE_ALLOC_SITES))
		return NULL;
	return SLATE_CONTAINER_OF(table, const struct slate_site_allocator,
				  table)->calls;
}

void *slate_table_malloc_(const struct slate_allocator *table, size_t size,
			  const void *site)
{
	const struct slate_site_calls *calls = calls_of(table);

	if (size > PTRDIFF_MAX)
		return NULL;
	if (calls)
		return calls->malloc(table->ctx, size, site);
	return table->malloc(table->ctx, size);
}

void *slate_table_calloc_(const struct slate_allocator *table, size_t nmemb,
			  size_t size, const void *site)
{
	const struct slate_site_calls *calls = calls_of(table);

	if (calls)
		return calls->calloc(table->ctx, nmemb, size, site);
	return table->calloc(table->ctx, nmemb, size);
}

void *slate_table_realloc_(const struct slate_allocator *table, void *ptr,
			   size_t size, const void *site)
{
	const struct slate_site_calls *calls = calls_of(table);

	if (size > PTRDIFF_MAX)
		return NULL;
	if (calls)
		return calls->realloc(table->ctx, ptr, size, site);
	return table->realloc(table->ctx, ptr, size);
}

void slate_table_free_(const struct slate_allocator *table, void *ptr,
		       const void *site)
{
	const struct slate_site_calls *calls = calls_of(table);

	if (calls)
		calls->free(table->ctx, ptr, site);
	else
		table->free(table->ctx, ptr);
}

void *slate_table_aligned_(const struct slate_allocator *table, size_t align,
			   size_t size, unsigned int caps, const void *site)
{
	const struct slate_site_calls *calls = calls_of(table);

	if (calls)
		return calls->aligned(table->ctx, align, size, caps, site);
	return table->aligned(table->ctx, align, size, caps);
}

/* The calls of each tier, for those whose tier has no table. */
static const struct {
	void *(*malloc)(struct slate_heap *heap, size_t size);
	void *(*calloc)(struct slate_heap *heap, size_t nmemb, size_t size);
	void *(*realloc)(struct slate_heap *heap, void *ptr, size_t size);
	void (*free)(struct slate_heap *heap, void *ptr);
} tiers[SLATE_TIERS] = {
	[SLATE_TIER_RAW] = {
		slate_raw_malloc, slate_raw_calloc, slate_raw_realloc,
		slate_raw_free,
	},
	[SLATE_TIER_MEM] = {
		slate_mem_malloc, slate_mem_calloc, slate_mem_realloc,
		slate_mem_free,
	},
	[SLATE_TIER_OBJ] = {
		slate_obj_malloc, slate_obj_calloc, slate_obj_realloc,
		slate_obj_free,
	},
};

void *slate_site_malloc(struct slate_heap *heap, enum slate_tier tier,
			size_t size, const void *site)
{
	const struct slate_allocator *table;

	if ((unsigned int)tier >= SLATE_TIERS)
		return NULL;
	table = hook_table(heap, tier);
	if (table)
		return slate_table_malloc_(table, size, site);
	return tiers[tier].malloc(heap, size);
}

void *slate_site_calloc(struct slate_heap *heap, enum slate_tier tier,
			size_t nmemb, size_t size, const void *site)
{
	const struct slate_allocator *table;
	size_t bytes;

	if ((unsigned int)tier >= SLATE_TIERS)
		return NULL;
	table = hook_table(heap, tier);
	if (table && slate_size_product(nmemb, size, &bytes))
		return slate_table_calloc_(table, nmemb, size, site);
	return tiers[tier].calloc(heap, nmemb, size);
}

void *slate_site_realloc(struct slate_heap *heap, enum slate_tier tier,
			 void *ptr, size_t size, const void *site)
{
	const struct slate_allocator *table;

	if ((unsigned int)tier >= SLATE_TIERS)
		return NULL;
	table = hook_table(heap, tier);
	if (table)
		return slate_table_realloc_(table, ptr, size, site);
	return tiers[tier].realloc(heap, ptr, size);
}

void slate_site_free(struct slate_heap *heap, enum slate_tier tier, void *ptr,
		     const void *site)
{
	const struct slate_allocator *table;

	if ((unsigned int)tier >= SLATE_TIERS)
		return;
	table = hook_table(heap, tier);
	if (table)
		slate_table_free_(table, ptr, site);
	else
		tiers[tier].free(heap, ptr);
}

void *slate_site_alloc(struct slate_heap *heap, size_t align, size_t size,
		       unsigned int caps, const void *site)
{
	const struct slate_allocator *table = hook_table(heap, SLATE_TIER_RAW);

	if (table && slate_is_power_of_two(align) && size <= PTRDIFF_MAX)
		return slate_table_aligned_(table, align, size, caps, site);
	return slate_raw_alloc(heap, align, size, caps);
}
