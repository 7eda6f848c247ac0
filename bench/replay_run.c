// SPDX-License-Identifier: MIT
/* Replaying a trace in a heap, with every byte of every block tested. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"

struct slot {
	unsigned char *ptr;
	size_t size;
	unsigned int key;
};

static unsigned int faults;

void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)heap;
	(void)where;
	faults++;
	fprintf(stderr, "replay: %s\n", slate_fault_name(kind));
}

/* One byte of a slot's pattern, from slot, generation and offset. */
static unsigned char pattern(unsigned int key, size_t i)
{
	return (unsigned char)(key + i * 7 + (i >> 8));
}

static void fill(const struct slot *slot, size_t from)
{
	size_t i;

	for (i = from; i < slot->size; i++)
		slot->ptr[i] = pattern(slot->key, i);
}

static bool is_filled(const unsigned char *p, size_t size, unsigned int key)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (p[i] != pattern(key, i))
			return false;
	}
	return true;
}

static bool is_zero(const unsigned char *p, size_t size)
{
	while (size--) {
		if (*p++)
			return false;
	}
	return true;
}

static const char *do_realloc(struct slate_heap *heap, const struct tier *tier,
			      struct slot *slot, size_t size)
{
	size_t kept = size < slot->size ? size : slot->size;
	unsigned char *p;

	if (!is_filled(slot->ptr, slot->size, slot->key))
		return "contents lost before realloc";
	p = tier->realloc(heap, slot->ptr, size);
	if (!p)
		return "realloc gave NULL";
	if (!is_filled(p, kept, slot->key))
		return "contents lost by realloc";
	slot->ptr = p;
	slot->size = size;
	fill(slot, kept);
	return NULL;
}

static const char *do_op(struct slate_heap *heap, const struct tier *tier,
			 const struct op *op, struct slot *slot)
{
	if (op->kind == 'r')
		return do_realloc(heap, tier, slot, op->size);
	if (op->kind == 'f') {
		if (!is_filled(slot->ptr, slot->size, slot->key))
			return "contents lost before free";
		tier->free(heap, slot->ptr);
		slot->ptr = NULL;
		return NULL;
	}
	if (op->kind == 'c')
		slot->ptr = tier->calloc(heap, 1, op->size);
	else
		slot->ptr = tier->malloc(heap, op->size);
	if (!slot->ptr)
		return op->kind == 'c' ? "calloc gave NULL" :
		       "malloc gave NULL";
	if (op->kind == 'c' && !is_zero(slot->ptr, op->size))
		return "calloc gave memory that is not zero";
	slot->size = op->size;
	slot->key += 37 + op->slot;
	fill(slot, 0);
	return NULL;
}

/* At the end: what is still live is whole, and so is the heap. */
static const char *finish(struct slate_heap *heap, const struct trace *trace,
			  const struct slot *slots)
{
	unsigned int i;

	for (i = 0; i < trace->nslots; i++) {
		if (slots[i].ptr && !is_filled(slots[i].ptr, slots[i].size,
					       slots[i].key))
			return "contents lost at the end";
	}
	if (!slate_heap_valid(heap))
		return "heap is not valid at the end";
	return faults ? "misuse was reported" : NULL;
}

struct outcome replay_run(const struct trace *trace, const struct tier *tier,
			  size_t size)
{
	struct slot *slots = calloc(trace->nslots, sizeof(*slots));
	unsigned char *memory = malloc(size + SLATE_GRANULE);
	struct outcome outcome = { 0, "no memory on the host" };
	struct slate_heap *heap = NULL;

	faults = 0;
	if (slots && memory) {
		memset(memory, 0xa5, size);
		heap = slate_heap_create(memory, size);
		outcome.why = heap ? NULL : "heap is too small to be one";
	}
	for (; heap && outcome.op < trace->nops; outcome.op++) {
		const struct op *op = &trace->ops[outcome.op];

		outcome.why = do_op(heap, tier, op, &slots[op->slot]);
		if (outcome.why)
			break;
	}
	if (heap && !outcome.why)
		outcome.why = finish(heap, trace, slots);
	slate_heap_destroy(heap);
	free(memory);
	free(slots);
	return outcome;
}
