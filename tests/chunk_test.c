// SPDX-License-Identifier: MIT
#include "chunks.h"

static void layout_leaves_one_free_chunk(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);

	ktap_expect(t, chunks->arena.n > 0);
	ktap_expect(t, slate_chunk_is_free(chunks, 0));
	ktap_expect(t, slate_chunk_size(chunks, 0) == chunks->arena.n);
	ktap_expect(t, chunks_largest(chunks) == chunks->arena.n);
	ktap_expect(t, slate_chunk_next(chunks, 1) == chunks->arena.n);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
}

static void layout_stays_inside_the_span_at_every_size(struct ktap *t)
{
	struct slate_chunks *chunks = &test_chunks;
	size_t size;
	bool fits = false;

	for (size = 0; size < TEST_HEAP / 4; size++) {
		memset(test_memory, 0xa5, size + 64);
		chunks_describe(size);
		if (slate_chunk_layout(chunks, test_memory)) {
			ktap_expect(t, !fits);
			continue;
		}
		fits = true;
		ktap_expect(t, slate_chunk_valid(chunks, NULL));
		ktap_expect(t, chunks->arena.n > 0);
		ktap_expect(t, chunks->arena.base +
			    chunks->arena.n * SLATE_GRANULE <=
			    test_memory + size);
		ktap_expect(t, test_all(test_memory + size, 64, 0xa5));
	}
	ktap_expect(t, fits);
}

static void layout_refuses_a_span_without_a_granule(struct ktap *t)
{
	size_t size;

	for (size = 0; size <= SLATE_GRANULE; size++) {
		chunks_describe(size);
		ktap_expect(t, slate_chunk_layout(&test_chunks, test_memory) ==
			    -SLATE_ENOSPC);
	}
}

static void alloc_takes_the_whole_arena(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);

	ktap_expect(t, slate_chunk_alloc(chunks, chunks->arena.n + 1) ==
		    SLATE_NONE);
	ktap_expect(t, slate_chunk_alloc(chunks, chunks->arena.n) == 0);
	ktap_expect(t, chunks_largest(chunks) == 0);
	ktap_expect(t, slate_chunk_alloc(chunks, 1) == SLATE_NONE);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
	ktap_expect(t, slate_chunk_free(chunks, 0) == 0);
	ktap_expect(t, chunks_are_one(chunks));
}

/* Up to where each bin holds chunks of one size, or here of one odd size. */
#define SMALL	(SLATE_CONFIG_COMPACT ? 8u : 12u)

static void alloc_takes_the_smallest_small_chunk_that_fits(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t hole[SMALL];
	size_t n;

	for (n = 1; n < SMALL; n++) {
		hole[n] = chunks_take(chunks, n);
		ktap_expect(t, chunks_take(chunks, 1) < SLATE_BROKEN);
	}
	for (n = 1; n < SMALL; n += 2)
		ktap_expect(t, slate_chunk_free(chunks, hole[n]) == 0);
	for (n = 2; n < SMALL; n += 2)
		ktap_expect(t, slate_chunk_alloc(chunks, n) - hole[n + 1] <=
			    1);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
}

/* Free the middle of three with its neighbours free or not. */
static void expect_merge(struct ktap *t, bool before, bool behind)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t first = chunks_take(chunks, 5);
	size_t middle = chunks_take(chunks, 7);
	size_t last = chunks_take(chunks, 9);
	size_t start = before ? first : middle;
	size_t size = 7 + (before ? 5u : 0u) + (behind ? 9u : 0u);

	if (!ktap_expect(t, chunks_take(chunks, 1) < SLATE_BROKEN))
		return;
	if (before)
		ktap_expect(t, slate_chunk_free(chunks, first) == 0);
	if (behind)
		ktap_expect(t, slate_chunk_free(chunks, last) == 0);
	ktap_expect(t, slate_chunk_free(chunks, middle) == 0);
	ktap_expect(t, slate_chunk_is_free(chunks, start));
	ktap_expect(t, slate_chunk_size(chunks, start) == size);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
	ktap_expect(t, slate_chunk_alloc(chunks, size) == start);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
}

static void free_merges_with_no_neighbour(struct ktap *t)
{
	expect_merge(t, false, false);
}

static void free_merges_with_the_chunk_before(struct ktap *t)
{
	expect_merge(t, true, false);
}

static void free_merges_with_the_chunk_behind(struct ktap *t)
{
	expect_merge(t, false, true);
}

static void free_merges_with_both_neighbours(struct ktap *t)
{
	expect_merge(t, true, true);
}

/* Every length from every place in a unit, used and then free. */
static void size_is_known_for_every_length_and_place(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t most = chunks->arena.n - SLATE_WORD_BITS - 2;
	size_t lead;
	size_t n;

	for (lead = 1; lead <= SLATE_WORD_BITS; lead++) {
		size_t front = chunks_take(chunks, lead);

		/* Every length to three units, then ever fewer. */
		for (n = 1; n <= most;
		     n += n < 3 * SLATE_WORD_BITS ? 1 : n / 5) {
			size_t g = chunks_take(chunks, n);
			size_t behind = chunks_take(chunks, 1);

			ktap_expect(t, slate_chunk_size(chunks, g) == n);
			ktap_expect(t, slate_chunk_end(chunks, g) == g + n);
			ktap_expect(t, slate_chunk_valid(chunks, NULL));
			slate_chunk_free(chunks, g);
			ktap_expect(t, slate_chunk_size(chunks, g) == n);
			ktap_expect(t, slate_chunk_is_free(chunks, g));
			ktap_expect(t, slate_chunk_valid(chunks, NULL));
			slate_chunk_free(chunks, behind);
		}
		slate_chunk_free(chunks, front);
		ktap_expect(t, chunks_are_one(chunks));
	}
}

static void judge_knows_every_granule(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t small = chunks_take(chunks, 3);
	size_t hole = chunks_take(chunks, SLATE_WORD_BITS * 3);
	size_t large = chunks_take(chunks, SLATE_WORD_BITS * 4 + 5);
	size_t end = large + SLATE_WORD_BITS * 4 + 5;
	size_t g;

	slate_chunk_free(chunks, hole);
	for (g = 0; g < chunks->arena.n; g++) {
		enum slate_verdict verdict = slate_chunk_judge(chunks, g);

		if (g == small || g == large)
			ktap_expect(t, verdict == SLATE_VERDICT_LIVE);
		else if (g < hole || (g > large && g < end))
			ktap_expect(t, verdict == SLATE_VERDICT_INTERIOR);
		else
			ktap_expect(t, verdict == SLATE_VERDICT_FREE);
	}
}

static void is_free_says_no_to_numbers_that_are_none(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);

	ktap_expect(t, !slate_chunk_is_free(chunks, SLATE_NONE));
	ktap_expect(t, !slate_chunk_is_free(chunks, SLATE_BROKEN));
	ktap_expect(t, !slate_chunk_is_free(chunks, chunks->arena.n));
	ktap_expect(t, !slate_chunk_is_free(chunks, 1));
}

static void next_visits_each_start(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t n = 1;
	size_t g = 0;
	size_t at;

	while (slate_chunk_alloc(chunks, n) < SLATE_BROKEN)
		n += n / 2 + 1;
	for (at = slate_chunk_next(chunks, 0); at < chunks->arena.n;
	     at = slate_chunk_next(chunks, at + 1)) {
		ktap_expect(t, at == g);
		g += slate_chunk_size(chunks, at);
	}
	ktap_expect(t, g == chunks->arena.n);
}

static void alloc_aligned_keeps_alignment_and_phase(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t align;
	size_t phase;

	for (align = 1; align <= chunks->arena.n / 4; align *= 2) {
		for (phase = 0; phase < align; phase += align / 4 + 1) {
			size_t g = slate_chunk_alloc_aligned(chunks, 3, align,
							     phase);

			if (!ktap_expect(t, g < chunks->arena.n))
				return;
			ktap_expect(t, (g + phase) % align == 0);
			ktap_expect(t, slate_chunk_size(chunks, g) == 3);
			ktap_expect(t, slate_chunk_valid(chunks, NULL));
			slate_chunk_free(chunks, g);
			ktap_expect(t, chunks_are_one(chunks));
		}
	}
}

static void alloc_aligned_finds_what_it_promises(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t n = chunks->arena.n - 15;
	size_t phase;

	for (phase = 0; phase < 16; phase++) {
		size_t g = slate_chunk_alloc_aligned(chunks, n, 16, phase);

		if (!ktap_expect(t, g < chunks->arena.n))
			return;
		ktap_expect(t, (g + phase) % 16 == 0);
		slate_chunk_free(chunks, g);
	}
	ktap_expect(t, chunks_are_one(chunks));
}

static const struct ktap_case cases[] = {
	KTAP_CASE(layout_leaves_one_free_chunk),
	KTAP_CASE(layout_stays_inside_the_span_at_every_size),
	KTAP_CASE(layout_refuses_a_span_without_a_granule),
	KTAP_CASE(alloc_takes_the_whole_arena),
	KTAP_CASE(alloc_takes_the_smallest_small_chunk_that_fits),
	KTAP_CASE(free_merges_with_no_neighbour),
	KTAP_CASE(free_merges_with_the_chunk_before),
	KTAP_CASE(free_merges_with_the_chunk_behind),
	KTAP_CASE(free_merges_with_both_neighbours),
	KTAP_CASE(size_is_known_for_every_length_and_place),
	KTAP_CASE(judge_knows_every_granule),
	KTAP_CASE(is_free_says_no_to_numbers_that_are_none),
	KTAP_CASE(next_visits_each_start),
	KTAP_CASE(alloc_aligned_keeps_alignment_and_phase),
	KTAP_CASE(alloc_aligned_finds_what_it_promises),
};

KTAP_SUITE(slate_chunk, cases);
