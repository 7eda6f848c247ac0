/* SPDX-License-Identifier: MIT */
/*
 * Semihosting: calls to the debugger, or to the QEMU, that a program runs
 * under, on Cortex-M and on RISC-V.
 */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stdint.h>

#define SYS_WRITE0			0x04
#define SYS_EXIT_EXTENDED		0x20
#define STOPPED_APPLICATION_EXIT	0x20026

#ifdef __riscv
/* The call is known by what stands around the ebreak, none of it compressed. */
static inline void semihost(int op, const void *arg)
{
	register uintptr_t a0 __asm__("a0") = (uintptr_t)op;
	register const void *a1 __asm__("a1") = arg;

	__asm__ volatile(".balign 16\n\t"
			 ".option push\n\t"
			 ".option norvc\n\t"
			 "slli x0, x0, 0x1f\n\t"
			 "ebreak\n\t"
			 "srai x0, x0, 7\n\t"
			 ".option pop"
			 : "+r"(a0) : "r"(a1) : "memory");
}
#else
static inline void semihost(int op, const void *arg)
{
	register int r0 __asm__("r0") = op;
	register const void *r1 __asm__("r1") = arg;

	__asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}
#endif

static inline __attribute__((noreturn)) void semihost_exit(int status)
{
	const uintptr_t why[2] = {
		STOPPED_APPLICATION_EXIT, (uintptr_t)status
	};

	for (;;)
		semihost(SYS_EXIT_EXTENDED, why);
}

#endif /* SEMIHOSTING_H */
