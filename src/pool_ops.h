/* SPDX-License-Identifier: MIT */
/*
 * The pool engine's straight paths, inline, for pool.c and for the tiers'
 * calls. A pool is named by its unit's number plus one, 0 is none: so a link
 * of a fresh pair is none.
 */
#ifndef SLATE_POOL_OPS_H
#define SLATE_POOL_OPS_H

#include <slate/pool.h>

#include "side.h"

/*
 * Give back the block at @g to its pool, of class @n, whatever that makes of
 * the pool. 0; -SLATE_EINVAL if no live block starts there, -SLATE_EUCLEAN as
 * slate_chunk_free(), and then nothing changed.
 */
int slate_pool_give_edge_(struct slate_pools *p, size_t g, size_t n);

#if SLATE_CONFIG_POOL

/* A pool's list links in f, beside the code of its chunk. */
#define POOL_LINK_BITS	14u
#define POOL_LINK_MASK	slate_word_below(POOL_LINK_BITS)
#define POOL_NEXT_SHIFT	1u
#define POOL_PREV_SHIFT	(POOL_NEXT_SHIFT + POOL_LINK_BITS)

/* s of a pool without a free block, and of each class without a live one */
#define POOL_FULL	((uintptr_t)1)
extern const uintptr_t slate_pool_empty_[SLATE_POOL_CLASSES + 1];

SLATE_STATIC_ASSERT(SLATE_LENT_UNITS < 1u << POOL_LINK_BITS,
		    "the number of a lent unit plus one fits a link");

SLATE_INLINE struct slate_pair *pool_pair(const struct slate_pools *p,
					  size_t pool)
{
	return p->chunks.pairs + pool - 1;
}

SLATE_INLINE size_t pool_next(const struct slate_pair *pair)
{
	return pair->f >> POOL_NEXT_SHIFT & POOL_LINK_MASK;
}

SLATE_INLINE size_t pool_prev(const struct slate_pair *pair)
{
	return pair->f >> POOL_PREV_SHIFT & POOL_LINK_MASK;
}

SLATE_INLINE void pool_set_next(struct slate_pair *pair, size_t pool)
{
	pair->f = (pair->f & ~(POOL_LINK_MASK << POOL_NEXT_SHIFT)) |
		  pool << POOL_NEXT_SHIFT;
}

SLATE_INLINE void pool_set_prev(struct slate_pair *pair, size_t pool)
{
	pair->f = (pair->f & ~(POOL_LINK_MASK << POOL_PREV_SHIFT)) |
		  pool << POOL_PREV_SHIFT;
}

/*
 * The free blocks of the first pool of class @n, 0 if there is none: then pool
 * 0 is met, the guard before the pairs, which reads as a full one.
 */
SLATE_INLINE uintptr_t pool_room(const struct slate_pools *p, size_t n)
{
	return pool_pair(p, p->head[n])->s - POOL_FULL;
}

/* The first pool of class @n, just filled, leaves its list. */
SLATE_INLINE void pool_drop_head(struct slate_pools *p, size_t n,
				 struct slate_pair *pair)
{
	size_t next = pool_next(pair);

	p->head[n] = (uint16_t)next;
	pair->f = 0;
	if (next)
		pool_set_prev(pool_pair(p, next), 0);
}

/* The first of these blocks is taken. */
SLATE_INLINE size_t pool_take_from(struct slate_pools *p, size_t n,
				   uintptr_t room)
{
	size_t pool = p->head[n];
	struct slate_pair *pair = pool_pair(p, pool);
	unsigned int bit = slate_word_ctz(room);

	pair->s = (room & (room - 1)) + POOL_FULL;
	if (SLATE_UNLIKELY(!(room & (room - 1))))
		pool_drop_head(p, n, pair);
	return (pool << SLATE_WORD_SHIFT) - SLATE_WORD_BITS - 1 + bit;
}

/* A block of class @n, which has a pool with room. */
SLATE_INLINE size_t pool_take(struct slate_pools *p, size_t n)
{
	return pool_take_from(p, n, pool_room(p, n));
}

/*
 * Give the block at @g back to its pool, of class @n. False: nothing was done;
 * no live block starts there, or the pool was full, or would be empty.
 */
SLATE_INLINE bool pool_give(struct slate_pools *p, size_t g, size_t n)
{
	struct slate_pair *pair = pair_of(&p->chunks, g);
	uintptr_t empty = slate_pool_empty_[n];
	uintptr_t bit = (uintptr_t)2 << pos_of(g);
	uintptr_t s = pair->s;

	if (SLATE_UNLIKELY(!(empty & ~s & bit)))
		return false;
	if (SLATE_UNLIKELY(s == POOL_FULL || (s | bit) == empty))
		return false;
	pair->s = s | bit;
	return true;
}

SLATE_INLINE bool pool_has_room(const struct slate_pools *p, size_t n)
{
	return p->head[n];
}

/*
 * The full pool @pool gets a block back, the one of @bit in s, and so becomes
 * the first. False: nothing was done; the first is empty, and to be given back.
 */
SLATE_INLINE bool pool_reopen(struct slate_pools *p, size_t n, size_t pool,
			      uintptr_t bit)
{
	struct slate_pair *pair = pool_pair(p, pool);
	size_t next = p->head[n];
	struct slate_pair *first = pool_pair(p, next);

	if (SLATE_UNLIKELY(first->s == slate_pool_empty_[n]))
		return false;
	if (next)
		first->f |= pool << POOL_PREV_SHIFT;
	p->head[n] = (uint16_t)pool;
	pair->f = next << POOL_NEXT_SHIFT;
	pair->s = POOL_FULL | bit;
	return true;
}

/* As slate_pool_give_edge_(), straight for a pool that was full. */
SLATE_INLINE int pool_give_edge(struct slate_pools *p, size_t g, size_t n)
{
	uintptr_t bit = (uintptr_t)2 << pos_of(g);

	if (SLATE_LIKELY(pair_of(&p->chunks, g)->s == POOL_FULL) &&
	    SLATE_LIKELY(slate_pool_empty_[n] & ~POOL_FULL & bit) &&
	    SLATE_LIKELY(pool_reopen(p, n, unit_of(g) + 1, bit)))
		return 0;
	return slate_pool_give_edge_(p, g, n);
}

/* @blocks of class @n are no more: its claim to pools shrinks. */
SLATE_INLINE void credit_sub(struct slate_pools *p, size_t n,
			     unsigned int blocks)
{
	unsigned int credit = p->credit[n];

	p->credit[n] = (uint16_t)(credit > blocks ? credit - blocks : 0);
}

#else

SLATE_INLINE bool pool_has_room(const struct slate_pools *p, size_t n)
{
	(void)p;
	(void)n;
	return false;
}

SLATE_INLINE int pool_give_edge(struct slate_pools *p, size_t g, size_t n)
{
	return slate_pool_give_edge_(p, g, n);
}

SLATE_INLINE void credit_sub(struct slate_pools *p, size_t n,
			     unsigned int blocks)
{
	(void)p;
	(void)n;
	(void)blocks;
}

#endif /* SLATE_CONFIG_POOL */

#endif /* SLATE_POOL_OPS_H */
