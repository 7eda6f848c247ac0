// SPDX-License-Identifier: MIT
/* slate, through its obj tier. */
#include "../adapter.h"
#include <slate/slate.h>

static void *init(void *base, size_t size)
{
	return slate_heap_create(base, size);
}

const struct bench_adapter bench_adapter = {
	.name = "slate-obj",
	.init = init,
	.malloc = BENCH_FN(slate_obj_malloc),
	.calloc = BENCH_FN(slate_obj_calloc),
	.realloc = BENCH_FN(slate_obj_realloc),
	.free = BENCH_FN(slate_obj_free),
};
