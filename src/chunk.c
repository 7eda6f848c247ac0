// SPDX-License-Identifier: MIT
/*
 * The chunk engine's three calls: take, take aligned, give back. All edits of
 * the side bits and the bins are composed here; the pieces are in side.h and
 * bins.h.
 *
 * Every call first confirms all the links that it is going to follow, then
 * edits. One that finds a broken link returns before it has changed anything.
 */
#include "bins.h"

/* Chunks of one bin that a large request looks at. */
#define LOOKS	4

/* Level 2: is the chunk at the head of a bin one that belongs there? */
static bool head_fits(struct slate_chunks *c, size_t g, unsigned int bin)
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
			      size_t n)
{
	size_t g = bin_head(c, bin);

	if (SLATE_UNLIKELY(!head_fits(c, g, bin) || !bins_pop(c, g, bin)))
		return SLATE_BROKEN;
	side_toggle(c, g, g + n);
	if (bin != n)
		bins_link(c, g + n, g + bin);
	return g;
}

/* Behind this granule no unit is lent: its number would not fit a link. */
#define LENT_END	((size_t)SLATE_LENT_UNITS << SLATE_WORD_SHIFT)

/* What a cut leaves of a free chunk, perhaps nothing, goes to its bin. */
static void give_rest(struct slate_chunks *c, size_t g, size_t e)
{
	if (g == e)
		return;
	wide_set(c, g, e, true);
	bins_link(c, g, e);
}

/*
 * Cut [at, at + n) from the free chunk [g, e). What is left before and behind
 * goes to the bins, the part that units can be lent from in front of the other;
 * a rest behind that stays in its bin keeps its place there.
 */
static size_t cut(struct slate_chunks *c, size_t g, size_t e, size_t at,
		  size_t n)
{
	unsigned int bin = bin_of(e - g);
	size_t rest = at + n;

	if (SLATE_UNLIKELY(!bins_confirm(c, g, bin)))
		return SLATE_BROKEN;
	wide_clear(c, g, e, true);
	side_toggle(c, at, rest);
	wide_set(c, at, rest, false);
	if (at == g && rest < e && bin_of(e - rest) == bin) {
		wide_set(c, rest, e, true);
		bins_move(c, g, rest, bin);
		return at;
	}
	bins_unlink(c, g, bin);
	if (rest < LENT_END) {
		give_rest(c, g, at);
		give_rest(c, rest, e);
	} else {
		give_rest(c, rest, e);
		give_rest(c, g, at);
	}
	return at;
}

/*
 * Cut @n granules, less than a unit, from the end of the free chunk at @g, of
 * a unit or more. If what is left stays in its bin, no list changes and no
 * link is read.
 */
static size_t cut_end(struct slate_chunks *c, size_t g, size_t n)
{
	size_t e = side_end(c, g);
	size_t at = e - n;

	if (bin_of(at - g) != bin_of(e - g))
		return cut(c, g, e, at, n);
	wide_clear(c, g, e, true);
	side_toggle(c, at, e);
	wide_set(c, g, at, true);
	return at;
}

/*
 * The best of the first few chunks of the bin that @n itself falls into, some
 * of which are smaller than @n.
 */
static size_t best_of_bin(struct slate_chunks *c, unsigned int bin, size_t n)
{
	size_t best = SLATE_NONE;
	size_t best_size = SLATE_NONE;
	size_t g = bin_head(c, bin);
	unsigned int i;

	for (i = 0; i < LOOKS; i++) {
		size_t size = side_end(c, g) - g;
		size_t next = link_of(c, g)->next;

		if (size >= n && size < best_size) {
			best = g;
			best_size = size;
		}
		if (size == n)
			break;
		/* Only behind the first is the end told by a link alone. */
		if (i ? next == g : !(c->bins[bin] & BIN_MANY))
			break;
		if (!slate_bins_confirm_link_(c, g, next, true))
			return SLATE_BROKEN;
		g = next;
	}
	return best;
}

/* A chunk for @n granules from the bins of a unit and more. */
static size_t alloc_large(struct slate_chunks *c, size_t n)
{
	unsigned int bin = SLATE_WORD_BITS;
	size_t g;

	if (n >= SLATE_WORD_BITS) {
		bin = bin_of(n);
		if (!bin_is_empty(c, bin)) {
			g = best_of_bin(c, bin, n);
			if (g == SLATE_BROKEN)
				return g;
			if (g != SLATE_NONE)
				return cut(c, g, side_end(c, g), g, n);
		}
		bin++;
	}
	bin = bins_search(c, bin);
	if (bin == SLATE_BINS_MAX)
		return SLATE_NONE;
	g = bin_head(c, bin);
	if (!head_fits(c, g, bin))
		return SLATE_BROKEN;
	if (n < SLATE_WORD_BITS)
		return cut_end(c, g, n);
	return cut(c, g, side_end(c, g), g, n);
}

size_t slate_chunk_alloc(struct slate_chunks *c, size_t n)
{
	uintptr_t map;

	if (SLATE_LIKELY(n < SLATE_WORD_BITS)) {
		map = c->map[0] & ~slate_word_below(n);
		if (SLATE_LIKELY(map))
			return cut_exact(c, slate_word_ctz(map), n);
	}
	if (n > c->arena.n)
		return SLATE_NONE;
	return alloc_large(c, n);
}

/*
 * Where a chunk may start: g + phase is a multiple of align. A unit to be lent
 * starts as high as it can in its free chunk, which has two units or less, or
 * else a quarter of the arena.
 */
struct place {
	size_t align;
	size_t phase;
	bool is_unit;
};

/* The granules from which units are lent at all. */
static size_t lendable(const struct slate_chunks *c)
{
	return c->arena.n < LENT_END ? c->arena.n : LENT_END;
}

/* May a unit be lent from a free chunk of this size? */
static bool may_lend(const struct slate_chunks *c, size_t size)
{
	return size <= 2 * SLATE_WORD_BITS || size >= lendable(c) / 4;
}

/* The start for @n granules in the free chunk [g, e), or SLATE_NONE. */
static size_t place_in(const struct slate_chunks *c, const struct place *place,
		       size_t g, size_t e, size_t n)
{
	size_t mask = place->align - 1;
	size_t at;

	if (place->is_unit && !may_lend(c, e - g))
		return SLATE_NONE;
	if (place->is_unit && e > LENT_END)
		e = LENT_END;
	if (e < g || n > e - g)
		return SLATE_NONE;
	if (place->is_unit)
		at = (e - n) & ~mask;
	else
		at = g + (-(g + place->phase) & mask);
	return at >= g && at <= e - n ? at : SLATE_NONE;
}

/* Look at the first chunks of a few bins, then where any chunk will do. */
static size_t alloc_placed(struct slate_chunks *c, size_t n,
			   const struct place *place)
{
	size_t sure = n + place->align - 1;
	unsigned int bin = bin_of(n);
	unsigned int sure_bin;
	unsigned int i;
	size_t at;
	size_t g;
	size_t e;

	if (place->is_unit && sure < lendable(c) / 4)
		sure = lendable(c) / 4;
	sure_bin = bin_of(sure) + (sure >= SLATE_WORD_BITS);
	for (i = 0; i <= LOOKS; i++, bin++) {
		if (i == LOOKS && bin < sure_bin)
			bin = sure_bin;
		bin = bins_search(c, bin);
		if (bin == SLATE_BINS_MAX)
			return SLATE_NONE;
		g = bin_head(c, bin);
		if (!head_fits(c, g, bin))
			return SLATE_BROKEN;
		e = side_end(c, g);
		at = place_in(c, place, g, e, n);
		if (at != SLATE_NONE)
			return cut(c, g, e, at, n);
	}
	return SLATE_NONE;
}

size_t slate_chunk_alloc_aligned(struct slate_chunks *c, size_t n, size_t align,
				 size_t phase)
{
	struct place place = {align, phase, false};

	if (n > c->arena.n || align > c->arena.n)
		return SLATE_NONE;
	return alloc_placed(c, n, &place);
}

size_t slate_chunk_alloc_unit(struct slate_chunks *c, size_t n)
{
	struct place place = {SLATE_WORD_BITS, 0, true};

	return alloc_placed(c, n, &place);
}

/* Give [g, e) back between two chunks of which at least one is free. */
static int merge(struct slate_chunks *c, size_t g, size_t e)
{
	size_t first = g;
	size_t last = e;
	bool prev_free = behind_free(c, g);
	bool next_free = boundary_is_free(c, e);

	if (prev_free) {
		first = side_free_before(c, g);
		if (!bins_confirm(c, first, bin_of(g - first)))
			return -SLATE_EUCLEAN;
	}
	if (next_free) {
		last = side_end(c, e);
		if (!bins_confirm(c, e, bin_of(last - e)))
			return -SLATE_EUCLEAN;
		bins_unlink(c, e, bin_of(last - e));
		wide_clear(c, e, last, true);
	}
	wide_clear(c, g, e, false);
	side_toggle(c, g, e);
	if (prev_free) {
		wide_clear(c, first, g, true);
		if (bin_of(g - first) == bin_of(last - first)) {
			wide_set(c, first, last, true);
			return 0;
		}
		bins_unlink(c, first, bin_of(g - first));
	}
	wide_set(c, first, last, true);
	bins_link(c, first, last);
	return 0;
}

int slate_chunk_release_(struct slate_chunks *c, size_t g, size_t e)
{
	if (behind_free(c, g) || boundary_is_free(c, e))
		return merge(c, g, e);
	wide_clear(c, g, e, false);
	side_toggle(c, g, e);
	wide_set(c, g, e, true);
	bins_link(c, g, e);
	return 0;
}

int slate_chunk_free(struct slate_chunks *c, size_t g)
{
	return slate_chunk_release_(c, g, side_end(c, g));
}

size_t slate_chunk_size(const struct slate_chunks *c, size_t g)
{
	return side_end(c, g) - g;
}
