// SPDX-License-Identifier: MIT
/* Budgets of owners, a full table, and random calls against a model. */
#include "owning.h"

static void budget_fails_for_its_owner_alone(struct ktap *t)
{
	struct slate_heap *heap = owning_prepare(t);
	const size_t g = SLATE_GRANULE;
	void *p;
	void *q;

	if (!heap)
		return;
	owned->accounts[1].budget = 10 * g;
	owned->accounts[1].live = 12345;
	owning_begin(t, heap);
	slate_owner_set(owner, 1);
	p = slate_mem_malloc(heap, 6 * g);
	ktap_expect(t, p && !slate_mem_malloc(heap, 4 * g + 1));
	ktap_expect(t, !slate_obj_calloc(heap, 5, g));
	ktap_expect(t, !slate_raw_aligned_alloc(heap, 64, 5 * g));
	ktap_expect(t, owned->accounts[1].refused == 3);
	ktap_expect(t, owned->accounts[1].failures == 0);
	ktap_expect(t, owner_has(1, 6 * g, 1, 6 * g));
	q = slate_mem_malloc(heap, 4 * g);
	ktap_expect(t, q && !slate_mem_malloc(heap, 0));
	test_fill(p, 6 * g, 1);
	ktap_expect(t, !slate_mem_realloc(heap, p, 6 * g + 1));
	ktap_expect(t, test_filled(p, 6 * g, 1));
	/* The others go on. */
	slate_owner_set(owner, 2);
	slate_mem_free(heap, slate_mem_malloc(heap, 20 * g));
	/* Not by another's resize either: it is the same block. */
	ktap_expect(t, !slate_mem_realloc(heap, p, 7 * g));
	slate_owner_set(owner, 1);
	/* Beyond a budget that fell, shrinking goes on. */
	ktap_expect(t, slate_owner_set_budget(owner, 1, g) == 0);
	p = slate_mem_realloc(heap, p, 5 * g);
	ktap_expect(t, p && test_filled(p, 5 * g, 1));
	ktap_expect(t, !slate_mem_malloc(heap, 1));
	slate_mem_free(heap, p);
	slate_mem_free(heap, q);
	ktap_expect(t, owner_has(1, 0, 0, 10 * g));
	p = slate_mem_malloc(heap, g);
	ktap_expect(t, p && !slate_mem_malloc(heap, 1));
	ktap_expect(t, slate_owner_set_budget(owner, 1, 0) == 0);
	ktap_expect(t, slate_mem_malloc(heap, 1));
	owning_stop(t, heap);
}

/* Blocks without an entry are nobody's; their calls succeed. */
static void full_table_leaves_blocks_to_nobody(struct ktap *t)
{
	struct slate_heap *heap = owning_prepare(t);
	const struct test_tier *mem = &test_tiers[SLATE_TIER_MEM];
	struct test_node *list;
	void *old;
	size_t n;

	if (!heap)
		return;
	old = slate_mem_malloc(heap, 10);
	owning_begin(t, heap);
	ktap_expect(t, slate_owner_of(owner, old) == -SLATE_EINVAL);
	old = slate_mem_realloc(heap, old, 100);
	ktap_expect(t, owner_has(0, 0, 0, 0));
	slate_mem_free(heap, old);
	n = test_exhaust(heap, mem, sizeof(void *), &list);
	ktap_expect(t, owner->blocks.lost > 0);
	ktap_expect(t, owner->blocks.count == owned->accounts[0].blocks);
	ktap_expect(t, owner->blocks.count + owner->blocks.lost == n);
	ktap_expect(t, owned->accounts[0].calls == n);
	ktap_expect(t, owned->accounts[0].live ==
		    owner->blocks.count * SLATE_GRANULE);
	test_drain(heap, mem, &list);
	ktap_expect(t, owned->accounts[0].live == 0);
	ktap_expect(t, owned->accounts[0].blocks == 0);
	owning_stop(t, heap);
}

static void random_calls_agree_with_the_accounts(struct ktap *t)
{
	struct slate_heap *heap = owning_prepare(t);
	unsigned int step;

	if (!heap)
		return;
	owned->accounts[1].budget = 20 * SLATE_GRANULE;
	owning_begin(t, heap);
	for (step = 0; step < 2000; step++) {
		const struct test_tier *tier = &test_tiers[test_below(3)];
		unsigned int who = test_below(OWNERS);
		unsigned int i = test_below(OWNED_SLOTS);
		unsigned char size = (unsigned char)test_below(90);
		size_t live[OWNERS] = { 0 };
		void *p;

		slate_owner_set(owner, who);
		if (owned->slots[i] && test_below(2)) {
			tier->free(heap, owned->slots[i]);
			owned->slots[i] = NULL;
		} else {
			p = tier->realloc(heap, owned->slots[i], size);
			if (p && !owned->slots[i])
				owned->whose[i] = (unsigned char)who;
			if (p) {
				owned->slots[i] = p;
				owned->sizes[i] = size;
			}
		}
		for (i = 0; i < OWNED_SLOTS; i++) {
			if (owned->slots[i])
				live[owned->whose[i]] +=
					charged(owned->sizes[i]);
		}
		for (i = 0; i < OWNERS; i++)
			ktap_expect(t, live[i] == owned->accounts[i].live);
		ktap_expect(t, live[1] <= 20 * SLATE_GRANULE);
	}
	ktap_expect(t, owned->accounts[1].refused > 0);
	ktap_expect(t, owned->accounts[1].peak == 20 * SLATE_GRANULE);
	ktap_expect(t, owner->blocks.lost == 0);
	owning_stop(t, heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(budget_fails_for_its_owner_alone),
	KTAP_CASE(full_table_leaves_blocks_to_nobody),
	KTAP_CASE(random_calls_agree_with_the_accounts),
};

KTAP_SUITE(slate_budget, cases);
