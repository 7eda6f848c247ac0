// SPDX-License-Identifier: MIT
/*
 * One link of one free chunk is broken, next or prev and not both, in a list
 * of three; then each call that unlinks this chunk is made. It does what it
 * has to, reports what it met, and loses nothing.
 */
#include "testing.h"

#define HOLES	3
#define LIVE	(2 * HOLES + 2)

/*
 * Three free chunks, each between two live blocks of a granule, and no other
 * free memory. They were freed such that the first one is the head of the
 * list, the second its middle and the third its tail.
 */
struct shelf {
	struct slate_heap *heap;
	unsigned char *base;
	unsigned char *hole[HOLES];
	size_t size;
	size_t live;
	struct {
		unsigned char *ptr;
		size_t size;
	} block[LIVE];
};

#define BEFORE(v)	(2 * (v))
#define BEHIND(v)	(2 * (v) + 1)
#define REST		(2 * HOLES)
#define TAKEN		(2 * HOLES + 1)

/* @size bytes from the front of the largest free chunk. */
static void *take(struct slate_heap *heap, size_t size)
{
	void *p = slate_raw_malloc(heap, test_stats(heap).largest_free);

	return p ? slate_raw_realloc(heap, p, size) : NULL;
}

static bool put(struct shelf *shelf, unsigned int i, void *ptr, size_t size)
{
	shelf->block[i].ptr = ptr;
	shelf->block[i].size = size;
	if (ptr)
		test_fill(ptr, size, i);
	return ptr;
}

/* Holes of @size bytes, each @step more than the one before. */
static bool shelf_make(struct ktap *t, struct shelf *shelf, size_t size,
		       size_t step)
{
	bool made = true;
	size_t rest;
	unsigned int i;

	memset(shelf, 0, sizeof(*shelf));
	shelf->heap = test_heap();
	shelf->size = size;
	for (i = 0; i < HOLES; i++) {
		made &= put(shelf, BEFORE(i), take(shelf->heap, SLATE_GRANULE),
			    SLATE_GRANULE);
		shelf->hole[i] = take(shelf->heap, size + i * step);
		made &= put(shelf, BEHIND(i), take(shelf->heap, SLATE_GRANULE),
			    SLATE_GRANULE);
	}
	shelf->base = shelf->block[0].ptr;
	rest = test_stats(shelf->heap).largest_free;
	made &= put(shelf, REST, slate_raw_malloc(shelf->heap, rest), rest);
	while (i--)
		slate_raw_free(shelf->heap, shelf->hole[i]);
	shelf->live = test_stats(shelf->heap).live;
	return ktap_expect(t, made && slate_heap_valid(shelf->heap) &&
			   test_stats(shelf->heap).free_chunks == HOLES);
}

/* Every block holds what it did; without them all is one piece. */
static void shelf_finish(struct ktap *t, struct shelf *shelf)
{
	unsigned int i;

	for (i = 0; i < LIVE; i++) {
		unsigned char *p = shelf->block[i].ptr;

		ktap_expect(t, !p || test_filled(p, shelf->block[i].size, i));
		slate_raw_free(shelf->heap, p);
	}
	ktap_expect(t, test_stats(shelf->heap).live == 0);
	ktap_expect(t, test_is_empty(shelf->heap));
	ktap_expect(t, faults_none());
	slate_heap_destroy(shelf->heap);
}

/*
 * The calls: each unlinks hole @v, and says whether it did what it is to do.
 */
typedef bool (*unlink_fn)(struct shelf *shelf, unsigned int v);

static bool give(struct shelf *shelf, unsigned int i)
{
	slate_raw_free(shelf->heap, shelf->block[i].ptr);
	shelf->block[i].ptr = NULL;
	return test_stats(shelf->heap).live == shelf->live - SLATE_GRANULE;
}

static bool free_behind(struct shelf *shelf, unsigned int v)
{
	return give(shelf, BEHIND(v));
}

static bool free_before(struct shelf *shelf, unsigned int v)
{
	return give(shelf, BEFORE(v));
}

/* Both have to become the hole and one granule more, starting at @at. */
static bool grow(struct shelf *shelf, unsigned int i, const void *at)
{
	size_t size = shelf->size + SLATE_GRANULE;
	unsigned char *p = slate_raw_realloc(shelf->heap, shelf->block[i].ptr,
					     size);

	if (p)
		shelf->block[i].ptr = p;
	return p == at && slate_heap_usable_size(shelf->heap, p) == size;
}

static bool grow_up(struct shelf *shelf, unsigned int v)
{
	return grow(shelf, BEFORE(v), shelf->block[BEFORE(v)].ptr);
}

/* No other memory is left: the block slides down into the hole before it. */
static bool slide_down(struct shelf *shelf, unsigned int v)
{
	return grow(shelf, BEHIND(v), shelf->hole[v]);
}

/* A block of hole @v's size and bytes, which only this hole may give. */
static bool alloc_at(struct shelf *shelf, unsigned int v, size_t size)
{
	put(shelf, TAKEN, slate_raw_malloc(shelf->heap, size), size);
	return shelf->block[TAKEN].ptr == shelf->hole[v];
}

/* All three fit; which of them serves depends on the order in the list. */
static bool alloc_any(struct shelf *shelf, unsigned int v)
{
	unsigned int i;

	(void)v;
	for (i = 0; i < HOLES; i++) {
		if (i == 0)
			alloc_at(shelf, i, shelf->size);
		if (shelf->block[TAKEN].ptr == shelf->hole[i])
			return true;
	}
	return false;
}

/*
 * All are of one bin; the second fits best, whichever end comes first. Compact
 * builds take the first that fits, which is the third if the list was rebuilt.
 */
static bool alloc_second(struct shelf *shelf, unsigned int v)
{
	(void)v;
	if (alloc_at(shelf, 1, shelf->size + SLATE_GRANULE))
		return true;
	return SLATE_CONFIG_COMPACT &&
	       shelf->block[TAKEN].ptr == shelf->hole[2];
}

/* Number @k of the values for a link of hole @v; what it is now: @old. */
static uint32_t wrong_link(const struct shelf *shelf, unsigned int v,
			   unsigned int k, uint32_t old)
{
	const unsigned char *near = shelf->block[BEFORE(v)].ptr;

	switch (k) {
	case 0:
		return old ^ 1;
	case 1:
		return 0xffffffffu;
	case 2:
		return 0x5a5a5a5au;
	case 3:
		return 0;
	case 4:		/* a live block */
		return (uint32_t)((size_t)(near - shelf->base) / SLATE_GRANULE);
	default:	/* the other chunks of the list, and itself */
		near = shelf->hole[(v + k - 4) % HOLES];
		return (uint32_t)((size_t)(near - shelf->base) / SLATE_GRANULE);
	}
}

#define WRONG_LINKS	8

/*
 * Break a link of hole @v; false if the value is the right one, or one that
 * no call can tell from it: the middle's next as if the list ended there.
 */
static bool break_link(struct shelf *shelf, unsigned int v, bool next,
		       unsigned int k)
{
	struct slate_link *link = (struct slate_link *)(void *)shelf->hole[v];
	uint32_t *word = next ? &link->next : &link->prev;
	uint32_t wrong = wrong_link(shelf, v, k, *word);

	if (*word == wrong || (v == 1 && next && k == WRONG_LINKS - 1))
		return false;
	*word = wrong;
	return true;
}

/*
 * What was reported, by the call or when asked for later. The call itself has
 * to, if @must: else it may be that it never looks at the link.
 */
static void expect_reported(struct ktap *t, struct slate_heap *heap, bool must)
{
	struct faults faults = faults_take();

	ktap_expect(t, faults.count == faults.corrupt);
	ktap_expect(t, !must || faults.count);
	if (!slate_heap_valid(heap)) {
		ktap_expect(t, slate_heap_repair(heap) > 0);
		ktap_expect(t, faults_corrupt());
	}
	ktap_expect(t, slate_heap_valid(heap));
}

/* What a hole's link is broken in: v counts the list from its head. */
#define FIRST		0x1u
#define LOOKED_AT	0x3u
#define ANY		0x7u

/*
 * Make the call with each link broken of the holes in @holes: it has to report
 * all but the head's prev, which says nothing.
 */
static void try_all(struct ktap *t, unlink_fn unlink, unsigned int holes,
		    size_t size, size_t step)
{
	unsigned int tried = 0;
	unsigned int i;

	if (!SLATE_CONFIG_REPAIR) {
		t->skip = "no repair in this configuration";
		return;
	}
	for (i = 0; i < 2 * HOLES * WRONG_LINKS; i++) {
		unsigned int v = i / 2 % HOLES;
		bool next = i % 2;
		struct shelf shelf;

		if (!(holes >> v & 1))
			continue;
		if (!shelf_make(t, &shelf, size, step))
			return;
		if (break_link(&shelf, v, next, i / (2 * HOLES))) {
			bool done = unlink(&shelf, v);

			ktap_expect(t, done);
			expect_reported(t, shelf.heap, v > 0 || next);
			tried++;
		}
		shelf_finish(t, &shelf);
	}
	ktap_expect(t, tried > 8);
}

#define SMALL	(3 * SLATE_GRANULE)
#define LARGE	((SLATE_WORD_BITS + 1) * SLATE_GRANULE)

/* The largest of its bin: one that stays there when it grows is not unlinked */
#define BRIM	(LARGE + ((SLATE_WORD_BITS >> SLATE_BIN_SPLIT) - 2) * \
		 SLATE_GRANULE)

static void free_behind_a_chunk_with_one_broken_link(struct ktap *t)
{
	try_all(t, free_behind, ANY, SMALL, 0);
	try_all(t, free_behind, ANY, BRIM, 0);
}

static void free_before_a_chunk_with_one_broken_link(struct ktap *t)
{
	try_all(t, free_before, ANY, SMALL, 0);
	try_all(t, free_before, ANY, LARGE, 0);
}

static void realloc_into_a_chunk_with_one_broken_link(struct ktap *t)
{
	try_all(t, grow_up, ANY, SMALL, 0);
	try_all(t, grow_up, ANY, LARGE, 0);
}

static void realloc_slides_into_a_chunk_with_one_broken_link(struct ktap *t)
{
	try_all(t, slide_down, ANY, SMALL, 0);
	try_all(t, slide_down, ANY, LARGE, 0);
}

static void malloc_takes_a_chunk_with_one_broken_link(struct ktap *t)
{
	try_all(t, alloc_any, FIRST, SMALL, 0);
	try_all(t, alloc_any, FIRST, LARGE, 0);
}

/* A granule smaller than each hole: what is left of it goes elsewhere. */
static bool alloc_part(struct shelf *shelf, unsigned int v)
{
	bool done;

	shelf->size -= SLATE_GRANULE;
	done = alloc_any(shelf, v);
	shelf->size += SLATE_GRANULE;
	return done;
}

static void malloc_cuts_a_chunk_with_one_broken_link(struct ktap *t)
{
	try_all(t, alloc_part, FIRST, SMALL, 0);
	try_all(t, alloc_part, FIRST, LARGE, 0);
}

static void malloc_searches_a_bin_with_one_broken_link(struct ktap *t)
{
	try_all(t, alloc_second, LOOKED_AT, LARGE, SLATE_GRANULE);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(free_behind_a_chunk_with_one_broken_link),
	KTAP_CASE(free_before_a_chunk_with_one_broken_link),
	KTAP_CASE(realloc_into_a_chunk_with_one_broken_link),
	KTAP_CASE(realloc_slides_into_a_chunk_with_one_broken_link),
	KTAP_CASE(malloc_takes_a_chunk_with_one_broken_link),
	KTAP_CASE(malloc_cuts_a_chunk_with_one_broken_link),
	KTAP_CASE(malloc_searches_a_bin_with_one_broken_link),
};

KTAP_SUITE(slate_unlink, cases);
