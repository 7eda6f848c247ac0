// SPDX-License-Identifier: MIT
/*
 * An arena's tables, laid out once, behind the control data:
 *
 *	guard	a pair that shows a used chunk before the first one
 *	pairs	two words per unit, one unit more than the granules fill if
 *		they end on a unit's edge: the sentinel needs a bit
 *	bins	one granule number per bin; bin 0, of no chunk, has none
 *	units	one byte per unit
 */
#include "bins.h"
#include "mem_calls.h"

#if !SLATE_CONFIG_COMPACT

static size_t units_for(size_t n)
{
	return unit_of(n) + 1;
}

/* What @n granules take with their tables if those start at @at. */
static size_t bytes_for(size_t n, uintptr_t at)
{
	size_t tables = sizeof(struct slate_pair) +
			units_for(n) * (sizeof(struct slate_pair) + 1) +
			bin_of(n) * sizeof(uint32_t);

	return tables + (-(at + tables) & (SLATE_GRANULE - 1)) +
	       (n << SLATE_GRANULE_SHIFT);
}

/* The most granules that @size bytes at @at hold with them, by halving. */
static size_t fit(size_t size, uintptr_t at)
{
	size_t low = 0;
	size_t high = size >> SLATE_GRANULE_SHIFT;

	if (high > SLATE_CHUNKS_MAX)
		high = SLATE_CHUNKS_MAX;
	while (low < high) {
		size_t n = high - (high - low) / 2;

		if (bytes_for(n, at) <= size)
			low = n;
		else
			high = n - 1;
	}
	return low;
}

int slate_chunk_layout(struct slate_chunks *c, void *front)
{
	uintptr_t at = ((uintptr_t)front + sizeof(uintptr_t) - 1) &
		       ~(uintptr_t)(sizeof(uintptr_t) - 1);
	uintptr_t end = (uintptr_t)c->arena.start + c->arena.size;
	unsigned char *tables = (unsigned char *)front +
				(at - (uintptr_t)front);
	size_t n;
	unsigned int i;

	if (at >= end || at < (uintptr_t)front)
		return -SLATE_ENOSPC;
	n = fit(end - at, at);
	if (!n)
		return -SLATE_ENOSPC;
	c->pairs = (struct slate_pair *)(void *)tables + 1;
	tables += (units_for(n) + 1) * sizeof(struct slate_pair);
	c->bins = (uint32_t *)(void *)tables - 1;
	tables += bin_of(n) * sizeof(uint32_t);
	c->units = tables;
	tables += units_for(n);
	if (!slate_arena_is_zeroed(&c->arena))
		memset(c->pairs, 0,
		       (size_t)(tables - (unsigned char *)c->pairs));
	c->arena.base = tables + (-(uintptr_t)tables & (SLATE_GRANULE - 1));
	c->arena.n = n;
	c->broken = 0;
	for (i = 0; i < SLATE_BIN_WORDS; i++)
		c->map[i] = 0;
	c->pairs[-1].s = 1;
	c->pairs[-1].f = 0;
	start_free(c, 0);
	start_used(c, n);
	wide_set(c, 0, n, true);
	bins_link(c, 0, bin_of(n));
	return 0;
}

#endif /* !SLATE_CONFIG_COMPACT */
