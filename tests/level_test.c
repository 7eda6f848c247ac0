// SPDX-License-Identifier: MIT
/* What SLATE_CONFIG_CHECK finds from level 2 on, seen to be found. */
#include "chunks.h"

#define FILL_NEW	0xcd
#define FILL_FREED	0xdd

/* An arena with a free chunk of @n granules between two used ones. */
static size_t make_hole(struct ktap *t, size_t n)
{
	struct slate_chunks *c = chunks_make(t, TEST_HEAP);
	size_t g;

	chunks_take(c, 1);
	g = chunks_take(c, n);
	chunks_take(c, chunks_largest(c));
	ktap_expect(t, !slate_chunk_free(c, g));
	ktap_expect(t, slate_chunk_valid(c, NULL));
	return g;
}

/* Put what is in bin @from into bin @to, where it does not belong. */
static void forge(struct slate_chunks *c, unsigned int from, unsigned int to)
{
	c->bins[to] = c->bins[from];
	c->map[from / SLATE_WORD_BITS] ^= slate_word_bit(from %
							 SLATE_WORD_BITS);
	c->map[to / SLATE_WORD_BITS] |= slate_word_bit(to % SLATE_WORD_BITS);
}

/* The call gave nothing, and all is well once the lists are rebuilt. */
static void expect_broken(struct ktap *t, size_t result, size_t hole)
{
	ktap_expect(t, result == SLATE_BROKEN);
	ktap_expect(t, slate_chunk_is_free(&test_chunks, hole));
	slate_chunk_rebuild(&test_chunks);
	ktap_expect(t, slate_chunk_valid(&test_chunks, NULL));
}

static void level_2_alloc_measures_a_small_chunk(struct ktap *t)
{
	size_t hole;

	if (SLATE_CONFIG_CHECK < 2) {
		t->skip = "check level below 2";
		return;
	}
	hole = make_hole(t, 3);
	forge(&test_chunks, chunks_bin(3), chunks_bin(5));
	expect_broken(t, slate_chunk_alloc(&test_chunks, 5), hole);
	ktap_expect(t, slate_chunk_alloc(&test_chunks, 5) == SLATE_NONE);
	ktap_expect(t, slate_chunk_alloc(&test_chunks, 3) == hole);
}

static void level_2_alloc_measures_a_large_chunk(struct ktap *t)
{
	size_t hole;

	if (SLATE_CONFIG_CHECK < 2) {
		t->skip = "check level below 2";
		return;
	}
	hole = make_hole(t, SLATE_WORD_BITS);
	forge(&test_chunks, chunks_bin(SLATE_WORD_BITS),
	      chunks_bin(2 * SLATE_WORD_BITS));
	expect_broken(t, slate_chunk_alloc(&test_chunks, SLATE_WORD_BITS + 1),
		      hole);
	ktap_expect(t, slate_chunk_alloc(&test_chunks, SLATE_WORD_BITS) ==
		    hole);
}

static void level_2_alloc_aligned_measures_a_chunk(struct ktap *t)
{
	size_t hole;

	if (SLATE_CONFIG_CHECK < 2) {
		t->skip = "check level below 2";
		return;
	}
	hole = make_hole(t, 5);
	forge(&test_chunks, chunks_bin(5), chunks_bin(9));
	expect_broken(t, slate_chunk_alloc_aligned(&test_chunks, 3, 2, 0),
		      hole);
	ktap_expect(t, slate_chunk_alloc_aligned(&test_chunks, 3, 2, 0) <
		    SLATE_BROKEN);
}

static void level_3_fills_memory_handed_out(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t size;

	if (SLATE_CONFIG_CHECK < 3) {
		t->skip = "check level below 3";
		return;
	}
	for_each_tier(tier) {
		for (size = 1; size < TEST_HEAP / 16; size += 1 + size / 2) {
			unsigned char *p = tier->malloc(heap, size);

			ktap_expect(t, p && test_all(p, size, FILL_NEW));
			if (p)
				test_fill(p, size, 1);
		}
	}
	slate_heap_destroy(heap);
}

static void level_3_fills_memory_given_back(struct ktap *t)
{
	const size_t links = sizeof(struct slate_link);
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t size;

	if (SLATE_CONFIG_CHECK < 3) {
		t->skip = "check level below 3";
		return;
	}
	for_each_tier(tier) {
		for (size = 1; size < TEST_HEAP / 16; size += 1 + size / 2) {
			unsigned char *p = tier->malloc(heap, size);

			if (!ktap_expect(t, p))
				continue;
			memset(p, 0x11, size);
			tier->free(heap, p);
			ktap_expect(t, size <= links ||
				    test_all(p + links, size - links,
					     FILL_FREED));
		}
	}
	slate_heap_destroy(heap);
}

/* A chunk seems to start inside the block, behind a free one. */
static void flip_inside(struct slate_heap *heap, const void *ptr)
{
	/* A heap begins with the state of its first region. */
	struct slate_chunks *c = &((struct slate_pools *)(void *)heap)->chunks;
	size_t g = slate_arena_index(&c->arena, ptr) + 1;

	c->pairs[g / SLATE_WORD_BITS].f ^= slate_word_bit(g % SLATE_WORD_BITS);
}

/* Each call reports the bit, though it does not go near it. */
static void level_4_reports_a_flipped_bit_of_the_tables(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	void *first = slate_raw_malloc(heap, 3 * SLATE_GRANULE);
	void *second = slate_raw_malloc(heap, SLATE_GRANULE);
	void *third;

	if (SLATE_CONFIG_CHECK < 4) {
		t->skip = "check level below 4";
		return;
	}
	flip_inside(heap, first);
	third = slate_raw_malloc(heap, SLATE_GRANULE);
	ktap_expect(t, third);
	ktap_expect(t, faults_corrupt());
	slate_raw_free(heap, second);
	ktap_expect(t, faults_corrupt());
	third = slate_raw_realloc(heap, third, 2 * SLATE_GRANULE);
	ktap_expect(t, third);
	ktap_expect(t, faults_corrupt());
	flip_inside(heap, first);
	slate_raw_free(heap, first);
	slate_raw_free(heap, third);
	ktap_expect(t, faults_none());
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(level_2_alloc_measures_a_small_chunk),
	KTAP_CASE(level_2_alloc_measures_a_large_chunk),
	KTAP_CASE(level_2_alloc_aligned_measures_a_chunk),
	KTAP_CASE(level_3_fills_memory_handed_out),
	KTAP_CASE(level_3_fills_memory_given_back),
	KTAP_CASE(level_4_reports_a_flipped_bit_of_the_tables),
};

KTAP_SUITE(slate_level, cases);
