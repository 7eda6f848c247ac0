// SPDX-License-Identifier: MIT
#include "chunks.h"

static const char no_pools[] = "no pools in this configuration";

/* A fresh arena, if there are pools at all. */
static bool start(struct ktap *t)
{
	if (!SLATE_CONFIG_POOL) {
		t->skip = no_pools;
		return false;
	}
	chunks_make(t, TEST_HEAP);
	return true;
}

static bool pooled(size_t g)
{
	return slate_pool_class(&test_pools, g) != 0;
}

/*
 * Take blocks of a class until one is from a pool, and return that; SLATE_NONE
 * if none is. The others stay allocated.
 */
static size_t first_pooled(size_t class)
{
	size_t g;

	do {
		g = slate_pool_alloc(&test_pools, class, true);
	} while (g < SLATE_BROKEN && !pooled(g));
	return g;
}

static void pool_span_holds_blocks_in_one_unit(struct ktap *t)
{
	size_t class;
	size_t served = 0;

	if (!start(t))
		return;
	for (class = 1; class <= SLATE_POOL_CLASSES; class++) {
		size_t span = SLATE_WORD_BITS;

		if (!span)
			continue;
		served++;
		ktap_expect(t, span <= SLATE_WORD_BITS);
		ktap_expect(t, span >= 3 * class);
	}
	ktap_expect(t, served >= 4);
}

static void pool_alloc_earns_a_pool(struct ktap *t)
{
	unsigned int i;
	size_t g;

	if (!start(t))
		return;
	for (i = 0; i < SLATE_POOL_EARN; i++) {
		g = slate_pool_alloc(&test_pools, 2, true);
		ktap_expect(t, g < SLATE_BROKEN && !pooled(g));
	}
	g = first_pooled(2);
	ktap_expect(t, g < SLATE_BROKEN);
	ktap_expect(t, slate_pool_class(&test_pools, g) == 2);
	ktap_expect(t, chunks_valid(NULL));
}

static void pool_class_is_0_outside_of_pools(struct ktap *t)
{
	size_t g;

	if (!start(t))
		return;
	ktap_expect(t, slate_pool_class(&test_pools, 0) == 0);
	ktap_expect(t, slate_pool_class(&test_pools, test_chunks.arena.n) ==
		    0);
	g = slate_pool_alloc(&test_pools, 1, true);
	ktap_expect(t, slate_pool_class(&test_pools, g) == 0);
}

static void pool_judge_knows_blocks_and_their_insides(struct ktap *t)
{
	size_t g;

	if (!start(t))
		return;
	g = first_pooled(3);
	if (!ktap_expect(t, g < SLATE_BROKEN))
		return;
	ktap_expect(t, slate_pool_judge(&test_pools, g) ==
		    SLATE_VERDICT_LIVE);
	ktap_expect(t, slate_pool_judge(&test_pools, g + 1) ==
		    SLATE_VERDICT_INTERIOR);
	ktap_expect(t, slate_pool_judge(&test_pools, g + 2) ==
		    SLATE_VERDICT_INTERIOR);
	slate_pool_free(&test_pools, g);
	ktap_expect(t, slate_pool_judge(&test_pools, g) ==
		    SLATE_VERDICT_FREE);
	ktap_expect(t, slate_pool_judge(&test_pools, g + 1) ==
		    SLATE_VERDICT_FREE);
	ktap_expect(t, chunks_valid(NULL));
}

/* The pool at @g is full: its blocks, and what is behind the last of them. */
static void expect_verdicts(struct ktap *t, size_t class, size_t g)
{
	enum slate_verdict expected = SLATE_VERDICT_FREE;
	uintptr_t live;
	uintptr_t all = slate_pool_blocks(&test_pools, g, &live);
	size_t left = 0;
	size_t i;

	ktap_expect(t, live == all);
	ktap_expect(t, slate_word_count(all) >= 3);
	for (i = 0; i < SLATE_WORD_BITS; i++) {
		if (all >> i & 1) {
			ktap_expect(t, !left);
			expected = SLATE_VERDICT_LIVE;
			left = class;
		} else if (left) {
			expected = SLATE_VERDICT_INTERIOR;
		} else {
			expected = SLATE_VERDICT_FREE;
		}
		left -= !!left;
		ktap_expect(t, slate_pool_judge(&test_pools, g + i) ==
			    expected);
	}
	ktap_expect(t, !left);
}

static void pool_judge_knows_every_granule_of_a_pool(struct ktap *t)
{
	size_t class;
	size_t g;

	for (class = 1; class <= SLATE_POOL_CLASSES; class++) {
		if (!start(t))
			return;
		g = first_pooled(class);
		if (g >= SLATE_BROKEN)
			continue;
		while (slate_pool_alloc(&test_pools, class, true) <
		       SLATE_BROKEN)
			;
		expect_verdicts(t, class, g & ~(size_t)SLATE_WORD_MASK);
	}
}

static void pool_blocks_tells_live_from_free(struct ktap *t)
{
	uintptr_t live = 0;
	uintptr_t all;
	size_t unit;
	size_t g;

	if (!start(t))
		return;
	g = first_pooled(2);
	if (!ktap_expect(t, g < SLATE_BROKEN))
		return;
	unit = g & ~(size_t)SLATE_WORD_MASK;
	all = slate_pool_blocks(&test_pools, unit, &live);
	ktap_expect(t, live == slate_word_bit(g - unit));
	ktap_expect(t, (all & live) == live);
	ktap_expect(t, slate_word_count(all) >= 3);
	ktap_expect(t, slate_word_count(all) <= SLATE_WORD_BITS / 2);
	ktap_expect(t, slate_pool_alloc(&test_pools, 2, true) < SLATE_BROKEN);
	ktap_expect(t, slate_pool_blocks(&test_pools, unit, &live) == all);
	ktap_expect(t, slate_word_count(live) == 2);
}

static void pool_blocks_never_overlap(struct ktap *t)
{
	static unsigned char owner[TEST_HEAP / SLATE_GRANULE / 8 + 1];
	size_t class;
	size_t g;
	size_t i;

	if (!start(t))
		return;
	memset(owner, 0, sizeof(owner));
	for (class = SLATE_POOL_CLASSES; class; class = class * 2 / 3) {
		while ((g = slate_pool_alloc(&test_pools, class, true)) <
		       SLATE_BROKEN) {
			for (i = g; i < g + class; i++) {
				unsigned char bit =
					(unsigned char)(1u << i % 8);

				ktap_expect(t, !(owner[i / 8] & bit));
				owner[i / 8] |= bit;
			}
		}
	}
	ktap_expect(t, chunks_valid(NULL));
}

static void pool_free_gives_empty_pools_back(struct ktap *t)
{
	static uint16_t got[TEST_HEAP / SLATE_GRANULE / 2];
	size_t n = 0;
	size_t g;

	if (!start(t))
		return;
	while ((g = slate_pool_alloc(&test_pools, 2, true)) < SLATE_BROKEN)
		got[n++] = (uint16_t)g;
	while (n)
		ktap_expect(t, slate_pool_free(&test_pools, got[--n]) == 0);
	ktap_expect(t, chunks_valid(NULL));
	/* One empty pool of the class may be kept, and no more. */
	ktap_expect(t, slate_pool_trim(&test_pools) <= 1);
	ktap_expect(t, chunks_are_one(&test_chunks));
	ktap_expect(t, chunks_valid(NULL));
}

static void pool_trim_gives_the_last_empty_pools_back(struct ktap *t)
{
	static const unsigned char classes[] = { 1, 2, 3 };
	size_t i;

	if (!start(t))
		return;
	for (i = 0; i < sizeof(classes); i++) {
		size_t got[SLATE_POOL_EARN + 4];
		size_t n = 0;

		do {
			got[n] = slate_pool_alloc(&test_pools, classes[i],
						  true);
		} while (got[n] < SLATE_BROKEN && !pooled(got[n]) &&
			 ++n < SLATE_POOL_EARN + 4);
		if (!ktap_expect(t, n < SLATE_POOL_EARN + 4))
			return;
		do {
			slate_pool_free(&test_pools, got[n]);
		} while (n--);
	}
	ktap_expect(t, slate_pool_trim(&test_pools) == 3);
	ktap_expect(t, slate_pool_trim(&test_pools) == 0);
	ktap_expect(t, chunks_are_one(&test_chunks));
}

static void pool_alloc_reuses_a_full_pool_with_a_hole(struct ktap *t)
{
	size_t g;

	if (!start(t))
		return;
	g = first_pooled(2);
	if (!ktap_expect(t, g < SLATE_BROKEN))
		return;
	while (slate_pool_alloc(&test_pools, 2, true) < SLATE_BROKEN)
		;
	slate_pool_free(&test_pools, g);
	ktap_expect(t, chunks_valid(NULL));
	ktap_expect(t, slate_pool_alloc(&test_pools, 2, true) == g);
	ktap_expect(t, slate_pool_alloc(&test_pools, 2, true) == SLATE_NONE);
}

static void pool_alloc_any_takes_a_larger_class(struct ktap *t)
{
	size_t g;

	if (!start(t))
		return;
	g = first_pooled(3);
	while (slate_pool_alloc(&test_pools, 3, true) < SLATE_BROKEN)
		;
	while (slate_chunk_alloc(&test_chunks, 1) < SLATE_BROKEN)
		;
	ktap_expect(t, slate_pool_alloc_any(&test_pools, 2) ==
		    SLATE_NONE);
	slate_pool_free(&test_pools, g);
	ktap_expect(t, slate_pool_alloc(&test_pools, 2, true) == SLATE_NONE);
	ktap_expect(t, slate_pool_alloc_any(&test_pools, 4) ==
		    SLATE_NONE);
	ktap_expect(t, slate_pool_alloc_any(&test_pools, 2) == g);
	ktap_expect(t, slate_pool_class(&test_pools, g) == 3);
	ktap_expect(t, chunks_valid(NULL));
}

static void random_blocks_keep_the_structure(struct ktap *t)
{
	static struct { uint16_t g, n; } live[64];
	size_t largest;
	unsigned int i;

	if (!start(t))
		return;
	memset(live, 0, sizeof(live));
	largest = test_chunks.arena.n;
	for (i = 0; i < 6000 && !t->failures; i++) {
		uint32_t at = test_below(64);
		size_t n = 1 + test_below(test_below(4) ? 3 :
					  SLATE_POOL_CLASSES);

		if (live[at].n) {
			ktap_expect(t, slate_pool_judge(&test_pools,
				live[at].g) == SLATE_VERDICT_LIVE);
			ktap_expect(t, slate_pool_free(&test_pools,
						       live[at].g) == 0);
			live[at].n = 0;
		} else {
			size_t g = slate_pool_alloc(&test_pools, n, true);

			live[at].g = (uint16_t)g;
			live[at].n = g < SLATE_BROKEN ? (uint16_t)n : 0;
		}
		ktap_expect(t, chunks_valid(NULL));
	}
	for (i = 0; i < 64; i++) {
		if (live[i].n)
			slate_pool_free(&test_pools, live[i].g);
	}
	ktap_expect(t, slate_pool_trim(&test_pools) >= 0);
	ktap_expect(t, chunks_largest(&test_chunks) == largest);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(pool_span_holds_blocks_in_one_unit),
	KTAP_CASE(pool_alloc_earns_a_pool),
	KTAP_CASE(pool_class_is_0_outside_of_pools),
	KTAP_CASE(pool_judge_knows_blocks_and_their_insides),
	KTAP_CASE(pool_judge_knows_every_granule_of_a_pool),
	KTAP_CASE(pool_blocks_tells_live_from_free),
	KTAP_CASE(pool_blocks_never_overlap),
	KTAP_CASE(pool_free_gives_empty_pools_back),
	KTAP_CASE(pool_trim_gives_the_last_empty_pools_back),
	KTAP_CASE(pool_alloc_reuses_a_full_pool_with_a_hole),
	KTAP_CASE(pool_alloc_any_takes_a_larger_class),
	KTAP_CASE(random_blocks_keep_the_structure),
};

KTAP_SUITE(slate_pool, cases);
