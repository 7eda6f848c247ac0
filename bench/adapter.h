/* SPDX-License-Identifier: MIT */
/*
 * What the benchmarks know of an allocator. One file in bench/peers/ fills in
 * bench_adapter; a program is linked with one such file.
 */
#ifndef BENCH_ADAPTER_H
#define BENCH_ADAPTER_H

#include <stdbool.h>
#include <stddef.h>

/* Any of the four calls; what they really take is said at their use. */
typedef void bench_fn(void);

#define BENCH_FN(fn)	((bench_fn *)(fn))

/**
 * struct bench_adapter - an allocator
 * @name: as it is to be printed, without spaces
 * @heapless: the calls are those of C: malloc(size). Otherwise each takes what
 *	@init returned as its first argument: malloc(heap, size).
 * @fixed: bytes of static data that the allocator has of its own; the region
 *	is made smaller by them
 * @init: make a heap of a region; what it returns is handed to the calls.
 *	NULL if the region is too small.
 * @malloc: void *(size_t size)
 * @calloc: void *(size_t nmemb, size_t size)
 * @realloc: void *(void *ptr, size_t size)
 * @free: void (void *ptr)
 */
struct bench_adapter {
	const char *name;
	bool heapless;
	size_t fixed;
	void *(*init)(void *base, size_t size);
	bench_fn *malloc;
	bench_fn *calloc;
	bench_fn *realloc;
	bench_fn *free;
};

extern const struct bench_adapter bench_adapter;

#endif /* BENCH_ADAPTER_H */
