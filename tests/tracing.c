// SPDX-License-Identifier: MIT
#include "tracing.h"

struct tracing *traced;
struct slate_trace *trace;

struct slate_heap *tracing_prepare(struct ktap *t)
{
	traced = wrapped_area(t, sizeof(*traced));
	if (!traced)
		return NULL;
	trace = &traced->trace;
	traced->config.table = traced->table;
	traced->config.size = sizeof(traced->table);
	traced->config.sites = TRACED_SITES;
	return wrapped_heap(traced);
}

void tracing_begin(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_trace_start(trace, heap, &traced->config) == 0);
}

struct slate_heap *tracing_start(struct ktap *t)
{
	struct slate_heap *heap = tracing_prepare(t);

	if (heap)
		tracing_begin(t, heap);
	return heap;
}

void tracing_stop(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_trace_stop(trace) == 0);
	wrapped_end(t, heap);
}

bool traced_memory_is(size_t current, size_t peak)
{
	size_t now;
	size_t most;

	slate_trace_memory(trace, &now, &most);
	return now == current && most == peak;
}

bool is_traced(const void *ptr, size_t size)
{
	struct slate_trace_block block;

	return !slate_trace_find(trace, SLATE_TRACE_HEAP, ptr, &block) &&
	       block.ptr == ptr && block.size == size &&
	       block.domain == SLATE_TRACE_HEAP;
}

size_t traced_top(unsigned int from, unsigned int to)
{
	return slate_trace_top(trace, from, to, traced->stats, TRACED_SITES);
}
