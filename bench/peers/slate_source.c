// SPDX-License-Identifier: MIT
/* slate on the host, obj tier, with arenas from the port's source. */
#include "../adapter.h"
#include <slate/slate.h>

static void *init(void *base, size_t size)
{
	(void)base;
	(void)size;
	return slate_heap_create_from(NULL);
}

const struct bench_adapter bench_adapter = {
	.name = "slate",
	.init = init,
	.malloc = BENCH_FN(slate_obj_malloc),
	.calloc = BENCH_FN(slate_obj_calloc),
	.realloc = BENCH_FN(slate_obj_realloc),
	.free = BENCH_FN(slate_obj_free),
};
