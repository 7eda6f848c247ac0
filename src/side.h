/* SPDX-License-Identifier: MIT */
/*
 * The side bits of a chunk engine, each trick with a name. See
 * <slate/chunk.h> for what the bits mean. Nothing here looks at free memory.
 */
#ifndef SLATE_SIDE_H
#define SLATE_SIDE_H

#include <slate/chunk.h>

/* A wide mark in F: the chunk's length, and whether it is free. */
#define WIDE_FREE	((uintptr_t)1)
#define WIDE_SHIFT	1u

SLATE_INLINE size_t unit_of(size_t g)
{
	return g >> SLATE_WORD_SHIFT;
}

SLATE_INLINE unsigned int pos_of(size_t g)
{
	return (unsigned int)g & SLATE_WORD_MASK;
}

SLATE_INLINE uintptr_t bit_of(size_t g)
{
	return slate_word_bit(pos_of(g));
}

SLATE_INLINE struct slate_pair *pair_of(const struct slate_chunks *c, size_t g)
{
	return &c->pairs[unit_of(g)];
}

/* Does the layer above use this unit? */
#if SLATE_CONFIG_COMPACT
SLATE_INLINE bool unit_is_lent(const struct slate_chunks *c, size_t unit)
{
	(void)c;
	(void)unit;
	return false;
}
#else
SLATE_INLINE bool unit_is_lent(const struct slate_chunks *c, size_t unit)
{
	return c->units[unit];
}
#endif

/* Does it use that of @g? */
SLATE_INLINE bool is_lent(const struct slate_chunks *c, size_t g)
{
	return SLATE_UNLIKELY(unit_is_lent(c, unit_of(g)));
}

/* The start of a used chunk, and never in a wide mark. Not for lent units. */
SLATE_INLINE bool is_used_start(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);

	return (pair->s & ~pair->f) >> pos_of(g) & 1;
}

/* For a boundary known to be one: is the chunk that starts here free? */
SLATE_INLINE bool boundary_is_free(const struct slate_chunks *c, size_t g)
{
	return pair_of(c, g)->f >> pos_of(g) & 1;
}

#if SLATE_CONFIG_COMPACT

size_t slate_side_end_(const struct slate_chunks *c, size_t g);

/* The end of the chunk that starts at @g: its own pair, or the next, tells. */
SLATE_INLINE size_t side_end(const struct slate_chunks *c, size_t g)
{
	return slate_side_end_(c, g);
}

/* The start of the free chunk that ends at @g; @g if a used one does. */
size_t slate_side_before_(const struct slate_chunks *c, size_t g);

#else

/* The end of the chunk that starts at @g: its own pair, or the next, tells. */
SLATE_INLINE size_t side_end(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);
	uintptr_t starts = pair->s >> pos_of(g) >> 1;

	if (SLATE_LIKELY(starts))
		return g + 1 + slate_word_ctz(starts);
	pair++;
	if (!pair->s)
		return g + (pair->f >> WIDE_SHIFT);
	return (g | SLATE_WORD_MASK) + 1 + slate_word_ctz(pair->s);
}

/* As side_free_before(), for the first start of its unit. */
SLATE_INLINE size_t side_free_far(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g) - 1;
	size_t start = (g & ~(size_t)SLATE_WORD_MASK) - 1;
	uintptr_t f = pair->f;

	if (SLATE_LIKELY(pair->s)) {
		unsigned int above = SLATE_WORD_MASK ^ slate_word_log2(pair->s);

		if ((intptr_t)(f << above) >= 0)
			return g;
		start -= above;
	} else {
		if (!(f & WIDE_FREE))
			return g;
		start = g - (f >> WIDE_SHIFT);
	}
	/* What a lent unit says there means something else. */
	return is_lent(c, start) ? g : start;
}

/* The same, out of line. */
size_t slate_side_free_far_(const struct slate_chunks *c, size_t g);

/* The start of the free chunk that ends at @g; @g if a used one does. */
SLATE_INLINE size_t side_free_before(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);
	uintptr_t starts = pair->s & slate_word_below(pos_of(g));
	unsigned int last;

	if (SLATE_UNLIKELY(!starts))
		return slate_side_free_far_(c, g);
	last = slate_word_log2(starts);
	return pair->f >> last & 1 ? g - pos_of(g) + last : g;
}

#endif /* SLATE_CONFIG_COMPACT */

/* The end of the free chunk that starts at @e, or @e if a used one does. */
SLATE_INLINE size_t free_end(const struct slate_chunks *c, size_t e)
{
	return boundary_is_free(c, e) ? side_end(c, e) : e;
}

/* The start for @n granules in the free chunk [g, e), or SLATE_NONE. */
SLATE_INLINE size_t place_in(size_t g, size_t e, size_t n, size_t align,
			     size_t phase)
{
	size_t at = g + (-(g + phase) & (align - 1));

	return at >= g && at <= e && n <= e - at ? at : SLATE_NONE;
}

/* Does [u, e) hold a whole pair beyond the one it starts in? */
SLATE_INLINE bool is_wide(size_t u, size_t e)
{
	return unit_of(e) - unit_of(u) >= 2;
}

/* Wide marks of a chunk [u, e): one if it is used, one at each end if free. */
SLATE_INLINE void wide_set(struct slate_chunks *c, size_t u, size_t e,
			   bool is_free)
{
	uintptr_t mark = (e - u) << WIDE_SHIFT;

	if (SLATE_LIKELY(!is_wide(u, e)))
		return;
	if (is_free) {
		mark |= WIDE_FREE;
		pair_of(c, e)[-1].f = mark;
	}
	pair_of(c, u)[1].f = mark;
}

SLATE_INLINE void wide_clear(struct slate_chunks *c, size_t u, size_t e)
{
	if (SLATE_LIKELY(!is_wide(u, e)))
		return;
	pair_of(c, u)[1].f = 0;
	pair_of(c, e)[-1].f = 0;
}

/* The free chunk [u, e) becomes [u, at). */
SLATE_INLINE void wide_shorten(struct slate_chunks *c, size_t u, size_t e,
			       size_t at)
{
	if (!is_wide(u, e))
		return;
	pair_of(c, e)[-1].f = 0;
	pair_of(c, u)[1].f = 0;
	wide_set(c, u, at, true);
}

SLATE_INLINE void start_free(struct slate_chunks *c, size_t g)
{
	pair_of(c, g)->s |= bit_of(g);
	pair_of(c, g)->f |= bit_of(g);
}

SLATE_INLINE void start_used(struct slate_chunks *c, size_t g)
{
	pair_of(c, g)->s |= bit_of(g);
	pair_of(c, g)->f &= ~bit_of(g);
}

SLATE_INLINE void start_none(struct slate_chunks *c, size_t g)
{
	pair_of(c, g)->s &= ~bit_of(g);
	pair_of(c, g)->f &= ~bit_of(g);
}

/* As slate_chunk_free(), for a caller that knows the end @e of the chunk. */
int slate_chunk_release_(struct slate_chunks *c, size_t g, size_t e);

#endif /* SLATE_SIDE_H */
