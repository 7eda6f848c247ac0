// SPDX-License-Identifier: MIT
/* Counting where it is not straight: new peaks, quotas. */
#include "account.h"

#if SLATE_CONFIG_STATS

bool slate_account_raise_(struct slate_account *account, size_t bytes)
{
	size_t live = account->mark - (size_t)account->room;

	if (account->quota && live > account->quota) {
		account->room += (ptrdiff_t)bytes;
		return false;
	}
	if (live > account->peak)
		account->peak = live;
	account_set_mark(account, live);
	return true;
}

void slate_account_force_(struct slate_account *account, size_t bytes)
{
	size_t live = account->mark - (size_t)account->room + bytes;

	if (live > account->peak)
		account->peak = live;
	account_set_mark(account, live);
}

int slate_heap_set_quota(struct slate_heap *heap, size_t bytes)
{
	slate_port_key key = heap_lock();

	heap->account.quota = bytes;
	account_set_mark(&heap->account, account_live(heap));
	heap_unlock(key);
	return 0;
}

void slate_heap_reset_peak(struct slate_heap *heap)
{
	slate_port_key key = heap_lock();
	size_t live = account_live(heap);

	heap->account.peak = live;
	account_set_mark(&heap->account, live);
	heap_unlock(key);
}

#else

int slate_heap_set_quota(struct slate_heap *heap, size_t bytes)
{
	(void)heap;
	return bytes ? -SLATE_ENOTSUP : 0;
}

void slate_heap_reset_peak(struct slate_heap *heap)
{
	(void)heap;
}

#endif /* SLATE_CONFIG_STATS */
