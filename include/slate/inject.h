/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: failure on demand: a wrapper that lets requests fail by a rule, to
 * see what a program does when memory is short. A request that fails here
 * fails in every way as a real one: the out-of-memory handler
 * (slate_heap_set_rescue()) is asked and may have it tried again, the heap
 * counts the failure, its events hear of it, and the block of a realloc stays
 * as it was. What cannot fail is left alone: free, and a realloc that does not
 * make its block larger.
 *
 * It is set over debug hooks, not under them.
 */
#ifndef SLATE_INJECT_H
#define SLATE_INJECT_H

#include <slate/wrap.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_inject_rule - which requests fail
 * @tiers: only those of these tiers, a set of SLATE_WRAP_*; 0: of all
 * @above: only those of more bytes than this
 * @owner: tells whose the request is, a small integer; NULL: 0 always
 * @ctx: handed to @owner
 * @who: with @owner, only the requests of this one
 * @first: requests that @tiers, @above and @who let through are numbered from
 *	1 on; none before this number fails. 0 is 1
 * @last: none behind this number fails; 0: no end
 * @every: from @first on each so many-th; 0 is 1: each
 * @chance: of those, so many in 65536, by a random number; 0: all of them
 * @seed: of the random numbers: xorshift32 with the shifts 13, 17 and 5, of
 *	which the upper 16 bits count. 0 is 2463534242
 *
 * The Nth: first = last = N. Every Nth: first = every = N. All from the Nth
 * on: first = N. All zero: every request fails.
 */
struct slate_inject_rule {
	unsigned int tiers;
	size_t above;
	unsigned int (*owner)(void *ctx);
	void *ctx;
	unsigned int who;
	uint32_t first;
	uint32_t last;
	uint32_t every;
	uint32_t chance;
	uint32_t seed;
};

/**
 * struct slate_inject - storage of the wrapper
 * @wraps: its place in each tier
 * @heap: whose tiers they are
 * @rule: as set
 * @calls: requests that have got a number
 * @failed: those among them that were made to fail
 * @next: the number of the next request that @rule.every picks
 * @random: the last random number
 */
struct slate_inject {
	struct slate_wrap wraps[SLATE_TIERS];
	struct slate_heap *heap;
	struct slate_inject_rule rule;
	uint32_t calls;
	uint32_t failed;
	uint32_t next;
	uint32_t random;
};

/**
 * slate_inject_start() - let requests fail from now on
 * @heap: the heap
 * @inject: storage; contents do not matter. The wrapper's until
 *	slate_inject_stop() or the end of the heap
 * @rule: copied
 *
 * Context: the owner; nobody else may be in a call. O(1).
 * Return: 0, -SLATE_EINVAL if the rule names a tier that does not exist, or
 * -SLATE_ENOTSUP without SLATE_CONFIG_HOOKS.
 */
int slate_inject_start(struct slate_heap *heap, struct slate_inject *inject,
		       const struct slate_inject_rule *rule) SLATE_MUST_CHECK;

/**
 * slate_inject_set() - another rule, counted from 1 again
 * @inject: as given to slate_inject_start()
 * @rule: copied
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: 0, or -SLATE_EINVAL as slate_inject_start(), and nothing is changed.
 */
int slate_inject_set(struct slate_inject *inject,
		     const struct slate_inject_rule *rule) SLATE_MUST_CHECK;

/**
 * slate_inject_stop() - take the wrapper off
 * @inject: as given to slate_inject_start(); a second time does nothing. Its
 *	figures stay
 *
 * Context: the owner; nobody else may be in a call. O(1).
 * Return: 0, or -SLATE_EBUSY if another wrapper is set over it.
 */
int slate_inject_stop(struct slate_inject *inject) SLATE_MUST_CHECK;

SLATE_END_DECLS

#endif /* SLATE_INJECT_H */
