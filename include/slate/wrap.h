/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: one wrapper around the tables of a heap's tiers: what counting,
 * tracing and recording have in common. It keeps the table that it found in
 * each tier, so wrappers stack; they come off in the reverse order. It is told
 * the site of each call (site.h), and passes that on.
 */
#ifndef SLATE_WRAP_H
#define SLATE_WRAP_H

#include <slate/site.h>

SLATE_BEGIN_DECLS

/* Sets of tiers: bit n is tier n; 0 stands for all of them. */
#define SLATE_WRAP_RAW	(1u << SLATE_TIER_RAW)
#define SLATE_WRAP_MEM	(1u << SLATE_TIER_MEM)
#define SLATE_WRAP_OBJ	(1u << SLATE_TIER_OBJ)
#define SLATE_WRAP_ALL	(SLATE_WRAP_RAW | SLATE_WRAP_MEM | SLATE_WRAP_OBJ)

/**
 * struct slate_wrap - a wrapper's place in one tier
 * @table: what the tier calls; its ctx is this struct
 * @below: what was there before, which @table passes on to; NULL while this
 *	wrapper is not in the tier
 * @user: whose wrapper it is
 * @tier: which tier
 */
struct slate_wrap {
	struct slate_site_allocator table;
	const struct slate_allocator *below;
	void *user;
	enum slate_tier tier;
};

/**
 * slate_wrap_push() - set a wrapper on tiers
 * @heap: the heap
 * @wraps: one for each tier, by enum slate_tier, zeroed before the first use;
 *	the wrapper's until slate_wrap_pop()
 * @tiers: a set of SLATE_WRAP_*; 0 for all
 * @calls: the wrapper's functions; their ctx is the struct slate_wrap
 * @name: what slate_tier_name() then says
 * @user: goes into each wrap
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: 0; -SLATE_EINVAL for a set with other bits; -SLATE_EBUSY if a
 * wrap is in a tier already; -SLATE_ENOTSUP without SLATE_CONFIG_HOOKS. On
 * error no tier is changed.
 */
int slate_wrap_push(struct slate_heap *heap, struct slate_wrap *wraps,
		    unsigned int tiers, const struct slate_site_calls *calls,
		    const char *name, void *user) SLATE_MUST_CHECK;

/**
 * slate_wrap_pop() - take a wrapper off the tiers that it is in
 * @heap: the heap
 * @wraps: as given to slate_wrap_push()
 *
 * Context: the owner; nobody else may be in a call of these tiers. O(1).
 * Return: 0, or -SLATE_EBUSY if another table was set over one of them, and
 * then no tier is changed.
 */
int slate_wrap_pop(struct slate_heap *heap,
		   struct slate_wrap *wraps) SLATE_MUST_CHECK;

SLATE_END_DECLS

#endif /* SLATE_WRAP_H */
