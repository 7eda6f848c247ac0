// SPDX-License-Identifier: MIT
/*
 * replayer JOB COMMAND...: run a recording's calls through slate itself, in
 * regions at the very addresses that they have on the device, so that every
 * block comes to lie where it lay there.
 *
 *	calls SIZE...		for each size of the varied region: a line with
 *				the calls that went well
 *	first FROM TO STEP	the first size, upwards, in which all do; 0 if
 *				none. Lines "at SIZE" meanwhile
 *	addresses SIZE		8 bytes for each call: what it returned, as an
 *				address of the device
 *	stats SIZE CALL...	a line of figures after each of these calls
 *	tables SIZE		lines "ADDRESS SIZE": slate's own, in an empty
 *				heap
 *	pools SIZE		lines "CALL 0|1 ADDRESS SIZE BLOCK": after that
 *				call a pool has gone, or come
 *
 * Calls are counted from 1; what comes "after call 0" is the empty heap. JOB is
 * what tools/desk/replayer.py writes, in this machine's own words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "pools.h"

static struct job job;

void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)heap;
	fprintf(stderr, "%s at %p\n", slate_fault_name(kind), where);
	_exit(3);
}

static struct slate_heap *make_heap(size_t size)
{
	const struct region *regions = job.regions;
	struct slate_heap *heap = NULL;
	uint32_t i;

	for (i = 0; i < job.head.nregions; i++) {
		size_t bytes = i == job.head.varied ? size :
			       (size_t)regions[i].size;
		unsigned int caps = (unsigned int)regions[i].caps;

		if (bytes > job.spans[i].size)
			return NULL;
		if (!i)
			heap = slate_heap_create_caps(job.spans[i].base, bytes,
						      caps);
		else if (slate_heap_add_region(heap, job.spans[i].base, bytes,
					       caps))
			return NULL;
		if (!heap)
			return NULL;
	}
	return heap;
}

static void *do_malloc(struct slate_heap *heap, const struct op *op)
{
	size_t size = (size_t)op->size;

	if (op->kind == OP_ALIGNED)
		return slate_raw_alloc(heap, (size_t)1 << op->align, size,
				       op->caps);
	if (op->tier == SLATE_TIER_RAW)
		return slate_raw_malloc(heap, size);
	if (op->tier == SLATE_TIER_MEM)
		return slate_mem_malloc(heap, size);
	return slate_obj_malloc(heap, size);
}

static void *do_realloc(struct slate_heap *heap, const struct op *op,
			void *ptr)
{
	size_t size = (size_t)op->size;

	if (op->tier == SLATE_TIER_RAW)
		return slate_raw_realloc(heap, ptr, size);
	if (op->tier == SLATE_TIER_MEM)
		return slate_mem_realloc(heap, ptr, size);
	return slate_obj_realloc(heap, ptr, size);
}

static void do_free(struct slate_heap *heap, const struct op *op, void *ptr)
{
	if (op->tier == SLATE_TIER_RAW)
		slate_raw_free(heap, ptr);
	else if (op->tier == SLATE_TIER_MEM)
		slate_mem_free(heap, ptr);
	else
		slate_obj_free(heap, ptr);
}

/* One call; false if it wanted memory and got none. */
static bool do_op(struct slate_heap *heap, const struct op *op)
{
	void **slot = &job.slots[op->slot];
	void *ptr;

	if (op->kind == OP_FREE) {
		do_free(heap, op, *slot);
		*slot = NULL;
		return true;
	}
	ptr = op->kind == OP_REALLOC ? do_realloc(heap, op, *slot) :
				       do_malloc(heap, op);
	if (!ptr)
		return false;
	*slot = ptr;
	return true;
}

/* The calls [from, to), as far as they go well; where it ended. */
static uint32_t run(struct slate_heap *heap, uint32_t from, uint32_t to)
{
	if (!from)
		memset(job.slots, 0, job.head.nslots * sizeof(*job.slots));
	while (from < to && do_op(heap, &job.ops[from]))
		from++;
	return from;
}

static uint32_t calls(size_t size)
{
	struct slate_heap *heap = make_heap(size);

	return heap ? run(heap, 0, job.head.nops) : 0;
}

/* Whether all went well; an empty recording still needs a heap. */
static bool completes(size_t size)
{
	struct slate_heap *heap = make_heap(size);

	return heap && run(heap, 0, job.head.nops) == job.head.nops;
}

static void print_first(size_t from, size_t to, size_t step)
{
	size_t size;

	for (size = from; size <= to; size += step) {
		if (completes(size)) {
			printf("first %zu\n", size);
			return;
		}
		printf("at %zu\n", size);
		fflush(stdout);
	}
	printf("first 0\n");
}

/* A pointer into a region as it would be on the device. */
static uint64_t device_address(const void *ptr)
{
	const unsigned char *p = ptr;
	uint32_t i;

	for (i = 0; p && i < job.head.nregions; i++) {
		const struct span *span = &job.spans[i];

		if (p >= span->base && p < span->base + span->size)
			return job.regions[i].base + (size_t)(p - span->base);
	}
	return 0;
}

static void write_addresses(size_t size)
{
	struct slate_heap *heap = make_heap(size);
	uint32_t i;

	memset(job.slots, 0, job.head.nslots * sizeof(*job.slots));
	for (i = 0; heap && i < job.head.nops; i++) {
		uint64_t address;

		if (!do_op(heap, &job.ops[i]))
			return;
		address = device_address(job.slots[job.ops[i].slot]);
		fwrite(&address, sizeof(address), 1, stdout);
	}
}

static int print_table(void *arg, const struct slate_span *span)
{
	(void)arg;
	if (span->kind == SLATE_SPAN_TABLES)
		printf("%llu %zu\n",
		       (unsigned long long)device_address(span->ptr),
		       span->size);
	return 0;
}

static void print_tables(size_t size)
{
	struct slate_heap *heap = make_heap(size);

	if (heap)
		slate_heap_map(heap, print_table, NULL);
}

static void print_stats(struct slate_heap *heap)
{
	struct slate_stats stats;

	slate_heap_stats(heap, &stats);
	printf("stats %zu %zu %zu %zu %zu %zu\n", stats.size, stats.live,
	       stats.peak, stats.free, stats.largest_free, stats.overhead);
}

static void visit(size_t size, char **argv)
{
	struct slate_heap *heap = make_heap(size);
	uint32_t done = 0;

	for (; heap && *argv; argv++) {
		uint32_t to = (uint32_t)strtoul(*argv, NULL, 10);

		if (to > job.head.nops || run(heap, done, to) < to)
			return;
		done = to;
		printf("after %lu\n", (unsigned long)done);
		print_stats(heap);
	}
}

static void print_pools(size_t size)
{
	struct slate_heap *heap = make_heap(size);
	struct pools pools = { 0 };
	uint32_t i;

	if (heap)
		memset(job.slots, 0, job.head.nslots * sizeof(*job.slots));
	for (i = 0; heap && i < job.head.nops; i++) {
		if (!do_op(heap, &job.ops[i]))
			return;
		pools_update(&pools, heap, i + 1, device_address);
	}
}

static size_t number(const char *text)
{
	return text ? (size_t)strtoull(text, NULL, 10) : 0;
}

int main(int argc, char **argv)
{
	const char *command = argc > 3 ? argv[2] : "";
	int i;

	if (argc < 4 || job_load(&job, argv[1]))
		return 2;
	if (!strcmp(command, "calls")) {
		for (i = 3; i < argc; i++)
			printf("%lu\n",
			       (unsigned long)calls(number(argv[i])));
	} else if (!strcmp(command, "first") && argc == 6) {
		print_first(number(argv[3]), number(argv[4]), number(argv[5]));
	} else if (!strcmp(command, "addresses")) {
		write_addresses(number(argv[3]));
	} else if (!strcmp(command, "stats")) {
		visit(number(argv[3]), argv + 4);
	} else if (!strcmp(command, "tables")) {
		print_tables(number(argv[3]));
	} else if (!strcmp(command, "pools")) {
		print_pools(number(argv[3]));
	} else {
		return 2;
	}
	return 0;
}
