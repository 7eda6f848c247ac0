// SPDX-License-Identifier: MIT
/*
 * The accounts' wrapper of the tiers.
 *
 * A request is charged before it is made, so that two at once cannot exceed a
 * budget together, and what it was charged is given back if it fails. A
 * block's entry goes before the block does, and comes after it: between the
 * two nobody else can have the address.
 */
#include "owner.h"
#include "site.h"

SLATE_INLINE struct slate_owner *owner_of(const struct slate_wrap *wrap)
{
	return wrap->user;
}

/* What a request is charged; it is at most PTRDIFF_MAX, so this never wraps. */
static size_t charge_of(size_t size)
{
	const size_t mask = SLATE_CONFIG_GRANULE - 1;

	return (size + !size + mask) & ~mask;
}

/* Lock held: the live bytes have become what they are by a call. */
static void succeed(struct slate_owner_account *account)
{
	account->calls++;
	if (account->live > account->peak)
		account->peak = account->live;
}

/* Lock held. */
static void discharge(struct slate_owner_account *account, size_t size)
{
	account->live -= size;
	account->blocks--;
}

/* Charge a block of @size that is on its way; false if it may not be. */
static bool begin(const struct slate_wrap *wrap, size_t size,
		  struct slate_entry *entry)
{
	struct slate_owner *owner = owner_of(wrap);
	unsigned int who = slate_owner_current(owner);
	struct slate_owner_account *account;
	slate_port_key key;
	bool may;

	if (who >= owner->config->owners)
		who = 0;
	account = slate_owner_account_(owner, who);
	*entry = (struct slate_entry){
		.size = charge_of(size),
		.whose = (uint16_t)who,
		.key = (uint8_t)wrap->tier,
	};
	key = port_lock();
	may = slate_owner_fits_(account, entry->size);
	if (may) {
		account->live += entry->size;
		account->blocks++;
	} else {
		account->refused++;
	}
	port_unlock(key);
	return may;
}

/* What was charged has become the block @ptr, or failed. */
static void *settle(const struct slate_wrap *wrap, struct slate_entry *entry,
		    void *ptr)
{
	struct slate_owner *owner = owner_of(wrap);
	struct slate_owner_account *account =
		slate_owner_account_(owner, entry->whose);
	slate_port_key key = port_lock();

	entry->ptr = (uintptr_t)ptr;
	if (ptr)
		succeed(account);
	else
		account->failures++;
	if (!ptr || !slate_ledger_put_(&owner->blocks, entry))
		discharge(account, entry->size);
	port_unlock(key);
	return ptr;
}

static void *owner_malloc(void *ctx, size_t size, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct slate_entry entry;

	if (!begin(wrap, size, &entry))
		return NULL;
	return settle(wrap, &entry,
		      slate_table_malloc_(wrap->below, size, site));
}

static void *owner_calloc(void *ctx, size_t nmemb, size_t size,
			  const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct slate_entry entry;

	if (!begin(wrap, nmemb * size, &entry))
		return NULL;
	return settle(wrap, &entry,
		      slate_table_calloc_(wrap->below, nmemb, size, site));
}

static void *owner_aligned(void *ctx, size_t align, size_t size,
			   unsigned int caps, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct slate_entry entry;

	if (!begin(wrap, size, &entry))
		return NULL;
	return settle(wrap, &entry,
		      slate_table_aligned_(wrap->below, align, size, caps,
					   site));
}

/* Take a block's entry out; false if it is nobody's. It stays charged. */
static bool take(const struct slate_wrap *wrap, const void *ptr,
		 struct slate_entry *entry)
{
	slate_port_key key = port_lock();
	bool taken = slate_ledger_take_(&owner_of(wrap)->blocks,
					(unsigned int)wrap->tier,
					(uintptr_t)ptr, entry);

	port_unlock(key);
	return taken;
}

static void owner_free(void *ctx, void *ptr, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct slate_owner *owner = owner_of(wrap);
	struct slate_entry entry;

	if (ptr && take(wrap, ptr, &entry)) {
		slate_port_key key = port_lock();

		discharge(slate_owner_account_(owner, entry.whose),
			  entry.size);
		port_unlock(key);
	}
	slate_table_free_(wrap->below, ptr, site);
}

/*
 * Lock held: let the block of @entry have @size instead. A shrinking resize
 * never fails, even beyond the budget.
 */
static bool recharge(struct slate_owner_account *account,
		     const struct slate_entry *entry, size_t size)
{
	if (size > entry->size &&
	    !slate_owner_fits_(account, size - entry->size)) {
		account->refused++;
		return false;
	}
	account->live += size - entry->size;
	return true;
}

/* Resize a block that has an owner, whose entry is out. */
static void *resize(const struct slate_wrap *wrap, struct slate_entry *entry,
		    size_t size, const void *site)
{
	struct slate_owner *owner = owner_of(wrap);
	struct slate_owner_account *account =
		slate_owner_account_(owner, entry->whose);
	const size_t after = charge_of(size);
	slate_port_key key = port_lock();
	bool may = recharge(account, entry, after);
	void *ptr = NULL;

	port_unlock(key);
	if (may)
		ptr = slate_table_realloc_(wrap->below, (void *)entry->ptr,
					   size, site);
	key = port_lock();
	if (ptr) {
		entry->ptr = (uintptr_t)ptr;
		entry->size = after;
		succeed(account);
	} else if (may) {
		account->live += entry->size - after;
		account->failures++;
	}
	if (!slate_ledger_put_(&owner->blocks, entry))
		discharge(account, entry->size);
	port_unlock(key);
	return ptr;
}

static void *owner_realloc(void *ctx, void *ptr, size_t size,
			   const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct slate_entry entry;

	if (!ptr)
		return owner_malloc(ctx, size, site);
	if (!take(wrap, ptr, &entry))
		return slate_table_realloc_(wrap->below, ptr, size, site);
	return resize(wrap, &entry, size, site);
}

const struct slate_site_calls slate_owner_calls_ = {
	owner_malloc, owner_calloc, owner_realloc, owner_free, owner_aligned
};
