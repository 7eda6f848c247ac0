/* SPDX-License-Identifier: MIT */
/*
 * The stack as return addresses, by the compiler's own unwinder (libgcc's
 * _Unwind_Backtrace). It needs unwind tables in what is on the stack, slate
 * included: on x86 they are always there; on Cortex-M compile all with
 * -funwind-tables, and keep .ARM.exidx and .ARM.extab when linking, as
 * linker/unwind does.
 */
#ifndef BACKTRACE_H
#define BACKTRACE_H

#include <stdint.h>

/**
 * backtrace_frames() - for struct slate_trace_config.frames
 * @arg: not used
 * @site: a return address on the stack
 * @frames: filled with it and those of the callers, the innermost first
 * @n: how many at most
 *
 * Context: where slate may be called. O(depth of the stack), thousands of
 * instructions a frame on Cortex-M; some hundred bytes of stack.
 * Return: how many; 0 if @site is not on the stack, or there is no table for
 * something between it and this function.
 */
unsigned int backtrace_frames(void *arg, const void *site, uintptr_t *frames,
			      unsigned int n);

#endif /* BACKTRACE_H */
