/* SPDX-License-Identifier: MIT */
/*
 * Jobs on the host: a trace as bench/tracefile.py writes it, and its replay
 * through an adapter. The same format as bench/target has.
 */
#ifndef JOB_H
#define JOB_H

#include "../adapter.h"
#include <stdint.h>

enum op_kind { OP_MALLOC, OP_CALLOC, OP_REALLOC, OP_FREE };

/* @what: kind in the upper two bits, slot in the others. */
struct op {
	uint32_t what;
	uint32_t size;
};

/**
 * struct job - a trace in memory
 * @nops: calls at @ops
 * @nslots: blocks that may live at once, at @slots
 * @ops: the calls
 * @slots: a pointer for each slot
 */
struct job {
	size_t nops;
	size_t nslots;
	struct op *ops;
	void **slots;
};

/* Reads a job; 0, or -1 and a message. */
int job_load(struct job *job, const char *path);

/* Memory aligned to a mebibyte, or NULL; never given back. */
void *job_memory(size_t size);

/* The calls of an adapter, with or without a heap. */
void *job_malloc(void *heap, size_t size);
void *job_calloc(void *heap, size_t size);
void *job_realloc(void *heap, void *ptr, size_t size);
void job_free(void *heap, void *ptr);

/**
 * job_run() - carry out all calls
 * @job: the calls
 * @heap: what the adapter made
 * @touch: write to the first and last byte of each block
 *
 * Return: the calls that went well; @job's nops if all did.
 */
size_t job_run(struct job *job, void *heap, bool touch);

#endif /* JOB_H */
