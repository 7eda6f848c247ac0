/* SPDX-License-Identifier: MIT */
/* A break that moves through a region: memory for the libc's own malloc. */
#ifndef BENCH_SBRK_H
#define BENCH_SBRK_H

#include <stddef.h>
#include <stdint.h>

static unsigned char *break_start, *break_now, *break_end;

static void *init(void *base, size_t size)
{
	break_start = base;
	break_now = base;
	break_end = break_now + size;
	return base;
}

static void *move_break(ptrdiff_t by)
{
	unsigned char *old = break_now;

	if (by > break_end - old || by < break_start - old)
		return (void *)-1;
	break_now += by;
	return old;
}

#endif /* BENCH_SBRK_H */
