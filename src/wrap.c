// SPDX-License-Identifier: MIT
/*
 * Wrappers go on and come off: all tiers of the set, or none. For whoever
 * calls a wrapper's table without a site, that caller is the site.
 */
#include <slate/wrap.h>

#include "site.h"

static const struct slate_site_calls *calls_of(void *ctx)
{
	const struct slate_wrap *wrap = ctx;

	return wrap->table.calls;
}

static void *plain_malloc(void *ctx, size_t size)
{
	return calls_of(ctx)->malloc(ctx, size, SLATE_CALLER);
}

static void *plain_calloc(void *ctx, size_t nmemb, size_t size)
{
	return calls_of(ctx)->calloc(ctx, nmemb, size, SLATE_CALLER);
}

static void *plain_realloc(void *ctx, void *ptr, size_t size)
{
	return calls_of(ctx)->realloc(ctx, ptr, size, SLATE_CALLER);
}

static void plain_free(void *ctx, void *ptr)
{
	calls_of(ctx)->free(ctx, ptr, SLATE_CALLER);
}

static void *plain_aligned(void *ctx, size_t align, size_t size,
			   unsigned int caps)
{
	return calls_of(ctx)->aligned(ctx, align, size, caps, SLATE_CALLER);
}

/* Put a wrap that is filled in over what serves its tier. */
static int push_one(struct slate_heap *heap, struct slate_wrap *wrap)
{
	int err = slate_tier_get(heap, wrap->tier, &wrap->below);

	if (!err)
		err = slate_tier_set(heap, wrap->tier, &wrap->table.table);
	if (err)
		wrap->below = NULL;
	return err;
}

/* Is another table over this wrap's? */
static bool is_covered(struct slate_heap *heap, const struct slate_wrap *wrap)
{
	const struct slate_allocator *table;

	return slate_tier_get(heap, wrap->tier, &table) ||
	       table != &wrap->table.table;
}

static int pop_one(struct slate_heap *heap, struct slate_wrap *wrap)
{
	int err = slate_tier_set(heap, wrap->tier, wrap->below);

	if (!err)
		wrap->below = NULL;
	return err;
}

int slate_wrap_pop(struct slate_heap *heap, struct slate_wrap *wraps)
{
	unsigned int tier;
	int err = 0;

	for (tier = 0; tier < SLATE_TIERS; tier++) {
		if (wraps[tier].below && is_covered(heap, &wraps[tier]))
			return -SLATE_EBUSY;
	}
	for (tier = 0; tier < SLATE_TIERS && !err; tier++) {
		if (wraps[tier].below)
			err = pop_one(heap, &wraps[tier]);
	}
	return err;
}

int slate_wrap_push(struct slate_heap *heap, struct slate_wrap *wraps,
		    unsigned int tiers, const struct slate_site_calls *calls,
		    const char *name, void *user)
{
	const struct slate_allocator plain = {
		name, SLATE_ALLOC_SITES, NULL, plain_malloc, plain_calloc,
		plain_realloc, plain_free, plain_aligned
	};
	unsigned int i;
	int err = 0;

	if (!tiers)
		tiers = SLATE_WRAP_ALL;
	if (tiers & ~SLATE_WRAP_ALL)
		return -SLATE_EINVAL;
	if (!SLATE_CONFIG_HOOKS)
		return -SLATE_ENOTSUP;
	for (i = 0; i < SLATE_TIERS; i++) {
		if (wraps[i].below)
			return -SLATE_EBUSY;
	}
	for (i = 0; i < SLATE_TIERS && !err; i++) {
		wraps[i].table.table = plain;
		wraps[i].table.table.ctx = &wraps[i];
		wraps[i].table.calls = calls;
		wraps[i].user = user;
		wraps[i].tier = (enum slate_tier)i;
		if (tiers & (1u << i))
			err = push_one(heap, &wraps[i]);
	}
	/* What was pushed is on top, so it comes off. */
	if (err)
		(void)!slate_wrap_pop(heap, wraps);
	return err;
}
