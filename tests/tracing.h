/* SPDX-License-Identifier: MIT */
/* What the suites on tracing share: a heap, and a trace of it. */
#ifndef TRACING_H
#define TRACING_H

#include "wrapped.h"

#define TRACED_SITES	8
#define TRACED_SLOTS	24
#define TRACED_DEPTH	4

/* All marks, for slate_trace_top(). */
#define TRACED_ALL	(SLATE_TRACE_MARKS + 1)

/* All that a case needs beside its heap. */
struct tracing {
	struct slate_trace trace;
	struct slate_trace_config config;
	struct slate_trace_level levels[TRACED_SITES];
	struct slate_trace_diff diffs[TRACED_SITES];
	struct slate_trace_stat stats[TRACED_SITES];
	unsigned char *slots[TRACED_SLOTS];
	unsigned char sizes[TRACED_SLOTS];
	uintptr_t table[TRACED_SITES * (5 + TRACED_DEPTH) + 3 * 40];
};

extern struct tracing *traced;
extern struct slate_trace *trace;

/* A heap, and the usual configuration; NULL as wrapped_area(). */
struct slate_heap *tracing_prepare(struct ktap *t);

/* Start the trace as it is configured. */
void tracing_begin(struct ktap *t, struct slate_heap *heap);

/* Both. */
struct slate_heap *tracing_start(struct ktap *t);

void tracing_stop(struct ktap *t, struct slate_heap *heap);

bool traced_memory_is(size_t current, size_t peak);

/* Is there a record of the block, of the heap's and with this size? */
bool is_traced(const void *ptr, size_t size);

/* slate_trace_top() into traced->stats. */
size_t traced_top(unsigned int from, unsigned int to);

#endif /* TRACING_H */
