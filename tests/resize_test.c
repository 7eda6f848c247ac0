// SPDX-License-Identifier: MIT
/* The chunk engine's edits in place, and its lists when they are spoilt. */
#include "chunks.h"

static void resize_shrinks_in_place(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t n = 2 * SLATE_WORD_BITS + 9;
	size_t g = chunks_take(chunks, n);
	size_t guard = chunks_take(chunks, 1);

	while (--n) {
		ktap_expect(t, slate_chunk_resize(chunks, g, n) == 0);
		ktap_expect(t, slate_chunk_size(chunks, g) == n);
		ktap_expect(t, slate_chunk_is_free(chunks, g + n));
		ktap_expect(t, slate_chunk_valid(chunks, NULL));
	}
	slate_chunk_free(chunks, g);
	slate_chunk_free(chunks, guard);
	ktap_expect(t, chunks_are_one(chunks));
}

static void resize_grows_into_the_chunk_behind(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	const size_t most = 2 * SLATE_WORD_BITS + 9;
	size_t g = chunks_take(chunks, 1);
	size_t room = chunks_take(chunks, most - 1);
	size_t n;

	ktap_expect(t, chunks_take(chunks, 1) < SLATE_BROKEN);
	slate_chunk_free(chunks, room);
	for (n = 2; n <= most; n++) {
		ktap_expect(t, slate_chunk_resize(chunks, g, n) == 0);
		ktap_expect(t, slate_chunk_size(chunks, g) == n);
		ktap_expect(t, slate_chunk_valid(chunks, NULL));
	}
}

static void resize_refuses_what_does_not_fit(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t g = chunks_take(chunks, 4);
	size_t room = chunks_take(chunks, 6);

	ktap_expect(t, chunks_take(chunks, 1) < SLATE_BROKEN);
	ktap_expect(t, slate_chunk_resize(chunks, g, 5) == -SLATE_ENOMEM);
	slate_chunk_free(chunks, room);
	ktap_expect(t, slate_chunk_resize(chunks, g, 11) == -SLATE_ENOMEM);
	ktap_expect(t, slate_chunk_size(chunks, g) == 4);
	ktap_expect(t, slate_chunk_size(chunks, room) == 6);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
}

static void resize_to_the_same_size_changes_nothing(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t g = chunks_take(chunks, 4);
	size_t largest = chunks_largest(chunks);

	ktap_expect(t, slate_chunk_resize(chunks, g, 4) == 0);
	ktap_expect(t, slate_chunk_size(chunks, g) == 4);
	ktap_expect(t, chunks_largest(chunks) == largest);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
}

static void resize_meets_a_broken_link(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t g = chunks_take(chunks, 4);
	size_t room = chunks_take(chunks, 6);

	ktap_expect(t, chunks_take(chunks, 1) < SLATE_BROKEN);
	slate_chunk_free(chunks, room);
	memset(slate_arena_ptr(&chunks->arena, room), 0x5a, SLATE_GRANULE);
	ktap_expect(t, slate_chunk_resize(chunks, g, 8) == -SLATE_EUCLEAN);
	ktap_expect(t, slate_chunk_size(chunks, g) == 4);
	ktap_expect(t, chunks->broken == room);
	slate_chunk_rebuild(chunks);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
	ktap_expect(t, slate_chunk_resize(chunks, g, 8) == 0);
}

static void slide_joins_all_three(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t before = chunks_take(chunks, 5);
	size_t g = chunks_take(chunks, 4);
	size_t behind = chunks_take(chunks, 6);

	ktap_expect(t, chunks_take(chunks, 1) < SLATE_BROKEN);
	slate_chunk_free(chunks, before);
	slate_chunk_free(chunks, behind);
	ktap_expect(t, slate_chunk_slide(chunks, g, 16) == SLATE_NONE);
	ktap_expect(t, slate_chunk_size(chunks, g) == 4);
	ktap_expect(t, slate_chunk_slide(chunks, g, 15) == before);
	ktap_expect(t, slate_chunk_size(chunks, before) == 15);
	ktap_expect(t, slate_chunk_judge(chunks, before) ==
		    SLATE_VERDICT_LIVE);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
	ktap_expect(t, slate_chunk_resize(chunks, before, 10) == 0);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
}

static void slide_refuses_without_a_chunk_before(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t first = chunks_take(chunks, 5);
	size_t g = chunks_take(chunks, 4);

	ktap_expect(t, slate_chunk_slide(chunks, first, 6) == SLATE_NONE);
	ktap_expect(t, slate_chunk_slide(chunks, g, 6) == SLATE_NONE);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
}

static void slide_over_many_units_keeps_marks(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	const size_t unit = SLATE_WORD_BITS;
	size_t before = chunks_take(chunks, 3 * unit + 5);
	size_t g = chunks_take(chunks, 4 * unit + 1);
	size_t behind = chunks_take(chunks, 2 * unit + 7);
	size_t all = 9 * unit + 13;

	if (!ktap_expect(t, behind < SLATE_BROKEN))
		return;
	ktap_expect(t, chunks_take(chunks, 1) < SLATE_BROKEN);
	slate_chunk_free(chunks, before);
	slate_chunk_free(chunks, behind);
	ktap_expect(t, slate_chunk_slide(chunks, g, all) == before);
	ktap_expect(t, slate_chunk_size(chunks, before) == all);
	ktap_expect(t, slate_chunk_next(chunks, 1) == all);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
}

static void rebuild_makes_the_bins_from_the_bits(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make_mixed(t);
	size_t largest = chunks_largest(chunks);
	unsigned int bin;
	size_t g;

	for (g = 0; g < chunks->arena.n; g = slate_chunk_next(chunks, g + 1)) {
		if (slate_chunk_is_free(chunks, g))
			memset(slate_arena_ptr(&chunks->arena, g), 0x77,
			       SLATE_GRANULE);
	}
	for (bin = 0; bin < SLATE_BINS_MAX; bin++) {
		if (chunks->map[bin / SLATE_WORD_BITS] >>
		    bin % SLATE_WORD_BITS & 1)
			*chunks_head(chunks, bin) = 0x77777777;
	}
	memset(chunks->map, 0, sizeof(chunks->map));
	ktap_expect(t, !slate_chunk_valid(chunks, NULL));
	slate_chunk_rebuild(chunks);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
	ktap_expect(t, chunks_largest(chunks) == largest);
}

static void find_broken_finds_each_spoilt_chunk(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make_mixed(t);
	size_t g;
	size_t found = 0;
	unsigned int nfree = 0;

	ktap_expect(t, slate_chunk_find_broken(chunks, 0) == SLATE_NONE);
	for (g = 0; g < chunks->arena.n; g = slate_chunk_next(chunks, g + 1)) {
		if (!slate_chunk_is_free(chunks, g))
			continue;
		memset(slate_arena_ptr(&chunks->arena, g), 0x77,
		       SLATE_GRANULE);
		nfree++;
	}
	ktap_expect(t, nfree > 8);
	for (g = 0; g < chunks->arena.n; g = slate_chunk_next(chunks, g + 1)) {
		if (!slate_chunk_is_free(chunks, g))
			continue;
		found = slate_chunk_find_broken(chunks, found);
		ktap_expect(t, found++ == g);
	}
	ktap_expect(t, slate_chunk_find_broken(chunks, found) == SLATE_NONE);
}

static void alloc_meets_a_broken_head(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t first = chunks_take(chunks, 3);
	size_t second;

	chunks_take(chunks, 1);
	second = chunks_take(chunks, 3);
	chunks_take(chunks, 1);
	slate_chunk_free(chunks, first);
	slate_chunk_free(chunks, second);
	memset(slate_arena_ptr(&chunks->arena, first), 0x5a, SLATE_GRANULE);
	memset(slate_arena_ptr(&chunks->arena, second), 0x5a, SLATE_GRANULE);
	ktap_expect(t, slate_chunk_alloc(chunks, 3) == SLATE_BROKEN);
	ktap_expect(t, chunks->broken == first || chunks->broken == second);
	slate_chunk_rebuild(chunks);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
	ktap_expect(t, slate_chunk_alloc(chunks, 3) < SLATE_BROKEN);
}

static void free_meets_a_broken_neighbour(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t g = chunks_take(chunks, 4);
	size_t room = chunks_take(chunks, 6);

	ktap_expect(t, chunks_take(chunks, 1) < SLATE_BROKEN);
	slate_chunk_free(chunks, room);
	memset(slate_arena_ptr(&chunks->arena, room), 0x5a, SLATE_GRANULE);
	ktap_expect(t, slate_chunk_free(chunks, g) == -SLATE_EUCLEAN);
	ktap_expect(t, slate_chunk_judge(chunks, g) == SLATE_VERDICT_LIVE);
	slate_chunk_rebuild(chunks);
	ktap_expect(t, slate_chunk_free(chunks, g) == 0);
	ktap_expect(t, slate_chunk_size(chunks, g) == 10);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
}

#define NLIVE	40

struct piece {
	size_t g;
	size_t n;
};

static bool overlaps(const struct piece *pieces, size_t g, size_t n)
{
	size_t i;

	for (i = 0; i < NLIVE; i++) {
		if (pieces[i].n && pieces[i].g < g + n &&
		    g < pieces[i].g + pieces[i].n)
			return true;
	}
	return false;
}

static size_t any_size(void)
{
	uint32_t pick = test_below(8);

	if (pick < 5)
		return 1 + test_below(12);
	return 1 + test_below(pick < 7 ? SLATE_WORD_BITS :
			      5 * SLATE_WORD_BITS);
}

static void step(struct ktap *t, struct slate_chunks *chunks,
		 struct piece *pieces)
{
	struct piece *piece = &pieces[test_below(NLIVE)];
	size_t n = any_size();
	size_t g;

	if (!piece->n) {
		uint32_t align = 1u << test_below(5);
		uint32_t phase = test_below(align);

		g = test_below(3) ? slate_chunk_alloc(chunks, n) :
		    slate_chunk_alloc_aligned(chunks, n, align, phase);
		if (!ktap_expect(t, g != SLATE_BROKEN) || g == SLATE_NONE)
			return;
		ktap_expect(t, !overlaps(pieces, g, n));
		piece->g = g;
		piece->n = n;
		return;
	}
	if (test_below(2)) {
		ktap_expect(t, slate_chunk_free(chunks, piece->g) == 0);
		piece->n = 0;
		return;
	}
	if (slate_chunk_resize(chunks, piece->g, n) == 0) {
		piece->n = n;
		return;
	}
	g = slate_chunk_slide(chunks, piece->g, n);
	if (!ktap_expect(t, g != SLATE_BROKEN) || g == SLATE_NONE)
		return;
	piece->g = g;
	ktap_expect(t, slate_chunk_resize(chunks, g, n) == 0);
	piece->n = n;
}

static void random_edits_keep_the_structure(struct ktap *t)
{
	static struct piece pieces[NLIVE];
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	unsigned int i;
	size_t j;

	memset(pieces, 0, sizeof(pieces));
	for (i = 0; i < 4000 && !t->failures; i++) {
		step(t, chunks, pieces);
		ktap_expect(t, slate_chunk_valid(chunks, NULL));
		for (j = 0; j < NLIVE; j++)
			ktap_expect(t, !pieces[j].n ||
				    slate_chunk_size(chunks, pieces[j].g) ==
				    pieces[j].n);
	}
	for (j = 0; j < NLIVE; j++) {
		if (pieces[j].n)
			slate_chunk_free(chunks, pieces[j].g);
	}
	ktap_expect(t, chunks_are_one(chunks));
}

static const struct ktap_case cases[] = {
	KTAP_CASE(resize_shrinks_in_place),
	KTAP_CASE(resize_grows_into_the_chunk_behind),
	KTAP_CASE(resize_refuses_what_does_not_fit),
	KTAP_CASE(resize_to_the_same_size_changes_nothing),
	KTAP_CASE(resize_meets_a_broken_link),
	KTAP_CASE(slide_joins_all_three),
	KTAP_CASE(slide_refuses_without_a_chunk_before),
	KTAP_CASE(slide_over_many_units_keeps_marks),
	KTAP_CASE(rebuild_makes_the_bins_from_the_bits),
	KTAP_CASE(find_broken_finds_each_spoilt_chunk),
	KTAP_CASE(alloc_meets_a_broken_head),
	KTAP_CASE(free_meets_a_broken_neighbour),
	KTAP_CASE(random_edits_keep_the_structure),
};

KTAP_SUITE(slate_resize, cases);
