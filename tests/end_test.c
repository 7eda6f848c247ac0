// SPDX-License-Identifier: MIT
/*
 * The ends of lists, as a stray write might forge them: zeros over the chunk
 * at granule 0, and bytes that were right when a chunk stood alone. And the
 * chunk engine's calls with one broken link, without a heap around them.
 */
#include "chunks.h"

#define HOLES	3

/*
 * Blocks of @size bytes side by side, each with a live one of a granule
 * behind it; the first one starts at granule 0. No other memory is free.
 */
struct row {
	struct slate_heap *heap;
	size_t size;
	unsigned char *hole[HOLES];
	unsigned char *wall[HOLES];
	unsigned char *rest;
};

static void *take(struct slate_heap *heap, size_t size)
{
	void *p = slate_raw_malloc(heap, test_stats(heap).largest_free);

	return p ? slate_raw_realloc(heap, p, size) : NULL;
}

static bool row_make(struct ktap *t, struct row *row, size_t size)
{
	bool made = true;
	unsigned int i;

	row->heap = test_heap();
	row->size = size;
	for (i = 0; i < HOLES; i++) {
		row->hole[i] = take(row->heap, size);
		row->wall[i] = take(row->heap, SLATE_GRANULE);
		made = made && row->hole[i] && row->wall[i];
		if (made)
			test_fill(row->wall[i], SLATE_GRANULE, i);
	}
	row->rest = slate_raw_malloc(row->heap,
				     test_stats(row->heap).largest_free);
	return ktap_expect(t, made && row->rest &&
			   !test_stats(row->heap).free);
}

/* Free all holes such that hole @v gets place @place of the list, 0 first. */
static void row_free(struct row *row, unsigned int v, unsigned int place)
{
	unsigned int other = v;
	unsigned int i;

	for (i = HOLES; i--;) {
		if (i != place)
			other = (other + 1) % HOLES;
		slate_raw_free(row->heap, row->hole[i == place ? v : other]);
	}
}

/* What was reported is corruption, and nothing else was wrong. */
static void expect_mended(struct ktap *t, struct slate_heap *heap)
{
	struct faults faults = faults_take();

	ktap_expect(t, faults.count == faults.corrupt);
	ktap_expect(t, faults.count || slate_heap_valid(heap));
	if (!SLATE_CONFIG_REPAIR) {
		slate_heap_repair(heap);
		faults_take();
	}
	ktap_expect(t, slate_heap_valid(heap));
}

/* All that was free can be had again, block by block. */
static void expect_all_can_be_had(struct ktap *t, struct row *row)
{
	size_t free = HOLES * row->size;
	unsigned int i;

	for (i = 0; i < HOLES; i++) {
		void *p = slate_raw_malloc(row->heap, row->size);

		if (!p && !SLATE_CONFIG_REPAIR) {
			slate_heap_repair(row->heap);
			p = slate_raw_malloc(row->heap, row->size);
		}
		free -= p ? row->size : 0;
		if (p)
			memset(p, 0xee, row->size);
	}
	ktap_expect(t, free == 0);
	ktap_expect(t, test_stats(row->heap).free == 0);
	expect_mended(t, row->heap);
}

/* All that was free can be had again, in one piece. */
static void expect_all_can_be_merged(struct ktap *t, struct row *row)
{
	unsigned int i;

	for (i = 0; i < HOLES; i++) {
		size_t live = test_stats(row->heap).live;

		slate_raw_free(row->heap, row->wall[i]);
		if (SLATE_CONFIG_REPAIR || test_stats(row->heap).live < live)
			continue;
		slate_heap_repair(row->heap);
		slate_raw_free(row->heap, row->wall[i]);
	}
	slate_raw_free(row->heap, row->rest);
	expect_mended(t, row->heap);
	ktap_expect(t, test_stats(row->heap).live == 0);
	ktap_expect(t, test_is_empty(row->heap));
}

static void expect_nothing_is_lost(struct ktap *t, struct row *row, bool merge)
{
	unsigned int i;

	ktap_expect(t, test_stats(row->heap).free == HOLES * row->size);
	for (i = 0; i < HOLES; i++)
		ktap_expect(t, test_filled(row->wall[i], SLATE_GRANULE, i));
	if (merge)
		expect_all_can_be_merged(t, row);
	else
		expect_all_can_be_had(t, row);
	faults_take();
	slate_heap_destroy(row->heap);
}

static const size_t sizes[] = { 2, SLATE_WORD_BITS + 1 };

/* For each size, place of the list, and way to use what is free. */
#define ROUNDS	(2 * HOLES * 2)

static void zeros_at_granule_0_are_no_end_of_a_list(struct ktap *t)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		struct row row;

		if (!row_make(t, &row, sizes[i & 1] * SLATE_GRANULE))
			return;
		row_free(&row, 0, i / 4);
		memset(row.hole[0], 0, row.size);
		expect_nothing_is_lost(t, &row, i & 2);
	}
}

static void links_of_a_lone_chunk_are_no_end_of_a_list(struct ktap *t)
{
	unsigned char old[sizeof(struct slate_link)];
	unsigned int i;

	for (i = 0; i < ROUNDS * HOLES; i++) {
		unsigned int v = i / ROUNDS;
		unsigned int place = i % ROUNDS / 4;
		struct row row;

		if (!row_make(t, &row, sizes[i & 1] * SLATE_GRANULE))
			return;
		slate_raw_free(row.heap, row.hole[v]);
		memcpy(old, row.hole[v], sizeof(old));
		ktap_expect(t, slate_raw_malloc(row.heap, row.size) ==
			    row.hole[v]);
		row_free(&row, v, place);
		memcpy(row.hole[v], old, sizeof(old));
		expect_nothing_is_lost(t, &row, i & 2);
	}
}

/* Chunks of a bare engine: free, used, free, and two like the third. */
struct bench {
	struct slate_chunks *chunks;
	size_t before;
	size_t used;
	size_t behind;
	size_t more[2];
};

static void bench_make(struct ktap *t, struct bench *bench)
{
	struct slate_chunks *c = chunks_make(t, TEST_HEAP);
	unsigned int i;

	bench->chunks = c;
	bench->before = chunks_take(c, 2);
	bench->used = chunks_take(c, 2);
	bench->behind = chunks_take(c, 3);
	chunks_take(c, 1);
	for (i = 0; i < 2; i++) {
		bench->more[i] = chunks_take(c, 3 - i);
		chunks_take(c, 1);
	}
	ktap_expect(t, !slate_chunk_free(c, bench->more[0]));
	ktap_expect(t, !slate_chunk_free(c, bench->more[1]));
	ktap_expect(t, !slate_chunk_free(c, bench->behind));
	ktap_expect(t, !slate_chunk_free(c, bench->before));
	ktap_expect(t, slate_chunk_valid(c, NULL));
}

static struct slate_link *link_at(const struct bench *bench, size_t g)
{
	return slate_arena_ptr(&bench->chunks->arena, g);
}

/* The links of all four free chunks, for comparison. */
static void links_of(const struct bench *bench, struct slate_link links[4])
{
	links[0] = *link_at(bench, bench->before);
	links[1] = *link_at(bench, bench->behind);
	links[2] = *link_at(bench, bench->more[0]);
	links[3] = *link_at(bench, bench->more[1]);
}

/* A slide that meets a broken link changes nothing; mended, it works. */
static void expect_slide(struct ktap *t, const struct bench *bench)
{
	struct slate_chunks *c = bench->chunks;
	struct slate_link old[4];
	struct slate_link new[4];

	links_of(bench, old);
	ktap_expect(t, slate_chunk_slide(c, bench->used, 7) == SLATE_BROKEN);
	links_of(bench, new);
	/* Compact lists want a rebuild anyway, and are left as they are. */
	ktap_expect(t, SLATE_CONFIG_COMPACT || !memcmp(old, new, sizeof(old)));
	ktap_expect(t, slate_chunk_is_free(c, bench->before));
	ktap_expect(t, slate_chunk_is_free(c, bench->behind));
	ktap_expect(t, slate_chunk_judge(c, bench->used) ==
		    SLATE_VERDICT_LIVE);
	ktap_expect(t, slate_chunk_find_broken(c, 0) != SLATE_NONE);
	slate_chunk_rebuild(c);
	ktap_expect(t, slate_chunk_valid(c, NULL));
	ktap_expect(t, slate_chunk_slide(c, bench->used, 7) == bench->before);
	ktap_expect(t, slate_chunk_size(c, bench->before) == 7);
	ktap_expect(t, slate_chunk_valid(c, NULL));
}

static void slide_refuses_a_broken_link_before(struct ktap *t)
{
	struct bench bench;

	bench_make(t, &bench);
	link_at(&bench, bench.before)->next ^= 1;
	expect_slide(t, &bench);
}

static void slide_refuses_a_broken_link_behind(struct ktap *t)
{
	struct bench bench;

	bench_make(t, &bench);
	link_at(&bench, bench.behind)->next ^= 1;
	expect_slide(t, &bench);
}

/* The neighbour's link back is what disagrees. */
static void slide_refuses_a_broken_link_back(struct ktap *t)
{
	struct bench bench;

	bench_make(t, &bench);
	link_at(&bench, bench.more[0])->prev ^= 1;
	expect_slide(t, &bench);
	bench_make(t, &bench);
	link_at(&bench, bench.more[1])->prev ^= 1;
	expect_slide(t, &bench);
}

/*
 * A small chunk heads the bin of the largest: as if links had been forged in
 * two chunks at once. Who measures it sees that it has not what is needed.
 */
static void large_request_refuses_a_small_chunk(struct ktap *t)
{
	struct slate_chunks *c = chunks_make(t, TEST_HEAP);
	size_t small = chunks_take(c, 2);
	unsigned int bin = chunks_bin(2 * SLATE_WORD_BITS);
	uint32_t *head;
	uint32_t old;

	chunks_take(c, 1);
	slate_chunk_free(c, small);
	if (chunks_largest(c) < 2 * SLATE_WORD_BITS) {
		t->skip = "too little memory";
		return;
	}
	while (!(c->map[bin / SLATE_WORD_BITS] >> bin % SLATE_WORD_BITS & 1))
		bin++;
	head = chunks_head(c, bin);
	old = *head;
	*head = (uint32_t)small;
	ktap_expect(t, slate_chunk_alloc(c, 3) == SLATE_BROKEN);
	ktap_expect(t, c->broken == small);
	ktap_expect(t, slate_chunk_alloc(c, SLATE_WORD_BITS) == SLATE_BROKEN);
	ktap_expect(t, slate_chunk_judge(c, small) == SLATE_VERDICT_FREE);
	*head = old;
	ktap_expect(t, slate_chunk_valid(c, NULL));
}

static const struct ktap_case cases[] = {
	KTAP_CASE(large_request_refuses_a_small_chunk),
	KTAP_CASE(zeros_at_granule_0_are_no_end_of_a_list),
	KTAP_CASE(links_of_a_lone_chunk_are_no_end_of_a_list),
	KTAP_CASE(slide_refuses_a_broken_link_before),
	KTAP_CASE(slide_refuses_a_broken_link_behind),
	KTAP_CASE(slide_refuses_a_broken_link_back),
};

KTAP_SUITE(slate_end, cases);
