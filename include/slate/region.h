/* SPDX-License-Identifier: MIT */
/*
 * Layer 6: memories that are not alike: each region of a heap by itself, what
 * is in it, how it is closed and emptied, and requests that say where their
 * memory is to come from.
 *
 * A region is named by its first byte, as it was given; arenas that came from
 * a source are regions here as well.
 */
#ifndef SLATE_REGION_H
#define SLATE_REGION_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_region - one region of a heap, or one arena from a source
 * @base: its first byte, as it was given
 * @size: bytes at @base
 * @caps: a set of SLATE_CAP_*, as given
 * @drained: nothing enters any more
 * @source: what brought it, or NULL
 */
struct slate_region {
	void *base;
	size_t size;
	unsigned int caps;
	bool drained;
	const struct slate_arena_source *source;
};

typedef int (*slate_region_fn)(void *arg, const struct slate_region *region);

/**
 * slate_heap_regions() - visit every region of a heap
 * @heap: the heap
 * @fn: called for each; not 0 ends the visit
 * @arg: handed to @fn
 *
 * Regions come in the order of adding, then the arenas from sources. @fn may
 * call the heap, but must not remove a region.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK, held per step and
 * never while @fn runs. O(regions).
 * Return: what the last @fn returned.
 */
int slate_heap_regions(struct slate_heap *heap, slate_region_fn fn, void *arg);

/**
 * slate_region_stats() - one region in figures
 * @heap: the heap
 * @base: the region
 * @stats: filled, as by slate_heap_stats(); untouched on error. What is
 *	counted for the heap as a whole is not told: failures, quota and
 *	tier_live are 0, peak is live.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK, which is then held
 * throughout. O(region / 256 + its free chunks).
 * Return: 0, or -SLATE_EINVAL if the heap has no such region.
 */
int slate_region_stats(struct slate_heap *heap, const void *base,
		       struct slate_stats *stats) SLATE_MUST_CHECK;

/**
 * slate_region_walk() - visit the live blocks of a region: who holds it
 * @heap: the heap
 * @base: the region
 * @fn: as for slate_heap_walk()
 * @arg: handed to @fn
 *
 * The list that a refused slate_heap_remove_region() leaves to be asked for.
 * @fn may free the block that it is shown.
 *
 * Context: as slate_heap_walk(). O(region).
 * Return: what the last @fn returned, 0 if there was none, or -SLATE_EINVAL
 * if the heap has no such region.
 */
int slate_region_walk(struct slate_heap *heap, const void *base,
		      slate_walk_fn fn, void *arg);

/**
 * slate_region_map() - the picture of a region
 * @heap: the heap
 * @base: the region
 * @fn: as for slate_heap_map()
 * @arg: handed to @fn
 *
 * Context: as slate_heap_map(). O(region).
 * Return: as slate_region_walk().
 */
int slate_region_map(struct slate_heap *heap, const void *base,
		     slate_span_fn fn, void *arg);

/**
 * slate_region_drain() - let nothing more into a region, or open it again
 * @heap: the heap
 * @base: the region
 * @drained: true to close it
 *
 * Blocks in it stay, and may be resized where they are, until they are freed
 * or moved; then slate_heap_remove_region() takes it out.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(regions).
 * Return: 0, -SLATE_EINVAL if the heap has no such region or it is an arena
 * from a source, which comes and goes by itself, or -SLATE_EBUSY for the first
 * one, which is always open.
 */
int slate_region_drain(struct slate_heap *heap, const void *base,
		       bool drained) SLATE_MUST_CHECK;

/**
 * slate_heap_add_reserved() - give a heap a region, part of it reserved
 * @heap: the heap that is to grow
 * @base: first byte; any alignment
 * @size: bytes at @base
 * @caps: what the memory is good for, a set of SLATE_CAP_*
 * @reserve: bytes that are kept for requests that name SLATE_CAP_RESERVE
 *
 * The end of the span becomes a region of its own with @caps and
 * SLATE_CAP_RESERVE, from which one block of @reserve bytes can be taken, or
 * smaller ones; the rest is a region as slate_heap_add_region() makes it. What
 * is reserved is in one piece, and no request that does not name it takes any
 * of it, whatever else is full. A request that does name it is served from
 * there only: to fall back to it is for slate_raw_alloc_prefer().
 *
 * Context: as slate_heap_add_region(). O(size / 64), a few times for the
 * reserved part.
 * Return: as slate_heap_add_region(), -SLATE_ENOSPC if the heap has not two
 * regions left. On error the heap is as before; bytes at @base may not be.
 */
int slate_heap_add_reserved(struct slate_heap *heap, void *base, size_t size,
			    unsigned int caps, size_t reserve) SLATE_MUST_CHECK;

/**
 * slate_raw_alloc_prefer() - allocate from the first memory that has room
 * @heap: the heap
 * @align: as slate_raw_alloc()
 * @size: as slate_raw_alloc()
 * @order: sets of SLATE_CAP_*, the one wanted most first; 0 is any memory but
 *	what is reserved
 * @n: how many there are
 *
 * Each set is one attempt as slate_raw_alloc() makes it, arenas from sources
 * included, so the order is kept even where a later one would be cheaper. A
 * reserve is entered only by a set that names it. If all fail, that is one
 * failure of the heap. A wrapper of the raw tier sees each attempt.
 *
 * Context: as slate_raw_alloc(). O(@n) attempts.
 * Return: the block, free it as any; or NULL.
 */
void *slate_raw_alloc_prefer(struct slate_heap *heap, size_t align, size_t size,
			     const unsigned int *order, size_t n);

/**
 * slate_heap_block_caps() - what the memory of a block is good for
 * @heap: the heap
 * @ptr: a live block; NULL gives 0
 *
 * Context: as slate_heap_usable_size(). O(1).
 * Return: the capabilities of its region; 0 for a bad pointer, which is
 * reported as by free.
 */
unsigned int slate_heap_block_caps(struct slate_heap *heap, const void *ptr);

SLATE_END_DECLS

#endif /* SLATE_REGION_H */
