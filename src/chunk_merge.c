// SPDX-License-Identifier: MIT
/*
 * Giving chunks back where more than the pair at hand must be looked at or
 * edited: what becomes a unit or more, and has wide marks.
 */
#include "chunk_ops.h"

#if !SLATE_CONFIG_COMPACT

/* The free chunk [first, g), and with it its bin, grows up to @e. */
SLATE_INLINE bool grow_up(struct slate_chunks *c, size_t first, size_t g,
			  size_t e)
{
	unsigned int from = bin_of(g - first);

	if (from >= SLATE_WORD_BITS && e - first < bin_least(from + 1))
		return true;
	if (SLATE_UNLIKELY(!bins_take(c, first, from)))
		return false;
	bins_link(c, first, bin_of(e - first));
	return true;
}

/* [g, e) alone. */
static int give_alone(struct slate_chunks *c, size_t g, size_t e)
{
	pair_of(c, g)->f |= bit_of(g);
	wide_set(c, g, e, true);
	bins_link(c, g, bin_of(e - g));
	return 0;
}

/* [g, e) behind the free chunk [first, g). */
static int give_to_prev(struct slate_chunks *c, size_t first, size_t g,
			size_t e)
{
	if (SLATE_UNLIKELY(!grow_up(c, first, g, e)))
		return -SLATE_EUCLEAN;
	pair_of(c, g)->s &= ~bit_of(g);
	if (is_wide(first, e)) {
		wide_clear(c, first, g);
		wide_clear(c, g, e);
		wide_set(c, first, e, true);
	}
	return 0;
}

/* [g, e) before the free chunk [e, last). */
static int give_to_next(struct slate_chunks *c, size_t g, size_t e,
			size_t last)
{
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

/* [g, e) between the free chunks [first, g) and [e, last). */
static int give_to_both(struct slate_chunks *c, size_t first, size_t g,
			size_t e, size_t last)
{
	unsigned int bin = bin_of(last - e);

	if (SLATE_UNLIKELY(!bins_take(c, e, bin)))
		return -SLATE_EUCLEAN;
	/* No more a free chunk that links of the other may lead to. */
	start_none(c, e);
	if (SLATE_UNLIKELY(!grow_up(c, first, g, last))) {
		start_free(c, e);
		bins_link(c, e, bin);
		return -SLATE_EUCLEAN;
	}
	pair_of(c, g)->s &= ~bit_of(g);
	if (is_wide(first, last)) {
		wide_clear(c, first, g);
		wide_clear(c, g, e);
		wide_clear(c, e, last);
		wide_set(c, first, last, true);
	}
	return 0;
}

int slate_chunk_give_(struct slate_chunks *c, size_t first, size_t g, size_t e,
		      size_t last)
{
	if (first == g)
		return e == last ? give_alone(c, g, e) :
				   give_to_next(c, g, e, last);
	return e == last ? give_to_prev(c, first, g, e) :
			   give_to_both(c, first, g, e, last);
}

bool slate_chunk_give_far_(struct slate_chunks *c, size_t first, size_t g,
			   size_t *n)
{
	size_t e = side_end(c, g);

	*n = e - g;
	return !slate_chunk_give_(c, first, g, e, free_end(c, e));
}

int slate_chunk_release_(struct slate_chunks *c, size_t g, size_t e)
{
	return slate_chunk_give_(c, side_free_before(c, g), g, e,
				 free_end(c, e));
}

int slate_chunk_free(struct slate_chunks *c, size_t g)
{
	return slate_chunk_release_(c, g, side_end(c, g));
}

#endif /* !SLATE_CONFIG_COMPACT */
