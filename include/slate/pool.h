/* SPDX-License-Identifier: MIT */
/*
 * Layer 5: the pool engine: runs of equal small blocks, in front of the chunk
 * engine of one arena.
 *
 * A pool is one unit of SLATE_WORD_BITS granules. A class is a block size in
 * granules. As the chunk that the unit is needs only bit 0 of its pair of side
 * bits, the pool keeps all it has to say in the rest of that pair, and costs
 * no further memory:
 *
 *	s: bit 0 code of the chunk, 1; bit 1 + g: the block at granule g is free
 *	f: bit 0 code of the chunk, 0; the next and the previous pool with room
 *
 * Granules behind the last whole block are nobody's. units[] of the chunk
 * engine holds the class of a unit that is a pool.
 *
 *	malloc	take the lowest bit of s of the first pool with room
 *	free	set a bit, after the table of starts and the bit itself have
 *		judged the pointer
 *
 * Pools with room stand in a list per class, newest first. A full one leaves
 * it. An empty one goes back to the chunk engine, unless no other has room:
 * then it is kept until another has, or slate_pool_trim() takes it.
 *
 * A class earns its pools: each chunk of its size that mem or obj hand out is
 * one credit, each that they take back one less, a pool as much as it has
 * blocks; from SLATE_POOL_EARN on new pools are made, while the caller says
 * that memory is plenty. When none can be made the credit is lost, so that not
 * every call tries again.
 */
#ifndef SLATE_POOL_H
#define SLATE_POOL_H

#include <slate/chunk.h>

SLATE_BEGIN_DECLS

/* The largest class: at least eight blocks fit a unit; four on large hosts. */
#define SLATE_POOL_CLASSES	SLATE_LENT_MAX

/* Live chunks of a class's size before it gets a pool. */
#define SLATE_POOL_EARN		24

/**
 * struct slate_pools - the pool engine's state of one arena
 * @chunks: the chunk engine that pools come from
 * @head: for each class the first pool with room, as its unit's number plus
 *	one; 0 if there is none
 * @credit: for each class its live chunks and the blocks of its pools, from
 *	0 to 65535; a guide for policy, not a count
 *
 * Invariant: a pool is in its class's list if and only if it has room; one
 * with no live block is alone in its list.
 */
struct slate_pools {
	struct slate_chunks chunks;
#if SLATE_CONFIG_POOL
	uint16_t head[SLATE_POOL_CLASSES + 1];
	uint16_t credit[SLATE_POOL_CLASSES + 1];
#endif
};

/**
 * slate_pool_alloc() - take a block of a class
 * @pools: where from
 * @n: the class, 1 to SLATE_POOL_CLASSES
 * @make: new pools may be made
 *
 * From a pool with room; else from a new pool, if one may be made, the class
 * has earned one and there is space; else from the chunk engine.
 *
 * Context: the owner, or the lock held. O(1).
 * Return: as slate_chunk_alloc().
 */
size_t slate_pool_alloc(struct slate_pools *pools, size_t n, bool make);

/**
 * slate_pool_alloc_any() - take a block of any class that fits and has room
 * @pools: where from
 * @n: granules, 1 to SLATE_POOL_CLASSES
 *
 * For when there is no memory elsewhere: what pools have to spare is not lost.
 *
 * Context: the owner, or the lock held. O(classes).
 * Return: the first granule of a block, or SLATE_NONE.
 */
size_t slate_pool_alloc_any(struct slate_pools *pools, size_t n);

/**
 * slate_pool_free() - give a block back, from a pool or not
 * @pools: where it is from
 * @g: its first granule, judged live before
 *
 * Context: the owner, or the lock held. O(1).
 * Return: 0, or -SLATE_EUCLEAN as slate_chunk_free().
 */
int slate_pool_free(struct slate_pools *pools, size_t g);

/**
 * slate_pool_judge() - what is at a granule, pools included?
 * @pools: where
 * @g: the granule, below n
 *
 * Context: as slate_chunk_judge().
 * Return: the verdict, never SLATE_VERDICT_LENT.
 */
enum slate_verdict slate_pool_judge(const struct slate_pools *pools, size_t g);

/**
 * slate_pool_class() - is this granule in a pool?
 * @pools: where
 * @g: the granule, at most n
 *
 * Context: Any. O(1).
 * Return: the class of the pool, 0 if it is in none.
 */
size_t slate_pool_class(const struct slate_pools *pools, size_t g);

/**
 * slate_pool_blocks() - the blocks of a pool, live and free
 * @pools: where
 * @g: the pool's first granule
 * @live: set to a word with bit i for the live block at granule @g + i
 *
 * Context: the owner, or the lock held. O(1).
 * Return: the same for all its blocks.
 */
uintptr_t slate_pool_blocks(const struct slate_pools *pools, size_t g,
			    uintptr_t *live);

/**
 * slate_pool_trim() - give the empty pools back to the chunk engine
 * @pools: which
 *
 * Context: the owner, or the lock held. O(classes).
 * Return: how many there were, or -SLATE_EUCLEAN as slate_chunk_free().
 */
int slate_pool_trim(struct slate_pools *pools);

/**
 * slate_pool_valid() - test the pools against the chunk engine's tables
 * @pools: which
 * @report: NULL, or what is wrong
 *
 * Context: the owner, or the lock held. O(n).
 * Return: true if all is well.
 */
bool slate_pool_valid(const struct slate_pools *pools,
		      struct slate_report *report);

SLATE_END_DECLS

#endif /* SLATE_POOL_H */
