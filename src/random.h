/* SPDX-License-Identifier: MIT */
/* Random numbers that cost three shifts; not for secrets. */
#ifndef SLATE_RANDOM_H
#define SLATE_RANDOM_H

#include <slate/word.h>

/* The next of 2^32 - 1 numbers; *@state is any but 0, and stays so. */
SLATE_INLINE uint32_t random_next(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*state = x;
	return x;
}

#endif /* SLATE_RANDOM_H */
