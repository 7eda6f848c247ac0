/* SPDX-License-Identifier: MIT */
/*
 * The side bits of a chunk engine, each trick with a name. See
 * <slate/chunk.h> for what the bits mean. Nothing here looks at free memory.
 */
#ifndef SLATE_SIDE_H
#define SLATE_SIDE_H

#include <slate/chunk.h>

#define WIDE_FLAG	((uintptr_t)3)
#define WIDE_SHIFT	2u

SLATE_INLINE size_t unit_of(size_t g)
{
	return g >> SLATE_WORD_SHIFT;
}

SLATE_INLINE unsigned int pos_of(size_t g)
{
	return (unsigned int)g & SLATE_WORD_MASK;
}

SLATE_INLINE struct slate_pair *pair_of(const struct slate_chunks *c, size_t g)
{
	return &c->pairs[unit_of(g)];
}

/* Two starts of free chunks side by side: no code, but a wide mark. */
SLATE_INLINE bool pair_is_wide(const struct slate_pair *pair)
{
	return (pair->s & pair->f & WIDE_FLAG) == WIDE_FLAG;
}

SLATE_INLINE size_t pair_wide_length(const struct slate_pair *pair)
{
	return pair->s >> WIDE_SHIFT;
}

SLATE_INLINE void pair_set_wide(struct slate_pair *pair, size_t length)
{
	pair->s = length << WIDE_SHIFT | WIDE_FLAG;
	pair->f = pair->s;
}

SLATE_INLINE void pair_clear(struct slate_pair *pair)
{
	pair->s = 0;
	pair->f = 0;
}

/* S and F differ: the start of a used chunk, and never in a wide mark. */
SLATE_INLINE bool is_used_start(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);

	return (pair->s ^ pair->f) >> pos_of(g) & 1;
}

/* For a boundary known to be one: is the chunk that starts here free? */
SLATE_INLINE bool boundary_is_free(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);

	return (pair->s & pair->f) >> pos_of(g) & 1;
}

/* For the start of a used chunk: is the chunk before it free? */
SLATE_INLINE bool behind_free(const struct slate_chunks *c, size_t g)
{
	return pair_of(c, g)->f >> pos_of(g) & 1;
}

SLATE_INLINE void flip_s(struct slate_chunks *c, size_t g)
{
	pair_of(c, g)->s ^= slate_word_bit(pos_of(g));
}

SLATE_INLINE void flip_f(struct slate_chunks *c, size_t g)
{
	pair_of(c, g)->f ^= slate_word_bit(pos_of(g));
}

/* The one edit that takes [u, e) from a free chunk and that gives it back. */
SLATE_INLINE void side_toggle(struct slate_chunks *c, size_t u, size_t e)
{
	flip_f(c, u);
	flip_s(c, e);
	flip_f(c, e);
}

/* The end of the chunk that starts at @g: its own pair, or the next, tells. */
SLATE_INLINE size_t side_end(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);
	uintptr_t starts = (pair->s | pair->f) >> pos_of(g) >> 1;

	if (starts)
		return g + 1 + slate_word_ctz(starts);
	pair++;
	if (pair_is_wide(pair))
		return g + pair_wide_length(pair);
	return ((unit_of(g) + 1) << SLATE_WORD_SHIFT) +
	       slate_word_ctz(pair->s | pair->f);
}

/* The start of the free chunk that ends at @g. */
SLATE_INLINE size_t side_free_before(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);
	uintptr_t starts = (pair->s | pair->f) & slate_word_below(pos_of(g));

	if (starts)
		return g - pos_of(g) + slate_word_log2(starts);
	pair--;
	if (pair_is_wide(pair))
		return g - pair_wide_length(pair);
	return ((unit_of(g) - 1) << SLATE_WORD_SHIFT) +
	       slate_word_log2(pair->s | pair->f);
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
	if (!is_wide(u, e))
		return;
	pair_set_wide(&c->pairs[unit_of(u) + 1], e - u);
	if (is_free)
		pair_set_wide(&c->pairs[unit_of(e) - 1], e - u);
}

SLATE_INLINE void wide_clear(struct slate_chunks *c, size_t u, size_t e,
			     bool is_free)
{
	if (!is_wide(u, e))
		return;
	pair_clear(&c->pairs[unit_of(u) + 1]);
	if (is_free)
		pair_clear(&c->pairs[unit_of(e) - 1]);
}

/* As slate_chunk_free(), for a caller that knows the end @e of the chunk. */
int slate_chunk_release_(struct slate_chunks *c, size_t g, size_t e);

#endif /* SLATE_SIDE_H */
