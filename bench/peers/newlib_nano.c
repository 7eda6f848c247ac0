// SPDX-License-Identifier: MIT
/* newlib-nano's malloc. The reentrancy struct is not counted as its own. */
#include "../adapter.h"
#include "sbrk.h"
#include <stdlib.h>

void *_sbrk(ptrdiff_t by);

void *_sbrk(ptrdiff_t by)
{
	return move_break(by);
}

const struct bench_adapter bench_adapter = {
	.name = "newlib-nano",
	.heapless = true,
	.fixed = 16,
	.init = init,
	.malloc = BENCH_FN(malloc),
	.calloc = BENCH_FN(calloc),
	.realloc = BENCH_FN(realloc),
	.free = BENCH_FN(free),
};
