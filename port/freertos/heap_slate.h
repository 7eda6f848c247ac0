/* SPDX-License-Identifier: MIT */
/*
 * What heap_slate.c gives beyond the kernel's own heap API: regions with
 * capabilities, blocks from them, and the heap itself.
 */
#ifndef HEAP_SLATE_H
#define HEAP_SLATE_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

/**
 * slate_freertos_heap() - the heap behind pvPortMalloc()
 *
 * For everything that slate has and the kernel's API has not: realloc, walks,
 * checks, budgets. Its blocks may be freed by vPortFree() and the other way
 * round.
 *
 * Context: as pvPortMalloc().
 * Return: the heap, made now if need be; NULL if there is no memory for one.
 */
struct slate_heap *slate_freertos_heap(void);

/**
 * slate_freertos_add_region() - give the heap more memory
 * @start: first byte; any alignment
 * @size: bytes at @start
 * @caps: what the memory is good for, a set of SLATE_CAP_*; 0 for ordinary
 *
 * As vPortDefineHeapRegions() for one region, at any time, with capabilities.
 * pvPortMalloc() takes from the first region, in the order of adding, that
 * has room.
 *
 * Context: before the scheduler, or a task. O(size / 64).
 * Return: 0, or what slate_heap_add_region() returns, -SLATE_EINVAL too if
 * the region is too small to be the first.
 */
int slate_freertos_add_region(void *start, size_t size,
			      unsigned int caps) SLATE_MUST_CHECK;

/**
 * slate_freertos_alloc() - pvPortMalloc() with an alignment and capabilities
 * @align: a power of two, in bytes; up to a granule costs nothing
 * @size: bytes, rounded up to @align
 * @caps: the block's region has all these SLATE_CAP_* bits; 0 for any
 *
 * Free it with vPortFree(). The malloc-failed hook hears of failures.
 *
 * Context: as pvPortMalloc().
 * Return: the block, or NULL.
 */
void *slate_freertos_alloc(size_t align, size_t size, unsigned int caps);

SLATE_END_DECLS

#endif /* HEAP_SLATE_H */
