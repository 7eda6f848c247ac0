/* SPDX-License-Identifier: MIT */
/*
 * Four pretend memories in one heap, as a microcontroller has them: ordinary
 * RAM, where the heap is, DMA memory, a TCM, and external RAM.
 */
#ifndef PLACES_H
#define PLACES_H

#include "testing.h"

#define PLACES		4u

/* Where each is; the first takes half, since the heap itself is in it. */
enum place { RAM, DMA, TCM, EXTERNAL };

#define PLACE_SIZE(i)	((i) == RAM ? TEST_HALF : TEST_HALF / 192 * 64)
#define PLACE_BASE(i)	(test_memory + ((i) == RAM ? 0 : TEST_HALF + \
			 ((size_t)(i) - 1) * PLACE_SIZE(DMA)))

extern const unsigned int place_caps[PLACES];

/* The heap with all four; NULL and the case is skipped if it cannot be. */
struct slate_heap *places_make(struct ktap *t);

/* The first two, the second with @caps instead. */
struct slate_heap *places_make_two(struct ktap *t, unsigned int caps);

/* The place that an address is in, PLACES if in none. */
unsigned int place_of(const void *ptr);

#endif /* PLACES_H */
