// SPDX-License-Identifier: MIT
/* The libc's malloc on the host, or what is preloaded in its place. */
#include "../adapter.h"
#include <stdlib.h>

static void *init(void *base, size_t size)
{
	(void)size;
	return base;
}

const struct bench_adapter bench_adapter = {
	.name = "libc",
	.heapless = true,
	.init = init,
	.malloc = BENCH_FN(malloc),
	.calloc = BENCH_FN(calloc),
	.realloc = BENCH_FN(realloc),
	.free = BENCH_FN(free),
};
