/* SPDX-License-Identifier: MIT */
/* A job in memory, and the memory that its regions have; see replayer.c. */
#ifndef REPLAYER_MEMORY_H
#define REPLAYER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <slate/slate.h>

#define JOB_MAGIC	0x4a4c5332u

/* malloc and calloc are one here: both come to lie in the same place. */
enum op_kind { OP_MALLOC, OP_ALIGNED, OP_REALLOC, OP_FREE };

/**
 * struct job_head - how a job file begins
 * @magic: JOB_MAGIC
 * @nops: calls, behind the regions
 * @nslots: blocks that live at once, at most
 * @nregions: regions, behind this
 * @varied: the region whose size the command line says
 * @pad: 0
 */
struct job_head {
	uint32_t magic;
	uint32_t nops;
	uint32_t nslots;
	uint32_t nregions;
	uint32_t varied;
	uint32_t pad;
};

/**
 * struct region - a region of the heap
 * @base: where it begins on the device
 * @size: its bytes; of the varied one, the most it may get
 * @caps: its capabilities
 */
struct region {
	uint64_t base;
	uint64_t size;
	uint64_t caps;
};

/**
 * struct op - one call
 * @size: bytes
 * @slot: where the block is kept
 * @kind: enum op_kind
 * @tier: enum slate_tier
 * @align: of OP_ALIGNED, the binary logarithm of the alignment
 * @caps: of OP_ALIGNED, the capabilities
 */
struct op {
	uint64_t size;
	uint32_t slot;
	uint8_t kind;
	uint8_t tier;
	uint8_t align;
	uint8_t caps;
};

/* Where a region really is here. */
struct span {
	unsigned char *base;
	size_t size;
};

struct job {
	struct job_head head;
	struct region *regions;
	struct span *spans;
	struct op *ops;
	void **slots;
};

/**
 * job_load() - read a job, and find memory for its regions
 * @job: filled
 * @path: the file
 *
 * A region gets the addresses of the device, or, where those are taken here,
 * others that are equal modulo 1 MiB.
 *
 * Return: 0, or -1 and a message on stderr.
 */
int job_load(struct job *job, const char *path);

#endif /* REPLAYER_MEMORY_H */
