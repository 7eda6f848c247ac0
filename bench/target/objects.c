// SPDX-License-Identifier: MIT
/*
 * What the calls of the object layer take, in instructions. Each operation of
 * the job is one measurement: its kind and what is asked of it in what, how
 * many objects in size, which the answer replaces. Each has a heap of its own.
 */
#include "count.h"

#include <slate/slate.h>

#undef slate_incref
#undef slate_decref

enum kind {
	KIND_NEW, KIND_NEW_COLLECTED, KIND_INCREF, KIND_DECREF, KIND_LAST,
	KIND_LAST_COLLECTED, KIND_WEAK_NEW, KIND_WEAK_GET, KIND_LIVE,
	KIND_TRASH, KIND_POLL, KIND_BYTES, KIND_BYTES_COLLECTED
};

enum answer { ANSWER_SUM, ANSWER_MOST };

/* A plain object, of two words behind the header, and a collected one. */
struct plain {
	struct slate_object base;
	struct slate_weakref *weak;
	uint32_t value;
};

struct node {
	struct slate_gc_object gc;
	struct slate_object *ref[2];
};

static int traverse(struct slate_object *obj, slate_visit_fn visit, void *arg)
{
	struct node *node = (struct node *)obj;
	int result = slate_visit(node->ref[0], visit, arg);

	return result ? result : slate_visit(node->ref[1], visit, arg);
}

static void clear(struct slate_objects *objects, struct slate_object *obj)
{
	struct node *node = (struct node *)obj;

	slate_clear_ref(objects, &node->ref[0]);
	slate_clear_ref(objects, &node->ref[1]);
}

static const struct slate_type plain_type = {
	.name = "plain",
	.size = sizeof(struct plain),
	.weak_offset = offsetof(struct plain, weak),
};

static const struct slate_type node_type = {
	.name = "node",
	.size = sizeof(struct node),
	.flags = SLATE_TYPE_COLLECTED,
	.traverse = traverse,
	.clear = clear,
};

static struct job *const job = (struct job *)JOB_ADDRESS;
static struct slate_objects objects;
static struct slate_gc gc;
static uint32_t sum;
static uint32_t most;

static void open_heap(void)
{
	struct slate_heap *heap = slate_heap_create((void *)(uintptr_t)
						    job->base, job->size);

	if (!heap)
		finish(STATUS_NO_HEAP);
	slate_objects_init(&objects, heap);
	slate_gc_init(&gc, &objects);
	slate_gc_disable(&gc);
	sum = 0;
	most = 0;
}

static void *measure(bench_fn *fn, const void *a, const void *b, const void *c)
{
	const uintptr_t args[3] = { (uintptr_t)a, (uintptr_t)b, (uintptr_t)c };
	struct span span;
	uint32_t took;
	void *result;

	payload_clear();
	result = bench_call(fn, args, &span);
	took = cost(&span);
	sum += took;
	if (took > most)
		most = took;
	return result;
}

static void *must(void *ptr)
{
	if (!ptr)
		finish(STATUS_NO_MEMORY);
	return ptr;
}

/* The objects of a measurement. */
static struct slate_object **all;

static void keep(uint32_t n)
{
	all = must(slate_raw_calloc(objects.heap, n, sizeof(*all)));
}

static void make(uint32_t n, const struct slate_type *type)
{
	uint32_t i;

	keep(n);
	for (i = 0; i < n; i++)
		all[i] = must(slate_object_new(&objects, type));
}

static void measure_new(uint32_t n, const struct slate_type *type)
{
	uint32_t i;

	keep(n);
	for (i = 0; i < n; i++)
		all[i] = must(measure(BENCH_FN(slate_object_new), &objects,
				      type, NULL));
}

static void measure_counts(uint32_t n, enum kind kind)
{
	uint32_t i;

	make(n, &plain_type);
	for (i = 0; i < n; i++) {
		slate_incref(all[i]);
		if (kind == KIND_INCREF)
			measure(BENCH_FN(slate_incref), all[i], NULL, NULL);
		else
			measure(BENCH_FN(slate_decref), &objects, all[i],
				NULL);
	}
}

static void measure_last(uint32_t n, const struct slate_type *type)
{
	uint32_t i;

	make(n, type);
	for (i = 0; i < n; i++)
		measure(BENCH_FN(slate_decref), &objects, all[i], NULL);
}

static void measure_weak(uint32_t n, enum kind kind)
{
	uint32_t i;

	make(n, &plain_type);
	for (i = 0; i < n; i++) {
		struct slate_weakref *ref;

		if (kind == KIND_WEAK_NEW) {
			measure(BENCH_FN(slate_weakref_new), &objects, all[i],
				NULL);
			continue;
		}
		ref = must(slate_weakref_new(&objects, all[i], NULL, NULL));
		measure(BENCH_FN(slate_weakref_get), ref, NULL, NULL);
	}
}

/* Each refers to the next and to one further on; the last to the first. */
static void make_graph(uint32_t n)
{
	uint32_t i;

	make(n, &node_type);
	for (i = 0; i < n; i++) {
		struct node *node = (struct node *)all[i];

		node->ref[0] = slate_newref(all[i + 1 < n ? i + 1 : 0]);
		node->ref[1] = slate_newref(all[(i + 7) % n]);
	}
}

static void drop(uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		slate_decref(&objects, all[i]);
}

static void measure_collect(uint32_t n, enum kind kind)
{
	make_graph(n);
	if (kind == KIND_TRASH)
		drop(n);
	if (kind == KIND_POLL) {
		slate_gc_enable(&gc);
		slate_gc_set_most(&gc, 64);
		measure(BENCH_FN(slate_gc_poll), &gc, NULL, NULL);
	} else {
		measure(BENCH_FN(slate_gc_collect), &gc,
			(void *)(uintptr_t)SLATE_GC_FULL, NULL);
	}
}

/* What a heap of all its memory holds: objects, tables and all. */
static void measure_bytes(uint32_t n, const struct slate_type *type)
{
	(void)n;
	sum = 0;
	while (slate_object_new(&objects, type))
		sum++;
}

static void carry_out(enum kind kind, uint32_t n)
{
	switch (kind) {
	case KIND_NEW:
		measure_new(n, &plain_type);
		break;
	case KIND_NEW_COLLECTED:
		measure_new(n, &node_type);
		break;
	case KIND_INCREF:
	case KIND_DECREF:
		measure_counts(n, kind);
		break;
	case KIND_LAST:
		measure_last(n, &plain_type);
		break;
	case KIND_LAST_COLLECTED:
		measure_last(n, &node_type);
		break;
	case KIND_WEAK_NEW:
	case KIND_WEAK_GET:
		measure_weak(n, kind);
		break;
	case KIND_BYTES:
		measure_bytes(n, &plain_type);
		break;
	case KIND_BYTES_COLLECTED:
		measure_bytes(n, &node_type);
		break;
	default:
		measure_collect(n, kind);
		break;
	}
}

int main(void)
{
	uint32_t i;

	if (job->magic != JOB_MAGIC)
		finish(STATUS_BAD_JOB);
	if (calibrate())
		finish(STATUS_BAD_COUNT);
	for (i = 0; i < job->nops; i++) {
		struct op *op = &job->ops[i];

		open_heap();
		carry_out((enum kind)(op->what & 0xff), op->size);
		op->size = op->what >> 8 == ANSWER_MOST ? most : sum;
		job->done = i + 1;
	}
	finish(STATUS_DONE);
}
