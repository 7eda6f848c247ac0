// SPDX-License-Identifier: MIT
/* Reading a job, and carrying it out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "job.h"

#define MAGIC	0x544c5331u

struct head {
	uint32_t magic;
	uint32_t nops;
	uint32_t nslots;
	uint32_t rest[5];
};

/* Anonymous memory: what measures an allocator does not use it. */
static void *fresh(size_t size)
{
	void *ptr = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return ptr == MAP_FAILED ? NULL : ptr;
}

void *job_memory(size_t size)
{
	uintptr_t ptr = (uintptr_t)fresh(size + 0x100000);

	return ptr ? (void *)((ptr + 0xfffff) & ~(uintptr_t)0xfffff) : NULL;
}

int job_load(struct job *job, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct head head;

	if (!file || fread(&head, sizeof(head), 1, file) != 1 ||
	    head.magic != MAGIC) {
		fprintf(stderr, "%s: not a job\n", path);
		return -1;
	}
	job->nops = head.nops;
	job->nslots = head.nslots;
	job->ops = fresh(job->nops * sizeof(*job->ops) + 1);
	job->slots = fresh(job->nslots * sizeof(*job->slots) + 1);
	if (!job->ops || !job->slots ||
	    fread(job->ops, sizeof(*job->ops), job->nops, file) != job->nops) {
		fprintf(stderr, "%s: truncated\n", path);
		return -1;
	}
	fclose(file);
	return 0;
}

void *job_malloc(void *heap, size_t size)
{
	if (bench_adapter.heapless)
		return ((void *(*)(size_t))bench_adapter.malloc)(size);
	return ((void *(*)(void *, size_t))bench_adapter.malloc)(heap, size);
}

void *job_calloc(void *heap, size_t size)
{
	if (bench_adapter.heapless)
		return ((void *(*)(size_t, size_t))bench_adapter.calloc)(1,
			size);
	return ((void *(*)(void *, size_t, size_t))bench_adapter.calloc)(heap,
		1, size);
}

void *job_realloc(void *heap, void *ptr, size_t size)
{
	if (bench_adapter.heapless)
		return ((void *(*)(void *, size_t))bench_adapter.realloc)(ptr,
			size);
	return ((void *(*)(void *, void *, size_t))bench_adapter.realloc)(heap,
		ptr, size);
}

void job_free(void *heap, void *ptr)
{
	if (bench_adapter.heapless)
		((void (*)(void *))bench_adapter.free)(ptr);
	else
		((void (*)(void *, void *))bench_adapter.free)(heap, ptr);
}

static void *carry_out(void *heap, const struct op *op, void *ptr)
{
	switch ((enum op_kind)(op->what >> 30)) {
	case OP_MALLOC:
		return job_malloc(heap, op->size);
	case OP_CALLOC:
		return job_calloc(heap, op->size);
	case OP_REALLOC:
		return job_realloc(heap, ptr, op->size);
	default:
		return NULL;
	}
}

size_t job_run(struct job *job, void *heap, bool touch)
{
	size_t i;

	memset(job->slots, 0, job->nslots * sizeof(*job->slots));
	for (i = 0; i < job->nops; i++) {
		const struct op *op = &job->ops[i];
		void **slot = &job->slots[op->what & 0x3fffffff];
		unsigned char *ptr;

		if (op->what >> 30 == OP_FREE) {
			job_free(heap, *slot);
			*slot = NULL;
			continue;
		}
		ptr = carry_out(heap, op, *slot);
		if (!ptr)
			return i;
		*slot = ptr;
		if (touch) {
			ptr[0] = 1;
			ptr[op->size - 1] = 1;
		}
	}
	return i;
}
