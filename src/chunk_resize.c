// SPDX-License-Identifier: MIT
/* Chunks that change their size or their start where they are. */
#include "bins.h"

#if !SLATE_CONFIG_COMPACT

/* Split the used chunk [g, e) into two used ones, and give back the second. */
static int drop_tail(struct slate_chunks *c, size_t g, size_t e, size_t at)
{
	int err;

	wide_clear(c, g, e);
	pair_of(c, at)->s |= bit_of(at);
	wide_set(c, g, at, false);
	wide_set(c, at, e, false);
	err = slate_chunk_release_(c, at, e);
	if (!err)
		return 0;
	wide_clear(c, g, at);
	wide_clear(c, at, e);
	pair_of(c, at)->s &= ~bit_of(at);
	wide_set(c, g, e, false);
	return err;
}

/* Make the free chunk [e, last) a part of the used one before it. */
static void swallow(struct slate_chunks *c, size_t e, size_t last)
{
	wide_clear(c, e, last);
	start_none(c, e);
}

/* Grow the used chunk [g, e) to @n granules, into the free one up to @last. */
static int grow(struct slate_chunks *c, size_t g, size_t e, size_t last,
		size_t n)
{
	size_t at = g + n;
	unsigned int bin;

	if (n > last - g)
		return -SLATE_ENOMEM;
	if (!bins_take(c, e, bin_of(last - e)))
		return -SLATE_EUCLEAN;
	wide_clear(c, g, e);
	swallow(c, e, last);
	wide_set(c, g, at, false);
	if (at == last)
		return 0;
	bin = bin_of(last - at);
	start_free(c, at);
	wide_set(c, at, last, true);
	bins_link(c, at, bin);
	return 0;
}

int slate_chunk_resize(struct slate_chunks *c, size_t g, size_t n)
{
	size_t e = side_end(c, g);

	if (n == e - g)
		return 0;
	if (n < e - g)
		return drop_tail(c, g, e, g + n);
	return grow(c, g, e, free_end(c, e), n);
}

size_t slate_chunk_slide(struct slate_chunks *c, size_t g, size_t n)
{
	size_t first = side_free_before(c, g);
	size_t e = side_end(c, g);
	size_t last = free_end(c, e);

	if (first == g || n > last - first)
		return SLATE_NONE;
	if (!bins_take(c, first, bin_of(g - first)))
		return SLATE_BROKEN;
	/* No more a free chunk that links of the other may lead to. */
	pair_of(c, first)->f &= ~bit_of(first);
	if (last != e && !bins_take(c, e, bin_of(last - e))) {
		start_free(c, first);
		bins_link(c, first, bin_of(g - first));
		return SLATE_BROKEN;
	}
	wide_clear(c, first, g);
	wide_clear(c, g, e);
	if (last != e)
		swallow(c, e, last);
	pair_of(c, g)->s &= ~bit_of(g);
	wide_set(c, first, last, false);
	return first;
}

#endif /* !SLATE_CONFIG_COMPACT */
