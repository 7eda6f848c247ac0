// SPDX-License-Identifier: MIT
/* slate, through its raw tier. */
#include "../adapter.h"
#include <slate/slate.h>

static void *init(void *base, size_t size)
{
	return slate_heap_create(base, size);
}

const struct bench_adapter bench_adapter = {
	.name = "slate-raw",
	.init = init,
	.malloc = BENCH_FN(slate_raw_malloc),
	.calloc = BENCH_FN(slate_raw_calloc),
	.realloc = BENCH_FN(slate_raw_realloc),
	.free = BENCH_FN(slate_raw_free),
};
