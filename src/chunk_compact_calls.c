// SPDX-License-Identifier: MIT
/*
 * The calls of chunk.h, made of a compact build's one edit; and what is asked
 * rarely: chunks with an aligned start, and whose links are broken.
 */
#include "bins.h"
#include "chunk_compact.h"

#if SLATE_CONFIG_COMPACT

/* Bins that an aligned request looks at before the one that surely serves. */
#define LOOKS	4

size_t slate_chunk_alloc(struct slate_chunks *c, size_t n)
{
	return slate_chunk_edit_(c, SLATE_NONE, n);
}

int slate_chunk_free(struct slate_chunks *c, size_t g)
{
	g = slate_chunk_edit_(c, g, 0);
	return g == SLATE_BROKEN ? -SLATE_EUCLEAN : 0;
}

size_t slate_chunk_size(const struct slate_chunks *c, size_t g)
{
	return side_end(c, g) - g;
}

int slate_chunk_resize(struct slate_chunks *c, size_t g, size_t n)
{
	size_t last = side_end(c, g);

	if (slate_chunk_is_free(c, last))
		last = side_end(c, last);
	if (n > last - g)
		return -SLATE_ENOMEM;
	g = slate_chunk_edit_(c, g, n);
	return g == SLATE_BROKEN ? -SLATE_EUCLEAN : 0;
}

size_t slate_chunk_slide(struct slate_chunks *c, size_t g, size_t n)
{
	if (slate_side_before_(c, g) == g)
		return SLATE_NONE;
	return slate_chunk_edit_(c, g, n);
}

enum slate_verdict slate_chunk_judge(const struct slate_chunks *c, size_t g)
{
	switch (slate_chunk_blame_(c, slate_arena_ptr(&c->arena, g))) {
	case SLATE_FAULT_NONE:
		return SLATE_VERDICT_LIVE;
	case SLATE_FAULT_INTERIOR:
		return SLATE_VERDICT_INTERIOR;
	default:
		return SLATE_VERDICT_FREE;
	}
}

/*
 * Cut [at, at + n) from the free chunk @g: what is before is taken first, and
 * given back last. Only taking it can meet a broken link.
 */
static size_t cut(struct slate_chunks *c, size_t g, size_t at, size_t n)
{
	if (at == g)
		return slate_chunk_edit_(c, g, n);
	if (slate_chunk_edit_(c, g, at - g) == SLATE_BROKEN)
		return SLATE_BROKEN;
	slate_chunk_edit_(c, at, n);
	slate_chunk_edit_(c, g, 0);
	return at;
}

size_t slate_chunk_alloc_aligned(struct slate_chunks *c, size_t n, size_t align,
				 size_t phase)
{
	size_t sure = n + align - 1;
	unsigned int bin;
	unsigned int i;

	if (n > c->arena.n || align > c->arena.n)
		return SLATE_NONE;
	bin = slate_bin_of_(n);
	for (i = 0; i <= LOOKS; i++, bin++) {
		unsigned int last = slate_bin_of_(sure) + 1;
		size_t g;
		size_t at;

		if (i == LOOKS && bin < last)
			bin = last;
		if (bin >= c->nbins || !(c->map[0] >> bin))
			return SLATE_NONE;
		bin += slate_word_ctz(c->map[0] >> bin);
		g = c->bins[bin].next;
		c->broken = (uint32_t)g;
		if (!slate_chunk_is_free(c, g) ||
		    link_of(c, g)->prev != bin_code(bin) ||
		    !bin_fits(c, g, bin))
			return SLATE_BROKEN;
		at = place_in(g, side_end(c, g), n, align, phase);
		if (at != SLATE_NONE)
			return cut(c, g, at, n);
	}
	return SLATE_NONE;
}

/*
 * Is this link of @g whole? When two chunks disagree and the other one's link
 * makes no sense by itself, it is the other's.
 */
static bool link_is_whole(const struct slate_chunks *c, size_t g, bool next)
{
	uint32_t to = next ? link_of(c, g)->next : link_of(c, g)->prev;
	const struct slate_link *link = slate_bins_link_at_(c, to);
	uint32_t back;

	if (!link || to == g)
		return false;
	back = next ? link->prev : link->next;
	if (back == g)
		return true;
	if (~to < c->nbins)
		return false;
	return ~back >= c->nbins && !slate_chunk_is_free(c, back);
}

size_t slate_chunk_find_broken(const struct slate_chunks *c, size_t g)
{
	for (g = slate_chunk_next(c, g); g < c->arena.n;
	     g = slate_chunk_end(c, g)) {
		if (!slate_chunk_is_free(c, g))
			continue;
		if (!link_is_whole(c, g, true) ||
		    !link_is_whole(c, g, false))
			return g;
	}
	return SLATE_NONE;
}

#endif /* SLATE_CONFIG_COMPACT */
