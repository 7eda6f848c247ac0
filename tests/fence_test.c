// SPDX-License-Identifier: MIT
/*
 * Blocks beside memory that nobody may touch: each kind of access is made, and
 * is stopped by the machine itself, or is seen when the block is freed.
 */
#include <slate/fence.h>

#include "context.h"
#include "testing.h"

#define SLOTS	4u

static struct slate_fence fence;
static struct slate_fence_slot slots[SLOTS];
static void *memory;

static struct slate_fence_options options_for(size_t step)
{
	struct slate_fence_options options = {
		.guards = context_guards(),
		.memory = memory,
		.slot_size = step < 128 ? 128 : 2 * step,
		.slots = slots,
		.nslots = SLOTS,
		.every = 1,
	};

	return options;
}

/* A heap with a fence around one block in @every; or the case is skipped. */
static struct slate_heap *start(struct ktap *t, unsigned int every)
{
	const struct slate_guards *guards = context_guards();
	struct slate_fence_options options;
	struct slate_heap *heap;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return NULL;
	}
	if (!guards || !guards->count()) {
		t->skip = "nothing can be closed here";
		return NULL;
	}
	heap = test_heap_of(TEST_MEMORY);
	options = options_for(guards->step());
	memory = slate_raw_aligned_alloc(heap, options.slot_size,
					 SLOTS * options.slot_size);
	options.memory = memory;
	options.every = every;
	ktap_expect(t, slate_fence_start(heap, &fence, &options) == 0);
	return heap;
}

static void finish(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_fence_stop(&fence) == 0);
	slate_raw_free(heap, memory);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static volatile unsigned char *volatile target;

static void write_there(void)
{
	*target = 1;
}

static void read_there(void)
{
	(void)*target;
}

/* Is it stopped, where it should be, and explained as @kind? */
static bool is_stopped(void (*access)(void), volatile unsigned char *at,
		       enum slate_fault kind, const void *block)
{
	const struct slate_fence_slot *slot = NULL;
	struct slate_report report;
	const void *address = NULL;

	target = at;
	if (!context_faults(access, &address) ||
	    (uintptr_t)address != (uintptr_t)at)
		return false;
	return slate_fence_explain(&fence, address, &report, &slot) &&
	       report.kind == kind && report.block == block &&
	       report.size == slot->size && slot->made &&
	       !slot->freed == (kind == SLATE_FAULT_OVERFLOW);
}

static void access_behind_the_end_is_stopped(struct ktap *t)
{
	struct slate_heap *heap = start(t, 1);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		unsigned char *p = tier->malloc(heap, 2 * SLATE_GRANULE);

		ktap_expect(t, p && test_aligned(p, SLATE_GRANULE));
		memset(p, 7, 2 * SLATE_GRANULE);
		ktap_expect(t, is_stopped(write_there, p + 2 * SLATE_GRANULE,
					  SLATE_FAULT_OVERFLOW, p));
		if (context_stops_reads)
			ktap_expect(t, is_stopped(read_there,
						  p + 2 * SLATE_GRANULE + 9,
						  SLATE_FAULT_OVERFLOW, p));
		ktap_expect(t, test_all(p, 2 * SLATE_GRANULE, 7));
		tier->free(heap, p);
	}
	finish(t, heap);
}

static void access_after_free_is_stopped(struct ktap *t)
{
	struct slate_heap *heap = start(t, 1);
	unsigned char *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 40);
	p[39] = 1;
	slate_obj_free(heap, p);
	ktap_expect(t, is_stopped(write_there, p, SLATE_FAULT_USE_AFTER_FREE,
				  p));
	ktap_expect(t, is_stopped(write_there, p + 39,
				  SLATE_FAULT_USE_AFTER_FREE, p));
	if (context_stops_reads)
		ktap_expect(t, is_stopped(read_there, p + 20,
					  SLATE_FAULT_USE_AFTER_FREE, p));
	finish(t, heap);
}

/* What no guard can see, since it is in the slot. */
static void writes_around_are_seen_when_it_is_freed(struct ktap *t)
{
	struct slate_heap *heap = start(t, 1);
	unsigned char *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 5);
	p[5] = 0;
	slate_mem_free(heap, p);
	ktap_expect(t, faults_one(SLATE_FAULT_OVERFLOW, heap, p));
	p = slate_mem_malloc(heap, 5);
	p[-1] = 0;
	slate_mem_free(heap, p);
	ktap_expect(t, faults_one(SLATE_FAULT_UNDERFLOW, heap, p));
	p = slate_mem_malloc(heap, 5);
	memset(p, 0, 5);
	slate_mem_free(heap, p);
	ktap_expect(t, faults_none());
	finish(t, heap);
}

static void pointers_into_slots_are_judged(struct ktap *t)
{
	struct slate_heap *heap = start(t, 1);
	unsigned char *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 3 * SLATE_GRANULE);
	slate_mem_free(heap, p + SLATE_GRANULE);
	ktap_expect(t, faults_one(SLATE_FAULT_INTERIOR, heap,
				  p + SLATE_GRANULE));
	slate_mem_free(heap, p + 1);
	ktap_expect(t, faults_one(SLATE_FAULT_UNALIGNED, heap, p + 1));
	ktap_expect(t, slate_heap_usable_size(heap, p) == 3 * SLATE_GRANULE);
	slate_mem_free(heap, p);
	slate_mem_free(heap, p);
	ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, heap, p));
	ktap_expect(t, !slate_mem_realloc(heap, p, 9));
	ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, heap, p));
	slate_mem_free(heap, p - SLATE_GRANULE);
	ktap_expect(t, faults_one(SLATE_FAULT_FOREIGN, heap,
				  p - SLATE_GRANULE));
	finish(t, heap);
}

static void realloc_and_calloc_keep_their_promises(struct ktap *t)
{
	struct slate_heap *heap = start(t, 1);
	unsigned char *p;
	void *filler[SLOTS - 1];
	unsigned int i;

	if (!heap)
		return;
	p = slate_mem_calloc(heap, 3, 9);
	ktap_expect(t, p && test_all(p, 27, 0));
	test_fill(p, 27, 1);
	p = slate_mem_realloc(heap, p, 50);
	ktap_expect(t, p && test_filled(p, 27, 1));
	p = slate_mem_realloc(heap, p, 10);
	ktap_expect(t, p && test_filled(p, 10, 1));
	ktap_expect(t, !slate_mem_realloc(heap, p, TEST_TOO_LARGE));
	ktap_expect(t, !slate_mem_realloc(heap, p, TEST_MEMORY));
	ktap_expect(t, test_filled(p, 10, 1));
	/* Out of the slots, and the others' heap is as good. */
	for (i = 0; i < SLOTS - 1; i++)
		filler[i] = slate_raw_malloc(heap, 1);
	p = slate_mem_realloc(heap, p, 30);
	ktap_expect(t, p && test_filled(p, 10, 1));
	ktap_expect(t, fence.missed == 1);
	p = slate_mem_realloc(heap, p, 60);
	ktap_expect(t, p && test_filled(p, 10, 1));
	slate_mem_free(heap, p);
	for (i = 0; i < SLOTS - 1; i++)
		slate_raw_free(heap, filler[i]);
	ktap_expect(t, slate_heap_valid(heap));
	finish(t, heap);
}

/* One in eight, by chance but always the same; none twice in the same slot. */
static void one_block_in_n_is_placed(struct ktap *t)
{
	struct slate_heap *heap = start(t, 8);
	unsigned char *last = NULL;
	bool other = true;
	unsigned int i;

	if (!heap)
		return;
	for (i = 0; i < 800; i++) {
		unsigned int placed = fence.placed;
		unsigned char *p = slate_obj_malloc(heap, 24);

		if (fence.placed != placed) {
			other &= p != last;
			last = p;
		}
		slate_obj_free(heap, p);
	}
	ktap_expect(t, fence.placed > 60 && fence.placed < 160);
	ktap_expect(t, other);
	finish(t, heap);
}

static void stop_waits_for_the_last_block(struct ktap *t)
{
	struct slate_heap *heap = start(t, 1);
	unsigned char *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 24);
	ktap_expect(t, slate_fence_stop(&fence) == -SLATE_EBUSY);
	slate_mem_free(heap, p);
	ktap_expect(t, slate_fence_stop(&fence) == 0);
	ktap_expect(t, slate_fence_stop(&fence) == 0);
	/* It is ordinary memory again. */
	memset(memory, 3, slate_heap_usable_size(heap, memory));
	slate_raw_free(heap, memory);
	p = slate_mem_malloc(heap, 24);
	slate_mem_free(heap, p);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void start_refuses_what_cannot_be(struct ktap *t)
{
	struct slate_heap *heap = start(t, 1);
	struct slate_fence_options good;
	struct slate_fence_options bad;
	struct slate_fence other;

	if (!heap)
		return;
	good = fence.options;
	ktap_expect(t, slate_fence_start(heap, &other, &good) ==
		    -SLATE_EBUSY);
	ktap_expect(t, slate_fence_stop(&fence) == 0);
	bad = good;
	bad.guards = NULL;
	ktap_expect(t, slate_fence_start(heap, &other, &bad) ==
		    -SLATE_ENOTSUP);
	bad = good;
	bad.slot_size = good.guards->step();
	ktap_expect(t, slate_fence_start(heap, &other, &bad) == -SLATE_EINVAL);
	bad = good;
	bad.slot_size--;
	ktap_expect(t, slate_fence_start(heap, &other, &bad) == -SLATE_EINVAL);
	bad = good;
	bad.memory = (unsigned char *)memory + SLATE_GRANULE;
	ktap_expect(t, slate_fence_start(heap, &other, &bad) == -SLATE_EINVAL);
	bad = good;
	bad.every = 0;
	ktap_expect(t, slate_fence_start(heap, &other, &bad) == -SLATE_EINVAL);
	bad = good;
	bad.nslots = 0;
	ktap_expect(t, slate_fence_start(heap, &other, &bad) == -SLATE_EINVAL);
	bad = good;
	bad.tiers = 8;
	ktap_expect(t, slate_fence_start(heap, &other, &bad) == -SLATE_EINVAL);
	ktap_expect(t, slate_fence_start(heap, &fence, &good) == 0);
	finish(t, heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(access_behind_the_end_is_stopped),
	KTAP_CASE(access_after_free_is_stopped),
	KTAP_CASE(writes_around_are_seen_when_it_is_freed),
	KTAP_CASE(pointers_into_slots_are_judged),
	KTAP_CASE(realloc_and_calloc_keep_their_promises),
	KTAP_CASE(one_block_in_n_is_placed),
	KTAP_CASE(stop_waits_for_the_last_block),
	KTAP_CASE(start_refuses_what_cannot_be),
};

KTAP_SUITE(slate_fence, cases);
