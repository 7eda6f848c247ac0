// SPDX-License-Identifier: MIT
/*
 * A heap in figures: what calls count as they go, and the rest read from the
 * tables when asked.
 */
#include "account.h"
#include "hooks.h"
#include "mem_calls.h"

/* Add the chunk or pool [g, e) to the figures; sizes in granules. */
static void count_chunk(struct slate_stats *stats, const struct slate_pools *p,
			size_t g, size_t e)
{
	size_t n = slate_pool_class(p, g);
	uintptr_t live;
	size_t blocks;

	if (n) {
		blocks = slate_word_count(slate_pool_blocks(p, g, &live));
		stats->pools++;
		stats->blocks += slate_word_count(live);
		stats->live += slate_word_count(live) * n;
		blocks = (blocks - slate_word_count(live)) * n;
		stats->free += blocks;
		stats->free_pooled += blocks;
		if (blocks && stats->largest_free < n)
			stats->largest_free = n;
		return;
	}
	if (!slate_chunk_is_free(&p->chunks, g)) {
		stats->blocks++;
		stats->live += e - g;
		return;
	}
	if (slate_sources_closed_(p))
		return;
	stats->free_chunks++;
	stats->free += e - g;
	if (stats->largest_free < e - g)
		stats->largest_free = e - g;
}

void slate_arena_count_(const struct slate_pools *p, struct slate_stats *stats)
{
	size_t g;
	size_t e;

	stats->arenas++;
	stats->size += p->chunks.arena.size;
	for (g = 0; g < p->chunks.arena.n; g = e) {
		e = slate_chunk_end(&p->chunks, g);
		count_chunk(stats, p, g, e);
	}
}

void slate_stats_finish_(struct slate_stats *stats)
{
	stats->live <<= SLATE_GRANULE_SHIFT;
	stats->free <<= SLATE_GRANULE_SHIFT;
	stats->free_pooled <<= SLATE_GRANULE_SHIFT;
	stats->largest_free <<= SLATE_GRANULE_SHIFT;
	stats->overhead = stats->size - stats->live - stats->free;
}

#if SLATE_CONFIG_STATS

static void copy_account(struct slate_stats *stats,
			 const struct slate_heap *heap)
{
	unsigned int tier;

	stats->peak = heap->account.peak;
	stats->quota = heap->account.quota;
	stats->failures = heap->account.failures;
	for (tier = 0; tier < SLATE_TIERS; tier++)
		stats->tier_live[tier] =
			account_tier_live(heap, (enum slate_tier)tier);
}

#else

static void copy_account(struct slate_stats *stats,
			 const struct slate_heap *heap)
{
	(void)heap;
	stats->peak = stats->live;
}

#endif /* SLATE_CONFIG_STATS */

void slate_heap_stats(struct slate_heap *heap, struct slate_stats *stats)
{
	const struct slate_view *view = hook_view(heap);
	struct slate_pools *p = &heap->home;
	slate_port_key key;

	memset(stats, 0, sizeof(*stats));
	slate_sources_pin_(heap);
	while (p) {
		key = heap_lock();
		slate_arena_count_(p, stats);
		p = slate_heap_next_(heap, p);
		heap_unlock(key);
	}
	slate_sources_unpin_(heap);
	stats->size += slate_sources_table_size_(heap);
	slate_stats_finish_(stats);
	key = heap_lock();
	copy_account(stats, heap);
	heap_unlock(key);
	if (view)
		view->count(view, stats);
}
