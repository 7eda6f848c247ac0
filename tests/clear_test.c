// SPDX-License-Identifier: MIT
/*
 * What is promised of blocks in memory with certain capabilities: cleared
 * when they are freed, or alone on their cache lines.
 */
#include "places.h"

#define SECOND		PLACE_BASE(DMA)
#define SECRET		0xee

static unsigned char *secret(struct slate_heap *heap, size_t size)
{
	unsigned char *p = slate_raw_alloc(heap, 1, size, SLATE_CAP_ZERO);

	if (p)
		memset(p, SECRET, slate_heap_usable_size(heap, p));
	return p;
}

/* Is there a run of the secret anywhere in the region? */
static bool leaked(void)
{
	size_t run = 0;
	size_t i;

	for (i = 0; i < TEST_HALF; i++) {
		run = SECOND[i] == SECRET ? run + 1 : 0;
		if (run == 6)
			return true;
	}
	return false;
}

static void free_clears(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, SLATE_CAP_ZERO);
	const struct test_tier *tier;
	size_t size;

	if (!heap)
		return;
	for_each_tier(tier) {
		for (size = 1; size < TEST_HALF / 2; size *= 3) {
			unsigned char *p = secret(heap, size);
			unsigned char *q = secret(heap, size);

			ktap_expect(t, p && leaked());
			tier->free(heap, p);
			tier->free(heap, q);
			ktap_expect(t, !leaked());
		}
	}
	slate_heap_destroy(heap);
}

/* Blocks of pools, when the first region is full. */
static void free_clears_in_pools(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, SLATE_CAP_ZERO);
	struct test_node *list;
	struct test_node *node;

	if (!heap)
		return;
	test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], 40, &list);
	for (node = list; node; node = node->next)
		memset(node + 1, SECRET, 40 - sizeof(*node));
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	ktap_expect(t, !leaked());
	slate_heap_destroy(heap);
}

static void realloc_clears_what_it_leaves(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, SLATE_CAP_ZERO);
	unsigned char *p;
	unsigned char *from;

	if (!heap)
		return;
	/* A tail that is cut off. */
	p = secret(heap, 200);
	p = slate_mem_realloc(heap, p, 100);
	ktap_expect(t, p && test_all(p, 100, SECRET));
	memset(p, 0, slate_heap_usable_size(heap, p));
	ktap_expect(t, !leaked());
	/* A place that is moved from. */
	memset(p, SECRET, 100);
	ktap_expect(t, slate_raw_alloc(heap, 1, 8, SLATE_CAP_ZERO));
	from = p;
	p = slate_mem_realloc(heap, p, 300);
	ktap_expect(t, p != from);
	ktap_expect(t, p && test_all(p, 100, SECRET));
	memset(p, 0, 300);
	ktap_expect(t, !leaked());
	slate_heap_destroy(heap);
}

/* Down into the free chunk before it, the last way to grow. */
static void realloc_clears_what_it_slides_from(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, SLATE_CAP_ZERO);
	size_t room = TEST_HALF / 4;
	unsigned char *before;
	unsigned char *p;

	if (!heap)
		return;
	before = slate_raw_alloc(heap, 1, room, SLATE_CAP_ZERO);
	p = secret(heap, room);
	while (slate_raw_alloc(heap, 1, 1, SLATE_CAP_ZERO))
		;
	slate_raw_free(heap, before);
	p = slate_mem_realloc(heap, p, room + room / 2);
	ktap_expect(t, p == before);
	ktap_expect(t, p && test_all(p, room, SECRET));
	if (p)
		memset(p, 0, room);
	ktap_expect(t, !leaked());
	slate_heap_destroy(heap);
}

#define LINE	((size_t)(SLATE_CONFIG_LINE ? SLATE_CONFIG_LINE : 32))

/* Is the block alone on its cache lines? */
static bool has_lines(struct slate_heap *heap, const void *p)
{
	size_t size = slate_heap_usable_size(heap, p);

	return p && test_aligned(p, LINE) && size % LINE == 0;
}

static void dma_block_has_whole_lines(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, SLATE_CAP_DMA);
	size_t size;

	if (!heap)
		return;
	if (!SLATE_CONFIG_LINE) {
		t->skip = "no cache lines in this configuration";
		return;
	}
	for (size = 0; size < 3 * LINE; size += 7) {
		void *p = slate_raw_alloc(heap, 1, size, SLATE_CAP_DMA);
		void *q = slate_raw_alloc(heap, LINE * 2, size,
					  SLATE_CAP_DMA);

		ktap_expect(t, has_lines(heap, p) && has_lines(heap, q));
		ktap_expect(t, test_aligned(q, LINE * 2));
		slate_raw_free(heap, p);
		slate_raw_free(heap, q);
	}
	slate_heap_destroy(heap);
}

static void dma_block_keeps_its_lines_in_realloc(struct ktap *t)
{
	struct slate_heap *heap = places_make_two(t, SLATE_CAP_DMA);
	const struct test_tier *tier;
	unsigned char *p;
	void *blocker;
	size_t size;

	if (!heap)
		return;
	if (!SLATE_CONFIG_LINE) {
		t->skip = "no cache lines in this configuration";
		return;
	}
	for_each_tier(tier) {
		p = slate_raw_alloc(heap, 1, 1, SLATE_CAP_DMA);
		p[0] = 7;
		for (size = 1; p && size < 6 * LINE; size += 11) {
			p = tier->realloc(heap, p, size);
			blocker = slate_raw_alloc(heap, 1, 1, SLATE_CAP_DMA);
			ktap_expect(t, has_lines(heap, p) && p[0] == 7);
			slate_raw_free(heap, blocker);
		}
		for (; p && size > 11; size -= 11) {
			p = tier->realloc(heap, p, size);
			ktap_expect(t, has_lines(heap, p) && p[0] == 7);
		}
		slate_raw_free(heap, p);
		ktap_expect(t, slate_heap_valid(heap));
	}
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(free_clears),
	KTAP_CASE(free_clears_in_pools),
	KTAP_CASE(realloc_clears_what_it_leaves),
	KTAP_CASE(realloc_clears_what_it_slides_from),
	KTAP_CASE(dma_block_has_whole_lines),
	KTAP_CASE(dma_block_keeps_its_lines_in_realloc),
};

KTAP_SUITE(slate_clear, cases);
