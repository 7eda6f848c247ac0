// SPDX-License-Identifier: MIT
/* The pools of a heap, found anew after each call and compared. */
#include <stdio.h>
#include <stdlib.h>

#include "pools.h"

static int add_pool(void *arg, const struct slate_span *span)
{
	struct pools *pools = arg;

	if (span->kind != SLATE_SPAN_POOL)
		return 0;
	if (pools->found == pools->room) {
		size_t room = pools->room * 2 + 64;

		pools->now = realloc(pools->now, room * sizeof(*pools->now));
		pools->next = realloc(pools->next, room * sizeof(*pools->next));
		if (!pools->now || !pools->next)
			abort();
		pools->room = room;
	}
	pools->next[pools->found++] = (struct pool_span){
		span->ptr, span->size, span->block_size
	};
	return 0;
}

static void tell(const struct pool_span *pool, uint32_t call, int made,
		 uint64_t (*address)(const void *ptr))
{
	printf("%lu %d %llu %zu %zu\n", (unsigned long)call, made,
	       (unsigned long long)address(pool->start), pool->size,
	       pool->block);
}

static bool same(const struct pool_span *a, const struct pool_span *b)
{
	return a->start == b->start && a->size == b->size &&
	       a->block == b->block;
}

void pools_update(struct pools *pools, struct slate_heap *heap, uint32_t call,
		  uint64_t (*address)(const void *ptr))
{
	struct pool_span *old;
	size_t i = 0;
	size_t j = 0;

	pools->found = 0;
	slate_heap_map(heap, add_pool, pools);
	old = pools->now;
	while (i < pools->n || j < pools->found) {
		const struct pool_span *new = &pools->next[j];

		if (i < pools->n && j < pools->found && same(&old[i], new)) {
			i++;
			j++;
		} else if (j == pools->found ||
			   (i < pools->n && old[i].start <= new->start)) {
			tell(&old[i++], call, 0, address);
		} else {
			tell(new, call, 1, address);
			j++;
		}
	}
	pools->now = pools->next;
	pools->next = old;
	pools->n = pools->found;
}
