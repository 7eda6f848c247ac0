// SPDX-License-Identifier: MIT
/*
 * Cortex-M: the exception handlers of the programs that run in QEMU or under a
 * debugger. picolibc brings vectors and start-up; its handlers, which are
 * weak, loop for ever. These end the program: one line of KTAP by semihosting,
 * exit status 3. A test that faults on purpose sets fault_resume before.
 */
#include <stddef.h>
#include <stdint.h>

#include "semihosting.h"

/* If set, runs once in place of what faulted, and must not return. */
void (*volatile fault_resume)(void);

void fault_report(uint32_t *frame, unsigned int exception);
void arm_nmi_isr(void);
void arm_hardfault_isr(void);
void arm_memmanage_isr(void);
void arm_busfault_isr(void);
void arm_usagefault_isr(void);

static void put_hex(char *to, uint32_t value)
{
	size_t i;

	for (i = 0; i < 8; i++, value <<= 4)
		to[i] = "0123456789abcdef"[value >> 28];
}

/* A stack pointer outside RAM would fault again, which stops QEMU. */
__attribute__((used))
void fault_report(uint32_t *frame, unsigned int exception)
{
	static char line[] =
		"\nBail out! CPU exception 0 at pc ........ lr ........\n";

	if (fault_resume) {
		frame[6] = (uint32_t)(uintptr_t)fault_resume & ~1u;
		frame[7] &= ~0x0600fc00u;	/* not inside an IT block */
		fault_resume = NULL;
		return;
	}
	line[sizeof("\nBail out! CPU exception ") - 1] =
		(char)('0' + exception % 10);
	put_hex(line + sizeof("\nBail out! CPU exception 0 at pc ") - 1,
		frame[6]);
	put_hex(line + sizeof("\nBail out! CPU exception 0 at pc ........ lr ")
		- 1, frame[5]);
	semihost(SYS_WRITE0, line);
	semihost_exit(3);
}

/* One stack only is used, so the frame is where the main stack pointer is. */
__attribute__((naked)) void arm_hardfault_isr(void)
{
	__asm__ volatile("mov r0, sp\n\t"
			 "mrs r1, ipsr\n\t"
			 "ldr r2, =fault_report\n\t"
			 "bx r2\n\t"
			 ".ltorg");
}

void arm_nmi_isr(void) __attribute__((alias("arm_hardfault_isr")));
void arm_memmanage_isr(void) __attribute__((alias("arm_hardfault_isr")));
void arm_busfault_isr(void) __attribute__((alias("arm_hardfault_isr")));
void arm_usagefault_isr(void) __attribute__((alias("arm_hardfault_isr")));
