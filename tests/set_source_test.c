// SPDX-License-Identifier: MIT
/* Sources set and changed, and what a program hears of their arenas. */
#include "sources.h"

static void set_source_lets_a_region_heap_grow(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct slate_heap *heap = test_heap();
	struct test_node *list;

	if (!source)
		return;
	ktap_expect(t, !slate_mem_malloc(heap, TEST_HEAP));
	ktap_expect(t, slate_heap_set_source(heap, &source->source) == 0);
	ktap_expect(t, source->calls == 0);
	test_exhaust(heap, &test_tiers[SLATE_TIER_MEM], 50, &list);
	ktap_expect(t, source->out == source->most);
	test_drain(heap, &test_tiers[SLATE_TIER_MEM], &list);
	ktap_expect(t, test_stats(heap).arenas <= 2);
	ktap_expect(t, source->out <= 2);
	ktap_expect(t, test_stats(heap).size == TEST_HEAP +
		    source->out * SOURCE_SIZE);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
	ktap_expect(t, source->out == 0 && source->bad == 0);
}

static void set_source_null_brings_no_more(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct slate_heap *heap;
	unsigned int calls;
	void *p;

	if (!source)
		return;
	heap = slate_heap_create_from(&source->source);
	p = slate_raw_malloc(heap, 3 * SOURCE_SIZE);
	ktap_expect(t, slate_heap_set_source(heap, NULL) == 0);
	calls = source->calls;
	ktap_expect(t, !slate_raw_malloc(heap, 3 * SOURCE_SIZE));
	ktap_expect(t, source->calls == calls);
	/* What is here already still goes back where it is from. */
	slate_raw_free(heap, p);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
	ktap_expect(t, source->out == 0 && source->bad == 0);
}

static void set_source_refuses_a_bad_one(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct slate_heap *heap = test_heap();
	struct slate_arena_source bad;
	size_t size;

	if (!source)
		return;
	for (size = 0; size < 3 * SOURCE_SIZE; size += 511) {
		bad = source->source;
		bad.size = size;
		ktap_expect(t, slate_heap_set_source(heap, &bad) ==
			    -SLATE_EINVAL);
		ktap_expect(t, !slate_heap_create_from(&bad));
	}
	bad = source->source;
	bad.size = 2048;
	ktap_expect(t, slate_heap_set_source(heap, &bad) == -SLATE_EINVAL);
	bad = source->source;
	bad.alloc = NULL;
	ktap_expect(t, slate_heap_set_source(heap, &bad) == -SLATE_EINVAL);
	bad = source->source;
	bad.free = NULL;
	ktap_expect(t, slate_heap_set_source(heap, &bad) == -SLATE_EINVAL);
	ktap_expect(t, source->calls == 0);
	slate_heap_destroy(heap);
}

static void set_source_takes_another_size_while_in_use(struct ktap *t)
{
	struct test_source *source = sources_make_two(t);
	struct slate_heap *heap;
	unsigned char *p;
	unsigned char *q;

	if (!source)
		return;
	heap = slate_heap_create_from(&source->source);
	p = slate_raw_malloc(heap, SOURCE_SIZE);
	ktap_expect(t, !slate_heap_set_source(heap, &test_source_2.source));
	q = slate_raw_malloc(heap, 3 * SOURCE_SIZE);
	ktap_expect(t, p && q);
	slate_raw_free(heap, p + SLATE_GRANULE);
	ktap_expect(t, faults_one(SLATE_FAULT_INTERIOR, heap,
				  p + SLATE_GRANULE));
	slate_raw_free(heap, q + 2 * SOURCE_SIZE);
	ktap_expect(t, faults_one(SLATE_FAULT_INTERIOR, heap,
				  q + 2 * SOURCE_SIZE));
	slate_raw_free(heap, p);
	slate_raw_free(heap, q);
	ktap_expect(t, faults_none());
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
	ktap_expect(t, sources_are_whole());
}

struct heard {
	struct slate_heap *heap;
	unsigned int added;
	unsigned int removed;
	size_t size;
};

static void on_arena(void *ctx, struct slate_heap *heap, void *start,
		     size_t size, bool added)
{
	struct heard *heard = ctx;

	heard->heap = heap;
	heard->added += added;
	heard->removed += !added;
	heard->size += added ? size : 0 - size;
	heard->size += !start;
}

/* Of all arenas but the first, which came before there were ears. */
static bool is_heard(const struct test_source *source,
		     const struct heard *heard)
{
	size_t rest = source->out * SOURCE_SIZE - heard->size;

	return rest == SOURCE_SIZE || rest == 2 * SOURCE_SIZE;
}

static void events_tell_of_arenas(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	struct heard heard = { NULL, 0, 0, 0 };
	const struct slate_events events = { &heard, on_arena, NULL };
	struct slate_heap *heap;
	struct test_node *list;

	if (!source)
		return;
	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return;
	}
	heap = slate_heap_create_from(&source->source);
	ktap_expect(t, slate_heap_set_events(heap, &events) == 0);
	test_exhaust(heap, &test_tiers[SLATE_TIER_RAW], 3000, &list);
	ktap_expect(t, heard.heap == heap);
	ktap_expect(t, heard.added >= 20);
	ktap_expect(t, is_heard(source, &heard));
	test_drain(heap, &test_tiers[SLATE_TIER_RAW], &list);
	ktap_expect(t, heard.removed + 2 >= heard.added);
	ktap_expect(t, is_heard(source, &heard));
	slate_heap_destroy(heap);
}

static void create_from_the_port_gives_a_heap_if_it_has_one(struct ktap *t)
{
	const struct slate_arena_source *own = slate_port_source();
	struct slate_heap *heap = slate_heap_create_from(NULL);

	ktap_expect(t, !heap == (!SLATE_CONFIG_SOURCE || !own));
	if (!heap)
		return;
	ktap_expect(t, slate_mem_malloc(heap, 1000));
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(set_source_lets_a_region_heap_grow),
	KTAP_CASE(set_source_null_brings_no_more),
	KTAP_CASE(set_source_refuses_a_bad_one),
	KTAP_CASE(set_source_takes_another_size_while_in_use),
	KTAP_CASE(events_tell_of_arenas),
	KTAP_CASE(create_from_the_port_gives_a_heap_if_it_has_one),
};

KTAP_SUITE(slate_set_source, cases);
