// SPDX-License-Identifier: MIT
/*
 * Bad pointers: each is reported once, as the right kind, by free and realloc
 * of every tier and by usable_size, and nothing changes.
 */
#include "misuse.h"

static void double_free_of_a_chunk(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	void *p = slate_raw_malloc(heap, 100);

	ktap_expect(t, slate_raw_malloc(heap, 1));
	slate_raw_free(heap, p);
	misuse_expect(t, heap, p, SLATE_FAULT_DOUBLE_FREE);
	slate_heap_destroy(heap);
}

static void double_free_of_a_large_chunk(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	void *p = slate_raw_malloc(heap, TEST_HEAP / 3);

	ktap_expect(t, slate_raw_malloc(heap, 1));
	slate_raw_free(heap, p);
	misuse_expect(t, heap, p, SLATE_FAULT_DOUBLE_FREE);
	slate_heap_destroy(heap);
}

static void double_free_of_a_pool_block(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	unsigned char *p = misuse_pooled(t, heap, 2 * SLATE_GRANULE);

	if (!p)
		return;
	ktap_expect(t, slate_obj_malloc(heap, 2 * SLATE_GRANULE));
	slate_obj_free(heap, p);
	misuse_expect(t, heap, p, SLATE_FAULT_DOUBLE_FREE);
	slate_heap_destroy(heap);
}

static void double_free_of_a_chunk_merged_with_the_one_before(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	void *p = slate_raw_malloc(heap, 100);
	void *q = slate_raw_malloc(heap, 100);

	ktap_expect(t, slate_raw_malloc(heap, 1));
	slate_raw_free(heap, p);
	slate_raw_free(heap, q);
	misuse_expect(t, heap, p, SLATE_FAULT_DOUBLE_FREE);
	misuse_expect(t, heap, q, SLATE_FAULT_DOUBLE_FREE);
	slate_heap_destroy(heap);
}

static void double_free_after_the_neighbour_was_merged(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	void *p = slate_raw_malloc(heap, 300);
	void *q = slate_raw_malloc(heap, 300);
	void *r = slate_raw_malloc(heap, 300);

	ktap_expect(t, slate_raw_malloc(heap, 1));
	slate_raw_free(heap, q);
	slate_raw_free(heap, r);
	slate_raw_free(heap, p);
	misuse_expect(t, heap, p, SLATE_FAULT_DOUBLE_FREE);
	misuse_expect(t, heap, q, SLATE_FAULT_DOUBLE_FREE);
	misuse_expect(t, heap, r, SLATE_FAULT_DOUBLE_FREE);
	slate_heap_destroy(heap);
}

static void double_free_into_a_returned_pool(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	unsigned char *p = misuse_pooled(t, heap, SLATE_GRANULE);
	struct test_node *list;

	if (!p)
		return;
	test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], SLATE_GRANULE, &list);
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	slate_obj_free(heap, p);
	/* The request that cannot be met sends the last empty pool back. */
	ktap_expect(t, !slate_obj_malloc(heap, TEST_HEAP));
	ktap_expect(t, test_stats(heap).pools == 0);
	misuse_expect(t, heap, p, SLATE_FAULT_DOUBLE_FREE);
	slate_heap_destroy(heap);
}

static void pointer_into_a_returned_pool_now_a_block(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	unsigned char *p = misuse_pooled(t, heap, SLATE_GRANULE);
	struct test_node *list;
	void *large;

	if (!p)
		return;
	test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], SLATE_GRANULE, &list);
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	slate_obj_free(heap, p);
	ktap_expect(t, !slate_obj_malloc(heap, TEST_HEAP));
	/* Live earn blocks lie before p: what is behind them is one block. */
	large = slate_raw_malloc(heap, test_stats(heap).largest_free);
	ktap_expect(t, large);
	misuse_expect(t, heap, p, SLATE_FAULT_INTERIOR);
	slate_heap_destroy(heap);
}

static void foreign_variable_on_the_stack(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	union {
		max_align_t align;
		char bytes[64];
	} here;

	memset(&here, 0, sizeof(here));
	misuse_expect(t, heap, here.bytes, SLATE_FAULT_FOREIGN);
	misuse_expect(t, heap, here.bytes + 1, SLATE_FAULT_FOREIGN);
	slate_heap_destroy(heap);
}

static void foreign_block_of_another_heap(struct ktap *t)
{
	struct slate_heap *a;
	struct slate_heap *b;
	void *p;

	memset(test_memory, 0xa5, TEST_HEAP);
	a = slate_heap_create(test_memory, TEST_HALF);
	b = slate_heap_create(test_memory + TEST_HALF, TEST_HALF);
	p = slate_mem_malloc(b, 30);
	memset(p, 1, 30);
	misuse_expect(t, a, p, SLATE_FAULT_FOREIGN);
	ktap_expect(t, slate_heap_usable_size(b, p) >= 30);
	slate_mem_free(b, p);
	ktap_expect(t, test_is_empty(b));
	slate_heap_destroy(a);
	slate_heap_destroy(b);
}

static void foreign_one_past_and_before_the_region(struct ktap *t)
{
	struct slate_heap *heap;
	unsigned char *base = test_memory + 64;

	memset(test_memory, 0xa5, TEST_HEAP);
	heap = slate_heap_create(base, TEST_HEAP - 128);
	misuse_expect(t, heap, base + TEST_HEAP - 128, SLATE_FAULT_FOREIGN);
	misuse_expect(t, heap, base - SLATE_GRANULE, SLATE_FAULT_FOREIGN);
	misuse_expect(t, heap, base - 1, SLATE_FAULT_FOREIGN);
	slate_heap_destroy(heap);
}

static void foreign_null_plus_8_and_the_last_address(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	volatile uintptr_t small = 8;

	misuse_expect(t, heap, (void *)small, SLATE_FAULT_FOREIGN);
	misuse_expect(t, heap, (void *)(small * 2), SLATE_FAULT_FOREIGN);
	misuse_expect(t, heap, (void *)-(small * 2), SLATE_FAULT_FOREIGN);
	misuse_expect(t, heap, (void *)(small / 8), SLATE_FAULT_FOREIGN);
	slate_heap_destroy(heap);
}

static void interior_of_a_small_chunk(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	unsigned char *p = slate_raw_malloc(heap, 3 * SLATE_GRANULE);

	memset(p, 1, 3 * SLATE_GRANULE);
	misuse_expect(t, heap, p + SLATE_GRANULE, SLATE_FAULT_INTERIOR);
	misuse_expect(t, heap, p + 2 * SLATE_GRANULE, SLATE_FAULT_INTERIOR);
	slate_heap_destroy(heap);
}

static void interior_deep_in_a_large_chunk(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	size_t size = TEST_HEAP / 2 / SLATE_GRANULE * SLATE_GRANULE;
	unsigned char *p = slate_raw_malloc(heap, size);
	size_t at;

	if (!ktap_expect(t, p))
		return;
	memset(p, 1, size);
	for (at = SLATE_GRANULE; at < size; at += at / 5 / SLATE_GRANULE *
	     SLATE_GRANULE + SLATE_GRANULE)
		misuse_expect(t, heap, p + at, SLATE_FAULT_INTERIOR);
	misuse_expect(t, heap, p + size - SLATE_GRANULE,
		      SLATE_FAULT_INTERIOR);
	slate_heap_destroy(heap);
}

static void interior_of_a_pool_block(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	unsigned char *p = misuse_pooled(t, heap, 3 * SLATE_GRANULE);

	if (!p)
		return;
	misuse_expect(t, heap, p + SLATE_GRANULE, SLATE_FAULT_INTERIOR);
	misuse_expect(t, heap, p + 2 * SLATE_GRANULE, SLATE_FAULT_INTERIOR);
	slate_heap_destroy(heap);
}

static void unaligned_in_a_chunk(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	unsigned char *p = slate_raw_malloc(heap, 100);
	size_t off;

	memset(p, 1, 100);
	for (off = 1; off < SLATE_GRANULE; off++) {
		misuse_expect(t, heap, p + off, SLATE_FAULT_UNALIGNED);
		misuse_expect(t, heap, p + SLATE_GRANULE + off,
			      SLATE_FAULT_UNALIGNED);
	}
	slate_heap_destroy(heap);
}

static void unaligned_in_a_pool(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	unsigned char *p = misuse_pooled(t, heap, SLATE_GRANULE);

	if (!p)
		return;
	misuse_expect(t, heap, p + 1, SLATE_FAULT_UNALIGNED);
	misuse_expect(t, heap, p + 4, SLATE_FAULT_UNALIGNED);
	slate_heap_destroy(heap);
}

static void tables_by_the_pointer_of_the_heap(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);

	misuse_expect(t, heap, heap, SLATE_FAULT_TABLE);
	misuse_expect(t, heap, (char *)heap + 4, SLATE_FAULT_TABLE);
	misuse_expect(t, heap, test_memory, SLATE_FAULT_TABLE);
	slate_heap_destroy(heap);
}

static int tables_span(void *arg, const struct slate_span *span)
{
	*(struct slate_span *)arg = *span;
	return span->kind == SLATE_SPAN_TABLES;
}

static void tables_from_their_first_to_their_last_byte(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	struct slate_span span;
	unsigned char *p;
	size_t at;

	if (!ktap_expect(t, slate_heap_map(heap, tables_span, &span) == 1))
		return;
	p = span.ptr;
	for (at = 0; at < span.size; at += SLATE_GRANULE)
		misuse_expect(t, heap, p + at, SLATE_FAULT_TABLE);
	misuse_expect(t, heap, p + span.size - 1, SLATE_FAULT_TABLE);
	slate_heap_destroy(heap);
}

/* A few bytes that make no granule are left at the end of most regions. */
static void tables_in_the_ragged_end(struct ktap *t)
{
	size_t cut;

	for (cut = 1; cut < SLATE_GRANULE; cut++) {
		size_t size = TEST_HEAP / 2 - cut;
		struct slate_heap *heap = test_heap_of(size);
		unsigned char *end = test_memory + size -
				     (SLATE_GRANULE - cut);

		misuse_expect(t, heap, end, SLATE_FAULT_TABLE);
		misuse_expect(t, heap, test_memory + size - 1,
			      SLATE_FAULT_TABLE);
		slate_heap_destroy(heap);
	}
}

/* Free memory that never was a block is free all the same. */
static void double_free_of_what_was_never_given(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	unsigned char *p = slate_raw_malloc(heap, 80 * SLATE_GRANULE);

	slate_raw_free(heap, p);
	misuse_expect(t, heap, p + 64 * SLATE_GRANULE,
		      SLATE_FAULT_DOUBLE_FREE);
	slate_heap_destroy(heap);
}

/* A size that cannot be had is no reason not to look at the pointer. */
static void realloc_to_an_absurd_size_is_judged_too(struct ktap *t)
{
	struct slate_heap *heap = misuse_heap(t);
	unsigned char *p = slate_raw_malloc(heap, 3 * SLATE_GRANULE);
	const struct test_tier *tier;

	for_each_tier(tier) {
		ktap_expect(t, !tier->realloc(heap, p, TEST_TOO_LARGE));
		ktap_expect(t, faults_none());
		ktap_expect(t, !tier->realloc(heap, p + SLATE_GRANULE,
					      TEST_TOO_LARGE));
		ktap_expect(t, faults_one(SLATE_FAULT_INTERIOR, heap,
					  p + SLATE_GRANULE));
	}
	slate_raw_free(heap, p);
	for_each_tier(tier) {
		ktap_expect(t, !tier->realloc(heap, p, SIZE_MAX));
		ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, heap, p));
	}
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(double_free_of_a_chunk),
	KTAP_CASE(double_free_of_a_large_chunk),
	KTAP_CASE(double_free_of_a_pool_block),
	KTAP_CASE(double_free_of_a_chunk_merged_with_the_one_before),
	KTAP_CASE(double_free_after_the_neighbour_was_merged),
	KTAP_CASE(double_free_into_a_returned_pool),
	KTAP_CASE(pointer_into_a_returned_pool_now_a_block),
	KTAP_CASE(double_free_of_what_was_never_given),
	KTAP_CASE(foreign_variable_on_the_stack),
	KTAP_CASE(foreign_block_of_another_heap),
	KTAP_CASE(foreign_one_past_and_before_the_region),
	KTAP_CASE(foreign_null_plus_8_and_the_last_address),
	KTAP_CASE(interior_of_a_small_chunk),
	KTAP_CASE(interior_deep_in_a_large_chunk),
	KTAP_CASE(interior_of_a_pool_block),
	KTAP_CASE(unaligned_in_a_chunk),
	KTAP_CASE(unaligned_in_a_pool),
	KTAP_CASE(tables_by_the_pointer_of_the_heap),
	KTAP_CASE(tables_from_their_first_to_their_last_byte),
	KTAP_CASE(tables_in_the_ragged_end),
	KTAP_CASE(realloc_to_an_absurd_size_is_judged_too),
};

KTAP_SUITE(slate_misuse, cases);
