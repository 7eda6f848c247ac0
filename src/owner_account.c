// SPDX-License-Identifier: MIT
/* Accounts: opened and closed, read and changed; blocks handed over. */
#include "mem_calls.h"
#include "owner.h"

static void open_accounts(const struct slate_owner_config *config)
{
	size_t i;

	for (i = 0; i < config->owners; i++) {
		const struct slate_owner_account fresh = {
			.budget = config->accounts[i].budget,
		};

		config->accounts[i] = fresh;
	}
}

int slate_owner_start(struct slate_owner *owner, struct slate_heap *heap,
		      const struct slate_owner_config *config)
{
	int err;

	if (owner->heap)
		return -SLATE_EBUSY;
	if (!config->owners || config->owners > 65535)
		return -SLATE_EINVAL;
	memset(owner, 0, sizeof(*owner));
	owner->config = config;
	if (!slate_ledger_divide_(&owner->blocks, config->table, config->size))
		return -SLATE_EINVAL;
	err = slate_wrap_push(heap, owner->wraps, config->tiers,
			      &slate_owner_calls_, "owner", owner);
	if (err)
		return err;
	slate_ledger_empty_(&owner->blocks);
	open_accounts(config);
	owner->heap = heap;
	return 0;
}

int slate_owner_stop(struct slate_owner *owner)
{
	int err;

	if (!owner->heap)
		return -SLATE_EINVAL;
	err = slate_wrap_pop(owner->heap, owner->wraps);
	if (!err)
		owner->heap = NULL;
	return err;
}

unsigned int slate_owner_set(struct slate_owner *owner, unsigned int who)
{
	unsigned int before = owner->current;

	owner->current = who;
	return before;
}

unsigned int slate_owner_current(void *arg)
{
	const struct slate_owner *owner = arg;

	if (owner->config->owner)
		return owner->config->owner(owner->config->arg);
	return owner->current;
}

int slate_owner_get(struct slate_owner *owner, unsigned int who,
		    struct slate_owner_account *account)
{
	slate_port_key key;

	if (!owner->config || !slate_owner_account_(owner, who))
		return -SLATE_EINVAL;
	key = port_lock();
	*account = *slate_owner_account_(owner, who);
	port_unlock(key);
	return 0;
}

int slate_owner_set_budget(struct slate_owner *owner, unsigned int who,
			   size_t bytes)
{
	if (!owner->config || !slate_owner_account_(owner, who))
		return -SLATE_EINVAL;
	slate_owner_account_(owner, who)->budget = bytes;
	return 0;
}

int slate_owner_reset_peak(struct slate_owner *owner, unsigned int who)
{
	struct slate_owner_account *account;
	slate_port_key key;

	if (!owner->config || !slate_owner_account_(owner, who))
		return -SLATE_EINVAL;
	account = slate_owner_account_(owner, who);
	key = port_lock();
	account->peak = account->live;
	port_unlock(key);
	return 0;
}

int slate_owner_of(struct slate_owner *owner, const void *ptr)
{
	const struct slate_entry *entry;
	slate_port_key key;
	int who = -SLATE_EINVAL;

	if (!owner->heap || !ptr)
		return who;
	key = port_lock();
	entry = slate_ledger_look_(&owner->blocks, SLATE_TIER_RAW,
				   (uintptr_t)ptr);
	if (entry)
		who = entry->whose;
	port_unlock(key);
	return who;
}

/* Lock held. */
static int give(struct slate_owner *owner, struct slate_entry *entry,
		unsigned int who)
{
	struct slate_owner_account *from =
		slate_owner_account_(owner, entry->whose);
	struct slate_owner_account *to = slate_owner_account_(owner, who);

	if (from == to)
		return 0;
	if (!slate_owner_fits_(to, entry->size)) {
		to->refused++;
		return -SLATE_ENOMEM;
	}
	from->live -= entry->size;
	from->blocks--;
	to->live += entry->size;
	to->blocks++;
	if (to->live > to->peak)
		to->peak = to->live;
	entry->whose = (uint16_t)who;
	return 0;
}

int slate_owner_give(struct slate_owner *owner, const void *ptr,
		     unsigned int who)
{
	struct slate_entry *entry;
	slate_port_key key;
	int err = -SLATE_EINVAL;

	if (!owner->heap || !ptr || !slate_owner_account_(owner, who))
		return err;
	key = port_lock();
	entry = slate_ledger_look_(&owner->blocks, SLATE_TIER_RAW,
				   (uintptr_t)ptr);
	if (entry)
		err = give(owner, entry, who);
	port_unlock(key);
	return err;
}
