// SPDX-License-Identifier: MIT
/*
 * Debug hooks: pointers that are not to be used any more, or never were: each
 * is met on purpose, and reported once.
 */
#include "hooked.h"

static void double_free_is_found_in_quarantine(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		unsigned char *p = tier->malloc(heap, 16);
		struct hooked taken;

		tier->free(heap, p);
		tier->free(heap, p);
		taken = hooked_take();
		ktap_expect(t, taken.count == 1);
		ktap_expect(t, taken.last.kind == SLATE_FAULT_DOUBLE_FREE);
		ktap_expect(t, taken.last.block.ptr == p);
		ktap_expect(t, taken.last.block.size == 16);
		ktap_expect(t, taken.last.block.made_at);
		ktap_expect(t, taken.last.block.freed_at);
		ktap_expect(t, taken.last.block.freed_at != taken.last.site);
		ktap_expect(t, !tier->realloc(heap, p, 5));
		ktap_expect(t, hooked_one(SLATE_FAULT_DOUBLE_FREE, p, p));
		ktap_expect(t, !slate_heap_usable_size(heap, p));
		ktap_expect(t, hooked_one(SLATE_FAULT_DOUBLE_FREE, p, p));
		/* Also when the block looks alive again. */
		memset(p - HOOKED_HEAD, 0, HOOKED_HEAD);
		p[sizeof(size_t) - HOOKED_HEAD] = 'o';
		tier->free(heap, p);
		ktap_expect(t, hooked_one(SLATE_FAULT_DOUBLE_FREE, p, p));
		memset(p - HOOKED_HEAD, 0xdd, HOOKED_HEAD);
	}
	slate_debug_flush(heap);
	ktap_expect(t, hooked_take().count == 0);
	slate_heap_destroy(heap);
}

static void double_free_is_found_behind_quarantine(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		unsigned char *p = tier->malloc(heap, 16);

		tier->free(heap, p);
		slate_debug_flush(heap);
		tier->free(heap, p);
		ktap_expect(t, hooked_one(SLATE_FAULT_DOUBLE_FREE, p, NULL));
		ktap_expect(t, !tier->realloc(heap, p, 5));
		ktap_expect(t, hooked_one(SLATE_FAULT_DOUBLE_FREE, p, NULL));
	}
	slate_heap_destroy(heap);
}

/* A write to each byte of a freed block, the layout's too. */
static void write_after_free_is_found(struct ktap *t)
{
	const size_t total = HOOKED_HEAD + 20 + HOOKED_TAIL;
	struct slate_heap *heap = hooked_heap(t);
	size_t i;

	for (i = 0; heap && i < total; i++) {
		unsigned char *p = slate_mem_malloc(heap, 20);
		struct hooked taken;

		slate_mem_free(heap, p);
		p[(ptrdiff_t)i - HOOKED_HEAD] = 'x';
		slate_debug_flush(heap);
		taken = hooked_take();
		ktap_expect(t, taken.count == 1);
		ktap_expect(t, taken.last.kind == SLATE_FAULT_USE_AFTER_FREE);
		ktap_expect(t, taken.last.address == p - HOOKED_HEAD + i);
		ktap_expect(t, taken.last.block.ptr == p);
		ktap_expect(t, taken.last.block.size == 20);
		ktap_expect(t, taken.last.block.serial == i + 1);
		ktap_expect(t, taken.last.block.made_at);
		ktap_expect(t, taken.last.block.freed_at);
		ktap_expect(t, !taken.last.site);
	}
	if (!heap)
		return;
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

/* The old place of a block that realloc has moved is a freed block. */
static void write_after_realloc_is_found(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	unsigned char *p, *q;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 20);
	q = slate_mem_realloc(heap, p, 60);
	ktap_expect(t, q && q != p);
	p[7] = 'x';
	ktap_expect(t, slate_debug_check_all(heap) == 1);
	ktap_expect(t, hooked_one(SLATE_FAULT_USE_AFTER_FREE, p + 7, p));
	slate_mem_free(heap, p);
	ktap_expect(t, hooked_one(SLATE_FAULT_DOUBLE_FREE, p, p));
	slate_heap_destroy(heap);
}

/* The engine's verdicts come first: nothing of a bad pointer is read. */
static void bad_pointers_are_judged_before_they_are_read(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *tier;
	unsigned char *p;

	if (!heap)
		return;
	p = slate_obj_malloc(heap, 100);
	for_each_tier(tier) {
		/* Reading here would fault, or be seen by a sanitizer. */
		void *nowhere = (void *)(uintptr_t)(4 * SLATE_GRANULE);

		tier->free(heap, nowhere);
		ktap_expect(t, hooked_one(SLATE_FAULT_FOREIGN, nowhere, NULL));
		tier->free(heap, p + 1);
		ktap_expect(t, hooked_one(SLATE_FAULT_UNALIGNED, p + 1, NULL));
		tier->free(heap, p + 2 * SLATE_GRANULE);
		ktap_expect(t, hooked_one(SLATE_FAULT_INTERIOR,
					  p + 2 * SLATE_GRANULE, NULL));
		tier->free(heap, p - HOOKED_HEAD);
		ktap_expect(t, hooked_one(SLATE_FAULT_INTERIOR,
					  p - HOOKED_HEAD, NULL));
		tier->free(heap, heap);
		ktap_expect(t, hooked_one(SLATE_FAULT_TABLE, heap, NULL));
		ktap_expect(t, !tier->realloc(heap, nowhere, 5));
		ktap_expect(t, hooked_one(SLATE_FAULT_FOREIGN, nowhere, NULL));
	}
	ktap_expect(t, test_stats(heap).blocks == 1);
	slate_obj_free(heap, p);
	slate_heap_destroy(heap);
}

/* Contents that look like a layout do not make a block. */
static void forged_layout_inside_a_block_is_interior(struct ktap *t)
{
	const size_t at = 8 * SLATE_GRANULE;
	struct slate_heap *heap = hooked_heap(t);
	unsigned char *p, *q;
	size_t align;

	if (!heap)
		return;
	p = slate_raw_malloc(heap, 20 * SLATE_GRANULE);
	for (align = 2; align <= 4 * at; align *= 2) {
		unsigned int i;

		q = p + at;
		memset(p, 0xfd, 20 * SLATE_GRANULE);
		for (i = 0; i < sizeof(size_t); i++)
			q[(ptrdiff_t)i - (ptrdiff_t)(HOOKED_HEAD +
				sizeof(size_t))] = (unsigned char)
				(align >> 8 * (sizeof(size_t) - 1 - i));
		slate_raw_free(heap, q);
		ktap_expect(t, hooked_one(SLATE_FAULT_INTERIOR, q, NULL));
	}
	slate_raw_free(heap, p);
	ktap_expect(t, hooked_take().count == 0);
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(double_free_is_found_in_quarantine),
	KTAP_CASE(double_free_is_found_behind_quarantine),
	KTAP_CASE(write_after_free_is_found),
	KTAP_CASE(write_after_realloc_is_found),
	KTAP_CASE(bad_pointers_are_judged_before_they_are_read),
	KTAP_CASE(forged_layout_inside_a_block_is_interior),
};

KTAP_SUITE(slate_freed, cases);
