// SPDX-License-Identifier: MIT
/*
 * What the harness takes: two instructions around each call, and a fixed
 * number around each copy. Known sequences must then count as they should.
 */
#include "count.h"

struct payload payload;

static uint32_t empty;		/* instructions around a call */
static uint32_t wrap[3];	/* instructions around each kind of copy */

void *__real_memcpy(void *to, const void *from, size_t size);
void *__real_memset(void *to, int byte, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__wrap_memset(void *to, int byte, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size);

void *__wrap_memcpy(void *to, const void *from, size_t size)
{
	uint32_t start = TIMER_VALUE;

	__real_memcpy(to, from, size);
	payload.cost += instructions(start - TIMER_VALUE);
	payload.calls[PAYLOAD_COPY]++;
	return to;
}

void *__wrap_memset(void *to, int byte, size_t size)
{
	uint32_t start = TIMER_VALUE;

	__real_memset(to, byte, size);
	payload.cost += instructions(start - TIMER_VALUE);
	payload.calls[PAYLOAD_SET]++;
	return to;
}

void *__wrap_memmove(void *to, const void *from, size_t size)
{
	uint32_t start = TIMER_VALUE;

	__real_memmove(to, from, size);
	payload.cost += instructions(start - TIMER_VALUE);
	payload.calls[PAYLOAD_MOVE]++;
	return to;
}

/* Field by field: what the compiler makes of an assignment is a memset. */
void payload_clear(void)
{
	payload.cost = 0;
	payload.calls[PAYLOAD_COPY] = 0;
	payload.calls[PAYLOAD_SET] = 0;
	payload.calls[PAYLOAD_MOVE] = 0;
}

uint32_t cost(const struct span *span)
{
	return instructions(span->start - span->stop) - empty - payload.cost -
	       wrap[0] * payload.calls[0] - wrap[1] * payload.calls[1] -
	       wrap[2] * payload.calls[2];
}

__attribute__((weak)) uint32_t figure(const struct span *span)
{
	return cost(span);
}

static uint32_t count(bench_fn *fn)
{
	/* Of no use to the known functions, but a place to copy 0 bytes to. */
	uintptr_t place;
	const uintptr_t args[3] = { (uintptr_t)&place, (uintptr_t)&place, 0 };
	struct span span;

	payload_clear();
	bench_call(fn, args, &span);
	return cost(&span);
}

int calibrate(void)
{
	static bench_fn *const copies[3] = {
		known_copy, known_set, known_move
	};
	size_t i;

	empty = count(known_1) - 1;
	for (i = 0; i < 3; i++)
		wrap[i] = count(copies[i]) - 4;
	if (count(known_1) != 1 || count(known_2) != 2 ||
	    count(known_12) != 12 || count(known_loop) != 2002)
		return -1;
	for (i = 0; i < 3; i++)
		if (count(copies[i]) != 4)
			return -1;
	return 0;
}
