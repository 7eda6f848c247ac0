/* SPDX-License-Identifier: MIT */
/* A wrapper of a tier that notes what it is called with and passes it on. */
#ifndef SPIES_H
#define SPIES_H

#include "testing.h"

/**
 * struct spy - what a wrapper saw last
 * @below: the table that it passes on to
 * @calls: how often it was called
 * @ctx: the context that it was handed
 * @ptr: the pointer, NULL for calls without one
 * @a: the first number: size, nmemb or align
 * @b: the second number, 0 for calls with one
 */
struct spy {
	const struct slate_allocator *below;
	unsigned int calls;
	void *ctx;
	void *ptr;
	size_t a;
	size_t b;
};

/* A table that calls this spy. */
struct slate_allocator spies_table(struct spy *spy);

/* Was it called @calls times so far, the last time with these? */
bool spies_saw(const struct spy *spy, unsigned int calls, const void *ptr,
	       size_t a, size_t b);

#endif /* SPIES_H */
