/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: who has how much: an account for each owner, a task, a module or
 * an interpreter, with a budget if it is to have one. A request beyond its
 * budget fails, for that owner alone.
 *
 * A block belongs to who allocated it, whoever resizes or frees it. Accounts
 * and the table of blocks are the caller's memory. A block that finds no
 * place in the table is nobody's, and counted; the call succeeds.
 *
 * Sizes here are those asked for, rounded up to a granule, at least one.
 */
#ifndef SLATE_OWNER_H
#define SLATE_OWNER_H

#include <slate/ledger.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_owner_account - what an owner has
 * @live: bytes of its blocks
 * @blocks: how many they are
 * @peak: the most that @live was, since the start or the last reset
 * @budget: the most that @live may be; 0 for no limit
 * @calls: allocations and resizes that succeeded
 * @refused: those that were beyond the budget
 * @failures: those that found no memory
 */
struct slate_owner_account {
	size_t live;
	size_t blocks;
	size_t peak;
	size_t budget;
	size_t calls;
	size_t refused;
	size_t failures;
};

/**
 * struct slate_owner_config - how to keep accounts
 * @accounts: one for each owner; budgets are set in them before the start
 * @owners: how many, 1 to 65535
 * @table: memory for a struct slate_entry a block, three words, aligned to a
 *	word
 * @size: bytes at @table
 * @tiers: a set of SLATE_WRAP_*; 0 for all
 * @owner: whose is the call being made? Called with no lock held; an owner
 *	beyond @owners is owner 0. NULL: slate_owner_set() says it
 * @arg: handed to @owner
 */
struct slate_owner_config {
	struct slate_owner_account *accounts;
	size_t owners;
	void *table;
	size_t size;
	unsigned int tiers;
	unsigned int (*owner)(void *arg);
	void *arg;
};

/**
 * struct slate_owner - accounts being kept
 * @wraps: the tiers' tables
 * @config: as given
 * @heap: the heap; NULL before start and after stop
 * @blocks: the table of blocks; its @lost are nobody's
 * @current: whose the calls are, if @config->owner does not say it
 *
 * Zeroed before the first use. The fields are for reading.
 */
struct slate_owner {
	struct slate_wrap wraps[SLATE_TIERS];
	const struct slate_owner_config *config;
	struct slate_heap *heap;
	struct slate_ledger blocks;
	unsigned int current;
};

/**
 * slate_owner_start() - begin to keep accounts
 * @owner: zeroed, or stopped; the caller's until slate_owner_stop()
 * @heap: the heap
 * @config: outlives them; all of its accounts but the budgets are cleared
 *
 * Blocks that live already are nobody's, and stay so.
 *
 * Context: the owner of the heap; nobody else may be in a call of it. O(table).
 * Return: 0; -SLATE_EINVAL if a number of @config is out of its range or the
 * table too small; -SLATE_EBUSY if @owner is in use; -SLATE_ENOTSUP without
 * SLATE_CONFIG_HOOKS.
 */
int slate_owner_start(struct slate_owner *owner, struct slate_heap *heap,
		      const struct slate_owner_config *config)
		      SLATE_MUST_CHECK;

/**
 * slate_owner_stop() - end the accounts, which stay as they are
 * @owner: one that was started
 *
 * Context: as slate_owner_start(). O(1).
 * Return: 0; -SLATE_EINVAL if it is not in use; -SLATE_EBUSY if a wrapper was
 * set over it, and then it goes on.
 */
int slate_owner_stop(struct slate_owner *owner) SLATE_MUST_CHECK;

/**
 * slate_owner_set() - whose are the calls from now on?
 * @owner: the accounts
 * @who: the owner
 *
 * For programs with one thread, or one lock around all that one owner does.
 *
 * Context: the owner of the heap. O(1).
 * Return: whose they were, to be set again.
 */
unsigned int slate_owner_set(struct slate_owner *owner, unsigned int who);

/**
 * slate_owner_current() - whose are the calls?
 * @owner: a struct slate_owner
 *
 * It is as struct slate_record_config wants its owner().
 *
 * Context: as the calls. O(1).
 * Return: what @config->owner says, or else what slate_owner_set() said.
 */
unsigned int slate_owner_current(void *owner);

/**
 * slate_owner_get() - read an account
 * @owner: the accounts
 * @who: the owner
 * @account: filled; untouched on error
 *
 * Context: as the calls. O(1).
 * Return: 0, or -SLATE_EINVAL for an owner that there is not.
 */
int slate_owner_get(struct slate_owner *owner, unsigned int who,
		    struct slate_owner_account *account) SLATE_MUST_CHECK;

/**
 * slate_owner_set_budget() - limit an owner
 * @owner: the accounts
 * @who: the owner
 * @bytes: the most that it may have; 0 for no limit
 *
 * What it has already stays, even beyond the budget.
 *
 * Context: as the calls. O(1).
 * Return: 0, or -SLATE_EINVAL for an owner that there is not.
 */
int slate_owner_set_budget(struct slate_owner *owner, unsigned int who,
			   size_t bytes) SLATE_MUST_CHECK;

/**
 * slate_owner_reset_peak() - let a peak start anew at what is live now
 * @owner: the accounts
 * @who: the owner
 *
 * Context: as the calls. O(1).
 * Return: 0, or -SLATE_EINVAL for an owner that there is not.
 */
int slate_owner_reset_peak(struct slate_owner *owner, unsigned int who);

/**
 * slate_owner_of() - whose is a block?
 * @owner: the accounts
 * @ptr: the block
 *
 * Context: as the calls. O(1).
 * Return: the owner, or -SLATE_EINVAL for a block that is nobody's.
 */
int slate_owner_of(struct slate_owner *owner, const void *ptr);

/**
 * slate_owner_give() - hand a block over
 * @owner: the accounts
 * @ptr: the block
 * @who: whose it is from now on
 *
 * Context: as the calls. O(1).
 * Return: 0; -SLATE_EINVAL for a block that is nobody's, or an owner that
 * there is not; -SLATE_ENOMEM if that is beyond the budget of @who, and then
 * the block stays whose it was.
 */
int slate_owner_give(struct slate_owner *owner, const void *ptr,
		     unsigned int who) SLATE_MUST_CHECK;

SLATE_END_DECLS

#endif /* SLATE_OWNER_H */
