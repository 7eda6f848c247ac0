// SPDX-License-Identifier: MIT
/*
 * One walker that proves the pools: first every lent unit against its class,
 * then every list against the units.
 */
#include "pool_ops.h"

#if SLATE_CONFIG_POOL

static bool wrong(const struct slate_pools *p, struct slate_report *report,
		  size_t unit, const char *text)
{
	void *at = slate_arena_ptr(&p->chunks.arena, unit << SLATE_WORD_SHIFT);

	if (report) {
		report->kind = SLATE_FAULT_CORRUPT;
		report->address = at;
		report->block = NULL;
		report->size = 0;
		report->text = text;
	}
	return false;
}

/* Nothing but blocks and links beside the code. */
static bool unit_is_valid(const struct slate_pair *pair, size_t n)
{
	const unsigned int end = POOL_PREV_SHIFT + POOL_LINK_BITS;

	if (n > SLATE_POOL_CLASSES || pair->s & ~slate_pool_empty_[n])
		return false;
	if (pair->s == POOL_FULL)
		return !pair->f;
	return (pair->s & POOL_FULL) && !(pair->f & POOL_FULL) &&
	       !(pair->f & ~slate_word_below(end));
}

/* Walk one list; each pool met counts down the units that have room. */
static bool list_is_valid(const struct slate_pools *p, size_t n, size_t *left)
{
	size_t pool = p->head[n];
	size_t prev = 0;

	while (pool) {
		const struct slate_pair *pair;

		if (pool - 1 > unit_of(p->chunks.arena.n) || !*left)
			return false;
		pair = &p->chunks.pairs[pool - 1];
		if (p->chunks.units[pool - 1] != n || pair->s == POOL_FULL)
			return false;
		if (pool_prev(pair) != prev)
			return false;
		if (pair->s == slate_pool_empty_[n] &&
		    (prev || pool_next(pair)))
			return false;
		--*left;
		prev = pool;
		pool = pool_next(pair);
	}
	return true;
}

bool slate_pool_valid(const struct slate_pools *p, struct slate_report *report)
{
	size_t with_room = 0;
	size_t unit;
	size_t n;

	for (unit = 0; unit <= unit_of(p->chunks.arena.n); unit++) {
		const struct slate_pair *pair = &p->chunks.pairs[unit];

		n = p->chunks.units[unit];
		if (!n)
			continue;
		if (!unit_is_valid(pair, n))
			return wrong(p, report, unit, "pool is damaged");
		with_room += pair->s != POOL_FULL;
	}
	for (n = 1; n <= SLATE_POOL_CLASSES; n++) {
		if (!list_is_valid(p, n, &with_room))
			return wrong(p, report, 0, "list of pools is damaged");
	}
	if (with_room)
		return wrong(p, report, 0, "pool with room in no list");
	return true;
}

#else

bool slate_pool_valid(const struct slate_pools *p, struct slate_report *report)
{
	(void)p;
	(void)report;
	return true;
}

#endif /* SLATE_CONFIG_POOL */
