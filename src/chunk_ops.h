/* SPDX-License-Identifier: MIT */
/*
 * The chunk engine's straight paths, inline, for chunk.c and for the tiers'
 * calls: a small chunk that its own or a larger small bin can serve, and one
 * given back between two used ones.
 */
#ifndef SLATE_CHUNK_OPS_H
#define SLATE_CHUNK_OPS_H

#include "bins.h"

#if !SLATE_CONFIG_COMPACT

/* Level 2: is the chunk at the head of a bin one that belongs there? */
SLATE_INLINE bool head_fits(struct slate_chunks *c, size_t g, unsigned int bin)
{
	if (SLATE_CONFIG_CHECK < 2)
		return true;
	c->broken = (uint32_t)g;
	return slate_chunk_is_free(c, g) && bin_holds(c, g, bin);
}

/*
 * Cut [g, g + n) from the first chunk of a bin that holds one size below a
 * unit. Such a chunk lies in two units at most: there are no wide marks.
 */
SLATE_INLINE size_t cut_exact(struct slate_chunks *c, unsigned int bin,
			      unsigned int n)
{
	size_t head = c->bins[bin];
	size_t g = head & ~(size_t)BIN_MANY;

	if (SLATE_UNLIKELY(!head_fits(c, g, bin)))
		return SLATE_BROKEN;
	if (head == g) {
		if (SLATE_UNLIKELY(!lone_agrees(c, g))) {
			bins_broken(c, g);
			return SLATE_BROKEN;
		}
		c->map[0] ^= slate_word_bit(bin);
	} else if (SLATE_UNLIKELY(!bins_advance(c, g, bin))) {
		return SLATE_BROKEN;
	}
	pair_of(c, g)->f ^= bit_of(g);
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

/* As slate_chunk_alloc(), for less than a unit. */
SLATE_INLINE size_t chunk_take_small(struct slate_chunks *c, unsigned int n)
{
	uintptr_t map = c->map[0] >> n;

	if (SLATE_LIKELY(map))
		return cut_exact(c, n + slate_word_ctz(map), n);
	return slate_chunk_cut_end_(c, n);
}

/* As slate_chunk_alloc(). */
SLATE_INLINE size_t chunk_take(struct slate_chunks *c, size_t n)
{
	if (SLATE_LIKELY(n < SLATE_WORD_BITS))
		return chunk_take_small(c, (unsigned int)n);
	return slate_chunk_alloc_large_(c, n);
}

/*
 * Give back the used chunk [g, e), with the free ones [first, g) and [e, last)
 * next to it: empty if there is none. 0, or -SLATE_EUCLEAN and nothing
 * changed.
 */
int slate_chunk_give_(struct slate_chunks *c, size_t first, size_t g, size_t e,
		      size_t last);

/*
 * A start in the side bits, where it is seen from another one at hand: its
 * pair, the first granule of that, its bit there, and the starts behind it.
 */
struct seen {
	struct slate_pair *pair;
	size_t base;
	uintptr_t bit;
	uintptr_t behind;
};

SLATE_INLINE size_t seen_at(const struct seen *seen)
{
	return seen->base + slate_word_ctz(seen->bit);
}

/* The first of @starts in a pair, else of the next; false if that has none. */
SLATE_INLINE bool see_next(struct seen *seen, struct slate_pair *pair,
			   size_t base, uintptr_t starts)
{
	if (!starts) {
		pair++;
		base += SLATE_WORD_BITS;
		starts = pair->s;
	}
	seen->pair = pair;
	seen->base = base;
	seen->bit = starts & -starts;
	seen->behind = starts ^ seen->bit;
	return SLATE_LIKELY(starts);
}

/* As side_free_before(), with the starts before @g in its pair at hand. */
SLATE_INLINE size_t free_before(const struct slate_chunks *c, size_t g,
				uintptr_t starts, uintptr_t f)
{
	unsigned int above;

	if (!starts)
		return side_free_far(c, g);
	above = SLATE_WORD_MASK ^ slate_word_log2(starts);
	if ((intptr_t)(f << above) >= 0)
		return g;
	return (g | SLATE_WORD_MASK) - above;
}

/* slate_chunk_give_() of what becomes less than a unit: no wide marks. */
SLATE_INLINE int give_small(struct slate_chunks *c, size_t first, size_t g,
			    size_t e, size_t last, const struct seen *end)
{
	struct slate_pair *pair = pair_of(c, g);

	if (last != e) {
		if (SLATE_UNLIKELY(!bins_take_small(c, e, last - e)))
			return -SLATE_EUCLEAN;
		/* No more a free chunk that links of the other may lead to. */
		end->pair->s ^= end->bit;
		end->pair->f ^= end->bit;
	}
	if (first != g &&
	    SLATE_UNLIKELY(!bins_take_small(c, first, g - first))) {
		if (last == e)
			return -SLATE_EUCLEAN;
		end->pair->s ^= end->bit;
		end->pair->f ^= end->bit;
		bins_link_small(c, e, (unsigned int)(last - e));
		return -SLATE_EUCLEAN;
	}
	if (first != g)
		pair->s ^= bit_of(g);
	else
		pair->f |= bit_of(g);
	bins_link_small(c, first, (unsigned int)(last - first));
	return 0;
}

/* chunk_judge_and_give() where a pair at hand does not show what is behind. */
bool slate_chunk_give_far_(struct slate_chunks *c, size_t first, size_t g,
			   size_t *n);

/*
 * Judge the chunk at @g, of a unit that is not lent, and give it back; @n is
 * set to its granules. False: nothing was done. Mostly its own pair shows its
 * neighbours.
 */
SLATE_INLINE bool chunk_judge_and_give(struct slate_chunks *c, size_t g,
				       size_t *n)
{
	struct slate_pair *pair = pair_of(c, g);
	uintptr_t bit = bit_of(g);
	uintptr_t s = pair->s;
	uintptr_t f = pair->f;
	struct seen end;
	struct seen behind;
	size_t first;
	size_t last;
	size_t e;

	if (SLATE_UNLIKELY(!(s & ~f & bit)))
		return false;
	first = free_before(c, g, s & (bit - 1), f);
	if (!see_next(&end, pair, g & ~(size_t)SLATE_WORD_MASK,
		      s & -(bit << 1)))
		return slate_chunk_give_far_(c, first, g, n);
	e = seen_at(&end);
	last = e;
	if (end.pair->f & end.bit) {
		if (!see_next(&behind, end.pair, end.base, end.behind))
			return slate_chunk_give_far_(c, first, g, n);
		last = seen_at(&behind);
	}
	*n = e - g;
	if (last - first < SLATE_WORD_BITS)
		return !give_small(c, first, g, e, last, &end);
	return !slate_chunk_give_(c, first, g, e, last);
}

#endif /* !SLATE_CONFIG_COMPACT */

#endif /* SLATE_CHUNK_OPS_H */
