// SPDX-License-Identifier: MIT
/*
 * Links forged in two free chunks at once, each to fit the other. In one bin
 * they lead nowhere that is not free; into another bin they lead only below
 * check level 2. Whatever they lead to, nothing is followed out of the tables.
 */
#include "chunks.h"

/* Free, used, free, of one size: what is given back lies between two. */
struct row {
	struct slate_chunks *chunks;
	size_t first;
	size_t used;
	size_t behind;
	size_t n;
};

static struct slate_link *link_at(size_t g)
{
	return slate_arena_ptr(&test_chunks.arena, g);
}

/* @first: that one heads the list. False: there is not memory enough. */
static bool row_make(struct ktap *t, struct row *row, size_t n, bool first)
{
	struct slate_chunks *c = chunks_make(t, TEST_HEAP);
	size_t wall;

	row->chunks = c;
	row->n = n;
	row->first = chunks_take(c, n);
	row->used = chunks_take(c, 2);
	row->behind = chunks_take(c, n);
	wall = chunks_take(c, 1);
	if (wall >= SLATE_BROKEN)
		return false;
	ktap_expect(t, !slate_chunk_free(c, first ? row->behind : row->first));
	ktap_expect(t, !slate_chunk_free(c, first ? row->first : row->behind));
	link_at(row->first)->next = (uint32_t)row->behind;
	link_at(row->first)->prev = (uint32_t)row->behind;
	link_at(row->behind)->next = (uint32_t)row->first;
	link_at(row->behind)->prev = (uint32_t)row->first;
	return true;
}

/* Nothing has changed, but for the order of the list. */
static void expect_as_before(struct ktap *t, const struct row *row)
{
	struct slate_chunks *c = row->chunks;

	ktap_expect(t, slate_chunk_is_free(c, row->first));
	ktap_expect(t, slate_chunk_is_free(c, row->behind));
	ktap_expect(t, slate_chunk_judge(c, row->used) == SLATE_VERDICT_LIVE);
	ktap_expect(t, slate_chunk_size(c, row->first) == row->n);
	ktap_expect(t, slate_chunk_size(c, row->used) == 2);
	ktap_expect(t, slate_chunk_size(c, row->behind) == row->n);
	slate_chunk_rebuild(c);
	ktap_expect(t, slate_chunk_valid(c, NULL));
}

static const size_t sizes[] = { 3, SLATE_WORD_BITS - 1, 2 * SLATE_WORD_BITS };

#define NSIZES	(sizeof(sizes) / sizeof(sizes[0]))

static void free_between_two_that_lead_to_each_other(struct ktap *t)
{
	struct row row;
	unsigned int i;

	for (i = 0; i < 2 * NSIZES; i++) {
		if (!row_make(t, &row, sizes[i / 2], i & 1))
			continue;
		if (!ktap_expect(t, slate_chunk_free(row.chunks, row.used) ==
				 -SLATE_EUCLEAN))
			return;
		expect_as_before(t, &row);
		ktap_expect(t, !slate_chunk_free(row.chunks, row.used));
		ktap_expect(t, slate_chunk_size(row.chunks, row.first) ==
			    2 * row.n + 2);
		ktap_expect(t, slate_chunk_valid(row.chunks, NULL));
	}
}

static void slide_between_two_that_lead_to_each_other(struct ktap *t)
{
	struct row row;
	unsigned int i;

	for (i = 0; i < 2 * NSIZES; i++) {
		if (!row_make(t, &row, sizes[i / 2], i & 1))
			continue;
		if (!ktap_expect(t, slate_chunk_slide(row.chunks, row.used,
						      row.n + 4) ==
				 SLATE_BROKEN))
			return;
		expect_as_before(t, &row);
		ktap_expect(t, slate_chunk_slide(row.chunks, row.used,
						 row.n + 4) == row.first);
		ktap_expect(t, slate_chunk_valid(row.chunks, NULL));
	}
}

/* The same through a heap, which mends and goes on. */
static void heap_frees_between_two_that_lead_to_each_other(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const size_t size = 3 * SLATE_GRANULE;
	struct slate_link *first = slate_raw_malloc(heap, size);
	void *used = slate_raw_malloc(heap, size);
	struct slate_link *behind = slate_raw_malloc(heap, size);
	void *wall = slate_raw_malloc(heap, size);
	struct slate_link *swap;

	if (!SLATE_CONFIG_REPAIR) {
		t->skip = "no repair in this configuration";
		return;
	}
	if (first > behind) {	/* they were cut from an end */
		swap = first;
		first = behind;
		behind = swap;
	}
	slate_raw_free(heap, first);
	slate_raw_free(heap, behind);
	/* The head's next is right; the other's next leads back to it. */
	first->next = first->prev;
	behind->prev = behind->next;
	slate_raw_free(heap, used);
	ktap_expect(t, faults_corrupt());
	ktap_expect(t, slate_heap_valid(heap));
	ktap_expect(t, test_stats(heap).blocks == 1);
	slate_raw_free(heap, wall);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

/*
 * A large bin has a list of two, and another one chunk, which the first of the
 * list leads to: it would serve, and stay in its own bin.
 */
static void level_2_measures_what_a_link_leads_to(struct ktap *t)
{
	const size_t n = SLATE_WORD_BITS + 1;
	struct slate_chunks *c = chunks_make(t, TEST_HEAP);
	size_t list[2];
	size_t alone;
	size_t wall;
	unsigned int i;

	if (SLATE_CONFIG_CHECK < 2) {
		t->skip = "check level below 2";
		return;
	}
	for (i = 0; i < 2; i++) {
		list[i] = chunks_take(c, n);
		chunks_take(c, 1);
	}
	alone = chunks_take(c, n + SLATE_WORD_BITS / 4);
	wall = chunks_take(c, chunks_largest(c));
	if (wall >= SLATE_BROKEN) {
		t->skip = "too little memory";
		return;
	}
	ktap_expect(t, !slate_chunk_free(c, alone));
	for (i = 0; i < 2; i++)
		ktap_expect(t, !slate_chunk_free(c, list[i]));
	for (i = 0; i < 2; i++) {
		link_at(list[1])->next = (uint32_t)alone;
		link_at(alone)->prev = (uint32_t)list[1];
		/* Found behind the first; or to become the first. */
		ktap_expect(t, slate_chunk_alloc(c, n + 1 - i) ==
			    SLATE_BROKEN);
		ktap_expect(t, slate_chunk_is_free(c, alone));
		ktap_expect(t, slate_chunk_is_free(c, list[1]));
	}
	slate_chunk_rebuild(c);
	ktap_expect(t, slate_chunk_valid(c, NULL));
	ktap_expect(t, slate_chunk_alloc(c, n + 1) == alone);
}

/*
 * The head of a list of three leaves it by way of the tail, as forged links
 * say, and so may be the head still when it is used. The next one that comes
 * in must not be linked to it.
 */
static void free_to_a_list_whose_head_went_astray(struct ktap *t)
{
	struct slate_chunks *c = chunks_make(t, TEST_HEAP);
	size_t chunk[4];
	size_t wall[4];
	unsigned int i;

	for (i = 0; i < 4; i++) {
		chunk[i] = chunks_take(c, 3);
		wall[i] = chunks_take(c, 1);
	}
	for (i = 0; i < 3; i++)
		ktap_expect(t, !slate_chunk_free(c, chunk[i]));
	link_at(chunk[0])->next = (uint32_t)chunk[2];
	link_at(chunk[2])->prev = (uint32_t)chunk[0];
	ktap_expect(t, !slate_chunk_free(c, wall[2]));
	ktap_expect(t, slate_chunk_alloc(c, 4) == chunk[2]);
	ktap_expect(t, !slate_chunk_free(c, chunk[3]));
	ktap_expect(t, slate_chunk_judge(c, chunk[2]) == SLATE_VERDICT_LIVE);
	slate_chunk_rebuild(c);
	ktap_expect(t, slate_chunk_valid(c, NULL));
}

/* A search that is led to the end of another list ends there. */
static void search_ends_where_another_list_does(struct ktap *t)
{
	struct slate_chunks *c = chunks_make(t, TEST_HEAP);
	size_t four = chunks_take(c, 4);
	size_t two;

	chunks_take(c, 1);
	two = chunks_take(c, 2);
	chunks_take(c, chunks_largest(c));
	ktap_expect(t, !slate_chunk_free(c, four));
	ktap_expect(t, !slate_chunk_free(c, two));
	link_at(four)->next = (uint32_t)two;
	link_at(two)->prev = (uint32_t)four;
	ktap_expect(t, slate_chunk_alloc(c, 5) >= SLATE_BROKEN);
	slate_chunk_rebuild(c);
	ktap_expect(t, slate_chunk_valid(c, NULL));
	ktap_expect(t, slate_chunk_alloc(c, 4) == four);
	ktap_expect(t, slate_chunk_alloc(c, 2) == two);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(free_to_a_list_whose_head_went_astray),
	KTAP_CASE(search_ends_where_another_list_does),
	KTAP_CASE(free_between_two_that_lead_to_each_other),
	KTAP_CASE(slide_between_two_that_lead_to_each_other),
	KTAP_CASE(heap_frees_between_two_that_lead_to_each_other),
	KTAP_CASE(level_2_measures_what_a_link_leads_to),
};

KTAP_SUITE(slate_forged, cases);
