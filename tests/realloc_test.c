// SPDX-License-Identifier: MIT
/* What realloc of each tier promises, and the calls made of it. */
#include "testing.h"

/* Sizes on both sides of every decision that realloc takes. */
static const size_t sizes[] = {
	0, 1, SLATE_GRANULE, SLATE_GRANULE + 1, 3 * SLATE_GRANULE,
	SLATE_POOL_CLASSES * SLATE_GRANULE,
	SLATE_POOL_CLASSES * SLATE_GRANULE + 1,
	(SLATE_WORD_BITS - 1) * SLATE_GRANULE,
	(SLATE_WORD_BITS + 3) * SLATE_GRANULE,
	2 * SLATE_WORD_BITS * SLATE_GRANULE,
};

#define NSIZES	(sizeof(sizes) / sizeof(sizes[0]))

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void realloc_of_null_is_malloc(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t i;

	for_each_tier(tier) {
		for (i = 0; i < NSIZES; i++) {
			void *p = tier->realloc(heap, NULL, sizes[i]);

			ktap_expect(t, p && test_aligned(p, SLATE_GRANULE));
			ktap_expect(t, slate_heap_usable_size(heap, p) >=
				    sizes[i]);
			tier->free(heap, p);
		}
		ktap_expect(t, !tier->realloc(heap, NULL, TEST_TOO_LARGE));
	}
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void realloc_to_0_never_frees(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t i;

	for_each_tier(tier) {
		for (i = 0; i < NSIZES; i++) {
			void *p = tier->malloc(heap, sizes[i]);
			void *q = tier->realloc(heap, p, 0);

			if (!ktap_expect(t, q))
				return;
			ktap_expect(t, test_stats(heap).blocks == 1);
			ktap_expect(t, slate_heap_usable_size(heap, q) > 0);
			tier->free(heap, q);
			ktap_expect(t, faults_none());
		}
	}
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void realloc_keeps_min_of_usable_and_new_bytes(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t i;
	size_t j;

	for_each_tier(tier) {
		for (i = 0; i < NSIZES * NSIZES * 2; i++) {
			size_t old = sizes[i % NSIZES];
			size_t new = sizes[i / NSIZES % NSIZES];
			unsigned char *p = tier->malloc(heap, old);
			void *blocker = NULL;

			if (!ktap_expect(t, p))
				return;
			old = slate_heap_usable_size(heap, p);
			test_fill(p, old, 9);
			if (i & 1)
				blocker = tier->malloc(heap, 1);
			p = tier->realloc(heap, p, new);
			if (!ktap_expect(t, p))
				return;
			j = min_size(old, new);
			ktap_expect(t, test_filled(p, j, 9));
			ktap_expect(t, test_aligned(p, SLATE_GRANULE));
			j = slate_heap_usable_size(heap, p);
			ktap_expect(t, j >= new);
			memset(p, 0xee, j);
			ktap_expect(t, slate_heap_valid(heap));
			tier->free(heap, p);
			tier->free(heap, blocker);
		}
	}
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void realloc_that_fails_leaves_the_block(struct ktap *t)
{
	static const size_t wanted[] = {
		TEST_HEAP, PTRDIFF_MAX, TEST_TOO_LARGE, SIZE_MAX - 3, SIZE_MAX,
	};
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t i;
	size_t j;

	for_each_tier(tier) {
		for (i = 0; i < NSIZES; i++) {
			void *p = tier->malloc(heap, sizes[i]);
			struct test_state before;

			test_fill(p, sizes[i], 4);
			before = test_state(heap);
			for (j = 0; j < sizeof(wanted) / sizeof(*wanted); j++)
				ktap_expect(t, !tier->realloc(heap, p,
							      wanted[j]));
			ktap_expect(t, test_filled(p, sizes[i], 4));
			ktap_expect(t, test_same_blocks(&before, heap));
			tier->free(heap, p);
		}
	}
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void realloc_that_shrinks_never_fails_in_a_full_heap(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;
	size_t i;
	size_t j;

	for_each_tier(tier) {
		for (i = 1; i < NSIZES; i++) {
			for (j = 0; j < i; j++) {
				struct test_node *list;
				struct test_node *rest;
				void *p;

				test_exhaust(heap, tier, min_size(sizes[i] + 8,
					     TEST_HEAP / 4), &list);
				test_exhaust(heap, tier, sizeof(*rest),
					     &rest);
				p = list;
				if (!ktap_expect(t, p))
					return;
				list = list->next;
				test_fill(p, sizes[j], 6);
				p = tier->realloc(heap, p, sizes[j]);
				ktap_expect(t, p);
				ktap_expect(t, p && test_filled(p, sizes[j],
								6));
				tier->free(heap, p);
				test_drain(heap, tier, &list);
				test_drain(heap, tier, &rest);
			}
		}
		ktap_expect(t, test_is_empty(heap));
	}
	slate_heap_destroy(heap);
}

/*
 * A block with only @before and @behind free around it, each a third of the
 * heap or so, grows to more than either.
 */
static void expect_growth(struct ktap *t, const struct test_tier *tier,
			  bool before, bool behind)
{
	const size_t third = TEST_HEAP / 4 / SLATE_GRANULE * SLATE_GRANULE;
	struct slate_heap *heap = test_heap();
	void *a = tier->malloc(heap, third);
	void *b = tier->malloc(heap, third);
	void *c = tier->malloc(heap, third);
	size_t wanted = third * (1u + before + behind);
	struct test_node *list;

	if (!ktap_expect(t, a && b && c))
		return;
	test_exhaust(heap, tier, sizeof(*list), &list);
	test_fill(b, third, 7);
	tier->free(heap, before ? a : NULL);
	tier->free(heap, behind ? c : NULL);
	ktap_expect(t, !tier->realloc(heap, b, wanted + SLATE_GRANULE));
	ktap_expect(t, test_filled(b, third, 7));
	b = tier->realloc(heap, b, wanted);
	ktap_expect(t, b == (before ? a : b));
	ktap_expect(t, b && test_filled(b, third, 7));
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void realloc_grows_into_free_memory_behind(struct ktap *t)
{
	const struct test_tier *tier;

	for_each_tier(tier)
		expect_growth(t, tier, false, true);
}

static void realloc_slides_back_before_it_fails(struct ktap *t)
{
	const struct test_tier *tier;

	for_each_tier(tier) {
		expect_growth(t, tier, true, false);
		expect_growth(t, tier, true, true);
	}
}

static void resize_array_refuses_an_overflowing_product(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	uint32_t *p = slate_mem_new(heap, uint32_t, 5);
	struct test_state before;

	test_fill(p, 20, 3);
	before = test_state(heap);
	ktap_expect(t, !slate_mem_resize(heap, p, uint32_t, SIZE_MAX / 4 + 2));
	ktap_expect(t, !slate_mem_resize_array(heap, p, SIZE_MAX, SIZE_MAX));
	ktap_expect(t, !slate_mem_resize_array(heap, NULL, SIZE_MAX / 2, 3));
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void resize_array_keeps_the_elements(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	uint32_t *p = slate_mem_resize(heap, NULL, uint32_t, 3);

	ktap_expect(t, p);
	test_fill(p, 12, 3);
	p = slate_mem_resize(heap, p, uint32_t, 100);
	ktap_expect(t, p && test_filled(p, 12, 3));
	ktap_expect(t, slate_heap_usable_size(heap, p) >= 400);
	p = slate_mem_resize(heap, p, uint32_t, 0);
	ktap_expect(t, p);
	slate_mem_free(heap, p);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void new_gives_zeroed_objects(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_stats *p = slate_mem_new(heap, struct slate_stats, 3);

	ktap_expect(t, p && test_all(p, 3 * sizeof(*p), 0));
	ktap_expect(t, !slate_mem_new(heap, struct slate_stats, SIZE_MAX / 3));
	slate_mem_free(heap, p);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void strdup_copies_a_string(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	char *p = slate_mem_strdup(heap, "slate");
	char *q = slate_mem_strdup(heap, "");

	ktap_expect(t, p && !strcmp(p, "slate"));
	ktap_expect(t, q && !*q && p != q);
	ktap_expect(t, !slate_mem_strdup(heap, NULL));
	slate_mem_free(heap, p);
	slate_mem_free(heap, q);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void strndup_copies_no_more_than_asked(struct ktap *t)
{
	static const char open_end[3] = { 'a', 'b', 'c' };
	struct slate_heap *heap = test_heap();
	char *p = slate_mem_strndup(heap, open_end, 3);
	char *q = slate_mem_strndup(heap, "slate", 100);
	char *r = slate_mem_strndup(heap, "slate", 0);
	char *s = slate_mem_strndup(heap, "slate", SIZE_MAX);

	ktap_expect(t, p && !strcmp(p, "abc"));
	ktap_expect(t, q && !strcmp(q, "slate"));
	ktap_expect(t, r && !*r);
	ktap_expect(t, s && !strcmp(s, "slate"));
	ktap_expect(t, !slate_mem_strndup(heap, NULL, 3));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(realloc_of_null_is_malloc),
	KTAP_CASE(realloc_to_0_never_frees),
	KTAP_CASE(realloc_keeps_min_of_usable_and_new_bytes),
	KTAP_CASE(realloc_that_fails_leaves_the_block),
	KTAP_CASE(realloc_that_shrinks_never_fails_in_a_full_heap),
	KTAP_CASE(realloc_grows_into_free_memory_behind),
	KTAP_CASE(realloc_slides_back_before_it_fails),
	KTAP_CASE(resize_array_refuses_an_overflowing_product),
	KTAP_CASE(resize_array_keeps_the_elements),
	KTAP_CASE(new_gives_zeroed_objects),
	KTAP_CASE(strdup_copies_a_string),
	KTAP_CASE(strndup_copies_no_more_than_asked),
};

KTAP_SUITE(slate_realloc, cases);
