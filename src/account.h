/* SPDX-License-Identifier: MIT */
/*
 * Counting live bytes, their peak, the quota and failures; empty twins for
 * builds that do not count.
 */
#ifndef SLATE_ACCOUNT_H
#define SLATE_ACCOUNT_H

#include "source_calls.h"

#if SLATE_CONFIG_STATS

SLATE_INLINE size_t account_live(const struct slate_heap *heap)
{
	return heap->account.mark - (size_t)heap->account.room;
}

/* Live bytes pass the mark: a new peak, or the quota. False: refused. */
bool slate_account_raise_(struct slate_account *account, size_t bytes);

/* @bytes more are live, and a new peak if they pass it. */
void slate_account_force_(struct slate_account *account, size_t bytes);

/* Would the quota let @bytes more be live? */
SLATE_INLINE bool account_fits(const struct slate_heap *heap, size_t bytes)
{
	const struct slate_account *account = &heap->account;
	size_t live;

	if (!account->quota)
		return true;
	live = account_live(heap);
	return live <= account->quota && bytes <= account->quota - live;
}

/* What no other tier has is obj's, so that its calls count once. */
SLATE_INLINE void account_tier(struct slate_account *account,
			       enum slate_tier tier, size_t bytes)
{
	if (tier != SLATE_TIER_OBJ)
		account->tier_live[tier] += bytes;
}

SLATE_INLINE size_t account_tier_live(const struct slate_heap *heap,
				      enum slate_tier tier)
{
	const size_t *live = heap->account.tier_live;

	if (tier != SLATE_TIER_OBJ)
		return live[tier];
	return account_live(heap) - live[SLATE_TIER_RAW] - live[SLATE_TIER_MEM];
}

/* Count @bytes more, unless peak or quota must be looked at. */
SLATE_INLINE bool account_grow(struct slate_heap *heap, enum slate_tier tier,
			       size_t bytes)
{
	ptrdiff_t room = heap->account.room - (ptrdiff_t)bytes;

	if (SLATE_UNLIKELY(room < 0))
		return false;
	heap->account.room = room;
	account_tier(&heap->account, tier, bytes);
	return true;
}

SLATE_INLINE bool account_add(struct slate_heap *heap, enum slate_tier tier,
			      size_t bytes)
{
	struct slate_account *account = &heap->account;

	account->room -= (ptrdiff_t)bytes;
	if (SLATE_UNLIKELY(account->room < 0) &&
	    !slate_account_raise_(account, bytes))
		return false;
	account_tier(account, tier, bytes);
	return true;
}

/* Count @bytes that are taken already, whatever the quota has become. */
SLATE_INLINE void account_force(struct slate_heap *heap, enum slate_tier tier,
				size_t bytes)
{
	slate_account_force_(&heap->account, bytes);
	account_tier(&heap->account, tier, bytes);
}

SLATE_INLINE void account_sub(struct slate_heap *heap, enum slate_tier tier,
			      size_t bytes)
{
	heap->account.room += (ptrdiff_t)bytes;
	account_tier(&heap->account, tier, -bytes);
}

/* Set the mark to the lower of peak and quota. */
SLATE_INLINE void account_set_mark(struct slate_account *account, size_t live)
{
	account->mark = account->peak;
	if (account->quota && account->quota < account->mark)
		account->mark = account->quota;
	account->room = (ptrdiff_t)(account->mark - live);
}

SLATE_INLINE void account_failure(struct slate_heap *heap)
{
	heap->account.failures++;
}

/*
 * Is so much of the regions free that small blocks may take whole pools? From
 * 13/16 full on, each goes where it fits best: so the same heap is fast while
 * there is room, and tight when there is not. A source always has more.
 */
SLATE_INLINE bool account_is_plenty(const struct slate_heap *heap)
{
	const struct slate_pools *p = &heap->home;
	size_t n = p->chunks.arena.n;

	if (heap_has_source(heap))
		return true;
	while ((p = next_region(p)))
		n += p->chunks.arena.n;
	return account_live(heap) >> SLATE_GRANULE_SHIFT <
	       n - (n >> 3) - (n >> 4);
}

#else

SLATE_INLINE bool account_is_plenty(const struct slate_heap *heap)
{
	(void)heap;
	return true;
}

SLATE_INLINE bool account_fits(const struct slate_heap *heap, size_t bytes)
{
	(void)heap;
	(void)bytes;
	return true;
}

SLATE_INLINE bool account_grow(struct slate_heap *heap, enum slate_tier tier,
			       size_t bytes)
{
	(void)heap;
	(void)tier;
	(void)bytes;
	return true;
}

SLATE_INLINE bool account_add(struct slate_heap *heap, enum slate_tier tier,
			      size_t bytes)
{
	(void)heap;
	(void)tier;
	(void)bytes;
	return true;
}

SLATE_INLINE void account_force(struct slate_heap *heap, enum slate_tier tier,
				size_t bytes)
{
	(void)heap;
	(void)tier;
	(void)bytes;
}

SLATE_INLINE void account_sub(struct slate_heap *heap, enum slate_tier tier,
			      size_t bytes)
{
	(void)heap;
	(void)tier;
	(void)bytes;
}

SLATE_INLINE void account_failure(struct slate_heap *heap)
{
	(void)heap;
}

#endif /* SLATE_CONFIG_STATS */

#if SLATE_CONFIG_STATS && SLATE_CONFIG_LOCK

/* A chunk has @bytes more than are counted of it, until it has moved. */
SLATE_INLINE void account_slide(struct slate_heap *heap, size_t bytes)
{
	heap->account.sliding += bytes;
}

SLATE_INLINE size_t account_sliding(const struct slate_heap *heap)
{
	return heap->account.sliding;
}

#else

SLATE_INLINE void account_slide(struct slate_heap *heap, size_t bytes)
{
	(void)heap;
	(void)bytes;
}

SLATE_INLINE size_t account_sliding(const struct slate_heap *heap)
{
	(void)heap;
	return 0;
}

#endif

#endif /* SLATE_ACCOUNT_H */
