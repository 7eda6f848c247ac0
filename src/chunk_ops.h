/* SPDX-License-Identifier: MIT */
/*
 * The chunk engine's straight paths, inline, for chunk.c and for the tiers'
 * calls: a small chunk that its own or a larger small bin can serve, and one
 * given back between two used ones.
 */
#ifndef SLATE_CHUNK_OPS_H
#define SLATE_CHUNK_OPS_H

#include "bins.h"

/* Level 2: is the chunk at the head of a bin one that belongs there? */
SLATE_INLINE bool head_fits(struct slate_chunks *c, size_t g, unsigned int bin)
{
	if (SLATE_CONFIG_CHECK < 2)
		return true;
	c->broken = (uint32_t)g;
	return slate_chunk_is_free(c, g) && bin_of(side_end(c, g) - g) == bin;
}

/*
 * Cut [g, g + n) from the first chunk of a bin that holds one size below a
 * unit. Such a chunk lies in two units at most: there are no wide marks.
 */
SLATE_INLINE size_t cut_exact(struct slate_chunks *c, unsigned int bin,
			      unsigned int n)
{
	size_t g = bin_head(c, bin);

	if (SLATE_UNLIKELY(!head_fits(c, g, bin)))
		return SLATE_BROKEN;
	if (c->bins[bin] == g && lone_agrees(c, g))
		c->map[0] &= ~slate_word_bit(bin);
	else if (SLATE_UNLIKELY(!bins_advance(c, g, bin)))
		return SLATE_BROKEN;
	pair_of(c, g)->f &= ~bit_of(g);
	if (bin != n) {
		start_free(c, g + n);
		bins_link_small(c, g + n, bin - n);
	}
	return g;
}

/* As slate_chunk_alloc(), for less than a unit that no small chunk has. */
size_t slate_chunk_cut_end_(struct slate_chunks *c, size_t n);

/* As slate_chunk_alloc(), for a unit or more. */
size_t slate_chunk_alloc_large_(struct slate_chunks *c, size_t n);

/* As slate_chunk_alloc(). */
SLATE_INLINE size_t chunk_take(struct slate_chunks *c, size_t n)
{
	uintptr_t map;

	if (SLATE_LIKELY(n < SLATE_WORD_BITS)) {
		map = c->map[0] >> n;
		if (SLATE_LIKELY(map))
			return cut_exact(c, (unsigned int)n +
					 slate_word_ctz(map), (unsigned int)n);
		return slate_chunk_cut_end_(c, n);
	}
	return slate_chunk_alloc_large_(c, n);
}

/*
 * Give [g, e) back behind the free chunk [first, g), before one, or between
 * two. 0, or -SLATE_EUCLEAN and nothing changed.
 */
int slate_chunk_merge_prev_(struct slate_chunks *c, size_t first, size_t g,
			    size_t e);
int slate_chunk_merge_next_(struct slate_chunks *c, size_t g, size_t e);
int slate_chunk_merge_both_(struct slate_chunks *c, size_t first, size_t g,
			    size_t e);

/*
 * As slate_chunk_free(), for a caller that knows the end @e, whether a free
 * chunk is there, and where the one before @g starts: at @g if it is not free.
 */
SLATE_INLINE int chunk_give(struct slate_chunks *c, size_t g, size_t first,
			    size_t e, bool next_free)
{
	if (first != g)
		return next_free ? slate_chunk_merge_both_(c, first, g, e) :
				   slate_chunk_merge_prev_(c, first, g, e);
	if (next_free)
		return slate_chunk_merge_next_(c, g, e);
	pair_of(c, g)->f |= bit_of(g);
	if (e - g < SLATE_WORD_BITS) {
		bins_link_small(c, g, (unsigned int)(e - g));
		return 0;
	}
	if (is_wide(g, e)) {
		wide_clear(c, g, e);
		wide_set(c, g, e, true);
	}
	bins_link(c, g, bin_of(e - g));
	return 0;
}

/*
 * Judge the chunk at @g, of a unit that is not lent, and give it back. Its
 * granules, or 0: nothing was done. Mostly its own pair shows its neighbours.
 */
SLATE_INLINE size_t chunk_judge_and_give(struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);
	uintptr_t bit = bit_of(g);
	uintptr_t s = pair->s;
	uintptr_t f = pair->f;
	uintptr_t above = s & -(bit << 1);
	uintptr_t below = s & (bit - 1);
	bool next_free;
	size_t first = g;
	size_t e;

	if (SLATE_UNLIKELY(!(s & ~f & bit)))
		return 0;
	if (SLATE_LIKELY(below)) {
		unsigned int last = slate_word_log2(below);

		if (f >> last & 1)
			first = (g & ~(size_t)SLATE_WORD_MASK) + last;
	} else {
		first = slate_side_free_far_(c, g);
	}
	if (SLATE_LIKELY(above)) {
		next_free = f & above & -above;
		e = (g & ~(size_t)SLATE_WORD_MASK) + slate_word_ctz(above);
	} else {
		e = side_end_large(c, g);
		next_free = boundary_is_free(c, e);
	}
	return SLATE_LIKELY(!chunk_give(c, g, first, e, next_free)) ? e - g : 0;
}

#endif /* SLATE_CHUNK_OPS_H */
