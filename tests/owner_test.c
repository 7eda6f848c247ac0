// SPDX-License-Identifier: MIT
/* Accounts of owners, and their budgets. */
#include "testing.h"

static const char no_hooks[] = "no hooks in this configuration";

#define OWNERS	3
#define SLOTS	16

struct area {
	struct slate_owner owner;
	struct slate_owner_config config;
	struct slate_owner_account accounts[OWNERS];
	struct slate_entry table[32];
	void *slots[SLOTS];
	unsigned char sizes[SLOTS];
	unsigned char whose[SLOTS];
};

static struct area *area;
static struct slate_owner *owner;

static struct slate_heap *prepare(struct ktap *t)
{
	const size_t room = (sizeof(*area) + 63) / 64 * 64;
	unsigned char *at = test_memory + TEST_HEAP - room;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = no_hooks;
		return NULL;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	area = memset(at, 0, sizeof(*area));
	owner = &area->owner;
	area->config.accounts = area->accounts;
	area->config.owners = OWNERS;
	area->config.table = area->table;
	area->config.size = sizeof(area->table);
	return slate_heap_create(test_memory, TEST_HEAP - room);
}

static struct slate_heap *start(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);

	if (!heap)
		return NULL;
	ktap_expect(t, slate_owner_start(owner, heap, &area->config) == 0);
	return heap;
}

static void stop(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_owner_stop(owner) == 0);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

/* What a request of @size is charged. */
static size_t charged(size_t size)
{
	return (size + !size + SLATE_GRANULE - 1) / SLATE_GRANULE *
	       SLATE_GRANULE;
}

static bool has(unsigned int who, size_t live, size_t blocks, size_t peak)
{
	struct slate_owner_account account;

	return !slate_owner_get(owner, who, &account) &&
	       account.live == live && account.blocks == blocks &&
	       account.peak == peak;
}

static void accounts_follow_each_call(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	ktap_expect(t, slate_owner_set(owner, 1) == 0);
	ktap_expect(t, slate_owner_current(owner) == 1);
	for_each_tier(tier) {
		void *p = tier->malloc(heap, 0);
		void *q = tier->calloc(heap, 3, 7);
		void *r = tier->realloc(heap, NULL, 50);

		ktap_expect(t, has(1, charged(0) + charged(21) + charged(50),
				   3, charged(0) + charged(21) + charged(50)));
		tier->free(heap, q);
		q = tier->realloc(heap, p, 21);
		ktap_expect(t, has(1, charged(21) + charged(50), 2,
				   charged(0) + charged(21) + charged(50)));
		q = tier->realloc(heap, q, 1);
		ktap_expect(t, !tier->realloc(heap, q, TEST_MEMORY));
		ktap_expect(t, !tier->malloc(heap, TEST_MEMORY));
		tier->free(heap, NULL);
		ktap_expect(t, area->accounts[1].live ==
			    charged(1) + charged(50));
		ktap_expect(t, area->accounts[1].failures == 2);
		ktap_expect(t, area->accounts[1].refused == 0);
		ktap_expect(t, area->accounts[1].calls == 5);
		tier->free(heap, q);
		/* Through another tier. */
		slate_raw_free(heap, r);
		ktap_expect(t, area->accounts[1].live == 0);
		ktap_expect(t, area->accounts[1].blocks == 0);
		ktap_expect(t, slate_owner_reset_peak(owner, 1) == 0);
		ktap_expect(t, has(1, 0, 0, 0));
		area->accounts[1].failures = 0;
		area->accounts[1].calls = 0;
	}
	ktap_expect(t, slate_raw_aligned_alloc(heap, 64, 5));
	ktap_expect(t, has(1, charged(5), 1, charged(5)));
	ktap_expect(t, has(0, 0, 0, 0) && has(2, 0, 0, 0));
	stop(t, heap);
	/* They stay as they were. */
	ktap_expect(t, has(1, charged(5), 1, charged(5)));
}

static void block_belongs_to_who_allocated_it(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	void *p;
	void *q;

	if (!heap)
		return;
	slate_owner_set(owner, 1);
	p = slate_mem_malloc(heap, 10);
	slate_owner_set(owner, 2);
	q = slate_mem_malloc(heap, 10);
	ktap_expect(t, slate_owner_of(owner, p) == 1);
	ktap_expect(t, slate_owner_of(owner, q) == 2);
	ktap_expect(t, slate_owner_of(owner, NULL) == -SLATE_EINVAL);
	ktap_expect(t, slate_owner_of(owner, heap) == -SLATE_EINVAL);
	p = slate_mem_realloc(heap, p, 100);
	ktap_expect(t, slate_owner_of(owner, p) == 1);
	ktap_expect(t, has(1, charged(100), 1, charged(100)));
	slate_mem_free(heap, p);
	ktap_expect(t, has(1, 0, 0, charged(100)));
	ktap_expect(t, has(2, charged(10), 1, charged(10)));
	/* One that there is not is owner 0. */
	slate_owner_set(owner, OWNERS);
	slate_mem_malloc(heap, 1);
	ktap_expect(t, has(0, charged(1), 1, charged(1)));
	stop(t, heap);
}

static void budget_fails_for_its_owner_alone(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	const size_t g = SLATE_GRANULE;
	void *p;
	void *q;

	if (!heap)
		return;
	area->accounts[1].budget = 10 * g;
	area->accounts[1].live = 12345;
	ktap_expect(t, slate_owner_start(owner, heap, &area->config) == 0);
	slate_owner_set(owner, 1);
	p = slate_mem_malloc(heap, 6 * g);
	ktap_expect(t, p && !slate_mem_malloc(heap, 4 * g + 1));
	ktap_expect(t, !slate_obj_calloc(heap, 5, g));
	ktap_expect(t, !slate_raw_aligned_alloc(heap, 64, 5 * g));
	ktap_expect(t, area->accounts[1].refused == 3);
	ktap_expect(t, area->accounts[1].failures == 0);
	ktap_expect(t, has(1, 6 * g, 1, 6 * g));
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
	ktap_expect(t, has(1, 0, 0, 10 * g));
	p = slate_mem_malloc(heap, g);
	ktap_expect(t, p && !slate_mem_malloc(heap, 1));
	ktap_expect(t, slate_owner_set_budget(owner, 1, 0) == 0);
	ktap_expect(t, slate_mem_malloc(heap, 1));
	stop(t, heap);
}

static void blocks_are_handed_over(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	void *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 50);
	ktap_expect(t, slate_owner_give(owner, p, 1) == 0);
	ktap_expect(t, slate_owner_of(owner, p) == 1);
	ktap_expect(t, has(0, 0, 0, charged(50)));
	ktap_expect(t, has(1, charged(50), 1, charged(50)));
	ktap_expect(t, slate_owner_give(owner, p, 1) == 0);
	ktap_expect(t, slate_owner_set_budget(owner, 2, charged(49)) == 0);
	ktap_expect(t, slate_owner_set_budget(owner, 2,
					      charged(50) - 1) == 0);
	ktap_expect(t, slate_owner_give(owner, p, 2) == -SLATE_ENOMEM);
	ktap_expect(t, slate_owner_of(owner, p) == 1);
	ktap_expect(t, area->accounts[2].refused == 1);
	ktap_expect(t, slate_owner_give(owner, p, OWNERS) == -SLATE_EINVAL);
	ktap_expect(t, slate_owner_give(owner, NULL, 1) == -SLATE_EINVAL);
	ktap_expect(t, slate_owner_give(owner, heap, 1) == -SLATE_EINVAL);
	slate_mem_free(heap, p);
	ktap_expect(t, has(1, 0, 0, charged(50)));
	stop(t, heap);
}

static unsigned int ask(void *arg)
{
	unsigned int *who = arg;

	return (*who)++ % OWNERS;
}

static void owner_may_be_asked_for(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	unsigned int who = 0;
	int i;

	if (!heap)
		return;
	area->config.owner = ask;
	area->config.arg = &who;
	ktap_expect(t, slate_owner_start(owner, heap, &area->config) == 0);
	for (i = 0; i < 2 * OWNERS; i++)
		ktap_expect(t, slate_owner_of(owner, slate_obj_malloc(heap,
					1)) == i % OWNERS);
	stop(t, heap);
}

/* Blocks without an entry are nobody's; their calls succeed. */
static void full_table_leaves_blocks_to_nobody(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	const struct test_tier *mem = &test_tiers[SLATE_TIER_MEM];
	struct test_node *list;
	void *old;
	size_t n;

	if (!heap)
		return;
	old = slate_mem_malloc(heap, 10);
	ktap_expect(t, slate_owner_start(owner, heap, &area->config) == 0);
	ktap_expect(t, slate_owner_of(owner, old) == -SLATE_EINVAL);
	old = slate_mem_realloc(heap, old, 100);
	ktap_expect(t, has(0, 0, 0, 0));
	slate_mem_free(heap, old);
	n = test_exhaust(heap, mem, sizeof(void *), &list);
	ktap_expect(t, owner->blocks.lost > 0);
	ktap_expect(t, owner->blocks.count == area->accounts[0].blocks);
	ktap_expect(t, owner->blocks.count + owner->blocks.lost == n);
	ktap_expect(t, area->accounts[0].calls == n);
	ktap_expect(t, area->accounts[0].live ==
		    owner->blocks.count * SLATE_GRANULE);
	test_drain(heap, mem, &list);
	ktap_expect(t, area->accounts[0].live == 0);
	ktap_expect(t, area->accounts[0].blocks == 0);
	stop(t, heap);
}

static void random_calls_agree_with_the_accounts(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	unsigned int step;

	if (!heap)
		return;
	area->accounts[1].budget = 20 * SLATE_GRANULE;
	ktap_expect(t, slate_owner_start(owner, heap, &area->config) == 0);
	for (step = 0; step < 2000; step++) {
		const struct test_tier *tier = &test_tiers[test_below(3)];
		unsigned int who = test_below(OWNERS);
		unsigned int i = test_below(SLOTS);
		unsigned char size = (unsigned char)test_below(90);
		size_t live[OWNERS] = { 0 };
		void *p;

		slate_owner_set(owner, who);
		if (area->slots[i] && test_below(2)) {
			tier->free(heap, area->slots[i]);
			area->slots[i] = NULL;
		} else {
			p = tier->realloc(heap, area->slots[i], size);
			if (p && !area->slots[i])
				area->whose[i] = (unsigned char)who;
			if (p) {
				area->slots[i] = p;
				area->sizes[i] = size;
			}
		}
		for (i = 0; i < SLOTS; i++) {
			if (area->slots[i])
				live[area->whose[i]] += charged(area->sizes[i]);
		}
		for (i = 0; i < OWNERS; i++)
			ktap_expect(t, live[i] == area->accounts[i].live);
		ktap_expect(t, live[1] <= 20 * SLATE_GRANULE);
	}
	ktap_expect(t, area->accounts[1].refused > 0);
	ktap_expect(t, area->accounts[1].peak == 20 * SLATE_GRANULE);
	ktap_expect(t, owner->blocks.lost == 0);
	stop(t, heap);
}

static void owner_refuses_what_it_cannot_do(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	struct slate_owner_config *config = &area->config;
	struct slate_owner_account account;

	if (!heap)
		return;
	ktap_expect(t, slate_owner_stop(owner) == -SLATE_EINVAL);
	ktap_expect(t, slate_owner_get(owner, 0, &account) == -SLATE_EINVAL);
	ktap_expect(t, slate_owner_of(owner, heap) == -SLATE_EINVAL);
	config->owners = 0;
	ktap_expect(t, slate_owner_start(owner, heap, config) ==
		    -SLATE_EINVAL);
	config->owners = 65536;
	ktap_expect(t, slate_owner_start(owner, heap, config) ==
		    -SLATE_EINVAL);
	config->owners = OWNERS;
	config->size = 7 * sizeof(struct slate_entry);
	ktap_expect(t, slate_owner_start(owner, heap, config) ==
		    -SLATE_EINVAL);
	config->size = sizeof(area->table);
	config->tiers = 8;
	ktap_expect(t, slate_owner_start(owner, heap, config) ==
		    -SLATE_EINVAL);
	config->tiers = 0;
	ktap_expect(t, slate_owner_start(owner, heap, config) == 0);
	ktap_expect(t, slate_owner_start(owner, heap, config) ==
		    -SLATE_EBUSY);
	ktap_expect(t, slate_owner_get(owner, OWNERS, &account) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_owner_set_budget(owner, OWNERS, 1) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_owner_reset_peak(owner, OWNERS) ==
		    -SLATE_EINVAL);
	stop(t, heap);
}

static void owner_is_not_supported_without_hooks(struct ktap *t)
{
	static struct slate_owner_account account;
	struct slate_entry table[8];
	const struct slate_owner_config config = {
		.accounts = &account, .owners = 1, .table = table,
		.size = sizeof(table),
	};
	struct slate_owner off;

	if (SLATE_CONFIG_HOOKS) {
		t->skip = "hooks in this configuration";
		return;
	}
	memset(&off, 0, sizeof(off));
	ktap_expect(t, slate_owner_start(&off, test_heap(), &config) ==
		    -SLATE_ENOTSUP);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(accounts_follow_each_call),
	KTAP_CASE(block_belongs_to_who_allocated_it),
	KTAP_CASE(budget_fails_for_its_owner_alone),
	KTAP_CASE(blocks_are_handed_over),
	KTAP_CASE(owner_may_be_asked_for),
	KTAP_CASE(full_table_leaves_blocks_to_nobody),
	KTAP_CASE(random_calls_agree_with_the_accounts),
	KTAP_CASE(owner_refuses_what_it_cannot_do),
	KTAP_CASE(owner_is_not_supported_without_hooks),
};

KTAP_SUITE(slate_owner, cases);
