// SPDX-License-Identifier: MIT
#include "owning.h"

struct owning *owned;
struct slate_owner *owner;

struct slate_heap *owning_prepare(struct ktap *t)
{
	owned = wrapped_area(t, sizeof(*owned));
	if (!owned)
		return NULL;
	owner = &owned->owner;
	owned->config.accounts = owned->accounts;
	owned->config.owners = OWNERS;
	owned->config.table = owned->table;
	owned->config.size = sizeof(owned->table);
	return wrapped_heap(owned);
}

void owning_begin(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_owner_start(owner, heap, &owned->config) == 0);
}

struct slate_heap *owning_start(struct ktap *t)
{
	struct slate_heap *heap = owning_prepare(t);

	if (heap)
		owning_begin(t, heap);
	return heap;
}

void owning_stop(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_owner_stop(owner) == 0);
	wrapped_end(t, heap);
}

size_t charged(size_t size)
{
	return (size + !size + SLATE_GRANULE - 1) / SLATE_GRANULE *
	       SLATE_GRANULE;
}

bool owner_has(unsigned int who, size_t live, size_t blocks, size_t peak)
{
	struct slate_owner_account account;

	return !slate_owner_get(owner, who, &account) &&
	       account.live == live && account.blocks == blocks &&
	       account.peak == peak;
}
