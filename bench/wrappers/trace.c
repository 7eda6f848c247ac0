// SPDX-License-Identifier: MIT
/* slate's obj tier, traced: all of it, or one of TRACE_EVERY. */
#include "../adapter.h"
#include <slate/slate.h>

#ifndef TRACE_EVERY
#define TRACE_EVERY	1
#endif

static struct slate_trace trace;
static uintptr_t table[3 * 4096 + 6 * 64];
static const struct slate_trace_config config = {
	.table = table,
	.size = sizeof(table),
	.sites = 64,
	.every = TRACE_EVERY,
};

static void *init(void *base, size_t size)
{
	struct slate_heap *heap = slate_heap_create(base, size);

	if (heap && slate_trace_start(&trace, heap, &config))
		return NULL;
	return heap;
}

const struct bench_adapter bench_adapter = {
	.name = "slate-trace",
	.init = init,
	.malloc = BENCH_FN(slate_obj_malloc),
	.calloc = BENCH_FN(slate_obj_calloc),
	.realloc = BENCH_FN(slate_obj_realloc),
	.free = BENCH_FN(slate_obj_free),
};
