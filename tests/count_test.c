// SPDX-License-Identifier: MIT
/* Counting by tier and size class. */
#include "wrapped.h"

#define CLASSES	(SLATE_COUNT_EXACT + 3)

struct area {
	struct slate_count count;
	struct slate_counts classes[SLATE_TIERS * CLASSES];
};

static struct area *area;
static struct slate_count *count;

static struct slate_heap *prepare(struct ktap *t)
{
	area = wrapped_area(t, sizeof(*area));
	if (!area)
		return NULL;
	count = &area->count;
	return wrapped_heap(area);
}

static struct slate_heap *start(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);

	if (!heap)
		return NULL;
	ktap_expect(t, slate_count_start(count, heap, area->classes,
					 CLASSES) == 0);
	return heap;
}

static struct slate_counts of(enum slate_tier tier, int class_)
{
	struct slate_counts counts;

	memset(&counts, 0xff, sizeof(counts));
	if (slate_count_get(count, tier, class_, &counts))
		memset(&counts, 0xff, sizeof(counts));
	return counts;
}

static bool is(const struct slate_counts *c, size_t live, size_t blocks,
	       size_t peak, size_t calls, size_t failures)
{
	return c->live == live && c->blocks == blocks && c->peak == peak &&
	       c->calls == calls && c->failures == failures;
}

static void classes_cover_every_size(struct ktap *t)
{
	unsigned int last = 0;
	size_t size;

	ktap_expect(t, slate_count_class(0) == 0);
	for (size = 1; size < 5000; size++) {
		unsigned int class_ = slate_count_class(size);

		ktap_expect(t, class_ == last || class_ == last + 1);
		ktap_expect(t, size <= slate_count_class_size(class_));
		ktap_expect(t, !class_ ||
			    size > slate_count_class_size(class_ - 1));
		last = class_;
	}
	for (last = 0; slate_count_class_size(last) != SIZE_MAX; last++) {
		size = slate_count_class_size(last);
		ktap_expect(t, slate_count_class(size) == last);
		ktap_expect(t, slate_count_class(size + 1) == last + 1);
	}
	ktap_expect(t, slate_count_class_size(12345) == SIZE_MAX);
}

static void counts_follow_each_call(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		const enum slate_tier n = tier->tier;
		const size_t g = SLATE_GRANULE;
		struct slate_counts c;
		void *p = tier->malloc(heap, g);
		void *q = tier->calloc(heap, 2, g);

		c = of(n, -1);
		ktap_expect(t, is(&c, 3 * g, 2, 3 * g, 2, 0));
		c = of(n, 1);
		ktap_expect(t, is(&c, 2 * g, 1, 2 * g, 1, 0));
		p = tier->realloc(heap, p, 2 * g);
		c = of(n, 0);
		ktap_expect(t, is(&c, 0, 0, g, 1, 0));
		c = of(n, 1);
		ktap_expect(t, is(&c, 4 * g, 2, 4 * g, 2, 0));
		ktap_expect(t, !tier->realloc(heap, p, TEST_MEMORY));
		ktap_expect(t, !tier->malloc(heap, TEST_MEMORY));
		c = of(n, CLASSES - 1);
		ktap_expect(t, is(&c, 0, 0, 0, 0, 2));
		c = of(n, -1);
		ktap_expect(t, is(&c, 4 * g, 2, 4 * g, 2, 2));
		tier->free(heap, p);
		tier->free(heap, q);
		tier->free(heap, NULL);
		slate_count_reset_peaks(count);
		c = of(n, -1);
		ktap_expect(t, is(&c, 0, 0, 0, 2, 2));
		p = tier->realloc(heap, NULL, 1);
		c = of(n, 0);
		ktap_expect(t, is(&c, g, 1, g, 2, 0));
		tier->free(heap, p);
	}
	ktap_expect(t, slate_raw_aligned_alloc(heap, 64, 1));
	ktap_expect(t, of(SLATE_TIER_RAW, -1).live == 64);
	ktap_expect(t, slate_count_stop(count) == 0);
	slate_heap_destroy(heap);
}

/* Classes make up their tier, tiers the heap. */
static void counts_add_up(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	struct {
		const struct test_tier *tier;
		void *ptr;
	} slots[12] = { { NULL, NULL } };
	unsigned int step;

	if (!heap)
		return;
	for (step = 0; step < 1000; step++) {
		unsigned int i = test_below(12);
		size_t size = test_below(300);
		size_t live = 0;
		size_t blocks = 0;
		int n;

		if (!slots[i].ptr)
			slots[i].tier = &test_tiers[test_below(3)];
		if (slots[i].ptr && test_below(2)) {
			slots[i].tier->free(heap, slots[i].ptr);
			slots[i].ptr = NULL;
		} else {
			void *p = slots[i].tier->realloc(heap, slots[i].ptr,
							 size);

			slots[i].ptr = p ? p : slots[i].ptr;
		}
		for (n = 0; n < (int)(SLATE_TIERS * CLASSES); n++) {
			live += area->classes[n].live;
			blocks += area->classes[n].blocks;
		}
		ktap_expect(t, live == test_stats(heap).live);
		ktap_expect(t, blocks == test_stats(heap).blocks);
		for (n = 0; n < SLATE_TIERS; n++) {
			live -= count->tiers[n].live;
			blocks -= count->tiers[n].blocks;
		}
		ktap_expect(t, live == 0 && blocks == 0);
	}
	slate_heap_destroy(heap);
}

static void counts_report_a_bad_pointer_once(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	char *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 40);
	slate_mem_free(heap, p + SLATE_GRANULE);
	ktap_expect(t, faults_one(SLATE_FAULT_INTERIOR, heap,
					p + SLATE_GRANULE));
	ktap_expect(t, !slate_mem_realloc(heap, p + SLATE_GRANULE, 100));
	ktap_expect(t, faults_one(SLATE_FAULT_INTERIOR, heap,
					p + SLATE_GRANULE));
	slate_mem_free(heap, p);
	slate_mem_free(heap, p);
	ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, heap,
					p));
	ktap_expect(t, of(SLATE_TIER_MEM, -1).live == 0);
	ktap_expect(t, of(SLATE_TIER_MEM, -1).blocks == 0);
	slate_heap_destroy(heap);
}

static void count_does_without_classes(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	struct slate_counts c;

	if (!heap)
		return;
	ktap_expect(t, slate_count_start(count, heap, NULL, 0) == 0);
	slate_obj_malloc(heap, 10);
	ktap_expect(t, of(SLATE_TIER_OBJ, -1).blocks == 1);
	ktap_expect(t, slate_count_get(count, SLATE_TIER_OBJ, 0, &c) ==
		    -SLATE_EINVAL);
	slate_count_reset_peaks(count);
	slate_heap_destroy(heap);
}

static void count_refuses_what_it_cannot_do(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	struct slate_counts c;
	const int beyond = SLATE_TIERS;
	void *p;

	if (!heap)
		return;
	ktap_expect(t, slate_count_stop(count) == -SLATE_EINVAL);
	ktap_expect(t, slate_count_start(count, heap, NULL, CLASSES) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_count_start(count, heap, area->classes, 0) ==
		    -SLATE_EINVAL);
	p = slate_mem_malloc(heap, 1);
	ktap_expect(t, slate_count_start(count, heap, NULL, 0) ==
		    -SLATE_EBUSY);
	slate_mem_free(heap, p);
	ktap_expect(t, slate_count_start(count, heap, area->classes,
					 CLASSES) == 0);
	ktap_expect(t, slate_count_start(count, heap, NULL, 0) ==
		    -SLATE_EBUSY);
	ktap_expect(t, slate_count_get(count, (enum slate_tier)beyond, 0,
				       &c) == -SLATE_EINVAL);
	ktap_expect(t, slate_count_get(count, SLATE_TIER_RAW, CLASSES,
				       &c) == -SLATE_EINVAL);
	ktap_expect(t, slate_count_get(count, SLATE_TIER_RAW, -2, &c) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_count_stop(count) == 0);
	slate_heap_destroy(heap);
}

static void count_is_not_supported_without_hooks(struct ktap *t)
{
	struct slate_count off;

	if (SLATE_CONFIG_HOOKS) {
		t->skip = "hooks in this configuration";
		return;
	}
	memset(&off, 0, sizeof(off));
	ktap_expect(t, slate_count_start(&off, test_heap(), NULL, 0) ==
		    -SLATE_ENOTSUP);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(classes_cover_every_size),
	KTAP_CASE(counts_follow_each_call),
	KTAP_CASE(counts_add_up),
	KTAP_CASE(counts_report_a_bad_pointer_once),
	KTAP_CASE(count_does_without_classes),
	KTAP_CASE(count_refuses_what_it_cannot_do),
	KTAP_CASE(count_is_not_supported_without_hooks),
};

KTAP_SUITE(slate_count, cases);
