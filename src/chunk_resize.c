// SPDX-License-Identifier: MIT
/* Chunks that change their size or their start where they are. */
#include "bins.h"

/* Merge the used chunk [g, e) with the free one behind it, all of it used. */
static void swallow(struct slate_chunks *c, size_t g, size_t e, size_t last)
{
	bins_unlink(c, e, bin_of(last - e));
	wide_clear(c, g, e, false);
	wide_clear(c, e, last, true);
	flip_s(c, e);
	flip_f(c, e);
	flip_s(c, last);
	flip_f(c, last);
	wide_set(c, g, last, false);
}

/* Split the used chunk [g, e) into two used ones, and give back the second. */
static int drop_tail(struct slate_chunks *c, size_t g, size_t e, size_t at)
{
	wide_clear(c, g, e, false);
	flip_s(c, at);
	wide_set(c, g, at, false);
	wide_set(c, at, e, false);
	return slate_chunk_free(c, at);
}

int slate_chunk_resize(struct slate_chunks *c, size_t g, size_t n)
{
	size_t e = side_end(c, g);
	size_t last = e;

	if (n == e - g)
		return 0;
	if (boundary_is_free(c, e)) {
		last = side_end(c, e);
		if (!bins_confirm(c, e, bin_of(last - e)))
			return -SLATE_EUCLEAN;
	}
	if (n > last - g)
		return -SLATE_ENOMEM;
	if (n < e - g)
		return drop_tail(c, g, e, g + n);
	swallow(c, g, e, last);
	if (last - g > n)
		return drop_tail(c, g, last, g + n);
	return 0;
}

size_t slate_chunk_slide(struct slate_chunks *c, size_t g, size_t n)
{
	size_t e = side_end(c, g);
	size_t last = e;
	size_t first;

	if (!behind_free(c, g))
		return SLATE_NONE;
	first = side_free_before(c, g);
	if (boundary_is_free(c, e))
		last = side_end(c, e);
	if (n > last - first)
		return SLATE_NONE;
	if (!bins_confirm(c, first, bin_of(g - first)))
		return SLATE_BROKEN;
	if (last > e) {
		if (!bins_confirm(c, e, bin_of(last - e)))
			return SLATE_BROKEN;
		swallow(c, g, e, last);
	}
	bins_unlink(c, first, bin_of(g - first));
	wide_clear(c, g, last, false);
	wide_clear(c, first, g, true);
	flip_f(c, first);
	flip_f(c, g);
	wide_set(c, first, last, false);
	return first;
}
