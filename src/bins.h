/* SPDX-License-Identifier: MIT */
/*
 * The bins of a chunk engine: free chunks by size, as doubly linked lists
 * through free memory. The first chunk of a list has itself as prev, the last
 * one as next.
 *
 * bins[] and the side bits are the truth, the links are claims: that a chunk
 * is the first of its bin, and whether it is alone there, is read from bins[]
 * alone: the chunk's number, with BIN_MANY set if others follow. A link is
 * obeyed only if the side bits show another free chunk there that links back.
 */
#ifndef SLATE_BINS_H
#define SLATE_BINS_H

#include "side.h"

SLATE_INLINE struct slate_link *link_of(const struct slate_chunks *c, size_t g)
{
	return slate_arena_ptr(&c->arena, g);
}

#if SLATE_CONFIG_COMPACT

#include "bins_compact.h"

#else

#define BIN_MANY	((uint32_t)1 << 31)

SLATE_INLINE unsigned int bin_of(size_t n)
{
	unsigned int log;

	if (n < SLATE_WORD_BITS)
		return (unsigned int)n;
	log = slate_word_log2(n);
	return SLATE_WORD_BITS - (1u << SLATE_BIN_SPLIT) +
	       ((log - SLATE_WORD_SHIFT) << SLATE_BIN_SPLIT) +
	       (unsigned int)(n >> (log - SLATE_BIN_SPLIT));
}

/* The least granules of a chunk in a bin from SLATE_WORD_BITS on. */
SLATE_INLINE size_t bin_least(unsigned int bin)
{
	const unsigned int one = 1u << SLATE_BIN_SPLIT;

	bin -= SLATE_WORD_BITS;
	return (size_t)((bin & (one - 1)) + one) <<
	       ((bin >> SLATE_BIN_SPLIT) + SLATE_WORD_SHIFT - SLATE_BIN_SPLIT);
}

/* The first chunk of a bin that is not empty. */
SLATE_INLINE size_t bin_head(const struct slate_chunks *c, unsigned int bin)
{
	return c->bins[bin] & ~BIN_MANY;
}

SLATE_INLINE bool bin_is_empty(const struct slate_chunks *c, unsigned int bin)
{
	return !(c->map[bin >> SLATE_WORD_SHIFT] &
		 slate_word_bit(bin & SLATE_WORD_MASK));
}

SLATE_INLINE void bin_set_empty(struct slate_chunks *c, unsigned int bin)
{
	c->map[bin >> SLATE_WORD_SHIFT] &=
		~slate_word_bit(bin & SLATE_WORD_MASK);
}

/* The first bin from @bin on that is not empty, or SLATE_BINS_MAX. */
SLATE_INLINE unsigned int bins_search(const struct slate_chunks *c,
				      unsigned int bin)
{
	unsigned int i = bin >> SLATE_WORD_SHIFT;
	uintptr_t map = c->map[i] & ~slate_word_below(bin & SLATE_WORD_MASK);

	while (!map) {
		if (++i == SLATE_BIN_WORDS)
			return SLATE_BINS_MAX;
		map = c->map[i];
	}
	return (i << SLATE_WORD_SHIFT) + slate_word_ctz(map);
}

/*
 * Put the free chunk at @g in front of its bin, whose bit @bit in a word of
 * the map is. Writes to free memory, reads none.
 */
SLATE_INLINE void bins_push(struct slate_chunks *c, size_t g, unsigned int bin,
			    uintptr_t *map, uintptr_t bit)
{
	struct slate_link *link = link_of(c, g);
	uintptr_t word = *map;
	uint32_t me = (uint32_t)g;

	link->prev = me;
	link->next = me;
	if (word & bit) {
		link->next = (uint32_t)bin_head(c, bin);
		link_of(c, link->next)->prev = me;
		me |= BIN_MANY;
	}
	*map = word | bit;
	c->bins[bin] = me;
}

SLATE_INLINE void bins_link(struct slate_chunks *c, size_t g, unsigned int bin)
{
	bins_push(c, g, bin, &c->map[bin >> SLATE_WORD_SHIFT],
		  slate_word_bit(bin & SLATE_WORD_MASK));
}

/* The same for a chunk of less than a unit. */
SLATE_INLINE void bins_link_small(struct slate_chunks *c, size_t g,
				  unsigned int n)
{
	bins_push(c, g, n, &c->map[0], slate_word_bit(n));
}

SLATE_INLINE bool is_free_start(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair;

	if (g >= c->arena.n || is_lent(c, g))
		return false;
	pair = pair_of(c, g);
	return (pair->s & pair->f) >> pos_of(g) & 1;
}

/* Note whose links are broken; for use as "return bins_broken(c, g)". */
SLATE_INLINE bool bins_broken(struct slate_chunks *c, size_t g)
{
	c->broken = (uint32_t)g;
	return false;
}

/* Does another free chunk start at @to that has @g before it in its list? */
SLATE_INLINE bool next_agrees(const struct slate_chunks *c, size_t g,
			      size_t to)
{
	return SLATE_LIKELY(to != g) && SLATE_LIKELY(is_free_start(c, to)) &&
	       SLATE_LIKELY(link_of(c, to)->prev == g);
}

/* Level 2: is the free chunk at @g of a size that @bin holds? */
SLATE_INLINE bool bin_holds(const struct slate_chunks *c, size_t g,
			    unsigned int bin)
{
	return SLATE_CONFIG_CHECK < 2 || bin_of(side_end(c, g) - g) == bin;
}

/* The one behind @g, the first of @bin, becomes the first, if it agrees. */
SLATE_INLINE bool bins_advance(struct slate_chunks *c, size_t g,
			       unsigned int bin)
{
	size_t next = link_of(c, g)->next;
	struct slate_link *link;

	if (!next_agrees(c, g, next) || !bin_holds(c, next, bin))
		return bins_broken(c, g);
	link = link_of(c, next);
	link->prev = (uint32_t)next;
	c->bins[bin] = (uint32_t)next | (link->next != next ? BIN_MANY : 0);
	return true;
}

/*
 * Is @g, alone in its bin, as it was left? Nobody follows its link; but who
 * wrote to it shall be told.
 */
SLATE_INLINE bool lone_agrees(const struct slate_chunks *c, size_t g)
{
	return SLATE_LIKELY(link_of(c, g)->next == g);
}

/* As bins_take(), for a chunk that is not alone in its bin, or was changed. */
bool slate_bins_unlink_(struct slate_chunks *c, size_t g, unsigned int bin);

/* Take @g out of @bin; false if a link is broken, and then nothing changed. */
SLATE_INLINE bool bins_take(struct slate_chunks *c, size_t g, unsigned int bin)
{
	if (c->bins[bin] != g || !lone_agrees(c, g))
		return slate_bins_unlink_(c, g, bin);
	bin_set_empty(c, bin);
	return true;
}

/* As bins_take(), for a chunk of less than a unit. */
SLATE_INLINE bool bins_take_small(struct slate_chunks *c, size_t g, size_t n)
{
	if (c->bins[n] != g || !lone_agrees(c, g))
		return slate_bins_unlink_(c, g, (unsigned int)n);
	c->map[0] &= ~slate_word_bit(n);
	return true;
}

#endif /* SLATE_CONFIG_COMPACT */

#endif /* SLATE_BINS_H */
