// SPDX-License-Identifier: MIT
/* slate's obj tier, counted by size class. */
#include "../adapter.h"
#include <slate/slate.h>

#define CLASSES		24

static struct slate_count count;
static struct slate_counts classes[SLATE_TIERS * CLASSES];

static void *init(void *base, size_t size)
{
	struct slate_heap *heap = slate_heap_create(base, size);

	if (heap && slate_count_start(&count, heap, classes, CLASSES))
		return NULL;
	return heap;
}

const struct bench_adapter bench_adapter = {
	.name = "slate-count",
	.init = init,
	.malloc = BENCH_FN(slate_obj_malloc),
	.calloc = BENCH_FN(slate_obj_calloc),
	.realloc = BENCH_FN(slate_obj_realloc),
	.free = BENCH_FN(slate_obj_free),
};
