// SPDX-License-Identifier: MIT
/* Heaps that take arenas as they need them. */
#include "sources.h"

/*
 * All that is out is the heap's: arenas, and the table that finds an arena by
 * its address, which lies in memory of the source too once it is not small.
 */
static bool all_is_counted(const struct test_source *source,
			   struct slate_heap *heap)
{
	return test_stats(heap).size == source->out * SOURCE_SIZE;
}

static void create_from_makes_a_heap_of_one_arena(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct slate_heap *heap;

	if (!source)
		return;
	heap = slate_heap_create_from(&source->source);
	if (!ktap_expect(t, heap))
		return;
	ktap_expect(t, source->out == 1);
	ktap_expect(t, test_stats(heap).size == SOURCE_SIZE);
	ktap_expect(t, test_stats(heap).arenas == 1);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
	ktap_expect(t, source->out == 0 && source->bad == 0);
}

static void heap_takes_arenas_as_it_grows(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	const struct test_tier *tier;
	struct slate_heap *heap;

	if (!source)
		return;
	for_each_tier(tier) {
		struct test_node *list;
		size_t n;

		heap = slate_heap_create_from(&source->source);
		n = test_exhaust(heap, tier, 100, &list);
		ktap_expect(t, source->out == source->most);
		ktap_expect(t, all_is_counted(source, heap));
		ktap_expect(t, test_stats(heap).arenas + 1 >= source->most);
		ktap_expect(t, n * 100 > source->most * SOURCE_SIZE / 2);
		ktap_expect(t, slate_heap_valid(heap));
		test_drain(heap, tier, &list);
		ktap_expect(t, test_stats(heap).live == 0);
		ktap_expect(t, slate_heap_valid(heap));
		slate_heap_destroy(heap);
		ktap_expect(t, source->out == 0 && source->bad == 0);
	}
}

static void empty_arenas_go_back_but_for_one(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	const struct test_tier *tier;
	struct slate_heap *heap;

	if (!source)
		return;
	for_each_tier(tier) {
		struct test_node *list;

		heap = slate_heap_create_from(&source->source);
		test_exhaust(heap, tier, 40, &list);
		ktap_expect(t, source->out == source->most);
		test_drain(heap, tier, &list);
		/* The heap's own, and one against thrashing. */
		ktap_expect(t, test_stats(heap).arenas <= 2);
		ktap_expect(t, all_is_counted(source, heap));
		ktap_expect(t, slate_heap_valid(heap));
		slate_heap_destroy(heap);
		ktap_expect(t, source->out == 0 && source->bad == 0);
	}
}

static void kept_arena_stops_thrashing(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct slate_heap *heap;
	struct test_node *list = NULL;
	unsigned int calls;
	unsigned int i;

	if (!source)
		return;
	heap = slate_heap_create_from(&source->source);
	while (source->out == 1) {
		struct test_node *node = slate_raw_malloc(heap, 200);

		if (!ktap_expect(t, node))
			return;
		node->next = list;
		list = node;
	}
	calls = source->calls;
	/* The block on top comes and goes: its arena stays. */
	for (i = 0; i < 10; i++) {
		slate_raw_free(heap, list);
		list = slate_raw_malloc(heap, 200);
		ktap_expect(t, list);
	}
	ktap_expect(t, source->calls == calls);
	slate_heap_destroy(heap);
}

static void large_request_gets_an_arena_of_its_own(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct slate_heap *heap;
	size_t size;

	if (!source)
		return;
	heap = slate_heap_create_from(&source->source);
	for (size = SOURCE_SIZE / 2 + 1; size < 20 * SOURCE_SIZE;
	     size = size * 2 - 77) {
		unsigned char *p = slate_mem_malloc(heap, size);

		if (!ktap_expect(t, p))
			break;
		test_fill(p, size, 4);
		ktap_expect(t, source->out * SOURCE_SIZE > size);
		ktap_expect(t, slate_heap_usable_size(heap, p) >= size);
		ktap_expect(t, slate_heap_valid(heap));
		ktap_expect(t, test_filled(p, size, 4));
		slate_mem_free(heap, p);
		ktap_expect(t, slate_heap_valid(heap));
		/* A large arena is not what is kept. */
		ktap_expect(t, source->out <= 3);
	}
	slate_heap_destroy(heap);
	ktap_expect(t, source->out == 0 && source->bad == 0);
}

static void largest_free_can_be_had_beside_a_large_block(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct slate_heap *heap;
	size_t largest;
	unsigned int out;

	if (!source)
		return;
	heap = slate_heap_create_from(&source->source);
	ktap_expect(t, slate_mem_malloc(heap, SOURCE_SIZE + SOURCE_SIZE / 8));
	out = source->out;
	while ((largest = test_stats(heap).largest_free)) {
		if (!ktap_expect(t, slate_raw_malloc(heap, largest)))
			break;
		if (!ktap_expect(t, source->out == out))
			break;
	}
	slate_heap_destroy(heap);
}

static void large_block_can_be_resized(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	const struct test_tier *tier;
	struct slate_heap *heap;

	if (!source)
		return;
	heap = slate_heap_create_from(&source->source);
	for_each_tier(tier) {
		unsigned char *p = tier->malloc(heap, 100);

		test_fill(p, 100, 8);
		p = tier->realloc(heap, p, 3 * SOURCE_SIZE);
		if (!ktap_expect(t, p && test_filled(p, 100, 8)))
			return;
		test_fill(p, 3 * SOURCE_SIZE, 9);
		p = tier->realloc(heap, p, 7 * SOURCE_SIZE);
		if (!ktap_expect(t, p && test_filled(p, 3 * SOURCE_SIZE, 9)))
			return;
		ktap_expect(t, !tier->realloc(heap, p, source->most *
					      SOURCE_SIZE));
		ktap_expect(t, test_filled(p, 3 * SOURCE_SIZE, 9));
		p = tier->realloc(heap, p, 50);
		ktap_expect(t, p && test_filled(p, 50, 9));
		tier->free(heap, p);
		ktap_expect(t, test_stats(heap).live == 0);
		ktap_expect(t, slate_heap_valid(heap));
	}
	slate_heap_destroy(heap);
	ktap_expect(t, source->out == 0 && source->bad == 0);
}

static void interior_of_a_large_arena_is_judged(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	const size_t size = 6 * SOURCE_SIZE;
	struct slate_heap *heap;
	unsigned char *p;
	size_t at;

	if (!source)
		return;
	heap = slate_heap_create_from(&source->source);
	p = slate_raw_malloc(heap, size);
	if (!ktap_expect(t, p))
		return;
	for (at = SLATE_GRANULE; at < size; at += 37 * SLATE_GRANULE) {
		slate_raw_free(heap, p + at);
		ktap_expect(t, faults_one(SLATE_FAULT_INTERIOR, heap, p + at));
	}
	slate_raw_free(heap, p);
	slate_raw_free(heap, p);
	ktap_expect(t, faults_take().count == 1);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void aligned_blocks_come_from_arenas(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct slate_heap *heap;
	unsigned int i;
	size_t align;

	if (!source)
		return;
	heap = slate_heap_create_from(&source->source);
	for (align = 16; align <= 4096; align *= 2) {
		for (i = 0; i < 3; i++) {
			void *p = slate_raw_aligned_alloc(heap, align, 700);

			ktap_expect(t, p && test_aligned(p, align));
			ktap_expect(t, slate_heap_valid(heap));
		}
	}
	slate_heap_destroy(heap);
	ktap_expect(t, source->out == 0 && source->bad == 0);
}

static void source_may_fail_at_every_call(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	unsigned int fail_at;

	if (!source)
		return;
	for (fail_at = 1; fail_at < 30; fail_at++) {
		struct slate_heap *heap;
		struct test_node *list;

		source->calls = 0;
		source->fail_at = fail_at;
		heap = slate_heap_create_from(&source->source);
		ktap_expect(t, !heap == (fail_at == 1));
		if (!heap) {
			ktap_expect(t, source->out == 0);
			continue;
		}
		test_exhaust(heap, &test_tiers[fail_at % 3], 300, &list);
		ktap_expect(t, source->calls >= fail_at);
		ktap_expect(t, slate_heap_valid(heap));
		test_drain(heap, &test_tiers[fail_at % 3], &list);
		ktap_expect(t, test_stats(heap).live == 0);
		ktap_expect(t, slate_heap_valid(heap));
		slate_heap_destroy(heap);
		ktap_expect(t, source->out == 0 && source->bad == 0);
	}
}

static void misaligned_memory_is_refused_and_given_back(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct slate_heap *heap;
	struct test_node *list;
	unsigned int skew;

	if (!source)
		return;
	for (skew = 1; skew < SOURCE_SIZE; skew *= 2) {
		source->skew = skew;
		ktap_expect(t, !slate_heap_create_from(&source->source));
		ktap_expect(t, source->out == 0 && source->bad == 0);
	}
	source->skew = 0;
	heap = slate_heap_create(test_memory, TEST_HEAP);
	ktap_expect(t, slate_heap_set_source(heap, &source->source) == 0);
	source->skew = 64;
	test_exhaust(heap, &test_tiers[SLATE_TIER_RAW], 100, &list);
	ktap_expect(t, source->calls > 0);
	ktap_expect(t, source->out == 0 && source->bad == 0);
	ktap_expect(t, test_stats(heap).size == TEST_HEAP);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(create_from_makes_a_heap_of_one_arena),
	KTAP_CASE(heap_takes_arenas_as_it_grows),
	KTAP_CASE(empty_arenas_go_back_but_for_one),
	KTAP_CASE(kept_arena_stops_thrashing),
	KTAP_CASE(large_request_gets_an_arena_of_its_own),
	KTAP_CASE(largest_free_can_be_had_beside_a_large_block),
	KTAP_CASE(large_block_can_be_resized),
	KTAP_CASE(interior_of_a_large_arena_is_judged),
	KTAP_CASE(aligned_blocks_come_from_arenas),
	KTAP_CASE(source_may_fail_at_every_call),
	KTAP_CASE(misaligned_memory_is_refused_and_given_back),
};

KTAP_SUITE(slate_source, cases);
