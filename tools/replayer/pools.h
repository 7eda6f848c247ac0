/* SPDX-License-Identifier: MIT */
/* Which pools a heap has, and what changes about that. */
#ifndef REPLAYER_POOLS_H
#define REPLAYER_POOLS_H

#include <stdint.h>

#include <slate/slate.h>

struct pool_span {
	const unsigned char *start;
	size_t size;
	size_t block;
};

/**
 * struct pools - the pools of a heap, by address
 * @now: those that were there last, @n of them
 * @next: those that are being found, @found of them
 * @room: how many either has room for
 */
struct pools {
	struct pool_span *now;
	struct pool_span *next;
	size_t n;
	size_t found;
	size_t room;
};

/*
 * Print which pools came and went with call number @call; @address says where
 * they are.
 */
void pools_update(struct pools *pools, struct slate_heap *heap, uint32_t call,
		  uint64_t (*address)(const void *ptr));

#endif /* REPLAYER_POOLS_H */
