/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: a heap looked at from end to end: where every byte is, pools and
 * regions by their state, and how broken up the free memory is. Nothing is
 * counted beforehand, so a heap pays for it only while it is looked at.
 */
#ifndef SLATE_SURVEY_H
#define SLATE_SURVEY_H

#include <slate/region.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_states - things by how much of them is in use
 * @empty: nothing of it
 * @partial: something
 * @full: all of it
 */
struct slate_states {
	size_t empty;
	size_t partial;
	size_t full;
};

/**
 * struct slate_survey - a heap in parts; sizes in bytes
 * @size: all regions, as given, and all arenas
 * @live_chunks: live blocks of the chunk engine
 * @live_pooled: live blocks in pools
 * @free_chunks: free chunks
 * @free_pooled: free blocks in pools
 * @pool_rests: what is left in pools that no block of theirs can have
 * @tables: slate's own data, ragged ends
 * @blocks_chunks: number of live blocks of the chunk engine
 * @blocks_pooled: number of those in pools
 * @chunks: number of free chunks
 * @largest_free: the largest free chunk; 0 if there is none
 * @pools: pools by how many of their blocks are live
 * @regions: regions and arenas by how much of them is live; full is one that
 *	has nothing free
 * @fragmentation: free bytes beside @largest_free, in thousandths of @size
 *
 * @size is the sum of the seven that follow it, to the byte.
 *
 * @fragmentation says what share of the heap is free but not in one piece. It
 * is 0 for a heap with one free piece, empty or nearly full, and can become
 * large only where much is free; a share of the free bytes would be near 1000
 * in a heap that is full but for two small holes.
 */
struct slate_survey {
	size_t size;
	size_t live_chunks;
	size_t live_pooled;
	size_t free_chunks;
	size_t free_pooled;
	size_t pool_rests;
	size_t tables;
	size_t blocks_chunks;
	size_t blocks_pooled;
	size_t chunks;
	size_t largest_free;
	struct slate_states pools;
	struct slate_states regions;
	unsigned int fragmentation;
};

/**
 * slate_heap_survey() - look at a heap from end to end
 * @heap: the heap
 * @survey: filled
 *
 * If others change the heap meanwhile, what moved may be missed or seen twice.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK, which is held for
 * one span at a time. O(heap).
 */
void slate_heap_survey(struct slate_heap *heap, struct slate_survey *survey);

/**
 * slate_region_survey() - the same of one region
 * @heap: the heap
 * @base: the region
 * @survey: filled; untouched on error
 *
 * Context: as slate_heap_survey(). O(region).
 * Return: 0, or -SLATE_EINVAL if the heap has no such region.
 */
int slate_region_survey(struct slate_heap *heap, const void *base,
			struct slate_survey *survey) SLATE_MUST_CHECK;

SLATE_END_DECLS

#endif /* SLATE_SURVEY_H */
