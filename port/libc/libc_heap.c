// SPDX-License-Identifier: MIT
/*
 * The heap behind malloc: where its region is, how it comes to be, and the
 * rule that keeps the main stack out of it.
 *
 * @libc.heap is NULL until the first call made it, and never changes after;
 * @libc.start and @libc.size are its region, valid from then on. All zero is
 * the state before the first call, so clearing .bss is all the initialisation
 * there is. It stays so in a program that has its own slate_libc_heap().
 */
#include "libc_entry.h"

SLATE_STATIC_ASSERT(_Alignof(max_align_t) <= SLATE_CONFIG_GRANULE,
		    "malloc aligns to max_align_t: SLATE_CONFIG_GRANULE 16");

static struct {
	struct slate_heap *heap;
	uintptr_t start;
	size_t size;
} libc;

SLATE_WEAK void *slate_libc_region(size_t *size)
{
	return slate_port_region(size);
}

/* 0 in unprivileged code, which may not read it; no region holds that. */
static uintptr_t main_stack(void)
{
	uintptr_t sp;

	__asm__ volatile("mrs %0, msp" : "=r"(sp));
	return sp;
}

/* Is the main stack inside of [start, start + size)? */
static bool stack_in(uintptr_t start, size_t size)
{
	return main_stack() - start < size;
}

static slate_port_key lock(void)
{
	return SLATE_CONFIG_LOCK ? slate_port_lock() : (slate_port_key)0;
}

static void unlock(slate_port_key key)
{
	if (SLATE_CONFIG_LOCK)
		slate_port_unlock(key);
}

/* Lock held: make the heap if that can be. False: the stack is in the way. */
static bool make(void)
{
	size_t size = 0;
	void *base;

	if (libc.heap)
		return true;
	base = slate_libc_region(&size);
	if (!base)
		return true;
	if (stack_in((uintptr_t)base, size))
		return false;
	libc.start = (uintptr_t)base;
	libc.size = size;
	libc.heap = slate_heap_create(base, size);
	return true;
}

static struct slate_heap *first_call(void)
{
	slate_port_key key = lock();
	bool apart = make();
	struct slate_heap *heap = libc.heap;

	unlock(key);
	if (!apart)
		slate_port_fault(SLATE_FAULT_CONTEXT, NULL,
				 (void *)main_stack());
	return heap;
}

SLATE_WEAK struct slate_heap *slate_libc_heap(void)
{
	struct slate_heap *heap = libc.heap;

	return SLATE_LIKELY(heap != NULL) ? heap : first_call();
}

struct slate_heap *slate_libc_enter_(struct _reent *reent)
{
	struct slate_heap *heap;

	libc_lock(reent);
	heap = slate_libc_heap();
	if (SLATE_LIKELY(!stack_in(libc.start, libc.size)))
		return heap;
	slate_port_fault(SLATE_FAULT_CONTEXT, heap, (void *)main_stack());
	return NULL;
}

void slate_libc_leave_(struct _reent *reent, int error)
{
	if (error)
		libc_set_errno(reent, error);
	libc_unlock(reent);
}
