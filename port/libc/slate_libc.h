/* SPDX-License-Identifier: MIT */
/*
 * slate as the allocator of a C library on Cortex-M: picolibc, newlib,
 * newlib-nano. Linked in front of it, libslate-libc.a brings malloc and its
 * whole family; a program needs this header only to look at the heap behind
 * it, or to say where that heap is.
 *
 * The heap is made by the first call, whoever that is: a constructor, the
 * start-up, main(), a task. Nothing is to be initialised but .bss.
 *
 * Two locks, neither held while a caller's bytes are copied or cleared with
 * interrupts off: every entry takes the C library's own (__malloc_lock() of
 * newlib, the recursive lock of picolibc), so that a program that has filled
 * that in needs nothing else; and with SLATE_CONFIG_LOCK 1 the engine takes
 * slate_port_lock() around its table work, so that interrupts may call, too.
 *
 * The stack rule: the main stack never is inside the heap's region. It is
 * looked at when the heap is made and at every entry; a call that breaks it is
 * reported as SLATE_FAULT_CONTEXT and, if slate_port_fault() returns, dropped.
 * Stacks of tasks may well lie in the heap, and are not looked at.
 */
#ifndef SLATE_LIBC_H
#define SLATE_LIBC_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

/**
 * slate_libc_region() - where malloc's memory is
 * @size: set to its bytes; 0 if there is none
 *
 * Weak: this one gives slate_port_region(), which is what lies between the
 * linker's __slate_heap_start and __slate_heap_end. A program that knows
 * better brings its own; it is called once, by the first allocation, before
 * constructors if those allocate.
 *
 * Context: with slate_port_lock() held; calls nothing of slate's.
 * Return: the first byte, or NULL if there is none.
 */
void *slate_libc_region(size_t *size);

/**
 * slate_libc_heap() - the heap behind malloc
 *
 * For statistics, walks, further regions, hooks, or blocks with capabilities.
 * Weak: a program that has a heap already, that of its RTOS say, brings its own
 * to put malloc on the same one; then the region and its stack are its affair.
 *
 * Context: as malloc. O(1), but the first call O(region / 64) with the port's
 * lock held.
 * Return: the heap; NULL if there is no region, it is too small, or the main
 * stack lies in it.
 */
struct slate_heap *slate_libc_heap(void);

SLATE_END_DECLS

#endif /* SLATE_LIBC_H */
