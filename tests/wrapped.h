/* SPDX-License-Identifier: MIT */
/*
 * What the suites on wrappers share: a heap, and behind it what the case needs
 * beside it, its area. Both lie in test_memory, which a small board has once.
 */
#ifndef WRAPPED_H
#define WRAPPED_H

#include "testing.h"

/*
 * @size bytes, cleared, at the end of the test's memory; NULL, and the case is
 * skipped, in a configuration without hooks.
 */
void *wrapped_area(struct ktap *t, size_t size);

/* A heap in all that is in front of @area. */
struct slate_heap *wrapped_heap(const void *area);

/* A wrapper has stopped: its heap is whole, and ends. */
void wrapped_end(struct ktap *t, struct slate_heap *heap);

#endif /* WRAPPED_H */
