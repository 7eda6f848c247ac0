// SPDX-License-Identifier: MIT
/*
 * One walker that proves the chunk engine's tables: first every chunk against
 * the side bits, then every bin against the chunks. What is inside a lent
 * unit is the business of the layer above.
 */
#include "bins.h"

/* What the chunks add up to, for comparison with units[] and the bins. */
struct tally {
	size_t free;
	size_t lent;
};

static bool wrong(const struct slate_chunks *c, struct slate_report *report,
		  size_t g, const char *text)
{
	if (report) {
		report->kind = SLATE_FAULT_CORRUPT;
		report->address = slate_arena_ptr(&c->arena, g);
		report->block = NULL;
		report->size = 0;
		report->text = text;
	}
	return false;
}

/* The starts that the pair of @g shows behind it and before @e. */
static bool own_pair_is_clean(const struct slate_chunks *c, size_t g, size_t e)
{
	const struct slate_pair *pair = pair_of(c, g);
	uintptr_t inside = ~slate_word_below(pos_of(g)) &
			   ~slate_word_bit(pos_of(g));

	if (unit_of(e) == unit_of(g))
		inside &= slate_word_below(pos_of(e));
	return !((pair->s | pair->f) & inside);
}

/* Nothing but wide marks, and those exactly, between the ends of [g, e). */
static bool inside_is_clean(const struct slate_chunks *c, size_t g, size_t e,
			    bool is_free)
{
	uintptr_t mark = (e - g) << WIDE_SHIFT | (is_free ? WIDE_FREE : 0);
	size_t unit;

	if (!own_pair_is_clean(c, g, e))
		return false;
	for (unit = unit_of(g) + 1; unit < unit_of(e); unit++) {
		bool first = unit == unit_of(g) + 1;
		bool last = unit == unit_of(e) - 1 &&
			    (is_free || SLATE_CONFIG_COMPACT);

		if (c->pairs[unit].f != (first || last ? mark : 0))
			return false;
		if (c->pairs[unit].s || unit_is_lent(c, unit))
			return false;
	}
	if (unit_of(e) == unit_of(g))
		return true;
	if (pos_of(e) && is_lent(c, e))
		return false;
	return !((pair_of(c, e)->s | pair_of(c, e)->f) &
		 slate_word_below(pos_of(e)));
}

/* Can side_end() tell the end of the chunk at @g without going astray? */
static bool has_end(const struct slate_chunks *c, size_t g)
{
	const struct slate_pair *pair = pair_of(c, g);

	if (pair->s >> pos_of(g) >> 1)
		return true;
	if (unit_of(g) == unit_of(c->arena.n))
		return false;
	return pair[1].s | pair[1].f;
}

static bool chunks_are_valid(const struct slate_chunks *c,
			     struct slate_report *report, struct tally *tally)
{
	bool was_free = false;
	size_t g = 0;

	if (c->pairs[-1].s != 1 || c->pairs[-1].f)
		return wrong(c, report, 0, "guard is damaged");
	while (g < c->arena.n) {
		bool lent = is_lent(c, g) && !pos_of(g);
		bool is_free = !lent && slate_chunk_is_free(c, g);
		size_t e;

		if (!(pair_of(c, g)->s & bit_of(g)))
			return wrong(c, report, g, "start does not follow");
		if (boundary_is_free(c, g) && (was_free || !is_free))
			return wrong(c, report, g, "free chunks that touch");
		if (!lent && !has_end(c, g))
			return wrong(c, report, g, "chunk without an end");
		e = slate_chunk_end(c, g);
		if (e <= g || e > c->arena.n)
			return wrong(c, report, g, "chunk ends nowhere");
		if (!lent && !inside_is_clean(c, g, e, is_free))
			return wrong(c, report, g, "marks inside a chunk");
		tally->free += is_free;
		tally->lent += lent;
		was_free = is_free;
		g = e;
	}
	if ((pair_of(c, g)->s & ~slate_word_below(pos_of(g))) != bit_of(g) ||
	    (pair_of(c, g)->f & ~slate_word_below(pos_of(g))))
		return wrong(c, report, g, "sentinel is damaged");
	return true;
}

#if SLATE_CONFIG_COMPACT

/* Walk one bin; each chunk met counts down what the tables have. */
static bool bin_is_valid(const struct slate_chunks *c, unsigned int bin,
			 struct slate_report *report, size_t *left)
{
	uint32_t prev = bin_code(bin);
	uint32_t g = c->bins[bin].next;

	for (; g != bin_code(bin); g = link_of(c, g)->next) {
		if (!*left || !slate_chunk_is_free(c, g))
			return wrong(c, report, prev == bin_code(bin) ? 0 :
				     prev, "broken link");
		if (slate_bin_of_(side_end(c, g) - g) != bin)
			return wrong(c, report, g, "chunk in wrong bin");
		if (link_of(c, g)->prev != prev)
			return wrong(c, report, g, "broken back link");
		--*left;
		prev = g;
	}
	if (c->bins[bin].prev != prev)
		return wrong(c, report, 0, "broken back link");
	if (bin_is_empty(c, bin) != (prev == bin_code(bin)))
		return wrong(c, report, 0, "map and bins differ");
	return true;
}

static bool bins_are_valid(const struct slate_chunks *c,
			   struct slate_report *report, size_t left)
{
	unsigned int bin;

	for (bin = 0; bin < c->nbins; bin++) {
		if (!bin_is_valid(c, bin, report, &left))
			return false;
	}
	for (; bin < SLATE_WORD_BITS; bin++) {
		if (!bin_is_empty(c, bin))
			return wrong(c, report, 0, "bin that cannot be");
	}
	if (left)
		return wrong(c, report, 0, "free chunk in no bin");
	return true;
}

static bool units_are_valid(const struct slate_chunks *c,
			    struct slate_report *report, size_t *lent)
{
	(void)c;
	(void)report;
	*lent = 0;
	return true;
}

#else

/* How many units are lent, if each is for a use that is known. */
static bool units_are_valid(const struct slate_chunks *c,
			    struct slate_report *report, size_t *lent)
{
	size_t unit;

	*lent = 0;
	for (unit = 0; unit <= unit_of(c->arena.n); unit++) {
		unsigned char tag = c->units[unit];

		if (tag > SLATE_LENT_MAX)
			return wrong(c, report, unit << SLATE_WORD_SHIFT,
				     "unknown use of a unit");
		*lent += !!tag;
	}
	return true;
}

/* Walk one bin; each chunk met counts down what the tables have. */
static bool bin_is_valid(const struct slate_chunks *c, unsigned int bin,
			 struct slate_report *report, size_t *left)
{
	bool many = c->bins[bin] & BIN_MANY;
	size_t g = bin_head(c, bin);
	size_t prev = g;

	for (;;) {
		if (!*left || !slate_chunk_is_free(c, g))
			return wrong(c, report, prev, "broken link");
		if (bin_of(side_end(c, g) - g) != bin)
			return wrong(c, report, g, "chunk in wrong bin");
		if (link_of(c, g)->prev != prev)
			return wrong(c, report, g, "broken back link");
		if (g == prev && many != (link_of(c, g)->next != g))
			return wrong(c, report, g, "chunk alone in its bin");
		--*left;
		prev = g;
		g = link_of(c, g)->next;
		if (g == prev)
			return true;
	}
}

static bool bins_are_valid(const struct slate_chunks *c,
			   struct slate_report *report, size_t left)
{
	unsigned int bin;

	for (bin = 0; bin < SLATE_BIN_WORDS * SLATE_WORD_BITS; bin++) {
		if (bin_is_empty(c, bin))
			continue;
		if (!bin || bin > bin_of(c->arena.n))
			return wrong(c, report, 0, "bin that cannot be");
		if (!bin_is_valid(c, bin, report, &left))
			return false;
	}
	if (left)
		return wrong(c, report, 0, "free chunk in no bin");
	return true;
}

#endif /* SLATE_CONFIG_COMPACT */

bool slate_chunk_valid(const struct slate_chunks *c,
		       struct slate_report *report)
{
	struct tally tally = { 0, 0 };
	size_t lent;

	if (!units_are_valid(c, report, &lent))
		return false;
	if (!chunks_are_valid(c, report, &tally))
		return false;
	if (lent != tally.lent)
		return wrong(c, report, 0, "units lent and used differ");
	return bins_are_valid(c, report, tally.free);
}
