// SPDX-License-Identifier: MIT
/*
 * Giving a chunk back next to free ones. Each case is a function of its own,
 * and each tells apart results below a unit, which have bins of one size and
 * no wide marks, from larger ones: most are small, and cost half as much.
 */
#include "chunk_ops.h"

/* As bins_take(), for a chunk of less than a unit. */
SLATE_INLINE bool take_small(struct slate_chunks *c, size_t g, size_t n)
{
	if (c->bins[n] != g || !lone_agrees(c, g))
		return slate_bins_unlink_(c, g, (unsigned int)n);
	c->map[0] &= ~slate_word_bit(n);
	return true;
}

/* The free chunk [first, g), and with it its bin, grows up to @e. */
static bool grow_prev(struct slate_chunks *c, size_t first, size_t g, size_t e)
{
	unsigned int from = bin_of(g - first);

	if (from >= SLATE_WORD_BITS && e - first < bin_least(from + 1))
		return true;
	if (SLATE_UNLIKELY(!bins_take(c, first, from)))
		return false;
	bins_link(c, first, bin_of(e - first));
	return true;
}

int slate_chunk_merge_prev_(struct slate_chunks *c, size_t first, size_t g,
			    size_t e)
{
	if (e - first < SLATE_WORD_BITS) {
		if (SLATE_UNLIKELY(!take_small(c, first, g - first)))
			return -SLATE_EUCLEAN;
		pair_of(c, g)->s &= ~bit_of(g);
		bins_link_small(c, first, (unsigned int)(e - first));
		return 0;
	}
	if (SLATE_UNLIKELY(!grow_prev(c, first, g, e)))
		return -SLATE_EUCLEAN;
	pair_of(c, g)->s &= ~bit_of(g);
	if (is_wide(first, e)) {
		wide_clear(c, g, e);
		wide_clear(c, first, g);
		wide_set(c, first, e, true);
	}
	return 0;
}

int slate_chunk_merge_next_(struct slate_chunks *c, size_t g, size_t e)
{
	size_t last = side_end(c, e);

	if (last - g < SLATE_WORD_BITS) {
		if (SLATE_UNLIKELY(!take_small(c, e, last - e)))
			return -SLATE_EUCLEAN;
		start_none(c, e);
		pair_of(c, g)->f |= bit_of(g);
		bins_link_small(c, g, (unsigned int)(last - g));
		return 0;
	}
	if (SLATE_UNLIKELY(!bins_take(c, e, bin_of(last - e))))
		return -SLATE_EUCLEAN;
	start_none(c, e);
	pair_of(c, g)->f |= bit_of(g);
	if (is_wide(g, last)) {
		wide_clear(c, g, e);
		wide_clear(c, e, last);
		wide_set(c, g, last, true);
	}
	bins_link(c, g, bin_of(last - g));
	return 0;
}

int slate_chunk_merge_both_(struct slate_chunks *c, size_t first, size_t g,
			    size_t e)
{
	size_t last = side_end(c, e);

	if (SLATE_UNLIKELY(!bins_take(c, e, bin_of(last - e))))
		return -SLATE_EUCLEAN;
	if (last - first < SLATE_WORD_BITS) {
		if (SLATE_UNLIKELY(!take_small(c, first, g - first)))
			goto out_link;
		bins_link_small(c, first, (unsigned int)(last - first));
	} else if (SLATE_UNLIKELY(!grow_prev(c, first, g, last))) {
		goto out_link;
	}
	start_none(c, e);
	pair_of(c, g)->s &= ~bit_of(g);
	if (is_wide(first, last)) {
		wide_clear(c, first, g);
		wide_clear(c, g, e);
		wide_clear(c, e, last);
		wide_set(c, first, last, true);
	}
	return 0;
out_link:
	bins_link(c, e, bin_of(last - e));
	return -SLATE_EUCLEAN;
}
