// SPDX-License-Identifier: MIT
/* What blocks hold when they are handed out: zeros, copies of strings. */
#include "spies.h"

static const size_t products[][2] = {
	{ 1, 1 }, { 3, 5 }, { 1, 40 }, { 7, 24 }, { 100, 3 }, { 1, 700 },
};

#define PRODUCTS	(sizeof(products) / sizeof(products[0]))

/* Leave no free byte of the heap zero. */
static void make_dirty(struct slate_heap *heap, const struct test_tier *tier,
		       size_t size)
{
	struct test_node *list;
	struct test_node *node;

	test_exhaust(heap, tier, size, &list);
	for (node = list; node; node = node->next)
		memset(node + 1, 0x77, size - sizeof(*node));
	test_drain(heap, tier, &list);
}

static void expect_zeros(struct ktap *t, struct slate_heap *heap,
			 const struct test_tier *tier)
{
	size_t i;

	for (i = 0; i < PRODUCTS; i++) {
		size_t size = products[i][0] * products[i][1];
		unsigned char *p;

		make_dirty(heap, tier, size + 2 * sizeof(void *));
		p = tier->calloc(heap, products[i][0], products[i][1]);
		ktap_expect(t, p && test_all(p, size, 0));
		tier->free(heap, p);
	}
}

static void calloc_clears_memory_that_was_used(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;

	for_each_tier(tier)
		expect_zeros(t, heap, tier);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void calloc_of_a_wrapped_table_clears_too(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return;
	}
	for_each_tier(tier) {
		struct spy spy = { 0 };
		struct slate_allocator table = spies_table(&spy);

		ktap_expect(t, !slate_tier_get(heap, tier->tier, &spy.below));
		ktap_expect(t, !slate_tier_set(heap, tier->tier, &table));
		expect_zeros(t, heap, tier);
		ktap_expect(t, spy.calls > PRODUCTS);
		ktap_expect(t, !slate_tier_set(heap, tier->tier, NULL));
	}
	slate_heap_destroy(heap);
}

/* Live blocks with pools or not: how many pools @n small mallocs make. */
static size_t pools_of(struct ktap *t, struct slate_heap *heap, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		ktap_expect(t, slate_obj_malloc(heap, 8));
	ktap_expect(t, slate_heap_valid(heap));
	return test_stats(heap).pools;
}

static void wrapper_that_passes_on_changes_no_pools(struct ktap *t)
{
	static const unsigned int counts[] = { 20, 100, 200 };
	size_t i;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return;
	}
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct spy spy = { 0 };
		struct slate_allocator table = spies_table(&spy);
		struct slate_heap *heap = test_heap();
		size_t pools = pools_of(t, heap, counts[i]);
		size_t blocks = test_stats(heap).blocks;
		size_t free = test_stats(heap).free;

		slate_heap_destroy(heap);
		heap = test_heap();
		ktap_expect(t, !slate_tier_get(heap, SLATE_TIER_OBJ,
					       &spy.below));
		ktap_expect(t, !slate_tier_set(heap, SLATE_TIER_OBJ, &table));
		ktap_expect(t, pools_of(t, heap, counts[i]) == pools);
		ktap_expect(t, spy.calls == counts[i]);
		ktap_expect(t, test_stats(heap).blocks == blocks);
		ktap_expect(t, test_stats(heap).free == free);
		slate_heap_destroy(heap);
	}
}

/* No NUL in it, and nothing behind it that may be read: ASan sees to that. */
static const char exact[5] = { 's', 'l', 'a', 't', 'e' };

static void strndup_never_reads_behind_n_bytes(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	size_t n;

	for (n = 0; n <= sizeof(exact); n++) {
		const char *s = exact + sizeof(exact) - n;
		char *copy = slate_mem_strndup(heap, s, n);

		if (!ktap_expect(t, copy))
			continue;
		ktap_expect(t, !memcmp(copy, s, n) && copy[n] == '\0');
		slate_mem_free(heap, copy);
	}
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

/* On any machine: what is behind the n bytes does not come along. */
static void strndup_copies_no_more_than_n_bytes(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	char text[40];
	size_t n;

	memset(text, 'x', sizeof(text));
	for (n = 0; n < sizeof(text); n++) {
		char *copy = slate_mem_strndup(heap, text, n);

		if (!ktap_expect(t, copy))
			continue;
		ktap_expect(t, strlen(copy) == n);
		ktap_expect(t, slate_heap_usable_size(heap, copy) > n);
		slate_mem_free(heap, copy);
	}
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(calloc_clears_memory_that_was_used),
	KTAP_CASE(calloc_of_a_wrapped_table_clears_too),
	KTAP_CASE(wrapper_that_passes_on_changes_no_pools),
	KTAP_CASE(strndup_never_reads_behind_n_bytes),
	KTAP_CASE(strndup_copies_no_more_than_n_bytes),
};

KTAP_SUITE(slate_content, cases);
