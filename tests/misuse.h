/* SPDX-License-Identifier: MIT */
/* What the suites on bad pointers share. */
#ifndef MISUSE_H
#define MISUSE_H

#include "testing.h"

/*
 * Hand a bad pointer to every call that takes one: each reports it once, as
 * the right kind, and changes nothing.
 */
void misuse_expect(struct ktap *t, struct slate_heap *heap, const void *where,
		   enum slate_fault kind);

/* A heap with a few live blocks of several kinds in it. */
struct slate_heap *misuse_heap(struct ktap *t);

/* A live obj block from a pool; NULL and the case is skipped without pools. */
unsigned char *misuse_pooled(struct ktap *t, struct slate_heap *heap,
			     size_t size);

#endif /* MISUSE_H */
