/* SPDX-License-Identifier: MIT */
/* A heap in the state that long use leaves: what memory writes are tried on. */
#ifndef LITTER_H
#define LITTER_H

#include "testing.h"

#define LITTER	64

/* The blocks of litter_heap(); those with an odd number are live. */
struct litter_block {
	unsigned char *ptr;
	size_t size;
};

extern struct litter_block litter[LITTER];

/* A heap with LITTER blocks of all tiers, every other one freed again. */
struct slate_heap *litter_heap(struct ktap *t);

/* The live blocks still hold what they did. */
void litter_expect_live(struct ktap *t);

/* Free them; all memory has to be one piece again. */
void litter_finish(struct ktap *t, struct slate_heap *heap);

/* Fill memory with random bytes. */
void litter_scribble(void *ptr, size_t size);

#endif /* LITTER_H */
