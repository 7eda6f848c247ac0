// SPDX-License-Identifier: MIT
/*
 * Replays the job in memory against the allocator that this program was linked
 * with, and replaces each operation's size by the instructions it took.
 */
#include "count.h"

/* A live block; its first and last bytes are set, and looked at again. */
struct slot {
	unsigned char *ptr;
	uint32_t size;
};

static struct job *const job = (struct job *)JOB_ADDRESS;
static const struct bench_adapter *const peer = &bench_adapter;

static void mark(const struct slot *slot, unsigned char tag)
{
	slot->ptr[0] = tag;
	slot->ptr[slot->size - 1] = tag;
}

static int is_marked(const struct slot *slot, unsigned char tag)
{
	return slot->ptr[slot->size - 1] == tag && slot->ptr[0] == tag;
}

static int is_zero(const struct slot *slot)
{
	uint32_t i;

	for (i = 0; i < slot->size; i++)
		if (slot->ptr[i])
			return 0;
	return 1;
}

/* The arguments of a call behind the heap, if the allocator takes one. */
static void *call(void *heap, bench_fn *fn, uintptr_t a, uintptr_t b,
		  uint32_t *took)
{
	const uintptr_t own[3] = { (uintptr_t)heap, a, b };
	const uintptr_t plain[3] = { a, b, 0 };
	struct span span;
	void *ptr;

	payload_clear();
	ptr = bench_call(fn, peer->heapless ? plain : own, &span);
	*took = figure(&span);
	return ptr;
}

static enum status grow(void *heap, struct op *op, struct slot *slot,
			unsigned char tag)
{
	uint32_t size = op->size;
	unsigned char *ptr;

	if (!is_marked(slot, tag))
		return STATUS_DAMAGE;
	ptr = call(heap, peer->realloc, (uintptr_t)slot->ptr, size, &op->size);
	if (!ptr)
		return STATUS_NO_MEMORY;
	slot->ptr = ptr;
	if (slot->ptr[0] != tag)
		return STATUS_DAMAGE;
	slot->size = size;
	mark(slot, tag);
	return STATUS_DONE;
}

static enum status obtain(void *heap, struct op *op, struct slot *slot,
			  unsigned char tag)
{
	uint32_t size = op->size;
	void *ptr;

	if (op->what >> 30 == OP_MALLOC)
		ptr = call(heap, peer->malloc, size, 0, &op->size);
	else
		ptr = call(heap, peer->calloc, 1, size, &op->size);
	if (!ptr)
		return STATUS_NO_MEMORY;
	slot->ptr = ptr;
	slot->size = size;
	if (op->what >> 30 == OP_CALLOC && !is_zero(slot))
		return STATUS_DAMAGE;
	mark(slot, tag);
	return STATUS_DONE;
}

static enum status release(void *heap, struct op *op, struct slot *slot,
			   unsigned char tag)
{
	if (!is_marked(slot, tag))
		return STATUS_DAMAGE;
	call(heap, peer->free, (uintptr_t)slot->ptr, 0, &op->size);
	slot->ptr = NULL;
	return STATUS_DONE;
}

static enum status carry_out(void *heap, struct op *op, struct slot *slots)
{
	uint32_t number = op->what & 0x3fffffff;
	struct slot *slot = &slots[number];
	unsigned char tag = (unsigned char)(number * 37 + 11);
	enum op_kind kind = (enum op_kind)(op->what >> 30);
	bool is_new = kind == OP_MALLOC || kind == OP_CALLOC;
	enum status status;

	if (number >= job->nslots)
		return STATUS_BAD_JOB;
	if (!slot->ptr != is_new) {
		op->size = COST_SKIPPED;
		return job->goes_on ? STATUS_DONE : STATUS_BAD_JOB;
	}
	if (is_new)
		status = obtain(heap, op, slot, tag);
	else if (kind == OP_REALLOC)
		status = grow(heap, op, slot, tag);
	else
		status = release(heap, op, slot, tag);
	if (status == STATUS_NO_MEMORY && job->goes_on) {
		op->size |= COST_FAILED;
		status = STATUS_DONE;
	}
	return status;
}

static void *reset(struct slot *slots)
{
	void *heap = peer->init((void *)(uintptr_t)job->base,
				job->size - peer->fixed);
	uint32_t i;

	for (i = 0; i < job->nslots; i++)
		slots[i].ptr = NULL;
	if (!heap)
		finish(STATUS_NO_HEAP);
	return heap;
}

int main(void)
{
	struct slot *slots = (struct slot *)&job->ops[job->nops];
	enum status status = STATUS_DONE;
	void *heap;
	uint32_t i;

	if (job->magic != JOB_MAGIC ||
	    (uintptr_t)&slots[job->nslots] > JOB_END)
		finish(STATUS_BAD_JOB);
	if (calibrate())
		finish(STATUS_BAD_COUNT);
	heap = reset(slots);
	for (i = 0; i < job->nops && !status; i++) {
		job->done = i;
		if (job->ops[i].what == OP_RESET)
			heap = reset(slots);
		else
			status = carry_out(heap, &job->ops[i], slots);
	}
	job->done += !status;
	finish(status);
}
