/* SPDX-License-Identifier: MIT */
/*
 * One arena of the chunk engine, with the pool engine's state around it, in
 * test_memory and without a heap, for the suites of the layers below it.
 */
#ifndef CHUNKS_H
#define CHUNKS_H

#include "testing.h"

extern struct slate_pools test_pools;
#define test_chunks	(test_pools.chunks)

/* Say where the arena is to be: the first @size bytes of test_memory. */
void chunks_describe(size_t size);

/* A fresh arena of @size bytes, one free chunk. */
struct slate_chunks *chunks_make(struct ktap *t, size_t size);

/* Granules of the largest free chunk, 0 if there is none. */
size_t chunks_largest(const struct slate_chunks *chunks);

/*
 * Take @n granules from the front of the largest free chunk, wherever the
 * engine itself would cut them: chunks taken one by one lie side by side.
 */
size_t chunks_take(struct slate_chunks *chunks, size_t n);

/* The bin of a chunk of @n granules; where a bin's first chunk stands. */
unsigned int chunks_bin(size_t n);
uint32_t *chunks_head(struct slate_chunks *chunks, unsigned int bin);

/* Do both engines find all in order? @report may be NULL. */
bool chunks_valid(struct slate_report *report);

/* Is everything one free chunk, as in the beginning? */
bool chunks_are_one(const struct slate_chunks *chunks);

/*
 * A prepared small arena with chunks of many kinds in it: small and large,
 * used and free, several in a bin; two thirds full.
 */
struct slate_chunks *chunks_make_mixed(struct ktap *t);

#endif /* CHUNKS_H */
