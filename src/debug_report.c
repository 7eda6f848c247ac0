// SPDX-License-Identifier: MIT
/* What follows a fault, by policy; and pointers judged by their value. */
#include "debug_state.h"

/* Print, then let the port decide, as the engines do. */
static void tell_port(struct slate_heap *heap,
		      const struct slate_debug_report *report)
{
	slate_debug_print(heap, report);
	slate_port_fault(report->kind, heap, report->address);
}

void slate_debug_tell_(struct slate_debug *d,
		       const struct slate_debug_report *report)
{
	const struct slate_debug_options *options = &d->options;
	slate_port_key key = heap_lock();

	d->stats.reports++;
	heap_unlock(key);
	if (options->policy == SLATE_DEBUG_LEAK)
		return;
	if (options->handler)
		options->handler(options->ctx, d->heap, report);
	else
		tell_port(d->heap, report);
	if (options->policy == SLATE_DEBUG_TRAP)
		__builtin_trap();
}

void SLATE_DEFAULT(slate_debug_stop)(const struct slate_debug_block *block)
{
	(void)block;
}

/* A word of one byte, over and over. */
static uintptr_t repeated(unsigned char byte)
{
	return ~(uintptr_t)0 / 255 * byte;
}

enum slate_debug_look slate_debug_looks(const void *ptr)
{
	const uintptr_t tags = 7;
	uintptr_t value = (uintptr_t)ptr;

	if (!value)
		return SLATE_LOOKS_NULL;
	if ((value ^ repeated(DEBUG_CLEAN)) <= tags)
		return SLATE_LOOKS_FRESH;
	if ((value ^ repeated(DEBUG_DEAD)) <= tags)
		return SLATE_LOOKS_FREED;
	if ((value ^ repeated(DEBUG_FORBIDDEN)) <= tags)
		return SLATE_LOOKS_FORBIDDEN;
	return SLATE_LOOKS_FINE;
}
