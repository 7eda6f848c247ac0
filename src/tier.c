// SPDX-License-Identifier: MIT
/*
 * The calls of the three tiers. Each looks whether the tier has another table,
 * then tries the straight path of the pools, then hands over to the engine.
 */
#include "engine.h"
#include "mem_calls.h"
#include "site.h"

#if !SLATE_CONFIG_COMPACT

static void *tier_calloc(struct slate_heap *heap, enum slate_tier tier,
			 size_t size)
{
	void *ptr = engine_take(heap, tier, size);

	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

static void *tier_realloc(struct slate_heap *heap, enum slate_tier tier,
			  void *ptr, size_t size)
{
	if (!ptr)
		return engine_take(heap, tier, size);
	return slate_engine_realloc_(heap, tier, ptr, size);
}

/* The four calls of a tier: through its table, or straight to the engine. */
#define TIER_CALLS(name, TIER)						\
SLATE_CALLED								\
void *slate_##name##_malloc(struct slate_heap *heap, size_t size)	\
{									\
	const struct slate_allocator *table = hook_table(heap, TIER);	\
									\
	if (SLATE_UNLIKELY(table != NULL))				\
		return slate_table_malloc_(table, size, SLATE_CALLER);	\
	return engine_take(heap, TIER, size);				\
}									\
									\
SLATE_CALLED								\
void *slate_##name##_calloc(struct slate_heap *heap, size_t nmemb,	\
			    size_t size)				\
{									\
	const struct slate_allocator *table = hook_table(heap, TIER);	\
	size_t bytes;							\
									\
	if (!slate_size_product(nmemb, size, &bytes))			\
		return NULL;						\
	if (SLATE_UNLIKELY(table != NULL))				\
		return slate_table_calloc_(table, nmemb, size,		\
					   SLATE_CALLER);		\
	return tier_calloc(heap, TIER, bytes);				\
}									\
									\
SLATE_CALLED								\
void *slate_##name##_realloc(struct slate_heap *heap, void *ptr,	\
			     size_t size)				\
{									\
	const struct slate_allocator *table = hook_table(heap, TIER);	\
									\
	if (SLATE_UNLIKELY(table != NULL))				\
		return slate_table_realloc_(table, ptr, size,		\
					    SLATE_CALLER);		\
	return tier_realloc(heap, TIER, ptr, size);			\
}									\
									\
SLATE_CALLED								\
void slate_##name##_free(struct slate_heap *heap, void *ptr)		\
{									\
	const struct slate_allocator *table = hook_table(heap, TIER);	\
									\
	if (SLATE_UNLIKELY(table != NULL))				\
		slate_table_free_(table, ptr, SLATE_CALLER);		\
	else								\
		engine_give(heap, TIER, ptr);				\
}

TIER_CALLS(raw, SLATE_TIER_RAW)
TIER_CALLS(mem, SLATE_TIER_MEM)
TIER_CALLS(obj, SLATE_TIER_OBJ)

#endif /* !SLATE_CONFIG_COMPACT */
