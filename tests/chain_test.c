// SPDX-License-Identifier: MIT
/* Several sources in one heap, and which arenas are kept. */
#include "sources.h"

static void chain_is_asked_in_order(struct ktap *t)
{
	struct test_source *first = sources_make_two(t);
	const struct test_tier *tier;
	struct test_node *list;
	struct slate_heap *heap;

	if (!first)
		return;
	for_each_tier(tier) {
		bool in_order = true;

		heap = slate_heap_create_from(&first->source);
		list = NULL;
		for (;;) {
			struct test_node *node = tier->malloc(heap, 100);

			if (!node)
				break;
			/* The last slot may be too few: for the table, too. */
			in_order &= !test_source_2.out ||
				    first->out + 1 >= first->most;
			node->next = list;
			list = node;
		}
		ktap_expect(t, in_order);
		ktap_expect(t, test_source_2.out + 2 >= test_source_2.most);
		ktap_expect(t, slate_heap_valid(heap));
		test_drain(heap, tier, &list);
		ktap_expect(t, test_stats(heap).live == 0);
		/* The first, one that is kept, and the shelf of the second. */
		ktap_expect(t, test_stats(heap).arenas <= 3);
		ktap_expect(t, slate_heap_valid(heap));
		slate_heap_destroy(heap);
		ktap_expect(t, sources_are_whole());
	}
}

static void arena_goes_back_to_who_brought_it(struct ktap *t)
{
	struct test_source *first = sources_make_two(t);
	struct slate_heap *heap;
	unsigned int round;

	if (!first)
		return;
	heap = test_heap();
	for (round = 0; round < 6; round++) {
		struct test_source *source = round & 1 ? &test_source_2 :
					     first;
		size_t size = 5 * SOURCE_SIZE;
		void *p;

		first->source.next = NULL;
		ktap_expect(t, !slate_heap_set_source(heap, &source->source));
		p = slate_mem_malloc(heap, size + TEST_HEAP);
		ktap_expect(t, p && source->out > 5);
		ktap_expect(t, !slate_heap_set_source(heap, NULL));
		slate_mem_free(heap, p);
		ktap_expect(t, first->out <= 2 && test_source_2.out <= 2);
	}
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
	ktap_expect(t, sources_are_whole());
}

static void request_is_served_from_a_source_with_its_caps(struct ktap *t)
{
	struct test_source *first = sources_make_two(t);
	struct slate_heap *heap;
	unsigned char *p;
	void *q;

	if (!first)
		return;
	test_source_2.source.caps = SLATE_CAP_EXTERNAL | SLATE_CAP_ZERO;
	heap = slate_heap_create_from(&first->source);
	p = slate_raw_alloc(heap, 1, 300, SLATE_CAP_EXTERNAL);
	ktap_expect(t, p && test_source_2.out == 2);
	ktap_expect(t, slate_heap_block_caps(heap, p) ==
		    (SLATE_CAP_EXTERNAL | SLATE_CAP_ZERO));
	ktap_expect(t, !slate_raw_alloc(heap, 1, 1, SLATE_CAP_DMA));
	q = slate_raw_malloc(heap, 2 * SOURCE_SIZE);
	ktap_expect(t, q && slate_heap_block_caps(heap, q) == 0);
	ktap_expect(t, test_source_2.out == 2);
	p = slate_mem_realloc(heap, p, 3 * SOURCE_SIZE);
	ktap_expect(t, p && slate_heap_block_caps(heap, p) ==
		    (SLATE_CAP_EXTERNAL | SLATE_CAP_ZERO));
	p = slate_mem_realloc(heap, p, 100);
	memset(p, 0xee, 100);
	slate_mem_free(heap, p);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
	ktap_expect(t, sources_are_whole());
}

static void reserved_source_is_entered_by_name_only(struct ktap *t)
{
	struct test_source *first = sources_make_two(t);
	const struct test_tier *tier;
	struct test_node *list;
	struct slate_heap *heap;
	void *p;

	if (!first)
		return;
	test_source_2.source.caps = SLATE_CAP_RESERVE;
	heap = slate_heap_create_from(&first->source);
	p = slate_raw_alloc(heap, 1, 100, SLATE_CAP_RESERVE);
	ktap_expect(t, p && test_source_2.out == 2);
	for_each_tier(tier) {
		test_exhaust(heap, tier, 40, &list);
		test_exhaust(heap, tier, 1, &list);
	}
	ktap_expect(t, first->out + 1 >= first->most);
	ktap_expect(t, test_source_2.out == 2);
	ktap_expect(t, slate_raw_alloc(heap, 1, 5 * SOURCE_SIZE,
				       SLATE_CAP_RESERVE));
	slate_heap_destroy(heap);
	/* A heap's own arena serves everybody, so none that is reserved. */
	heap = slate_heap_create_from(&test_source_2.source);
	ktap_expect(t, !heap);
	test_source_2.source.next = &first->source;
	first->source.next = NULL;
	heap = slate_heap_create_from(&test_source_2.source);
	ktap_expect(t, heap && first->out == 1 && !test_source_2.out);
	slate_heap_destroy(heap);
	ktap_expect(t, sources_are_whole());
}

static void chain_that_is_broken_is_refused(struct ktap *t)
{
	struct test_source *first = sources_make_two(t);
	struct slate_heap *heap = test_heap();

	if (!first)
		return;
	test_source_2.source.next = &first->source;
	ktap_expect(t, !slate_heap_create_from(&first->source));
	ktap_expect(t, slate_heap_set_source(heap, &first->source) ==
		    -SLATE_EINVAL);
	test_source_2.source.next = NULL;
	test_source_2.source.size = 4097;
	ktap_expect(t, slate_heap_set_source(heap, &first->source) ==
		    -SLATE_EINVAL);
	test_source_2.source.size = 8192;
	test_source_2.source.caps = SLATE_CAP_DRAINED;
	ktap_expect(t, slate_heap_set_source(heap, &first->source) ==
		    -SLATE_EINVAL);
	ktap_expect(t, first->calls + test_source_2.calls == 0);
	slate_heap_destroy(heap);
}

/* Everything goes wrong at some moment, and nothing is lost. */
static void each_source_may_fail_at_every_call(struct ktap *t)
{
	struct test_source *first = sources_make_two(t);
	unsigned int a;
	unsigned int b;

	if (!first)
		return;
	for (a = 0; a < 14; a++) {
		for (b = 1; b < 14; b++) {
			const struct test_tier *tier = &test_tiers[b % 3];
			struct slate_heap *heap = test_heap();
			struct test_node *list;
			struct test_node *large;

			first->calls = test_source_2.calls = 0;
			first->fail_at = a;
			test_source_2.fail_at = b;
			ktap_expect(t, !slate_heap_set_source(heap,
							&first->source));
			test_exhaust(heap, &test_tiers[SLATE_TIER_RAW],
				     3 * SOURCE_SIZE, &large);
			test_exhaust(heap, tier, 700, &list);
			ktap_expect(t, slate_heap_valid(heap));
			test_drain(heap, tier, &list);
			test_drain(heap, &test_tiers[SLATE_TIER_RAW], &large);
			ktap_expect(t, test_stats(heap).live == 0);
			ktap_expect(t, slate_heap_valid(heap));
			slate_heap_destroy(heap);
			ktap_expect(t, sources_are_whole());
		}
	}
}

/* A block that fills an arena so far that no second one finds room. */
#define FILLING	(SOURCE_SIZE * 2 / 5)

static size_t take(struct slate_heap *heap, struct test_node **list, size_t n)
{
	size_t taken;

	for (taken = 0; taken < n; taken++) {
		struct test_node *node = slate_raw_malloc(heap, FILLING);

		if (!node)
			break;
		node->next = *list;
		*list = node;
	}
	return taken;
}

static void give(struct slate_heap *heap, struct test_node **list, size_t n)
{
	while (n-- && *list) {
		struct test_node *node = *list;

		*list = node->next;
		slate_raw_free(heap, node);
	}
}

/*
 * With n arenas, 1 + n / 8 empty ones stay: a program that breathes within
 * them does not call its source; one that lets go of more gives back.
 */
static void empty_arenas_are_kept_in_proportion(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct test_node *list = NULL;
	struct slate_heap *heap;
	unsigned int calls;
	unsigned int out;
	unsigned int i;
	size_t n;

	if (!source)
		return;
	heap = slate_heap_create_from(&source->source);
	n = take(heap, &list, 64);
	ktap_expect(t, source->out > 24);
	out = source->out;
	calls = source->calls;
	for (i = 0; i < 5; i++) {
		/* Two blocks or fewer to an arena: at least 3 of 24 go. */
		give(heap, &list, 6);
		ktap_expect(t, source->out == out);
		ktap_expect(t, take(heap, &list, 6) == 6);
	}
	ktap_expect(t, source->calls == calls);
	give(heap, &list, n / 2);
	ktap_expect(t, source->out < out * 3 / 4);
	give(heap, &list, n);
	ktap_expect(t, test_stats(heap).arenas <= 2);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
	ktap_expect(t, source->out == 0 && source->bad == 0);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(chain_is_asked_in_order),
	KTAP_CASE(arena_goes_back_to_who_brought_it),
	KTAP_CASE(request_is_served_from_a_source_with_its_caps),
	KTAP_CASE(reserved_source_is_entered_by_name_only),
	KTAP_CASE(chain_that_is_broken_is_refused),
	KTAP_CASE(each_source_may_fail_at_every_call),
	KTAP_CASE(empty_arenas_are_kept_in_proportion),
};

KTAP_SUITE(slate_chain, cases);
