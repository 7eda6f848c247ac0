// SPDX-License-Identifier: MIT
/* slate's obj tier, recorded into a ring, without times and owners. */
#include "../adapter.h"
#include <slate/slate.h>

static struct slate_record record;
static unsigned char buffer[4096];
static const struct slate_record_config config = {
	.buffer = buffer,
	.size = sizeof(buffer),
};

static void *init(void *base, size_t size)
{
	struct slate_heap *heap = slate_heap_create(base, size);

	if (heap && slate_record_start(&record, heap, &config))
		return NULL;
	return heap;
}

const struct bench_adapter bench_adapter = {
	.name = "slate-record",
	.init = init,
	.malloc = BENCH_FN(slate_obj_malloc),
	.calloc = BENCH_FN(slate_obj_calloc),
	.realloc = BENCH_FN(slate_obj_realloc),
	.free = BENCH_FN(slate_obj_free),
};
