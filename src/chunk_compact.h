/* SPDX-License-Identifier: MIT */
/* The one edit of a compact build's chunk engine, for the calls made of it. */
#ifndef SLATE_CHUNK_COMPACT_H
#define SLATE_CHUNK_COMPACT_H

#include <slate/chunk.h>

/*
 * Let the chunk at @g, used or free, become a used one of @n granules, with
 * what is free behind it; of 0, free. If only the free chunk before it makes
 * it large enough, then that comes first: the result starts there and has all
 * three, so that the caller can move its bytes before it gives up the rest.
 * SLATE_NONE for @g: a chunk of @n granules, from wherever there is one.
 *
 * The start of the result; SLATE_NONE if there is no room; SLATE_BROKEN if a
 * broken link was met: then the bits are what they were, and the lists want
 * slate_chunk_rebuild(). O(1).
 */
size_t slate_chunk_edit_(struct slate_chunks *c, size_t g, size_t n);

/*
 * The kind of fault that @ptr is; SLATE_FAULT_CORRUPT, which no pointer is, for
 * a live block. As slate_chunk_judge().
 */
enum slate_fault slate_chunk_blame_(const struct slate_chunks *c,
				    const void *ptr);

#define SLATE_FAULT_NONE	SLATE_FAULT_CORRUPT

#endif /* SLATE_CHUNK_COMPACT_H */
