// SPDX-License-Identifier: MIT
/* Accounts of owners: whose blocks are, and how they change hands. */
#include "owning.h"

static void accounts_follow_each_call(struct ktap *t)
{
	struct slate_heap *heap = owning_start(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	ktap_expect(t, slate_owner_set(owner, 1) == 0);
	ktap_expect(t, slate_owner_current(owner) == 1);
	for_each_tier(tier) {
		void *p = tier->malloc(heap, 0);
		void *q = tier->calloc(heap, 3, 7);
		void *r = tier->realloc(heap, NULL, 50);

		ktap_expect(t, owner_has(1, charged(0) + charged(21) +
					 charged(50), 3,
						 charged(0) + charged(21) +
							 charged(50)));
		tier->free(heap, q);
		q = tier->realloc(heap, p, 21);
		ktap_expect(t, owner_has(1, charged(21) + charged(50), 2,
					 charged(0) + charged(21) +
						 charged(50)));
		q = tier->realloc(heap, q, 1);
		ktap_expect(t, !tier->realloc(heap, q, TEST_MEMORY));
		ktap_expect(t, !tier->malloc(heap, TEST_MEMORY));
		tier->free(heap, NULL);
		ktap_expect(t, owned->accounts[1].live ==
			    charged(1) + charged(50));
		ktap_expect(t, owned->accounts[1].failures == 2);
		ktap_expect(t, owned->accounts[1].refused == 0);
		ktap_expect(t, owned->accounts[1].calls == 5);
		tier->free(heap, q);
		/* Through another tier. */
		slate_raw_free(heap, r);
		ktap_expect(t, owned->accounts[1].live == 0);
		ktap_expect(t, owned->accounts[1].blocks == 0);
		ktap_expect(t, slate_owner_reset_peak(owner, 1) == 0);
		ktap_expect(t, owner_has(1, 0, 0, 0));
		owned->accounts[1].failures = 0;
		owned->accounts[1].calls = 0;
	}
	ktap_expect(t, slate_raw_aligned_alloc(heap, 64, 5));
	ktap_expect(t, owner_has(1, charged(5), 1, charged(5)));
	ktap_expect(t, owner_has(0, 0, 0, 0) && owner_has(2, 0, 0, 0));
	owning_stop(t, heap);
	/* They stay as they were. */
	ktap_expect(t, owner_has(1, charged(5), 1, charged(5)));
}

static void block_belongs_to_who_allocated_it(struct ktap *t)
{
	struct slate_heap *heap = owning_start(t);
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
	ktap_expect(t, owner_has(1, charged(100), 1, charged(100)));
	slate_mem_free(heap, p);
	ktap_expect(t, owner_has(1, 0, 0, charged(100)));
	ktap_expect(t, owner_has(2, charged(10), 1, charged(10)));
	/* One that there is not is owner 0. */
	slate_owner_set(owner, OWNERS);
	slate_mem_malloc(heap, 1);
	ktap_expect(t, owner_has(0, charged(1), 1, charged(1)));
	owning_stop(t, heap);
}

static void blocks_are_handed_over(struct ktap *t)
{
	struct slate_heap *heap = owning_start(t);
	void *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 50);
	ktap_expect(t, slate_owner_give(owner, p, 1) == 0);
	ktap_expect(t, slate_owner_of(owner, p) == 1);
	ktap_expect(t, owner_has(0, 0, 0, charged(50)));
	ktap_expect(t, owner_has(1, charged(50), 1, charged(50)));
	ktap_expect(t, slate_owner_give(owner, p, 1) == 0);
	ktap_expect(t, slate_owner_set_budget(owner, 2, charged(49)) == 0);
	ktap_expect(t, slate_owner_set_budget(owner, 2,
					      charged(50) - 1) == 0);
	ktap_expect(t, slate_owner_give(owner, p, 2) == -SLATE_ENOMEM);
	ktap_expect(t, slate_owner_of(owner, p) == 1);
	ktap_expect(t, owned->accounts[2].refused == 1);
	ktap_expect(t, slate_owner_give(owner, p, OWNERS) == -SLATE_EINVAL);
	ktap_expect(t, slate_owner_give(owner, NULL, 1) == -SLATE_EINVAL);
	ktap_expect(t, slate_owner_give(owner, heap, 1) == -SLATE_EINVAL);
	slate_mem_free(heap, p);
	ktap_expect(t, owner_has(1, 0, 0, charged(50)));
	owning_stop(t, heap);
}

static unsigned int ask(void *arg)
{
	unsigned int *who = arg;

	return (*who)++ % OWNERS;
}

static void owner_may_be_asked_for(struct ktap *t)
{
	struct slate_heap *heap = owning_prepare(t);
	unsigned int who = 0;
	int i;

	if (!heap)
		return;
	owned->config.owner = ask;
	owned->config.arg = &who;
	owning_begin(t, heap);
	for (i = 0; i < 2 * OWNERS; i++)
		ktap_expect(t, slate_owner_of(owner,
					      slate_obj_malloc(heap, 1)) ==
						      i % OWNERS);
	owning_stop(t, heap);
}

static void owner_refuses_what_it_cannot_do(struct ktap *t)
{
	struct slate_heap *heap = owning_prepare(t);
	struct slate_owner_config *config = &owned->config;
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
	config->size = sizeof(owned->table);
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
	owning_stop(t, heap);
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
	KTAP_CASE(blocks_are_handed_over),
	KTAP_CASE(owner_may_be_asked_for),
	KTAP_CASE(owner_refuses_what_it_cannot_do),
	KTAP_CASE(owner_is_not_supported_without_hooks),
};

KTAP_SUITE(slate_owner, cases);
