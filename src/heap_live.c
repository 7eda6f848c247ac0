// SPDX-License-Identifier: MIT
/* Live bytes and their peak, for whoever asks often. */
#include "account.h"
#include "hooks.h"

#if SLATE_CONFIG_STATS

size_t slate_heap_live(struct slate_heap *heap, size_t *peak)
{
	const struct slate_view *view = hook_view(heap);
	slate_port_key key = heap_lock();
	struct slate_stats stats = { .live = account_live(heap) };

	*peak = heap->account.peak;
	heap_unlock(key);
	if (view)
		view->count(view, &stats);
	return stats.live;
}

#else

size_t slate_heap_live(struct slate_heap *heap, size_t *peak)
{
	struct slate_stats stats;

	slate_heap_stats(heap, &stats);
	*peak = stats.peak;
	return stats.live;
}

#endif /* SLATE_CONFIG_STATS */
