// SPDX-License-Identifier: MIT
/*
 * What the side bits say of any granule: judging pointers, walking the
 * chunks, and confirming links before anybody follows them.
 */
#include "bins.h"

#if !SLATE_CONFIG_COMPACT

bool slate_chunk_is_free(const struct slate_chunks *c, size_t g)
{
	return is_free_start(c, g);
}

size_t slate_side_free_far_(const struct slate_chunks *c, size_t g)
{
	return side_free_far(c, g);
}

/* The start of the chunk that @g is inside of; no start is at @g itself. */
static size_t owner_of(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);
	uintptr_t starts = pair->s & slate_word_below(pos_of(g));
	size_t unit = unit_of(g);

	while (!starts)
		starts = c->pairs[--unit].s;
	return (unit << SLATE_WORD_SHIFT) + slate_word_log2(starts);
}

enum slate_verdict slate_chunk_judge(const struct slate_chunks *c, size_t g)
{
	if (is_lent(c, g))
		return SLATE_VERDICT_LENT;
	if (is_used_start(c, g))
		return SLATE_VERDICT_LIVE;
	if (slate_chunk_is_free(c, g))
		return SLATE_VERDICT_FREE;
	if (boundary_is_free(c, owner_of(c, g)))
		return SLATE_VERDICT_FREE;
	return SLATE_VERDICT_INTERIOR;
}

#endif /* !SLATE_CONFIG_COMPACT */

size_t slate_chunk_end(const struct slate_chunks *c, size_t g)
{
	if (is_lent(c, g))
		return (g | SLATE_WORD_MASK) + 1;
	return side_end(c, g);
}

size_t slate_chunk_next(const struct slate_chunks *c, size_t g)
{
	size_t unit = unit_of(g);
	uintptr_t starts = c->pairs[unit].s & ~slate_word_below(pos_of(g));

	if (is_lent(c, g))
		starts = pos_of(g) ? 0 : 1;
	while (!starts)
		starts = unit_is_lent(c, ++unit) ? 1 : c->pairs[unit].s;
	return (unit << SLATE_WORD_SHIFT) + slate_word_ctz(starts);
}

#if !SLATE_CONFIG_COMPACT

void slate_chunk_rebuild(struct slate_chunks *c)
{
	size_t g;
	size_t e;
	unsigned int i;

	for (i = 0; i < SLATE_BIN_WORDS; i++)
		c->map[i] = 0;
	for (g = 0; g < c->arena.n; g = e) {
		e = slate_chunk_end(c, g);
		if (slate_chunk_is_free(c, g))
			bins_link(c, g, bin_of(e - g));
	}
}

/*
 * Is this link of @g whole? When two chunks disagree and the other one's link
 * makes no sense by itself, it is the other's.
 */
static bool link_is_whole(const struct slate_chunks *c, size_t g, size_t to,
			  bool next)
{
	const struct slate_link *link;
	size_t back;

	if (to == g)
		return true;
	if (!slate_chunk_is_free(c, to))
		return false;
	link = link_of(c, to);
	back = next ? link->prev : link->next;
	return back == g || !slate_chunk_is_free(c, back);
}

/* Does the first chunk of a bin link to another if the table says so? */
static bool many_agrees(const struct slate_chunks *c, size_t g)
{
	bool many = c->bins[bin_of(side_end(c, g) - g)] & BIN_MANY;

	return many == (link_of(c, g)->next != g);
}

size_t slate_chunk_find_broken(const struct slate_chunks *c, size_t g)
{
	for (g = slate_chunk_next(c, g); g < c->arena.n;
	     g = slate_chunk_end(c, g)) {
		const struct slate_link *link;
		bool is_head;

		if (!slate_chunk_is_free(c, g))
			continue;
		link = link_of(c, g);
		is_head = bin_head(c, bin_of(side_end(c, g) - g)) == g;
		if (is_head != (link->prev == g))
			return g;
		if (is_head && !many_agrees(c, g))
			return g;
		if (!link_is_whole(c, g, link->next, true))
			return g;
		if (!link_is_whole(c, g, link->prev, false))
			return g;
	}
	return SLATE_NONE;
}

#endif /* !SLATE_CONFIG_COMPACT */
