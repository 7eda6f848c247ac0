// SPDX-License-Identifier: MIT
/*
 * The chunk engine in few bytes (SLATE_CONFIG_COMPACT): the side bits of
 * chunk.h, the bins of bins_compact.h, and one edit for whatever is asked.
 *
 * A stretch of chunks becomes one used chunk, one free one, or a used one and
 * what is left of the stretch as a free one behind it. So malloc is a free
 * chunk of which n granules become used, realloc a used one with what is free
 * behind it, and free a used one with its free neighbours of which none do.
 *
 * Those of the stretch that are free leave their bins before any side bit
 * changes. If a link is broken the call ends there: the bits are what they
 * were, and since the lists are to be rebuilt from them, they stay as they are.
 */
#include "bins.h"
#include "chunk_compact.h"

#if SLATE_CONFIG_COMPACT

/* Chunks that a request looks at though they may be too small. */
#define LOOKS	8u

size_t slate_side_end_(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);
	uintptr_t starts = pair->s >> pos_of(g) >> 1;
	size_t from = g + 1;

	if (!starts) {
		pair++;
		starts = pair->s;
		from = (g | SLATE_WORD_MASK) + 1;
	}
	if (!starts)
		return g + (pair->f >> WIDE_SHIFT);
	return from + slate_word_ctz(starts);
}

size_t slate_side_before_(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);
	uintptr_t starts = pair->s & slate_word_below(pos_of(g));
	size_t start = g & ~(size_t)SLATE_WORD_MASK;

	if (!starts) {
		pair--;
		starts = pair->s;
		start -= SLATE_WORD_BITS;
	}
	if (starts)
		start += slate_word_log2(starts);
	else
		start = g - (pair->f >> WIDE_SHIFT);
	return slate_chunk_is_free(c, start) ? start : g;
}

bool slate_chunk_is_free(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair;

	if (g >= c->arena.n)
		return false;
	pair = pair_of(c, g);
	return (pair->s & pair->f) >> pos_of(g) & 1;
}

enum slate_fault slate_chunk_blame_(const struct slate_chunks *c,
				    const void *ptr)
{
	uintptr_t off = (uintptr_t)ptr - (uintptr_t)c->arena.base;
	size_t g = off >> SLATE_GRANULE_SHIFT;
	const struct slate_pair *pair;
	uintptr_t s;
	uintptr_t f;

	if (g >= c->arena.n)
		return slate_arena_spans(&c->arena, ptr) ? SLATE_FAULT_TABLE :
		       SLATE_FAULT_FOREIGN;
	if (off & (SLATE_GRANULE - 1))
		return SLATE_FAULT_UNALIGNED;
	pair = pair_of(c, g);
	s = pair->s << (SLATE_WORD_MASK - pos_of(g));
	f = pair->f << (SLATE_WORD_MASK - pos_of(g));
	if ((s & ~f) >> SLATE_WORD_MASK)
		return SLATE_FAULT_NONE;
	while (!s) {
		pair--;
		s = pair->s;
		f = pair->f;
	}
	/* The last start is a free chunk's if it is in both, and so F more. */
	return f > (s ^ f) ? SLATE_FAULT_DOUBLE_FREE : SLATE_FAULT_INTERIOR;
}

/*
 * Let [g, e), the inside of some chunk or of none, be a chunk; or let the chunk
 * that it is be no more: what the tables hold of it is flipped.
 */
static void flip(struct slate_chunks *c, size_t g, size_t e, uintptr_t is_free)
{
	struct slate_pair *pair = pair_of(c, g);
	struct slate_pair *last = pair_of(c, e) - 1;

	pair->s ^= bit_of(g);
	pair->f ^= is_free << pos_of(g);
	if (last <= pair)
		return;
	last->f ^= (e - g) << WIDE_SHIFT | is_free;
	pair[1].f = last->f;
}

unsigned int slate_bin_of_(size_t n)
{
	unsigned int log = slate_word_log2(n);
	unsigned int bin = 2 * log + (unsigned int)(n << 1 >> log) - 2;

	return bin < SLATE_BINS_MAX ? bin : SLATE_BINS_MAX - 1;
}

struct slate_link *slate_bins_link_at_(const struct slate_chunks *c,
				       uint32_t to)
{
	uint32_t bin = ~to;

	if (bin < c->nbins)
		return &c->bins[bin];
	return slate_chunk_is_free(c, to) ? link_of(c, to) : NULL;
}

/* If @g is free, take it out of its bin; false if a link is broken. */
static bool take_out(struct slate_chunks *c, size_t g)
{
	const struct slate_link *link = link_of(c, g);
	struct slate_link *next;
	struct slate_link *prev;

	if (!slate_chunk_is_free(c, g))
		return true;
	c->broken = (uint32_t)g;
	next = slate_bins_link_at_(c, link->next);
	prev = slate_bins_link_at_(c, link->prev);
	if (!next || !prev || next == link || next->prev != g ||
	    prev->next != g)
		return false;
	next->prev = link->prev;
	prev->next = link->next;
	if (next == prev)
		c->map[0] &= ~slate_word_bit(~link->next & SLATE_WORD_MASK);
	return true;
}

/*
 * Chunks that cover [g, e), none of them in a bin, become a used one of @n
 * granules and a free one of what is left, each if it is not empty.
 */
static void give(struct slate_chunks *c, size_t g, size_t e, size_t n)
{
	struct slate_link *head;
	struct slate_link *first;
	struct slate_link *link;
	unsigned int bin;
	size_t at = g;

	while (at != e) {
		size_t next = slate_side_end_(c, at);

		flip(c, at, next, slate_chunk_is_free(c, at));
		at = next;
	}
	if (n)
		flip(c, g, g + n, false);
	g += n;
	if (g == e)
		return;
	flip(c, g, e, true);
	bin = slate_bin_of_(e - g);
	c->map[0] |= slate_word_bit(bin);
	head = &c->bins[bin];
	link = link_of(c, g);
	link->next = head->next;
	link->prev = bin_code(bin);
	/* It may have left by forged links; whoever takes @g will see that. */
	first = slate_bins_link_at_(c, head->next);
	if (first)
		first->prev = (uint32_t)g;
	head->next = (uint32_t)g;
}

/*
 * A free chunk of at least @n granules: one of the first in the bin that @n
 * falls into, some of which are too small, or the first of a later one.
 */
static size_t find(struct slate_chunks *c, size_t n)
{
	unsigned int bin = slate_bin_of_(n);
	unsigned int looks = LOOKS;

	for (;; bin++) {
		uintptr_t map = c->map[0] >> bin;
		const struct slate_link *link;
		uint32_t at;

		if (!map)
			return SLATE_NONE;
		bin += slate_word_ctz(map);
		at = bin_code(bin);
		link = &c->bins[bin];
		c->broken = link->next;
		do {
			uint32_t next = link->next;

			link = slate_bins_link_at_(c, next);
			if (!link || link->prev != at)
				return SLATE_BROKEN;
			at = next;
			/* A bin: this one, or whatever forged links led to. */
			if (at >= c->arena.n)
				break;
			c->broken = at;
			if (!bin_fits(c, at, bin))
				return SLATE_BROKEN;
			if (slate_side_end_(c, at) - at >= n)
				return at;
		} while (--looks);
	}
}

size_t slate_chunk_edit_(struct slate_chunks *c, size_t g, size_t n)
{
	size_t first;
	size_t last;
	size_t at;

	if (g == SLATE_NONE) {
		g = find(c, n);
		if (g >= SLATE_BROKEN)
			return g;
	}
	first = g;
	last = slate_side_end_(c, g);
	if (slate_chunk_is_free(c, last))
		last = slate_side_end_(c, last);
	if (n - 1 >= last - g)
		first = slate_side_before_(c, g);
	if (n > last - first)
		return SLATE_NONE;
	for (at = first; at != last; at = slate_side_end_(c, at)) {
		if (!take_out(c, at))
			return SLATE_BROKEN;
	}
	if (n && first != g)
		n = last - first;
	give(c, first, last, n);
	return first;
}

void slate_chunk_rebuild(struct slate_chunks *c)
{
	size_t g;
	size_t e;
	unsigned int i;

	c->map[0] = 0;
	for (i = 0; i < c->nbins; i++) {
		c->bins[i].next = bin_code(i);
		c->bins[i].prev = bin_code(i);
	}
	for (g = 0; g < c->arena.n; g = e) {
		e = slate_side_end_(c, g);
		if (slate_chunk_is_free(c, g))
			give(c, g, e, 0);
	}
}

/* What a unit takes, in words that divide both its pair and its granules. */
#define WORD	sizeof(struct slate_link)
#define UNIT	((sizeof(struct slate_pair) + SLATE_WORD_BITS * SLATE_GRANULE) \
		 / WORD)

/* First the bins, as many as the span could need, then the pairs. */
int slate_chunk_layout(struct slate_chunks *c, void *front)
{
	const size_t mask = SLATE_GRANULE - 1;
	unsigned char *at = front;
	uintptr_t end = (uintptr_t)c->arena.start + c->arena.size;
	struct slate_pair *pair;
	ptrdiff_t room;
	size_t n;

	at += -(uintptr_t)at & mask;
	c->nbins = slate_bin_of_((c->arena.size >> SLATE_GRANULE_SHIFT) + 1) +
		   1;
	c->bins = (struct slate_link *)(void *)at;
	pair = (struct slate_pair *)(void *)(c->bins + c->nbins);
	room = (ptrdiff_t)(end - (uintptr_t)(pair + 1)) / (ptrdiff_t)WORD;
	if (room < (ptrdiff_t)(3 * SLATE_GRANULE / WORD - 1))
		return -SLATE_ENOSPC;
	pair->s = 1;
	pair->f = 0;
	pair++;
	c->pairs = pair;
	do {
		pair->s = 0;
		pair->f = 0;
		pair++;
		room -= (ptrdiff_t)UNIT;
	} while (room >= 0);
	at = (unsigned char *)pair;
	if (WORD < SLATE_GRANULE)
		at += -(uintptr_t)at & mask;
	n = (end - (uintptr_t)at) >> SLATE_GRANULE_SHIFT;
	if (SIZE_MAX >> SLATE_GRANULE_SHIFT > SLATE_CHUNKS_MAX &&
	    n > SLATE_CHUNKS_MAX)
		n = SLATE_CHUNKS_MAX;
	c->arena.base = at;
	c->arena.n = n;
	flip(c, n, n, false);
	flip(c, 0, n, true);
	slate_chunk_rebuild(c);
	return 0;
}

#endif /* SLATE_CONFIG_COMPACT */
