// SPDX-License-Identifier: MIT
/* picolibc's malloc. Static data: two words. */
#include "../adapter.h"
#include "sbrk.h"
#include <stdlib.h>

void *sbrk(ptrdiff_t by);

void *sbrk(ptrdiff_t by)
{
	return move_break(by);
}

const struct bench_adapter bench_adapter = {
	.name = "picolibc",
	.heapless = true,
	.fixed = 16,
	.init = init,
	.malloc = BENCH_FN(malloc),
	.calloc = BENCH_FN(calloc),
	.realloc = BENCH_FN(realloc),
	.free = BENCH_FN(free),
};
