/* SPDX-License-Identifier: MIT */
/*
 * The optional default heap: the only mutable global of slate's, in a file of
 * its own that is linked only if one of these calls is used.
 */
#ifndef SLATE_DEFAULT_H
#define SLATE_DEFAULT_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

/**
 * slate_default() - the default heap
 *
 * Before slate_default_init() it is made from the port's own source of
 * arenas, if that has one.
 *
 * Context: the owner; the first call before there is a second thread. O(1)
 * but for the first call.
 * Return: the heap, or NULL if there is none.
 */
struct slate_heap *slate_default(void);

/**
 * slate_default_init() - make the default heap of a span of memory
 * @base: first byte
 * @size: bytes at @base
 *
 * Context: the owner, before there is a second thread. O(size / 64).
 * Return: 0, -SLATE_EBUSY if there is a default heap, -SLATE_EINVAL if the
 * span is too small.
 */
int slate_default_init(void *base, size_t size) SLATE_MUST_CHECK;

/* The mem tier of the default heap; NULL if there is no default heap. */
void *slate_malloc(size_t size);
void *slate_calloc(size_t nmemb, size_t size);
void *slate_realloc(void *ptr, size_t size);
void slate_free(void *ptr);

SLATE_END_DECLS

#endif /* SLATE_DEFAULT_H */
