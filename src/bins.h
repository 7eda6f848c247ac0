/* SPDX-License-Identifier: MIT */
/*
 * The bins of a chunk engine: free chunks by size, as doubly linked lists
 * through free memory. Reading a link and obeying it are apart: bins_confirm()
 * asks the tables and the neighbours, and only then bins_unlink() follows.
 *
 * The ends of a list link to themselves. That a chunk is the first of its bin,
 * and whether it is alone there, is read from the table, never from its own
 * links: an entry of bins[] is the chunk's number, with BIN_MANY set if others
 * follow.
 */
#ifndef SLATE_BINS_H
#define SLATE_BINS_H

#include "side.h"

#define BIN_MANY	((uint32_t)1 << 31)

SLATE_INLINE unsigned int bin_of(size_t n)
{
	unsigned int log;

	if (n < SLATE_WORD_BITS)
		return (unsigned int)n;
	log = slate_word_log2(n);
	return SLATE_WORD_BITS + ((log - SLATE_WORD_SHIFT) << 2) +
	       ((unsigned int)(n >> (log - 2)) & 3);
}

SLATE_INLINE struct slate_link *link_of(const struct slate_chunks *c, size_t g)
{
	return slate_arena_ptr(&c->arena, g);
}

SLATE_INLINE bool bin_is_empty(const struct slate_chunks *c, unsigned int bin)
{
	return !(c->map[bin >> SLATE_WORD_SHIFT] &
		 slate_word_bit(bin & SLATE_WORD_MASK));
}

/* The first chunk of a bin that is not empty. */
SLATE_INLINE size_t bin_head(const struct slate_chunks *c, unsigned int bin)
{
	return c->bins[bin] & ~BIN_MANY;
}

/* Make @g, whose link to the next one is right, the first of @bin. */
SLATE_INLINE void bin_set_head(struct slate_chunks *c, unsigned int bin,
			       size_t g)
{
	uint32_t many = link_of(c, g)->next != g ? BIN_MANY : 0;

	c->bins[bin] = (uint32_t)g | many;
}

/* The first bin from @bin on that is not empty, or SLATE_BINS_MAX. */
SLATE_INLINE unsigned int bins_search(const struct slate_chunks *c,
				      unsigned int bin)
{
	unsigned int i = bin >> SLATE_WORD_SHIFT;
	uintptr_t map = c->map[i] & ~slate_word_below(bin & SLATE_WORD_MASK);

	while (!map) {
		if (++i == SLATE_BIN_WORDS)
			return SLATE_BINS_MAX;
		map = c->map[i];
	}
	return (i << SLATE_WORD_SHIFT) + slate_word_ctz(map);
}

/* Put [g, e) in front of its bin. Writes to free memory, reads none. */
SLATE_INLINE void bins_link(struct slate_chunks *c, size_t g, size_t e)
{
	unsigned int bin = bin_of(e - g);
	uintptr_t *map = &c->map[bin >> SLATE_WORD_SHIFT];
	uintptr_t bit = slate_word_bit(bin & SLATE_WORD_MASK);
	struct slate_link *link = link_of(c, g);
	uint32_t me = (uint32_t)g;

	link->prev = me;
	link->next = me;
	if (*map & bit) {
		link->next = (uint32_t)bin_head(c, bin);
		link_of(c, link->next)->prev = me;
		me |= BIN_MANY;
	}
	*map |= bit;
	c->bins[bin] = me;
}

/* Is @g in the part of a lent unit that belongs to the layer above? */
SLATE_INLINE bool is_lent(const struct slate_chunks *c, size_t g)
{
	unsigned char tag = c->units[unit_of(g)];

	return SLATE_UNLIKELY(tag) && pos_of(g) < slate_lent_span[tag];
}

SLATE_INLINE bool is_free_start(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair;
	uintptr_t both;

	if (g >= c->arena.n || is_lent(c, g))
		return false;
	pair = pair_of(c, g);
	both = pair->s & pair->f;
	return both >> pos_of(g) & 1 && (both & WIDE_FLAG) != WIDE_FLAG;
}

/*
 * May the link from @g to @to, its next one or its previous one, be obeyed?
 * The tables must show a free chunk there, and its link back must agree.
 */
SLATE_INLINE bool link_agrees(struct slate_chunks *c, size_t g, size_t to,
			      bool next)
{
	const struct slate_link *link;

	if (SLATE_LIKELY(to != g && is_free_start(c, to))) {
		link = link_of(c, to);
		if (SLATE_LIKELY((next ? link->prev : link->next) == g))
			return true;
	}
	c->broken = (uint32_t)g;
	return false;
}

/* The same, out of line, for paths that need not be short. */
bool slate_bins_confirm_link_(struct slate_chunks *c, size_t g, size_t to,
			      bool next);

/* May the links of @g, the first of @bin, be obeyed? */
SLATE_INLINE bool head_agrees(struct slate_chunks *c, size_t g,
			      unsigned int bin)
{
	size_t next = link_of(c, g)->next;

	if (c->bins[bin] & BIN_MANY)
		return link_agrees(c, g, next, true);
	c->broken = (uint32_t)g;
	return next == g;
}

/* May [g, ...) of @bin be unlinked? */
SLATE_INLINE bool bins_confirm(struct slate_chunks *c, size_t g,
			       unsigned int bin)
{
	const struct slate_link *link = link_of(c, g);

	if (bin_head(c, bin) == g)
		return head_agrees(c, g, bin);
	if (link->next != g && !link_agrees(c, g, link->next, true))
		return false;
	return link_agrees(c, g, link->prev, false);
}

SLATE_INLINE void bin_set_empty(struct slate_chunks *c, unsigned int bin)
{
	c->map[bin >> SLATE_WORD_SHIFT] ^=
		slate_word_bit(bin & SLATE_WORD_MASK);
}

/* Take @g out of @bin. Trusts its links: confirm them first. */
SLATE_INLINE void bins_unlink(struct slate_chunks *c, size_t g,
			      unsigned int bin)
{
	size_t head = bin_head(c, bin);
	size_t next = link_of(c, g)->next;
	size_t prev = link_of(c, g)->prev;

	if (head == g && next == g) {
		bin_set_empty(c, bin);
		return;
	}
	if (head == g) {
		link_of(c, next)->prev = (uint32_t)next;
		bin_set_head(c, bin, next);
		return;
	}
	if (next != g)
		link_of(c, next)->prev = (uint32_t)prev;
	link_of(c, prev)->next = (uint32_t)(next == g ? prev : next);
	if (prev == head)
		bin_set_head(c, bin, head);
}

/* Confirm and unlink @g, the first of @bin, at once. */
SLATE_INLINE bool bins_pop(struct slate_chunks *c, size_t g, unsigned int bin)
{
	size_t next = link_of(c, g)->next;

	if (SLATE_UNLIKELY(!head_agrees(c, g, bin)))
		return false;
	if (next == g) {
		bin_set_empty(c, bin);
		return true;
	}
	link_of(c, next)->prev = (uint32_t)next;
	bin_set_head(c, bin, next);
	return true;
}

/* Let @to stand in @bin where @from stands. Trusts the links of @from. */
SLATE_INLINE void bins_move(struct slate_chunks *c, size_t from, size_t to,
			    unsigned int bin)
{
	struct slate_link old = *link_of(c, from);
	struct slate_link *link = link_of(c, to);
	uint32_t me = (uint32_t)to;

	link->next = me;
	link->prev = me;
	if (old.next != from) {
		link->next = old.next;
		link_of(c, old.next)->prev = me;
	}
	if (bin_head(c, bin) == from) {
		c->bins[bin] = (c->bins[bin] & BIN_MANY) | me;
		return;
	}
	link->prev = old.prev;
	link_of(c, old.prev)->next = me;
}

#endif /* SLATE_BINS_H */
