// SPDX-License-Identifier: MIT
#include "testing.h"

#define CHUNK	(16 * SLATE_GRANULE)

static unsigned int order[4];
static unsigned int ndone;

static void note(void *arg)
{
	order[ndone++ & 3] = *(unsigned int *)arg;
}

static void free_it(void *arg)
{
	void **pair = arg;

	slate_mem_free(pair[0], pair[1]);
	ndone++;
}

static struct slate_heap *begin(void)
{
	ndone = 0;
	return test_heap();
}

static void finish(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void scope_alloc_gives_distinct_aligned_memory(struct ktap *t)
{
	struct slate_heap *heap = begin();
	unsigned char *ptr[40];
	struct slate_scope scope;
	unsigned int i;

	slate_scope_enter(&scope, heap, NULL, CHUNK);
	ktap_expect(t, test_stats(heap).blocks == 0);
	for (i = 0; i < 40; i++) {
		ptr[i] = slate_scope_alloc(&scope, i);
		ktap_expect(t, ptr[i] && test_aligned(ptr[i], SLATE_GRANULE));
		test_fill(ptr[i], i + !i, i);
	}
	for (i = 0; i < 40; i++)
		ktap_expect(t, test_filled(ptr[i], i + !i, i));
	slate_scope_leave(&scope);
	finish(t, heap);
}

static void scope_takes_few_blocks(struct ktap *t)
{
	struct slate_heap *heap = begin();
	struct slate_scope scope;
	unsigned int i;

	slate_scope_enter(&scope, heap, NULL, CHUNK);
	for (i = 0; i < 30; i++)
		ktap_expect(t, slate_scope_alloc(&scope, SLATE_GRANULE));
	ktap_expect(t, test_stats(heap).blocks == 2);
	slate_scope_leave(&scope);
	finish(t, heap);
}

static void scope_gives_large_pieces_a_chunk_of_their_own(struct ktap *t)
{
	struct slate_heap *heap = begin();
	struct slate_scope scope;
	unsigned char *small;
	unsigned char *large;

	slate_scope_enter(&scope, heap, NULL, CHUNK);
	large = slate_scope_alloc(&scope, 2 * CHUNK);
	small = slate_scope_alloc(&scope, 8);
	ktap_expect(t, large && small);
	ktap_expect(t, slate_scope_alloc(&scope, 3 * CHUNK));
	ktap_expect(t, slate_scope_alloc(&scope, 8) == small + SLATE_GRANULE);
	test_fill(large, 2 * CHUNK, 1);
	ktap_expect(t, test_stats(heap).blocks == 3);
	ktap_expect(t, !slate_scope_alloc(&scope, TEST_TOO_LARGE));
	ktap_expect(t, !slate_scope_alloc(&scope, SIZE_MAX));
	slate_scope_leave(&scope);
	finish(t, heap);
}

static void scope_works_with_a_chunk_size_of_one(struct ktap *t)
{
	struct slate_heap *heap = begin();
	struct slate_scope scope;

	slate_scope_enter(&scope, heap, NULL, 1);
	ktap_expect(t, slate_scope_alloc(&scope, 1));
	ktap_expect(t, slate_scope_alloc(&scope, 50));
	ktap_expect(t, test_stats(heap).blocks == 2);
	slate_scope_leave(&scope);
	finish(t, heap);
}

static void scope_runs_what_was_deferred_last_first(struct ktap *t)
{
	static unsigned int number[3] = { 1, 2, 3 };
	struct slate_heap *heap = begin();
	struct slate_scope scope;
	unsigned int i;

	slate_scope_enter(&scope, heap, NULL, 0);
	for (i = 0; i < 3; i++)
		ktap_expect(t, !slate_scope_defer(&scope, note, &number[i]));
	ktap_expect(t, slate_scope_dismiss(&scope, note, &number[1]));
	ktap_expect(t, !slate_scope_dismiss(&scope, note, &number[1]));
	ktap_expect(t, !slate_scope_dismiss(&scope, free_it, &number[0]));
	ktap_expect(t, ndone == 0);
	slate_scope_leave(&scope);
	ktap_expect(t, ndone == 2 && order[0] == 3 && order[1] == 1);
	finish(t, heap);
}

static void scope_leave_leaves_inner_ones_first(struct ktap *t)
{
	static unsigned int number[3] = { 1, 2, 3 };
	struct slate_heap *heap = begin();
	struct slate_scope scope[3];
	unsigned int i;

	slate_scope_enter(&scope[0], heap, NULL, 0);
	slate_scope_enter(&scope[1], heap, &scope[0], 0);
	/* Put into the inner one, though the outer one is named. */
	slate_scope_enter(&scope[2], heap, &scope[0], 0);
	ktap_expect(t, scope[2].outer == &scope[1]);
	for (i = 0; i < 3; i++)
		ktap_expect(t, !slate_scope_defer(&scope[i], note, &number[i]));
	slate_scope_leave(&scope[1]);
	ktap_expect(t, ndone == 2 && order[0] == 3 && order[1] == 2);
	ktap_expect(t, slate_scope_alloc(&scope[0], 10));
	slate_scope_leave(&scope[0]);
	ktap_expect(t, ndone == 3 && order[2] == 1);
	finish(t, heap);
}

static void scope_promotes_bytes_outwards(struct ktap *t)
{
	struct slate_heap *heap = begin();
	struct slate_scope outer;
	struct slate_scope inner;
	unsigned char *p;

	slate_scope_enter(&outer, heap, NULL, 0);
	slate_scope_enter(&inner, heap, &outer, 0);
	p = slate_scope_alloc(&inner, 20);
	test_fill(p, 20, 5);
	p = slate_scope_promote(&inner, p, 20);
	slate_scope_leave(&inner);
	ktap_expect(t, test_filled(p, 20, 5));
	p = slate_scope_promote(&outer, p, 20);
	slate_scope_leave(&outer);
	ktap_expect(t, test_filled(p, 20, 5));
	ktap_expect(t, slate_heap_usable_size(heap, p) >= 20);
	slate_mem_free(heap, p);
	finish(t, heap);
}

static void scope_promotes_a_block_by_forgetting_it(struct ktap *t)
{
	struct slate_heap *heap = begin();
	struct slate_scope scope;
	void *pair[2][2];
	unsigned int i;

	slate_scope_enter(&scope, heap, NULL, 0);
	for (i = 0; i < 2; i++) {
		pair[i][0] = heap;
		pair[i][1] = slate_mem_malloc(heap, 100);
		ktap_expect(t, !slate_scope_defer(&scope, free_it, pair[i]));
	}
	ktap_expect(t, slate_scope_dismiss(&scope, free_it, pair[0]));
	slate_scope_leave(&scope);
	ktap_expect(t, ndone == 1 && test_stats(heap).blocks == 1);
	slate_mem_free(heap, pair[0][1]);
	finish(t, heap);
}

static void scope_without_memory_stays_as_it_was(struct ktap *t)
{
	struct slate_heap *heap = begin();
	struct slate_scope scope;
	struct test_node *list;
	size_t n = 0;

	slate_scope_enter(&scope, heap, NULL, 0);
	while (slate_scope_alloc(&scope, 40))
		n++;
	ktap_expect(t, n > TEST_HEAP / 100);
	while (slate_scope_alloc(&scope, 1))
		;
	test_exhaust(heap, &test_tiers[SLATE_TIER_MEM], sizeof(*list), &list);
	ktap_expect(t, slate_scope_defer(&scope, note, NULL) == -SLATE_ENOMEM);
	ktap_expect(t, !slate_scope_promote(&scope, &n, sizeof(n)));
	test_drain(heap, &test_tiers[SLATE_TIER_MEM], &list);
	slate_scope_leave(&scope);
	ktap_expect(t, ndone == 0);
	finish(t, heap);
}

static void scope_leave_reports_an_overwritten_link(struct ktap *t)
{
	struct slate_heap *heap = begin();
	struct slate_scope scope;
	unsigned char *first;

	slate_scope_enter(&scope, heap, NULL, CHUNK);
	ktap_expect(t, slate_scope_alloc(&scope, CHUNK - SLATE_GRANULE));
	first = slate_scope_alloc(&scope, 8);
	memset(first - SLATE_GRANULE, 0x11, sizeof(void *));
	slate_scope_leave(&scope);
	ktap_expect(t, faults_take().kind == SLATE_FAULT_FOREIGN);
	ktap_expect(t, test_stats(heap).blocks == 1);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(scope_alloc_gives_distinct_aligned_memory),
	KTAP_CASE(scope_takes_few_blocks),
	KTAP_CASE(scope_gives_large_pieces_a_chunk_of_their_own),
	KTAP_CASE(scope_works_with_a_chunk_size_of_one),
	KTAP_CASE(scope_runs_what_was_deferred_last_first),
	KTAP_CASE(scope_leave_leaves_inner_ones_first),
	KTAP_CASE(scope_promotes_bytes_outwards),
	KTAP_CASE(scope_promotes_a_block_by_forgetting_it),
	KTAP_CASE(scope_without_memory_stays_as_it_was),
	KTAP_CASE(scope_leave_reports_an_overwritten_link),
};

KTAP_SUITE(slate_scope, cases);
