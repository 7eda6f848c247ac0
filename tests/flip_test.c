// SPDX-License-Identifier: MIT
/*
 * Each bit of each table of a prepared arena is flipped, one at a time, and
 * slate_chunk_valid() or slate_pool_valid() must see each. What may be flipped
 * unseen, because it says nothing or is written only once, is told by
 * is_idle_bin() and is_written_once().
 */
#include "chunks.h"

static bool flip(unsigned char *byte, size_t bit)
{
	bool seen;

	*byte ^= (unsigned char)(1u << bit);
	seen = !chunks_valid(NULL);
	*byte ^= (unsigned char)(1u << bit);
	return seen;
}

/* Flip every bit of @size bytes; how many flips went unseen. */
static size_t flip_all(void *at, size_t size)
{
	unsigned char *p = at;
	size_t unseen = 0;
	size_t i;

	for (i = 0; i < size * 8; i++) {
		if (flip(&p[i / 8], i % 8))
			continue;
		if (!unseen++)
			ktap_note("bit not seen:", i);
	}
	return unseen;
}

#if SLATE_CONFIG_COMPACT
/* Compact bins are rings, which say that they are empty. */
static bool is_idle_bin(const struct slate_chunks *chunks, unsigned int bin)
{
	return bin >= chunks->nbins;
}
#else
/* A bin's first chunk counts only while its bit in the map is set. */
static bool is_idle_bin(const struct slate_chunks *chunks, unsigned int bin)
{
	return !(chunks->map[bin / SLATE_WORD_BITS] >>
		 bin % SLATE_WORD_BITS & 1);
}
#endif

/* Blocks and chunks of many sizes, some of each free, pools among them. */
static void make_mixed(struct ktap *t)
{
	struct slate_chunks *chunks = chunks_make_mixed(t);
	size_t got[24];
	size_t class;
	size_t i;

	if (!SLATE_CONFIG_POOL)
		return;
	for (class = 1; class <= 4; class++) {
		for (i = 0; i < 24; i++)
			got[i] = slate_pool_alloc(&test_pools, class, true);
		for (i = 0; i < 24; i += class) {
			if (got[i] < chunks->arena.n)
				slate_pool_free(&test_pools, got[i]);
		}
	}
	ktap_expect(t, chunks_valid(NULL));
}

/*
 * A free chunk that ended at @g instead would be in the same bin: of compact
 * bins most hold several sizes.
 */
static bool ends_in_its_bin(const struct slate_chunks *chunks, size_t g)
{
	size_t start = g;

	if (slate_pool_judge(&test_pools, g) != SLATE_VERDICT_FREE)
		return false;
	while (start && !slate_chunk_is_free(chunks, start))
		start--;
	return start < g && chunks_bin(g - start) ==
	       chunks_bin(slate_chunk_end(chunks, start) - start);
}

/*
 * The one thing that the tables cannot know: whether two used chunks that
 * touch are two or one, and whether a block of a pool is live or free. It is
 * written once, in S of their starts, with F of 0 beside it outside of pools.
 */
static bool is_written_once(const struct slate_chunks *chunks, size_t g)
{
	const struct slate_pair *pair = &chunks->pairs[g / SLATE_WORD_BITS];

	if (g >= chunks->arena.n)
		return false;
	if (slate_pool_class(&test_pools, g) && g % SLATE_WORD_BITS)
		return true;
	if (pair->f >> g % SLATE_WORD_BITS & 1)
		return false;
	if (ends_in_its_bin(chunks, g))
		return true;
	return slate_pool_judge(&test_pools, g) != SLATE_VERDICT_FREE;
}

static void valid_sees_each_flip_of_s(struct ktap *t)
{
	size_t unseen = 0;
	size_t once = 0;
	size_t g;

	make_mixed(t);
	for (g = 0; g < test_chunks.arena.n; g++) {
		uintptr_t *s = &test_chunks.pairs[g / SLATE_WORD_BITS].s;
		uintptr_t bit = slate_word_bit(g % SLATE_WORD_BITS);

		if (is_written_once(&test_chunks, g)) {
			once++;
			continue;
		}
		*s ^= bit;
		if (chunks_valid(NULL) && !unseen++)
			ktap_note("S not seen:", g);
		*s ^= bit;
	}
	ktap_expect(t, unseen == 0);
	ktap_expect(t, once < test_chunks.arena.n - test_chunks.arena.n / 4);
}

static void valid_sees_each_flip_of_f(struct ktap *t)
{
	size_t unseen = 0;
	size_t g;

	make_mixed(t);
	for (g = 0; g < test_chunks.arena.n; g++) {
		uintptr_t *f = &test_chunks.pairs[g / SLATE_WORD_BITS].f;
		uintptr_t bit = slate_word_bit(g % SLATE_WORD_BITS);

		*f ^= bit;
		if (chunks_valid(NULL) && !unseen++)
			ktap_note("F not seen:", g);
		*f ^= bit;
	}
	ktap_expect(t, unseen == 0);
}

/* Granule n is the sentinel; the bits behind it are always 0. */
static void valid_sees_each_flip_behind_the_end(struct ktap *t)
{
	size_t unseen = 0;
	size_t g;

	make_mixed(t);
	for (g = test_chunks.arena.n; g % SLATE_WORD_BITS ||
	     g == test_chunks.arena.n; g++) {
		struct slate_pair *pair =
			&test_chunks.pairs[g / SLATE_WORD_BITS];
		uintptr_t bit = slate_word_bit(g % SLATE_WORD_BITS);

		pair->s ^= bit;
		unseen += chunks_valid(NULL);
		pair->s ^= bit;
		pair->f ^= bit;
		unseen += chunks_valid(NULL);
		pair->f ^= bit;
	}
	ktap_expect(t, unseen == 0);
}

#if SLATE_CONFIG_COMPACT
static void valid_sees_each_flip_of_the_units(struct ktap *t)
{
	t->skip = "no table of units in this configuration";
}
#else
static void valid_sees_each_flip_of_the_units(struct ktap *t)
{
	make_mixed(t);
	ktap_expect(t, flip_all(test_chunks.units,
				test_chunks.arena.n / SLATE_WORD_BITS) == 0);
}
#endif

static void valid_sees_each_flip_of_the_bins(struct ktap *t)
{
	unsigned int used = 0;
	unsigned int bin;

	make_mixed(t);
	for (bin = 0; bin < SLATE_BINS_MAX; bin++) {
		if (is_idle_bin(&test_chunks, bin))
			continue;
		used++;
		ktap_expect(t, flip_all(&test_chunks.bins[bin],
					sizeof(*test_chunks.bins)) == 0);
	}
	ktap_expect(t, used >= 3);
}

static void valid_sees_each_flip_of_the_map(struct ktap *t)
{
	unsigned int bin;
	size_t unseen = 0;

	make_mixed(t);
	for (bin = 0; bin < SLATE_BIN_WORDS * SLATE_WORD_BITS; bin++) {
		uintptr_t *word = &test_chunks.map[bin / SLATE_WORD_BITS];
		uintptr_t bit = slate_word_bit(bin % SLATE_WORD_BITS);

		*word ^= bit;
		unseen += chunks_valid(NULL);
		*word ^= bit;
	}
	ktap_expect(t, unseen == 0);
}

#if SLATE_CONFIG_POOL
static void valid_sees_each_flip_of_the_heads(struct ktap *t)
{
	make_mixed(t);
	ktap_expect(t, flip_all(&test_pools.head[1],
				sizeof(test_pools.head) -
				sizeof(test_pools.head[0])) == 0);
}
#else
static void valid_sees_each_flip_of_the_heads(struct ktap *t)
{
	t->skip = "no pools in this configuration";
}
#endif

/* A free chunk's links are its first bytes; the rest is nobody's. */
static void valid_sees_each_flip_of_a_link(struct ktap *t)
{
	const struct slate_arena *arena = &test_chunks.arena;
	unsigned int nfree = 0;
	size_t g;

	make_mixed(t);
	for (g = 0; g < arena->n; g = slate_chunk_next(&test_chunks, g + 1)) {
		if (!slate_chunk_is_free(&test_chunks, g))
			continue;
		nfree++;
		ktap_expect(t, flip_all(slate_arena_ptr(arena, g),
					sizeof(struct slate_link)) == 0);
	}
	ktap_expect(t, nfree >= 5);
}

static void valid_does_not_read_the_rest_of_free_memory(struct ktap *t)
{
	const struct slate_arena *arena = &test_chunks.arena;
	size_t g;

	make_mixed(t);
	for (g = 0; g < arena->n; g = slate_chunk_next(&test_chunks, g + 1)) {
		unsigned char *p = slate_arena_ptr(arena, g);

		if (slate_chunk_is_free(&test_chunks, g))
			memset(p + sizeof(struct slate_link), 0x3c,
			       slate_chunk_size(&test_chunks, g) *
			       SLATE_GRANULE - sizeof(struct slate_link));
	}
	ktap_expect(t, chunks_valid(NULL));
}

static void valid_says_what_is_wrong(struct ktap *t)
{
	struct slate_report report = { 0 };

	make_mixed(t);
	ktap_expect(t, chunks_valid(&report));
	test_chunks.pairs[test_chunks.arena.n / SLATE_WORD_BITS].f ^= 1;
	ktap_expect(t, !chunks_valid(&report));
	ktap_expect(t, report.kind == SLATE_FAULT_TABLE ||
		    report.kind == SLATE_FAULT_CORRUPT);
	ktap_expect(t, report.text && *report.text);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(valid_sees_each_flip_of_s),
	KTAP_CASE(valid_sees_each_flip_of_f),
	KTAP_CASE(valid_sees_each_flip_behind_the_end),
	KTAP_CASE(valid_sees_each_flip_of_the_units),
	KTAP_CASE(valid_sees_each_flip_of_the_bins),
	KTAP_CASE(valid_sees_each_flip_of_the_map),
	KTAP_CASE(valid_sees_each_flip_of_the_heads),
	KTAP_CASE(valid_sees_each_flip_of_a_link),
	KTAP_CASE(valid_does_not_read_the_rest_of_free_memory),
	KTAP_CASE(valid_says_what_is_wrong),
};

KTAP_SUITE(slate_flip, cases);
