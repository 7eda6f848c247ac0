// SPDX-License-Identifier: MIT
/*
 * Debug hooks at work: what the quarantine keeps and lets go, and whole
 * programs through the hooks, with and without memory.
 */
#include "hooked.h"

static size_t kept(struct slate_heap *heap)
{
	struct slate_debug_counts stats;

	slate_debug_stats(heap, &stats);
	return stats.kept_blocks;
}

static bool is_kept(struct slate_heap *heap, const void *ptr)
{
	struct slate_debug_block block;

	return !slate_debug_find(heap, ptr, &block) && block.freed_at;
}

static void oldest_leave_when_the_slots_are_full(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	void *p[SLATE_CONFIG_QUARANTINE + 3];
	const size_t n = sizeof(p) / sizeof(p[0]);
	size_t i;

	if (!heap)
		return;
	for (i = 0; i < n; i++)
		p[i] = slate_mem_malloc(heap, 8);
	for (i = 0; i < n; i++) {
		slate_mem_free(heap, p[i]);
		ktap_expect(t, kept(heap) == (i < SLATE_CONFIG_QUARANTINE ?
			    i + 1 : SLATE_CONFIG_QUARANTINE));
	}
	for (i = 0; i < n; i++)
		ktap_expect(t, is_kept(heap, p[i]) == (i >= 3));
	ktap_expect(t, hooked_take().count == 0);
	slate_heap_destroy(heap);
}

static void oldest_leave_when_the_bytes_are_full(struct ktap *t)
{
	const size_t each = HOOKED_HEAD + 40 + HOOKED_TAIL;
	struct slate_heap *heap = hooked_heap(t);
	struct slate_debug_kept slots[5];
	void *p[5];
	size_t i;

	if (!heap)
		return;
	ktap_expect(t, !slate_debug_set_quarantine(heap, slots, 5, 3 * each));
	for (i = 0; i < 5; i++)
		p[i] = slate_obj_malloc(heap, 40);
	for (i = 0; i < 5; i++) {
		slate_obj_free(heap, p[i]);
		ktap_expect(t, kept(heap) == (i < 3 ? i + 1 : 3));
	}
	for (i = 0; i < 5; i++)
		ktap_expect(t, is_kept(heap, p[i]) == (i >= 2));
	/* A block beyond the limit is not kept, and pushes none out. */
	p[0] = slate_obj_malloc(heap, 3 * each);
	slate_obj_free(heap, p[0]);
	ktap_expect(t, kept(heap) == 3 && !is_kept(heap, p[0]));
	ktap_expect(t, !slate_debug_set_quarantine(heap, NULL, 0, 0));
	ktap_expect(t, kept(heap) == 0);
	slate_obj_free(heap, slate_obj_malloc(heap, 1));
	ktap_expect(t, kept(heap) == 0 && hooked_is_empty(heap));
	ktap_expect(t, slate_debug_set_quarantine(heap, NULL,
			SLATE_CONFIG_QUARANTINE + 1, 10) == -SLATE_EINVAL);
	slate_heap_destroy(heap);
}

/* A written block is reported when it is pushed out, and is not given back. */
static void block_is_looked_at_when_it_leaves(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	struct slate_debug_kept slots[2];
	unsigned char *p, *q;

	if (!heap)
		return;
	ktap_expect(t, !slate_debug_set_quarantine(heap, slots, 2, 1000));
	p = slate_mem_malloc(heap, 30);
	slate_mem_free(heap, p);
	p[29] = 'x';
	q = slate_mem_malloc(heap, 30);
	slate_mem_free(heap, q);
	ktap_expect(t, hooked_take().count == 0);
	slate_mem_free(heap, slate_mem_malloc(heap, 30));
	ktap_expect(t, hooked_one(SLATE_FAULT_USE_AFTER_FREE, p + 29, p));
	ktap_expect(t, q != p && kept(heap) == 2);
	slate_mem_free(heap, p);
	ktap_expect(t, hooked_take().count == 1);
	slate_heap_destroy(heap);
}

static void oldest_leave_before_an_allocation_fails(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const size_t size = TEST_HEAP / 8;
	struct slate_debug_kept slots[8];
	const struct test_tier *tier;
	void *p[8];
	void *q;
	size_t n, i;

	if (!heap)
		return;
	ktap_expect(t, !slate_debug_set_quarantine(heap, slots, 8, TEST_HEAP));
	for_each_tier(tier) {
		for (n = 0; n < 8; n++) {
			p[n] = tier->malloc(heap, size);
			if (!p[n])
				break;
		}
		ktap_expect(t, n > 4 && n < 8);
		for (i = 0; i < n; i++)
			tier->free(heap, p[i]);
		ktap_expect(t, kept(heap) == n);
		q = tier->malloc(heap, size);
		ktap_expect(t, q && kept(heap) == n - 1);
		ktap_expect(t, !is_kept(heap, p[0]) && is_kept(heap, p[1]));
		q = tier->realloc(heap, q, 4 * size);
		ktap_expect(t, q && kept(heap) > 0);
		tier->free(heap, q);
		ktap_expect(t, hooked_is_empty(heap));
	}
	ktap_expect(t, !SLATE_CONFIG_STATS || test_stats(heap).failures == 3);
	ktap_expect(t, hooked_take().count == 0);
	slate_heap_destroy(heap);
}

static struct slate_inject inject;

/* Blocks of a program of random calls. */
#define NSLOTS	12

struct slot {
	unsigned char *ptr;
	size_t size;
	const struct test_tier *tier;
};

static void step(struct ktap *t, struct slate_heap *heap, struct slot *slot)
{
	unsigned int key = (unsigned int)slot->size;
	size_t size = test_below(8) ? test_below(90) : test_below(900);
	size_t keep = size < slot->size ? size : slot->size;
	unsigned char *p;

	if (!slot->ptr) {
		slot->tier = &test_tiers[test_below(SLATE_TIERS)];
		p = test_below(2) ? slot->tier->malloc(heap, size) :
		    slot->tier->calloc(heap, 1, size);
	} else if (test_below(2)) {
		ktap_expect(t, test_filled(slot->ptr, slot->size, key));
		slot->tier->free(heap, slot->ptr);
		slot->ptr = NULL;
		return;
	} else {
		p = slot->tier->realloc(heap, slot->ptr, size);
		ktap_expect(t, p || size > slot->size);
		ktap_expect(t, test_filled(p ? p : slot->ptr,
					   p ? keep : slot->size, key));
	}
	if (!p)
		return;
	slot->ptr = p;
	slot->size = size;
	test_fill(p, size, (unsigned int)size);
}

static void run(struct ktap *t, struct slate_heap *heap, unsigned int steps)
{
	struct slot slots[NSLOTS];
	unsigned int i;

	memset(slots, 0, sizeof(slots));
	for (i = 0; i < steps; i++)
		step(t, heap, &slots[test_below(NSLOTS)]);
	ktap_expect(t, slate_debug_check_all(heap) == 0);
	ktap_expect(t, slate_heap_valid(heap));
	for (i = 0; i < NSLOTS; i++) {
		if (slots[i].ptr)
			slots[i].tier->free(heap, slots[i].ptr);
	}
	ktap_expect(t, test_stats(heap).live == 0);
	ktap_expect(t, test_stats(heap).blocks == 0);
	ktap_expect(t, hooked_take().count == 0);
	ktap_expect(t, faults_none());
}

static void random_calls_pass_in_a_small_heap(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);

	if (!heap)
		return;
	run(t, heap, 2000);
	ktap_expect(t, hooked_is_empty(heap));
	slate_heap_destroy(heap);
}

/* Failure on demand over debug hooks: the Nth request, for every N. */
static void nth_request_fails_for_every_n(struct ktap *t)
{
	struct slate_inject_rule rule = { .first = 1, .last = 1 };
	bool failed = true;

	for (; failed; rule.first = ++rule.last) {
		struct slate_heap *heap = hooked_heap(t);

		if (!heap)
			return;
		ktap_expect(t, !slate_inject_start(heap, &inject, &rule));
		test_seed = 1234567u;
		run(t, heap, 60);
		failed = inject.failed;
		ktap_expect(t, !slate_inject_stop(&inject));
		ktap_expect(t, hooked_is_empty(heap));
		slate_heap_destroy(heap);
	}
	ktap_expect(t, rule.first > 20);
}

static void injected_failures_pass_through_the_hooks(struct ktap *t)
{
	const struct slate_inject_rule rule = { .chance = 65536 / 4 };
	struct slate_heap *heap = hooked_heap(t);

	if (!heap)
		return;
	ktap_expect(t, !slate_inject_start(heap, &inject, &rule));
	ktap_expect(t, slate_debug_disable(heap) == -SLATE_EBUSY);
	run(t, heap, 1000);
	ktap_expect(t, inject.failed > 50);
	ktap_expect(t, !slate_inject_stop(&inject));
	ktap_expect(t, hooked_is_empty(heap));
	ktap_expect(t, !slate_debug_disable(heap));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(oldest_leave_when_the_slots_are_full),
	KTAP_CASE(oldest_leave_when_the_bytes_are_full),
	KTAP_CASE(block_is_looked_at_when_it_leaves),
	KTAP_CASE(oldest_leave_before_an_allocation_fails),
	KTAP_CASE(random_calls_pass_in_a_small_heap),
	KTAP_CASE(nth_request_fails_for_every_n),
	KTAP_CASE(injected_failures_pass_through_the_hooks),
};

KTAP_SUITE(slate_quarantine, cases);
