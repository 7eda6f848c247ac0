// SPDX-License-Identifier: MIT
#include "testing.h"

#define ALIGN_MAX	4096

/* Can a block of @size at @align be promised in a heap with this much free? */
static bool promised(struct slate_heap *heap, size_t align, size_t size)
{
	return test_stats(heap).largest_free >= size + 2 * align;
}

static void aligned_alloc_aligns_to_every_power_of_two(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	unsigned int tried = 0;
	size_t align;
	size_t size;

	for (align = 1; align <= ALIGN_MAX; align *= 2) {
		for (size = 0; promised(heap, align, size);
		     size = size * 3 + 1) {
			void *p = slate_raw_aligned_alloc(heap, align, size);

			if (!ktap_expect(t, p))
				return;
			tried++;
			ktap_expect(t, test_aligned(p, align));
			ktap_expect(t, test_aligned(p, SLATE_GRANULE));
			ktap_expect(t, slate_heap_usable_size(heap, p) >=
				    size);
			ktap_expect(t, slate_heap_valid(heap));
			slate_raw_free(heap, p);
			ktap_expect(t, test_is_empty(heap));
		}
	}
	ktap_expect(t, tried > 20);
	slate_heap_destroy(heap);
}

static void aligned_alloc_rounds_the_size_up(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	size_t align;
	size_t size;

	for (align = 1; align <= ALIGN_MAX; align *= 2) {
		for (size = 1; promised(heap, align, size);
		     size = size * 3 + 1) {
			void *p = slate_raw_aligned_alloc(heap, align, size);
			size_t usable = slate_heap_usable_size(heap, p);

			ktap_expect(t, usable && usable % align == 0);
			slate_raw_free(heap, p);
		}
	}
	slate_heap_destroy(heap);
}

/* No other block may share the last cache line of an aligned one. */
static void aligned_alloc_shares_no_line(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const size_t line = 64;
	unsigned char *p[6];
	unsigned int i;
	unsigned int j;

	for (i = 0; i < 6; i++) {
		p[i] = i & 1 ? slate_mem_malloc(heap, 5) :
		       slate_raw_aligned_alloc(heap, line, 40 + i * 20);
		if (!ktap_expect(t, p[i]))
			return;
	}
	for (i = 0; i < 6; i += 2) {
		uintptr_t first = (uintptr_t)p[i] / line;
		uintptr_t last = ((uintptr_t)p[i] + 39 + i * 20) / line;

		for (j = 0; j < 6; j++) {
			uintptr_t other = (uintptr_t)p[j] / line;

			ktap_expect(t, j == i || other < first ||
				    other > last);
		}
	}
	slate_heap_destroy(heap);
}

static void aligned_alloc_refuses_no_power_of_two(struct ktap *t)
{
	static const size_t bad[] = {
		0, 3, 5, 6, 7, 12, 24, 48, 100, 4095, SIZE_MAX,
		TEST_TOO_LARGE + 1, PTRDIFF_MAX,
	};
	struct slate_heap *heap = test_heap();
	struct test_state before = test_state(heap);
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ktap_expect(t, !slate_raw_aligned_alloc(heap, bad[i], 8));
		ktap_expect(t, !slate_raw_aligned_alloc(heap, bad[i], 0));
		ktap_expect(t, !slate_raw_alloc(heap, bad[i], 8, 0));
	}
	ktap_expect(t, faults_none());
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void aligned_alloc_refuses_sizes_above_ptrdiff_max(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_state before = test_state(heap);
	size_t align;

	for (align = 1; align <= ALIGN_MAX; align *= 2) {
		ktap_expect(t, !slate_raw_aligned_alloc(heap, align,
							TEST_TOO_LARGE));
		ktap_expect(t, !slate_raw_aligned_alloc(heap, align,
							PTRDIFF_MAX));
		ktap_expect(t, !slate_raw_aligned_alloc(heap, align,
							SIZE_MAX));
		ktap_expect(t, !slate_raw_alloc(heap, align, SIZE_MAX - align,
						0));
	}
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void aligned_alloc_refuses_alignments_beyond_memory(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_state before = test_state(heap);
	unsigned int bit;

	for (bit = 22; bit < SLATE_WORD_BITS; bit++) {
		size_t align = (size_t)1 << bit;

		ktap_expect(t, !slate_raw_aligned_alloc(heap, align, 1));
		ktap_expect(t, !slate_raw_aligned_alloc(heap, align, 0));
		ktap_expect(t, !slate_raw_aligned_alloc(heap, align,
							PTRDIFF_MAX));
	}
	ktap_expect(t, faults_none());
	ktap_expect(t, test_same(&before, heap));
	slate_heap_destroy(heap);
}

static void aligned_alloc_of_0_gives_a_unique_block(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	void *p = slate_raw_aligned_alloc(heap, 32, 0);
	void *q = slate_raw_aligned_alloc(heap, 32, 0);

	ktap_expect(t, p && q && p != q);
	ktap_expect(t, test_stats(heap).blocks == 2);
	slate_heap_destroy(heap);
}

static void aligned_blocks_are_freed_and_resized_as_any(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;

	for_each_tier(tier) {
		void *p = slate_raw_aligned_alloc(heap, 128, 100);
		size_t usable = slate_heap_usable_size(heap, p);

		test_fill(p, usable, 2);
		p = tier->realloc(heap, p, 700);
		ktap_expect(t, p && test_filled(p, usable, 2));
		p = tier->realloc(heap, p, 9);
		ktap_expect(t, p && test_filled(p, 9, 2));
		tier->free(heap, p);
		ktap_expect(t, test_is_empty(heap));
	}
	ktap_expect(t, faults_none());
	slate_heap_destroy(heap);
}

/* Up to the last byte: free chunks of just the promised size serve. */
static void aligned_alloc_fills_the_heap(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	size_t align;

	for (align = SLATE_GRANULE; align <= 256; align *= 2) {
		struct test_node *list = NULL;
		struct test_node *node;
		size_t n = 0;

		while ((node = slate_raw_aligned_alloc(heap, align, align))) {
			ktap_expect(t, test_aligned(node, align));
			node->next = list;
			list = node;
			n++;
		}
		ktap_expect(t, slate_heap_valid(heap));
		ktap_expect(t, test_stats(heap).largest_free < 2 * align);
		ktap_expect(t, n * align * 2 > TEST_HEAP);
		test_drain(heap, &test_tiers[SLATE_TIER_RAW], &list);
		ktap_expect(t, test_is_empty(heap));
	}
	slate_heap_destroy(heap);
}

/* mem and obj have no such call of their own, but wrappers may. */
static void own_tables_of_all_tiers_align(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	int i;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return;
	}
	for (i = 0; i < SLATE_TIERS; i++) {
		const struct slate_allocator *own = NULL;
		size_t align;

		ktap_expect(t, slate_tier_get(heap, (enum slate_tier)i,
					      &own) == 0);
		if (!own)
			return;
		for (align = 1; align <= 256; align *= 2) {
			void *p = own->aligned(own->ctx, align, 20, 0);

			ktap_expect(t, p && test_aligned(p, align));
			own->free(own->ctx, p);
		}
		ktap_expect(t, !own->aligned(own->ctx, 24, 20, 0));
		ktap_expect(t, !own->aligned(own->ctx, 8, TEST_TOO_LARGE,
					     0));
		ktap_expect(t, !own->aligned(own->ctx, 8, 20,
					     SLATE_CAP_DMA));
		ktap_expect(t, test_is_empty(heap));
	}
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(aligned_alloc_aligns_to_every_power_of_two),
	KTAP_CASE(aligned_alloc_rounds_the_size_up),
	KTAP_CASE(aligned_alloc_shares_no_line),
	KTAP_CASE(aligned_alloc_refuses_no_power_of_two),
	KTAP_CASE(aligned_alloc_refuses_sizes_above_ptrdiff_max),
	KTAP_CASE(aligned_alloc_refuses_alignments_beyond_memory),
	KTAP_CASE(aligned_alloc_of_0_gives_a_unique_block),
	KTAP_CASE(aligned_blocks_are_freed_and_resized_as_any),
	KTAP_CASE(aligned_alloc_fills_the_heap),
	KTAP_CASE(own_tables_of_all_tiers_align),
};

KTAP_SUITE(slate_aligned, cases);
