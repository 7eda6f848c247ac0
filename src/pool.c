// SPDX-License-Identifier: MIT
/*
 * The pool engine where it is not straight: pools that are made, fill up,
 * empty and go back, and requests that no pool of their class can serve.
 */
#include "bins.h"
#include "pool_ops.h"

#if SLATE_CONFIG_POOL

/* Every n-th of the bits of a class's span, shifted past the chunk's code. */
#define ONES(n)		(SLATE_WORD_BITS % (n) ? \
			 ((uintptr_t)1 << SLATE_WORD_BITS / (n) * (n) % \
			  SLATE_WORD_BITS) - 1 : ~(uintptr_t)0)
#define STARTS(n)	((ONES(n) / (((uintptr_t)1 << (n)) - 1)) << 1)

const uintptr_t slate_pool_starts_[SLATE_POOL_CLASSES + 1] = {
	0,	   STARTS(1), STARTS(2), STARTS(3), STARTS(4),
#if UINTPTR_MAX > 0xffffffffu
	STARTS(5), STARTS(6), STARTS(7), STARTS(8)
#endif
};

static void list_push(struct slate_pools *p, size_t n, size_t pool)
{
	struct slate_pair *pair = pool_pair(p, pool);
	size_t next = p->head[n];

	pool_set_next(pair, next);
	pool_set_prev(pair, 0);
	if (next)
		pool_set_prev(pool_pair(p, next), pool);
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

/* Make a pool for class @n and take its first block. */
static size_t pool_make(struct slate_pools *p, size_t n)
{
	size_t g = slate_chunk_alloc_unit(&p->chunks, slate_lent_span[n]);

	if (g == SLATE_NONE || g == SLATE_BROKEN)
		return g;
	p->chunks.units[unit_of(g)] = (unsigned char)n;
	pair_of(&p->chunks, g)->s |= slate_pool_starts_[n];
	list_push(p, n, unit_of(g) + 1);
	credit_add(p, n, slate_word_count(slate_pool_starts_[n]));
	return pool_take(p, n);
}

/* Give an empty pool, which is in its list, back to the chunk engine. */
static int pool_release(struct slate_pools *p, size_t n, size_t pool)
{
	struct slate_pair *pair = pool_pair(p, pool);
	struct slate_pair saved;
	int err;

	list_remove(p, n, pool);
	saved = *pair;
	pair->s &= ~slate_pool_starts_[n];
	pair->f &= ~POOL_LINKS;
	p->chunks.units[pool - 1] = 0;
	err = slate_chunk_free(&p->chunks, (pool - 1) << SLATE_WORD_SHIFT);
	if (err) {
		p->chunks.units[pool - 1] = (unsigned char)n;
		*pair = saved;
		list_push(p, n, pool);
		return err;
	}
	credit_sub(p, n, slate_word_count(slate_pool_starts_[n]));
	return 0;
}

static bool pool_is_empty(struct slate_pools *p, size_t n, size_t pool)
{
	return !(slate_pool_starts_[n] & ~pool_pair(p, pool)->s);
}

/* The empty pool that a class keeps goes back, now or when others have room. */
static int release_kept(struct slate_pools *p, size_t n)
{
	size_t pool = p->head[n];

	if (!pool || !pool_is_empty(p, n, pool))
		return 0;
	return pool_release(p, n, pool);
}

/* Give back a block whose pool was full, or will be empty. */
static int give_at_edge(struct slate_pools *p, size_t g, size_t n)
{
	struct slate_pair *pair = pair_of(&p->chunks, g);
	uintptr_t bit = (uintptr_t)2 << pos_of(g);
	size_t pool = unit_of(g) + 1;
	int err;

	if (!(pair->s & slate_pool_starts_[n])) {
		err = release_kept(p, n);
		if (err)
			return err;
		pair->s |= bit;
		list_push(p, n, pool);
		return 0;
	}
	pair->s |= bit;
	if (p->head[n] == pool && !pool_next(pair))
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

	if (n) {
		if (pool_give(p, g, n) == POOL_EDGE)
			return give_at_edge(p, g, n);
		return 0;
	}
	n = slate_chunk_size(&p->chunks, g);
	err = slate_chunk_free(&p->chunks, g);
	if (!err && n <= SLATE_POOL_CLASSES)
		credit_sub(p, n, 1);
	return err;
}

size_t slate_pool_alloc_any(struct slate_pools *p, size_t n)
{
	size_t g = SLATE_NONE;

	for (; g == SLATE_NONE && n <= SLATE_POOL_CLASSES; n++)
		g = pool_take(p, n);
	return g;
}

size_t slate_pool_refill_(struct slate_pools *p, size_t n)
{
	size_t g;

	if (bin_is_empty(&p->chunks, (unsigned int)n) &&
	    p->credit[n] >= SLATE_POOL_EARN) {
		g = pool_make(p, n);
		if (g != SLATE_NONE)
			return g;
		/* No unit to be had: not again before it is earned anew. */
		p->credit[n] = 0;
	}
	g = slate_chunk_alloc(&p->chunks, n);
	if (g != SLATE_NONE && g != SLATE_BROKEN)
		credit_add(p, n, 1);
	return g;
}

size_t slate_pool_alloc(struct slate_pools *p, size_t n)
{
	size_t g = pool_take(p, n);

	return g != SLATE_NONE ? g : slate_pool_refill_(p, n);
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
	size_t n = p->chunks.units[unit_of(g)];

	return n && pos_of(g) < slate_lent_span[n] ? n : 0;
}

uintptr_t slate_pool_blocks(const struct slate_pools *p, size_t g,
			    uintptr_t *live)
{
	size_t n = p->chunks.units[unit_of(g)];

	*live = (slate_pool_starts_[n] & ~pair_of(&p->chunks, g)->s) >> 1;
	return slate_pool_starts_[n] >> 1;
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

size_t slate_pool_refill_(struct slate_pools *p, size_t n)
{
	return slate_chunk_alloc(&p->chunks, n);
}

size_t slate_pool_alloc(struct slate_pools *p, size_t n)
{
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

size_t slate_pool_span(size_t n)
{
	return n <= SLATE_LENT_MAX ? slate_lent_span[n] : 0;
}
