// SPDX-License-Identifier: MIT
/*
 * Arenas from a source that are large enough for many pools: the straight
 * paths there, and the lists that they leave as they are.
 */
#include "far.h"

/* One pooled block of each full slot leaves the list. */
static unsigned int pick(struct slate_heap *heap, struct test_node **list,
			 struct test_node **picked)
{
	bool seen[FAR_SLOTS] = { false };
	struct test_node **at = list;
	unsigned int n = 0;

	while (*at) {
		struct test_node *node = *at;
		unsigned int slot = far_slot_of(node);

		if (slot + 1 >= far_state.out || seen[slot] ||
		    !test_pooled(heap, node)) {
			at = &node->next;
			continue;
		}
		seen[slot] = true;
		*at = node->next;
		picked[n++] = node;
	}
	return n;
}

static void block_freed_in_a_full_arena_is_found_again(struct ktap *t)
{
	struct slate_heap *heap = far_heap(t, FAR_SLOTS, &far_dirty);
	struct test_node *picked[FAR_SLOTS];
	struct test_node *list;
	unsigned int round;
	unsigned int i;
	unsigned int n;

	if (!heap)
		return;
	list = far_fill(t, heap, 2 * SLATE_GRANULE, 6);
	for (round = 0; round < 50; round++) {
		unsigned int calls = far_state.calls;
		unsigned int left = 0;

		n = pick(heap, &list, picked);
		ktap_expect(t, n >= 4);
		for (i = 0; i < n; i++)
			slate_obj_free(heap, picked[i]);
		ktap_expect(t, slate_heap_valid(heap));
		/* Those, or room that the newest arena has. */
		for (i = 0; i < n; i++) {
			struct test_node *node = slate_obj_malloc(heap, 32);

			if (!ktap_expect(t, node))
				return;
			left += far_slot_of(node) + 1 >= far_state.out;
			node->next = list;
			list = node;
		}
		ktap_expect(t, far_state.calls == calls);
		ktap_expect(t, round < 3 || left <= n);
	}
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	ktap_expect(t, test_stats(heap).live == 0);
	ktap_expect(t, test_stats(heap).arenas <= 2);
	far_end(t, heap);
}

static void every_size_comes_and_goes(struct ktap *t)
{
	struct slate_heap *heap = far_heap(t, FAR_SLOTS, &far_clean);
	size_t size;

	if (!heap)
		return;
	for (size = 1; size < 40 * SLATE_GRANULE; size += SLATE_GRANULE / 2) {
		const struct test_tier *tier = &test_tiers[size % 3];
		struct test_node *list = NULL;
		struct test_node *kept = NULL;
		unsigned int i = 0;

		while (far_state.out < 4) {
			struct test_node *node = tier->malloc(heap, size +
							      sizeof(*node));
			struct test_node **to = i++ % 5 ? &list : &kept;

			if (!ktap_expect(t, node))
				return;
			node->next = *to;
			*to = node;
		}
		ktap_expect(t, slate_heap_valid(heap));
		test_drain(heap, tier, &list);
		ktap_expect(t, slate_heap_valid(heap));
		test_drain(heap, tier, &kept);
		ktap_expect(t, test_stats(heap).live == 0);
		ktap_expect(t, test_stats(heap).arenas <= 2);
	}
	far_end(t, heap);
}

static void quota_is_kept_in_arenas(struct ktap *t)
{
	static const size_t sizes[] = { 16, 32, 100, 300, 2000, 20000 };
	struct slate_heap *heap = far_heap(t, FAR_SLOTS, &far_dirty);
	struct test_node *picked[FAR_SLOTS];
	struct test_node *list;
	struct test_state state;
	unsigned int i;

	if (!heap)
		return;
	list = far_fill(t, heap, 16, 3);
	if (!SLATE_CONFIG_STATS) {
		t->skip = "no quota in this configuration";
		slate_heap_destroy(heap);
		return;
	}
	/* Room in a pool of the home region, and of an arena. */
	for (i = pick(heap, &list, picked); i; i--)
		slate_obj_free(heap, picked[i - 1]);
	slate_heap_set_quota(heap, test_stats(heap).live);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		state = test_state(heap);
		ktap_expect(t, !slate_obj_malloc(heap, sizes[i]));
		ktap_expect(t, !slate_raw_malloc(heap, sizes[i]));
		ktap_expect(t, test_same_blocks(&state, heap));
	}
	slate_heap_set_quota(heap, 0);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		void *p = slate_obj_malloc(heap, sizes[i]);

		ktap_expect(t, p);
		slate_obj_free(heap, p);
	}
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	far_end(t, heap);
}

/* What is said of @ptr, a live block of @size bytes, and of what is near. */
static void judge_around(struct ktap *t, struct slate_heap *heap,
			 unsigned char *ptr, size_t size)
{
	slate_obj_free(heap, ptr + 1);
	ktap_expect(t, faults_one(SLATE_FAULT_UNALIGNED, heap, ptr + 1));
	if (size > SLATE_GRANULE) {
		slate_obj_free(heap, ptr + SLATE_GRANULE);
		ktap_expect(t, faults_one(SLATE_FAULT_INTERIOR, heap,
					  ptr + SLATE_GRANULE));
	}
	ktap_expect(t, slate_heap_usable_size(heap, ptr) >= size);
	slate_obj_free(heap, ptr);
	slate_obj_free(heap, ptr);
	ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, heap, ptr));
	ktap_expect(t, !slate_obj_realloc(heap, ptr, size));
	ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, heap, ptr));
}

static void pointers_into_arenas_are_judged(struct ktap *t)
{
	struct slate_heap *heap = far_heap(t, FAR_SLOTS, &far_dirty);
	struct test_node *list;
	unsigned char *outside;
	size_t size;

	if (!heap)
		return;
	list = far_fill(t, heap, 48, 4);
	for (size = 16; size < 3000; size += size / 3) {
		unsigned char *first = slate_obj_malloc(heap, size);
		unsigned char *ptr = slate_obj_malloc(heap, size);

		judge_around(t, heap, ptr, size);
		slate_obj_free(heap, first);
	}
	outside = far_slot(far_slot_of(list));
	slate_obj_free(heap, outside);
	ktap_expect(t, faults_one(SLATE_FAULT_TABLE, heap, outside));
	outside = far_slot(FAR_SLOTS - 1);
	slate_obj_free(heap, outside);
	ktap_expect(t, faults_one(SLATE_FAULT_FOREIGN, heap, outside));
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	far_end(t, heap);
}

/* A chunk from an empty arena, whose largest free one stays in its bin. */
static void an_arena_with_one_chunk_is_not_empty(struct ktap *t)
{
	struct slate_heap *heap = far_heap(t, FAR_SLOTS, &far_dirty);
	const struct test_tier *obj = &test_tiers[SLATE_TIER_OBJ];
	struct test_node *list;
	struct test_node *fill = NULL;
	struct test_node *p;

	if (!heap)
		return;
	list = far_fill(t, heap, 16, 3);
	p = list;
	list = p->next;
	ktap_expect(t, far_slot_of(p) == 2);
	slate_obj_free(heap, p);
	ktap_expect(t, far_state.out == 3);
	p = slate_raw_malloc(heap, 10 * SLATE_GRANULE);
	while (p && far_slot_of(p) != 2) {
		p->next = fill;
		fill = p;
		p = slate_raw_malloc(heap, 10 * SLATE_GRANULE);
	}
	ktap_expect(t, p);
	test_drain(heap, &test_tiers[SLATE_TIER_RAW], &fill);
	/* Empty are home and the one between: that one may be kept. */
	test_drain(heap, obj, &list);
	ktap_expect(t, slate_heap_valid(heap));
	ktap_expect(t, far_state.out == 3);
	slate_raw_free(heap, p);
	ktap_expect(t, far_state.out == 2);
	far_end(t, heap);
}

/* The source has no more: what pools keep is found before a request fails. */
static void pools_of_arenas_give_way(struct ktap *t)
{
	struct slate_heap *heap = far_heap(t, 3, &far_dirty);
	const struct test_tier *obj = &test_tiers[SLATE_TIER_OBJ];
	struct test_node *list;
	struct test_node *raw;
	size_t spare;
	void *p;

	if (!heap)
		return;
	test_exhaust(heap, obj, 4 * SLATE_GRANULE, &list);
	test_exhaust(heap, &test_tiers[SLATE_TIER_RAW], SLATE_GRANULE, &raw);
	ktap_expect(t, far_state.out == 3);
	/* Blocks of four granules are free, none smaller, and no chunk. */
	p = list->next;
	while (!test_pooled(heap, p) || !far_slot_of(p))
		p = ((struct test_node *)p)->next;
	for (spare = 0; list != p; spare++) {
		struct test_node *node = list;

		list = node->next;
		node->next = raw;
		raw = node;
	}
	list = list->next;
	slate_obj_free(heap, p);
	ktap_expect(t, slate_obj_malloc(heap, 1) == p);
	slate_obj_free(heap, p);
	test_drain(heap, obj, &list);
	ktap_expect(t, slate_raw_malloc(heap, 30 * SLATE_GRANULE));
	ktap_expect(t, slate_heap_valid(heap));
	test_drain(heap, obj, &raw);
	far_end(t, heap);
}

/* None where every case is skipped. */
#define BLOCKS	(TEST_MEMORY < 1048576 ? 1u : 2000u)

static struct {
	unsigned char *ptr;
	size_t size;
} blocks[BLOCKS];

static size_t any_size(void)
{
	switch (test_below(32)) {
	case 0:
		return 1 + test_below(3 * (uint32_t)FAR_SIZE / 2);
	case 1:
	case 2:
		return 1 + test_below(4000);
	case 3:
	case 4:
	case 5:
		return 1 + test_below(500);
	default:
		return 1 + test_below(130);
	}
}

/* One call on block @i; it stays as it was if the call returns NULL. */
static void step(struct ktap *t, struct slate_heap *heap, unsigned int i)
{
	const struct test_tier *tier = &test_tiers[test_below(SLATE_TIERS)];
	unsigned char *old = blocks[i].ptr;
	size_t size = any_size();
	size_t keep = size < blocks[i].size ? size : blocks[i].size;
	unsigned char *p;

	if (old && test_below(3)) {
		ktap_expect(t, test_filled(old, blocks[i].size, i));
		tier->free(heap, old);
		blocks[i].ptr = NULL;
		blocks[i].size = 0;
		return;
	}
	p = tier->realloc(heap, old, size);
	if (!p)
		return;
	ktap_expect(t, test_filled(p, keep, i));
	test_fill(p, size, i);
	blocks[i].ptr = p;
	blocks[i].size = size;
}

static void churn(struct ktap *t, struct slate_heap *heap, unsigned int steps)
{
	while (steps--) {
		step(t, heap, test_below(BLOCKS));
		if (steps % 512 == 0)
			ktap_expect(t, slate_heap_valid(heap));
	}
}

/* The blocks come and go at random, then all go, and most arenas with them. */
static void random_calls_leave_a_whole_heap(struct ktap *t)
{
	unsigned int round;
	unsigned int i;

	for (round = 0; round < 6; round++) {
		struct slate_heap *heap = far_heap(t, round & 2 ? 7 : FAR_SLOTS,
						   round & 1 ? &far_clean :
						   &far_dirty);

		if (!heap)
			return;
		memset(blocks, 0, sizeof(blocks));
		churn(t, heap, SLATE_CONFIG_CHECK >= 4 ? 1000 : 30000);
		for (i = 0; i < BLOCKS; i++) {
			if (blocks[i].ptr)
				slate_mem_free(heap, blocks[i].ptr);
		}
		ktap_expect(t, test_stats(heap).live == 0);
		ktap_expect(t, test_stats(heap).arenas <= 2);
		far_end(t, heap);
	}
}

static const struct ktap_case cases[] = {
	KTAP_CASE(block_freed_in_a_full_arena_is_found_again),
	KTAP_CASE(every_size_comes_and_goes),
	KTAP_CASE(quota_is_kept_in_arenas),
	KTAP_CASE(pointers_into_arenas_are_judged),
	KTAP_CASE(an_arena_with_one_chunk_is_not_empty),
	KTAP_CASE(pools_of_arenas_give_way),
	KTAP_CASE(random_calls_leave_a_whole_heap),
};

KTAP_SUITE(slate_far, cases);
