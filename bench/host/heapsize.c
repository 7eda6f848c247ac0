// SPDX-License-Identifier: MIT
/*
 * heapsize JOB PEAK OFFSET smallest|robust|SIZE
 *
 * smallest: prints the smallest region, in steps of 32 bytes, in which the job
 * completes. A smaller one may do where a larger one does not, so once
 * bisection ends, the next 64 smaller sizes are tried, anew from each that
 * does.
 * robust: the smallest such that no larger one up to twice the peak fails, in
 * steps of 32 bytes or, for large peaks, about a thousandth of the peak.
 * SIZE: prints the calls that went well in a region of that size.
 *
 * The region starts OFFSET bytes behind a multiple of 1 MiB.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "job.h"

#include <slate/check.h>

#define STEP	32u
#define SCAN	64u

static struct job job;
static unsigned char *memory;

void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)heap;
	(void)where;
	fprintf(stderr, "heapsize: %s\n", slate_fault_name(kind));
	_exit(3);
}

static size_t calls(size_t size)
{
	void *heap;

	if (size <= bench_adapter.fixed)
		return 0;
	heap = bench_adapter.init(memory, size - bench_adapter.fixed);
	return heap ? job_run(&job, heap, true) : 0;
}

static bool works(size_t steps)
{
	return calls(steps * STEP) == job.nops;
}

static size_t smallest(size_t bad, size_t good)
{
	size_t at;

	while (good - bad > 1) {
		at = bad + (good - bad) / 2;
		if (works(at))
			good = at;
		else
			bad = at;
	}
	for (at = good - 1; at && at + SCAN >= good; at--)
		if (works(at))
			good = at;
	return good;
}

/* Steps of about a thousandth of the peak: each size is a whole replay. */
static size_t robust(size_t good, size_t peak)
{
	size_t by = 1 + peak / STEP / 1000;

	while (works(good - by))
		good -= by;
	return good;
}

int main(int argc, char **argv)
{
	size_t peak, offset, most;

	if (argc != 5 || job_load(&job, argv[1]))
		return 2;
	peak = strtoull(argv[2], NULL, 0);
	offset = strtoull(argv[3], NULL, 0);
	memory = job_memory(peak * 4 + offset + 4096);
	if (!memory)
		return 2;
	memory += offset;
	if (argv[4][0] != 's' && argv[4][0] != 'r') {
		printf("%zu\n", calls(strtoull(argv[4], NULL, 0)));
		return 0;
	}
	most = peak * 2 / STEP;
	if (!works(most)) {
		if (argv[4][0] == 'r' || !works(most * 2)) {
			printf("0\n");
			return 0;
		}
		most *= 2;
	}
	printf("%zu\n", STEP * (argv[4][0] == 'r' ? robust(most, peak) :
			       smallest(peak / STEP, most)));
	return 0;
}
