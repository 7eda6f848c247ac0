// SPDX-License-Identifier: MIT
/* Reading a job, and memory at given addresses. */
#define _GNU_SOURCE	/* MAP_FIXED_NOREPLACE */

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "memory.h"

#define PAGE	4096u
#define MIB	0x100000u

static void *map_at(uintptr_t where, size_t size, int flags)
{
	void *ptr = mmap((void *)where, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags,
			 -1, 0);

	return ptr == MAP_FAILED ? NULL : ptr;
}

static int find_memory(struct span *span, const struct region *region)
{
	uintptr_t base = (uintptr_t)region->base;
	size_t skip = base % PAGE;
	size_t size = ((size_t)region->size + skip + PAGE - 1) / PAGE * PAGE;
	unsigned char *ptr = map_at(base - skip, size, MAP_FIXED_NOREPLACE);

	span->size = (size_t)region->size;
	span->base = ptr + skip;
	if (ptr == (unsigned char *)(base - skip))
		return 0;
	if (ptr)
		munmap(ptr, size);
	ptr = map_at(0, size + 2 * MIB, 0);
	if (!ptr)
		return -1;
	span->base = ptr + ((base - (uintptr_t)ptr) & (MIB - 1));
	return 0;
}

static int read_all(FILE *file, void *where, size_t size, size_t n)
{
	return fread(where, size, n, file) == n ? 0 : -1;
}

static int read_job(struct job *job, FILE *file)
{
	struct job_head *head = &job->head;
	uint32_t i;

	if (read_all(file, head, sizeof(*head), 1) || head->magic != JOB_MAGIC)
		return -1;
	job->regions = calloc(head->nregions + 1, sizeof(*job->regions));
	job->spans = calloc(head->nregions + 1, sizeof(*job->spans));
	job->ops = calloc(head->nops + 1, sizeof(*job->ops));
	job->slots = calloc(head->nslots + 1, sizeof(*job->slots));
	if (!job->regions || !job->spans || !job->ops || !job->slots)
		return -1;
	if (read_all(file, job->regions, sizeof(*job->regions),
		     head->nregions) ||
	    read_all(file, job->ops, sizeof(*job->ops), head->nops))
		return -1;
	for (i = 0; i < head->nregions; i++) {
		if (find_memory(&job->spans[i], &job->regions[i]))
			return -1;
	}
	return 0;
}

int job_load(struct job *job, const char *path)
{
	FILE *file = fopen(path, "rb");
	int err;

	if (!file) {
		perror(path);
		return -1;
	}
	err = read_job(job, file);
	fclose(file);
	if (err)
		fprintf(stderr, "%s: no job, or no memory for it\n", path);
	return err;
}
