// SPDX-License-Identifier: MIT
/*
 * The pool engine where it is not straight: pools that are made, fill up,
 * empty and go back, and requests that no pool of their class can serve.
 */
#include "chunk_ops.h"
#include "pool_ops.h"

#if SLATE_CONFIG_POOL

/* The bits of a class's blocks, shifted past the chunk's code, and that. */
#define ONES(n)		(SLATE_WORD_BITS % (n) ? \
			 ((uintptr_t)1 << SLATE_WORD_BITS / (n) * (n) % \
			  SLATE_WORD_BITS) - 1 : ~(uintptr_t)0)
#define EMPTY(n)	(ONES(n) / (((uintptr_t)1 << (n)) - 1) << 1 | POOL_FULL)

const uintptr_t slate_pool_empty_[SLATE_POOL_CLASSES + 1] = {
	0,	  EMPTY(1), EMPTY(2), EMPTY(3), EMPTY(4),
#if UINTPTR_MAX > 0xffffffffu || SLATE_CONFIG_SOURCE_FAST
	EMPTY(5), EMPTY(6), EMPTY(7), EMPTY(8),
#endif
#if UINTPTR_MAX > 0xffffffffu && SLATE_CONFIG_SOURCE_FAST
	EMPTY(9), EMPTY(10), EMPTY(11), EMPTY(12),
	EMPTY(13), EMPTY(14), EMPTY(15), EMPTY(16)
#endif
};

/* The blocks of a pool; that of class 1 has no bit for its last granule. */
#define BLOCKS(n)	(SLATE_WORD_BITS / (n) - ((n) == 1))

static const unsigned char blocks_of[SLATE_POOL_CLASSES + 1] = {
	0,	   BLOCKS(1), BLOCKS(2), BLOCKS(3), BLOCKS(4),
#if UINTPTR_MAX > 0xffffffffu || SLATE_CONFIG_SOURCE_FAST
	BLOCKS(5), BLOCKS(6), BLOCKS(7), BLOCKS(8),
#endif
#if UINTPTR_MAX > 0xffffffffu && SLATE_CONFIG_SOURCE_FAST
	BLOCKS(9), BLOCKS(10), BLOCKS(11), BLOCKS(12),
	BLOCKS(13), BLOCKS(14), BLOCKS(15), BLOCKS(16)
#endif
};

/* A pool that is in no list, so its links are 0, becomes the first. */
static void list_push(struct slate_pools *p, size_t n, size_t pool)
{
	size_t next = p->head[n];

	pool_pair(p, pool)->f = next << POOL_NEXT_SHIFT;
	if (next)
		pool_pair(p, next)->f |= pool << POOL_PREV_SHIFT;
	p->head[n] = (uint16_t)pool;
}

static void list_remove(struct slate_pools *p, size_t n, size_t pool)
{
	struct slate_pair *pair = pool_pair(p, pool);
	size_t next = pool_next(pair);
	size_t prev = pool_prev(pair);

	if (prev)
		pool_set_next(pool_pair(p, prev), next);
	else
		p->head[n] = (uint16_t)next;
	if (next)
		pool_set_prev(pool_pair(p, next), prev);
}

static void credit_add(struct slate_pools *p, size_t n, unsigned int blocks)
{
	unsigned int credit = p->credit[n] + blocks;

	p->credit[n] = (uint16_t)(credit > UINT16_MAX ? UINT16_MAX : credit);
}

/* Make a pool for class @n, of which none has room; take its first block. */
static size_t pool_make(struct slate_pools *p, size_t n)
{
	size_t g = slate_chunk_alloc_unit(&p->chunks);
	struct slate_pair *pair;

	if (SLATE_UNLIKELY(g >= SLATE_BROKEN))
		return g;
	p->chunks.units[unit_of(g)] = (unsigned char)n;
	pair = pair_of(&p->chunks, g);
	pair->s = slate_pool_empty_[n] ^ (POOL_FULL << 1);
	pair->f = 0;
	p->head[n] = (uint16_t)(unit_of(g) + 1);
	credit_add(p, n, blocks_of[n]);
	return g;
}

/* Give an empty pool, which is in its list, back to the chunk engine. */
static int pool_release(struct slate_pools *p, size_t n, size_t pool)
{
	struct slate_pair *pair = pool_pair(p, pool);
	size_t g = (pool - 1) << SLATE_WORD_SHIFT;
	int err;

	list_remove(p, n, pool);
	p->chunks.units[pool - 1] = 0;
	pair->s = POOL_FULL;
	pair->f = 0;
	err = slate_chunk_release_(&p->chunks, g, g + SLATE_WORD_BITS);
	if (err) {
		p->chunks.units[pool - 1] = (unsigned char)n;
		pair->s = slate_pool_empty_[n];
		list_push(p, n, pool);
		return err;
	}
	credit_sub(p, n, blocks_of[n]);
	return 0;
}

static bool pool_is_empty(struct slate_pools *p, size_t n, size_t pool)
{
	return pool_pair(p, pool)->s == slate_pool_empty_[n];
}

/* The empty pool that a class keeps goes back, now or when others have room. */
static int release_kept(struct slate_pools *p, size_t n)
{
	size_t pool = p->head[n];

	if (!pool || !pool_is_empty(p, n, pool))
		return 0;
	return pool_release(p, n, pool);
}

int slate_pool_give_edge_(struct slate_pools *p, size_t g, size_t n)
{
	struct slate_pair *pair = pair_of(&p->chunks, g);
	uintptr_t bit = (uintptr_t)2 << pos_of(g);
	size_t pool = unit_of(g) + 1;
	int err;

	if (!(slate_pool_empty_[n] & ~pair->s & bit))
		return -SLATE_EINVAL;

	if (pair->s == POOL_FULL) {
		if (pool_reopen(p, n, pool, bit))
			return 0;
		err = pool_release(p, n, p->head[n]);
		if (!err)
			pool_reopen(p, n, pool, bit);
		return err;
	}
	pair->s |= bit;
	if (pair->s != slate_pool_empty_[n] ||
	    (p->head[n] == pool && !pool_next(pair)))
		return 0;
	err = pool_release(p, n, pool);
	if (err)
		pair->s &= ~bit;
	return err;
}

int slate_pool_free(struct slate_pools *p, size_t g)
{
	size_t n = slate_pool_class(p, g);
	int err;

	if (n)
		return slate_pool_give_edge_(p, g, n);
	n = slate_chunk_size(&p->chunks, g);
	err = slate_chunk_free(&p->chunks, g);
	if (!err && n <= SLATE_POOL_CLASSES)
		credit_sub(p, n, 1);
	return err;
}

size_t slate_pool_alloc_any(struct slate_pools *p, size_t n)
{
	size_t g = SLATE_NONE;

	for (; g == SLATE_NONE && n <= SLATE_POOL_CLASSES; n++) {
		if (pool_has_room(p, n))
			g = pool_take(p, n);
	}
	return g;
}

/* A block of class @n though no pool has room. */
static size_t refill(struct slate_pools *p, size_t n, bool make)
{
	size_t g;

	if (make && p->credit[n] >= SLATE_POOL_EARN) {
		g = pool_make(p, n);
		if (g != SLATE_NONE)
			return g;
		p->credit[n] = 0;
	}
	g = chunk_take(&p->chunks, n);
	if (g < SLATE_BROKEN)
		credit_add(p, n, 1);
	return g;
}

size_t slate_pool_alloc(struct slate_pools *p, size_t n, bool make)
{
	if (pool_has_room(p, n))
		return pool_take(p, n);
	return refill(p, n, make);
}

int slate_pool_trim(struct slate_pools *p)
{
	size_t n;
	int count = 0;

	for (n = 1; n <= SLATE_POOL_CLASSES; n++) {
		size_t before = p->head[n];
		int err = release_kept(p, n);

		if (err)
			return err;
		count += p->head[n] != before;
	}
	return count;
}

size_t slate_pool_class(const struct slate_pools *p, size_t g)
{
	return p->chunks.units[unit_of(g)];
}

uintptr_t slate_pool_blocks(const struct slate_pools *p, size_t g,
			    uintptr_t *live)
{
	uintptr_t empty = slate_pool_empty_[p->chunks.units[unit_of(g)]];

	*live = (empty & ~pair_of(&p->chunks, g)->s) >> 1;
	return empty >> 1;
}

enum slate_verdict slate_pool_judge(const struct slate_pools *p, size_t g)
{
	enum slate_verdict verdict = slate_chunk_judge(&p->chunks, g);
	uintptr_t starts;
	uintptr_t live;
	unsigned int block;

	if (verdict != SLATE_VERDICT_LENT)
		return verdict;
	starts = slate_pool_blocks(p, g, &live);
	block = slate_word_log2(starts & (slate_word_below(pos_of(g)) |
					  slate_word_bit(pos_of(g))));
	/* What is behind the last block belongs to none. */
	if (!(live >> block & 1) ||
	    block + p->chunks.units[unit_of(g)] <= pos_of(g))
		return SLATE_VERDICT_FREE;
	return block == pos_of(g) ? SLATE_VERDICT_LIVE : SLATE_VERDICT_INTERIOR;
}

#else /* !SLATE_CONFIG_POOL */

size_t slate_pool_alloc(struct slate_pools *p, size_t n, bool make)
{
	(void)make;
	return slate_chunk_alloc(&p->chunks, n);
}

size_t slate_pool_alloc_any(struct slate_pools *p, size_t n)
{
	(void)p;
	(void)n;
	return SLATE_NONE;
}

int slate_pool_free(struct slate_pools *p, size_t g)
{
	return slate_chunk_free(&p->chunks, g);
}

int slate_pool_give_edge_(struct slate_pools *p, size_t g, size_t n)
{
	(void)p;
	(void)g;
	(void)n;
	return -SLATE_EINVAL;
}

int slate_pool_trim(struct slate_pools *p)
{
	(void)p;
	return 0;
}

size_t slate_pool_class(const struct slate_pools *p, size_t g)
{
	(void)p;
	(void)g;
	return 0;
}

uintptr_t slate_pool_blocks(const struct slate_pools *p, size_t g,
			    uintptr_t *live)
{
	(void)p;
	(void)g;
	*live = 0;
	return 0;
}

enum slate_verdict slate_pool_judge(const struct slate_pools *p, size_t g)
{
	return slate_chunk_judge(&p->chunks, g);
}

#endif /* SLATE_CONFIG_POOL */
