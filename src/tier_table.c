// SPDX-License-Identifier: MIT
/*
 * The tables of the tiers. A tier without a table of its own goes straight to
 * the engine; for wrappers, which must have something to call, each heap has
 * one table per tier with the heap as its ctx.
 */
#include "engine.h"
#include "mem_calls.h"

#if SLATE_CONFIG_HOOKS

/* What a tier's own table takes: pools unless the profile is without. */
SLATE_INLINE void *own_take(struct slate_heap *heap, enum slate_tier tier,
			    size_t size)
{
	if (heap->no_pools)
		return slate_engine_malloc_(heap, tier, size);
	return engine_take(heap, tier, size);
}

/* One for all tiers: what is behind a wrapper is not worth three copies. */
static void own_give(struct slate_heap *heap, enum slate_tier tier, void *ptr)
{
	engine_give(heap, tier, ptr);
}

/* The functions of slate's own table of a tier. */
#define OWN_CALLS(name, TIER)						\
static void *name##_malloc(void *ctx, size_t size)			\
{									\
	return own_take(ctx, TIER, size);				\
}									\
									\
static void *name##_calloc(void *ctx, size_t nmemb, size_t size)	\
{									\
	void *ptr = own_take(ctx, TIER, nmemb * size);			\
									\
	return ptr ? memset(ptr, 0, nmemb * size) : NULL;		\
}									\
									\
static void *name##_realloc(void *ctx, void *ptr, size_t size)		\
{									\
	if (!ptr)							\
		return own_take(ctx, TIER, size);			\
	return slate_engine_realloc_(ctx, TIER, ptr, size);		\
}									\
									\
static void name##_free(void *ctx, void *ptr)				\
{									\
	own_give(ctx, TIER, ptr);					\
}									\
									\
static void *name##_aligned(void *ctx, size_t align, size_t size,	\
			    unsigned int caps)				\
{									\
	return slate_engine_aligned_(ctx, TIER, align, size, caps);	\
}									\
									\
static const struct slate_allocator name##_table = {			\
	.malloc = name##_malloc,					\
	.calloc = name##_calloc,					\
	.realloc = name##_realloc,					\
	.free = name##_free,						\
	.aligned = name##_aligned,					\
};

OWN_CALLS(raw, SLATE_TIER_RAW)
OWN_CALLS(mem, SLATE_TIER_MEM)
OWN_CALLS(obj, SLATE_TIER_OBJ)

static const char *own_name(const struct slate_heap *heap,
			    enum slate_tier tier)
{
	bool pools = SLATE_CONFIG_POOL && !heap->no_pools;

	return pools && tier != SLATE_TIER_RAW ? "pool" : "chunk";
}

void slate_hooks_init_(struct slate_heap *heap)
{
	unsigned int tier;

	heap->own[SLATE_TIER_RAW] = raw_table;
	heap->own[SLATE_TIER_MEM] = mem_table;
	heap->own[SLATE_TIER_OBJ] = obj_table;
	for (tier = 0; tier < SLATE_TIERS; tier++) {
		heap->own[tier].name = own_name(heap, (enum slate_tier)tier);
		heap->own[tier].ctx = heap;
	}
	if (SLATE_CONFIG_DEBUG)
		slate_debug_create_(heap);
}

int slate_tier_get(struct slate_heap *heap, enum slate_tier tier,
		   const struct slate_allocator **table)
{
	if ((unsigned int)tier >= SLATE_TIERS)
		return -SLATE_EINVAL;
	*table = heap->table[tier] ? heap->table[tier] : &heap->own[tier];
	return 0;
}

/* Is a block of the tier live? Builds that do not count ask the tables. */
static bool tier_is_busy(struct slate_heap *heap, enum slate_tier tier)
{
	struct slate_stats stats;

	slate_heap_stats(heap, &stats);
	return SLATE_CONFIG_STATS ? stats.tier_live[tier] : stats.live;
}

static bool replaces(const struct slate_allocator *table)
{
	return table && table->flags & SLATE_ALLOC_REPLACES;
}

static bool is_complete(const struct slate_allocator *table)
{
	return table->malloc && table->calloc && table->realloc &&
	       table->free && table->aligned;
}

int slate_tier_set(struct slate_heap *heap, enum slate_tier tier,
		   const struct slate_allocator *table)
{
	if ((unsigned int)tier >= SLATE_TIERS)
		return -SLATE_EINVAL;
	if (table && !is_complete(table))
		return -SLATE_EINVAL;
	if ((replaces(table) || replaces(heap->table[tier])) &&
	    tier_is_busy(heap, tier))
		return -SLATE_EBUSY;
	/* Without pools the straight path must be kept off: it is own[]'s. */
	if (!table && heap->no_pools)
		table = &heap->own[tier];
	if (table == &heap->own[tier] && !heap->no_pools)
		table = NULL;
	heap->table[tier] = table;
	return 0;
}

const char *slate_tier_name(struct slate_heap *heap, enum slate_tier tier)
{
	const struct slate_allocator *table;

	if (slate_tier_get(heap, tier, &table))
		return NULL;
	return table->name;
}

int slate_heap_set_events(struct slate_heap *heap,
			  const struct slate_events *events)
{
	heap->events = events;
	return 0;
}

/* Let the tiers that have slate's own tables take pools, or chunks only. */
static void set_pools(struct slate_heap *heap, bool pools)
{
	unsigned int tier;

	heap->no_pools = !pools;
	for (tier = 0; tier < SLATE_TIERS; tier++) {
		const struct slate_allocator *own = &heap->own[tier];

		heap->own[tier].name = own_name(heap, (enum slate_tier)tier);
		if (!heap->table[tier] || heap->table[tier] == own)
			heap->table[tier] = pools ? NULL : own;
	}
}

static bool can_have_pools(bool pools)
{
	return !pools || SLATE_CONFIG_POOL;
}

#else

int slate_tier_get(struct slate_heap *heap, enum slate_tier tier,
		   const struct slate_allocator **table)
{
	(void)heap;
	(void)table;
	return (unsigned int)tier < SLATE_TIERS ? -SLATE_ENOTSUP :
	       -SLATE_EINVAL;
}

int slate_tier_set(struct slate_heap *heap, enum slate_tier tier,
		   const struct slate_allocator *table)
{
	(void)heap;
	(void)table;
	return (unsigned int)tier < SLATE_TIERS ? -SLATE_ENOTSUP :
	       -SLATE_EINVAL;
}

const char *slate_tier_name(struct slate_heap *heap, enum slate_tier tier)
{
	(void)heap;
	if ((unsigned int)tier >= SLATE_TIERS)
		return NULL;
	return SLATE_CONFIG_POOL && tier != SLATE_TIER_RAW ? "pool" : "chunk";
}

int slate_heap_set_events(struct slate_heap *heap,
			  const struct slate_events *events)
{
	(void)heap;
	return events ? -SLATE_ENOTSUP : 0;
}

static void set_pools(struct slate_heap *heap, bool pools)
{
	(void)heap;
	(void)pools;
}

/* Nothing can be changed. */
static bool can_have_pools(bool pools)
{
	return pools == SLATE_CONFIG_POOL;
}

#endif /* SLATE_CONFIG_HOOKS */

/* Debug hooks on or off; they are there once they were given storage. */
static int set_debug(struct slate_heap *heap, bool on)
{
	const struct slate_view *view = hook_view(heap);

	if (view)
		return view->profile(view, on);
	return on ? -SLATE_ENOTSUP : 0;
}

static const struct {
	bool pools;
	bool debug;
} parts[] = {
	[SLATE_PROFILE_DEFAULT] = { SLATE_CONFIG_POOL, SLATE_CONFIG_DEBUG },
	[SLATE_PROFILE_DEBUG] = { SLATE_CONFIG_POOL, true },
	[SLATE_PROFILE_MALLOC] = { false, false },
	[SLATE_PROFILE_MALLOC_DEBUG] = { false, true },
	[SLATE_PROFILE_POOL] = { true, false },
	[SLATE_PROFILE_POOL_DEBUG] = { true, true },
};

int slate_heap_set_profile(struct slate_heap *heap, enum slate_profile profile)
{
	int err;

	if ((unsigned int)profile > SLATE_PROFILE_POOL_DEBUG)
		return -SLATE_EINVAL;
	if (!can_have_pools(parts[profile].pools))
		return -SLATE_ENOTSUP;
	err = set_debug(heap, parts[profile].debug);
	if (!err)
		set_pools(heap, parts[profile].pools);
	return err;
}

static const struct {
	const char *name;
	enum slate_profile profile;
} profiles[] = {
	{ "", SLATE_PROFILE_DEFAULT },
	{ "default", SLATE_PROFILE_DEFAULT },
	{ "debug", SLATE_PROFILE_DEBUG },
	{ "dev", SLATE_PROFILE_DEBUG },
	{ "malloc", SLATE_PROFILE_MALLOC },
	{ "malloc_debug", SLATE_PROFILE_MALLOC_DEBUG },
	{ "pool", SLATE_PROFILE_POOL },
	{ "pool_debug", SLATE_PROFILE_POOL_DEBUG },
};

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

int slate_profile_find(const char *name, enum slate_profile *profile)
{
	unsigned int i;

	if (!name)
		name = "";
	for (i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		if (same(name, profiles[i].name)) {
			*profile = profiles[i].profile;
			return 0;
		}
	}
	return -SLATE_EINVAL;
}
