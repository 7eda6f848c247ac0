// SPDX-License-Identifier: MIT
/*
 * The chunk engine's calls: take, and give back. All edits of the side bits
 * and the bins are composed here; the pieces are in side.h and bins.h.
 *
 * A chunk leaves its bin, whose links are confirmed then, before anything
 * else is edited; so a call that meets a broken link changes nothing.
 */
#include "chunk_ops.h"

#if !SLATE_CONFIG_COMPACT

/* Chunks of one bin that a large request looks at. */
#define LOOKS	2

/* Bins that are looked at for a unit before the last one. */
#define UNIT_LOOKS	2

/* Behind this granule no unit is lent: its number would not fit a link. */
#define LENT_END	((size_t)SLATE_LENT_UNITS << SLATE_WORD_SHIFT)

bool slate_bins_unlink_(struct slate_chunks *c, size_t g, unsigned int bin)
{
	const struct slate_link *link = link_of(c, g);
	size_t head = bin_head(c, bin);
	size_t next = link->next;
	size_t prev = link->prev;

	if (head == g)
		return bins_advance(c, g, bin);
	if (prev == g || !is_free_start(c, prev) ||
	    link_of(c, prev)->next != g)
		return bins_broken(c, g);
	if (next == g) {
		link_of(c, prev)->next = (uint32_t)prev;
		if (prev == head)
			c->bins[bin] = (uint32_t)head;
		return true;
	}
	if (!next_agrees(c, g, next))
		return bins_broken(c, g);
	link_of(c, next)->prev = (uint32_t)prev;
	link_of(c, prev)->next = (uint32_t)next;
	return true;
}

/* Has the first chunk of a large bin, [g, e), the granules that it must? */
SLATE_INLINE bool is_large_enough(struct slate_chunks *c, size_t g, size_t e,
				  size_t n)
{
	return SLATE_LIKELY(e - g >= n) || bins_broken(c, g);
}

/* What a cut leaves of a free chunk, perhaps nothing, goes to its bin. */
static void give_rest(struct slate_chunks *c, size_t g, size_t e)
{
	if (g == e)
		return;
	start_free(c, g);
	wide_set(c, g, e, true);
	bins_link(c, g, bin_of(e - g));
}

/*
 * Cut [at, at + n) from the free chunk [g, e). What is left before and behind
 * goes to the bins, the part that units can be lent from in front of the other.
 */
static size_t cut(struct slate_chunks *c, size_t g, size_t e, size_t at,
		  size_t n)
{
	size_t rest = at + n;

	if (SLATE_UNLIKELY(!bins_take(c, g, bin_of(e - g))))
		return SLATE_BROKEN;
	wide_clear(c, g, e);
	start_used(c, at);
	wide_set(c, at, rest, false);
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
 * Shorten the free chunk [g, e) of a large bin to [g, at). If it stays in its
 * bin, no list changes and no link is read.
 */
SLATE_INLINE bool shorten(struct slate_chunks *c, unsigned int bin, size_t g,
			  size_t e, size_t at)
{
	if (SLATE_UNLIKELY(at - g < bin_least(bin))) {
		if (!bins_take(c, g, bin))
			return false;
		bins_link(c, g, bin_of(at - g));
	}
	wide_shorten(c, g, e, at);
	return true;
}

/* Cut @n granules, less than a unit, from the end of a large free chunk. */
size_t slate_chunk_cut_end_(struct slate_chunks *c, size_t n)
{
	unsigned int bin = bins_search(c, SLATE_WORD_BITS);
	size_t g;
	size_t e;

	if (bin == SLATE_BINS_MAX)
		return SLATE_NONE;
	g = bin_head(c, bin);
	if (!head_fits(c, g, bin))
		return SLATE_BROKEN;
	e = side_end(c, g);
	if (SLATE_UNLIKELY(!is_large_enough(c, g, e, bin_least(bin)) ||
			   !shorten(c, bin, g, e, e - n)))
		return SLATE_BROKEN;
	pair_of(c, e - n)->s |= bit_of(e - n);
	return e - n;
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

		if (!head_fits(c, g, bin))
			return SLATE_BROKEN;
		if (size >= n && size < best_size) {
			best = g;
			best_size = size;
		}
		/* Only behind the first is the end told by a link alone. */
		if (size == n || (i ? next == g : c->bins[bin] == g))
			break;
		if (!next_agrees(c, g, next)) {
			bins_broken(c, g);
			return SLATE_BROKEN;
		}
		g = next;
	}
	return best;
}

/* Cut @n granules from the start of the free chunk at @g, the first of @bin. */
static size_t cut_front(struct slate_chunks *c, unsigned int bin, size_t g,
			size_t n)
{
	size_t e = side_end(c, g);
	size_t rest = g + n;

	if (SLATE_UNLIKELY(!is_large_enough(c, g, e, n) ||
			   !bins_take(c, g, bin)))
		return SLATE_BROKEN;
	wide_clear(c, g, e);
	pair_of(c, g)->f &= ~bit_of(g);
	if (rest != e) {
		start_free(c, rest);
		wide_set(c, rest, e, true);
		bins_link(c, rest, bin_of(e - rest));
	}
	wide_set(c, g, rest, false);
	return g;
}

size_t slate_chunk_alloc_large_(struct slate_chunks *c, size_t n)
{
	unsigned int bin;
	size_t g;

	if (n > c->arena.n)
		return SLATE_NONE;
	bin = bin_of(n);
	if (!bin_is_empty(c, bin)) {
		g = best_of_bin(c, bin, n);
		if (g == SLATE_BROKEN)
			return g;
		if (g != SLATE_NONE)
			return cut_front(c, bin, g, n);
	}
	bin = bins_search(c, bin + 1);
	if (bin == SLATE_BINS_MAX)
		return SLATE_NONE;
	g = bin_head(c, bin);
	if (!head_fits(c, g, bin))
		return SLATE_BROKEN;
	return cut_front(c, bin, g, n);
}

size_t slate_chunk_alloc(struct slate_chunks *c, size_t n)
{
	return chunk_take(c, n);
}

size_t slate_chunk_alloc_aligned(struct slate_chunks *c, size_t n, size_t align,
				 size_t phase)
{
	size_t sure = n + align - 1;
	unsigned int bin;
	unsigned int i;

	if (n > c->arena.n || align > c->arena.n)
		return SLATE_NONE;
	bin = bin_of(n);
	for (i = 0; i <= LOOKS; i++, bin++) {
		unsigned int last = bin_of(sure) + (sure >= SLATE_WORD_BITS);
		size_t g, e, at;

		if (i == LOOKS && bin < last)
			bin = last;
		bin = bins_search(c, bin);
		if (bin == SLATE_BINS_MAX)
			return SLATE_NONE;
		g = bin_head(c, bin);
		if (!head_fits(c, g, bin))
			return SLATE_BROKEN;
		e = side_end(c, g);
		at = place_in(g, e, n, align, phase);
		if (at != SLATE_NONE)
			return cut(c, g, e, at, n);
	}
	return SLATE_NONE;
}

/* The last whole unit of the free chunk [g, e) that can be lent. */
SLATE_INLINE size_t last_unit(size_t g, size_t e)
{
	size_t end = e < LENT_END ? e : LENT_END;
	size_t at = (end & ~(size_t)SLATE_WORD_MASK) - SLATE_WORD_BITS;

	return at >= g && at < e ? at : SLATE_NONE;
}

/* The last bin that is not empty; there is one. */
SLATE_INLINE unsigned int bins_last(const struct slate_chunks *c)
{
	unsigned int i = SLATE_BIN_WORDS - 1;

	while (i && !c->map[i])
		i--;
	return (i << SLATE_WORD_SHIFT) + slate_word_log2(c->map[i] | 1);
}

/* Lend the unit at @at of the free chunk [g, e) of @bin. */
static size_t cut_unit(struct slate_chunks *c, unsigned int bin, size_t g,
		       size_t e, size_t at)
{
	size_t rest = at + SLATE_WORD_BITS;

	if (at == g)
		return cut(c, g, e, at, SLATE_WORD_BITS);
	if (!shorten(c, bin, g, e, at))
		return SLATE_BROKEN;
	pair_of(c, at)->s = 1;
	give_rest(c, rest, e);
	return at;
}

size_t slate_chunk_alloc_unit(struct slate_chunks *c)
{
	unsigned int bin = bins_search(c, SLATE_WORD_BITS);
	unsigned int looks = 0;
	unsigned int last;
	size_t g, e, at;

	if (bin == SLATE_BINS_MAX)
		return SLATE_NONE;
	last = bins_last(c);
	for (;;) {
		g = bin_head(c, bin);
		if (!head_fits(c, g, bin))
			return SLATE_BROKEN;
		e = side_end(c, g);
		at = last_unit(g, e);
		if (at != SLATE_NONE)
			return cut_unit(c, bin, g, e, at);
		if (bin == last)
			return SLATE_NONE;
		bin = ++looks < UNIT_LOOKS ? bins_search(c, bin + 1) : last;
	}
}

size_t slate_chunk_size(const struct slate_chunks *c, size_t g)
{
	return side_end(c, g) - g;
}

#endif /* !SLATE_CONFIG_COMPACT */
