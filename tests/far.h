/* SPDX-License-Identifier: MIT */
/*
 * What the suite on large arenas has beside them: a source whose arenas hold
 * many pools. Hosts have memory for it; a board has not, and skips.
 */
#ifndef FAR_H
#define FAR_H

#include "testing.h"

#define FAR_SIZE	((size_t)65536)
#define FAR_SLOTS	24u

/**
 * struct far_state - a source of slots, the lowest free ones first
 * @used: slots that are out
 * @most: slots that may be
 * @out: how many are
 * @calls: how often it was asked
 * @bad: frees of what was not out
 * @fill: what a slot is filled with when it goes out
 */
struct far_state {
	unsigned char used[FAR_SLOTS];
	unsigned int most;
	unsigned int out;
	unsigned int calls;
	unsigned int bad;
	int fill;
};

extern struct far_state far_state;

/* It as one whose memory is of any content, and as one that says it is zero. */
extern const struct slate_arena_source far_dirty;
extern const struct slate_arena_source far_clean;

/* A heap from one of the two with @most slots; NULL and the case is skipped. */
struct slate_heap *far_heap(struct ktap *t, unsigned int most,
			    const struct slate_arena_source *source);

/* Nothing was reported; the heap ends, and every slot is back. */
void far_end(struct ktap *t, struct slate_heap *heap);

/* Where a slot starts, and the one that an address is in. */
unsigned char *far_slot(unsigned int i);
unsigned int far_slot_of(const void *ptr);

/* Blocks of @size until @slots are out, none in the last one. */
struct test_node *far_fill(struct ktap *t, struct slate_heap *heap,
			   size_t size, unsigned int slots);

#endif /* FAR_H */
