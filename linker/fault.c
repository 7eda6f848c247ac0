// SPDX-License-Identifier: MIT
/*
 * The exception handlers of the programs that run in QEMU or under a debugger.
 * picolibc brings vectors and start-up; its handlers, which are weak, loop for
 * ever. These end the program: one line of KTAP by semihosting, exit status 3.
 */
#include <stddef.h>
#include <stdint.h>

#define SYS_WRITE0		0x04
#define SYS_EXIT_EXTENDED	0x20
#define STOPPED_APPLICATION_EXIT	0x20026

void fault_report(const uint32_t *frame, unsigned int exception);
void arm_nmi_isr(void);
void arm_hardfault_isr(void);
void arm_memmanage_isr(void);
void arm_busfault_isr(void);
void arm_usagefault_isr(void);

static void semihost(int op, const void *arg)
{
	register int r0 __asm__("r0") = op;
	register const void *r1 __asm__("r1") = arg;

	__asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static void put_hex(char *to, uint32_t value)
{
	size_t i;

	for (i = 0; i < 8; i++, value <<= 4)
		to[i] = "0123456789abcdef"[value >> 28];
}

/* A stack pointer outside RAM would fault again, which stops QEMU. */
__attribute__((used, noreturn))
void fault_report(const uint32_t *frame, unsigned int exception)
{
	static char line[] =
		"\nBail out! CPU exception 0 at pc ........ lr ........\n";
	static const uint32_t why[2] = { STOPPED_APPLICATION_EXIT, 3 };

	line[sizeof("\nBail out! CPU exception ") - 1] =
		(char)('0' + exception % 10);
	put_hex(line + sizeof("\nBail out! CPU exception 0 at pc ") - 1,
		frame[6]);
	put_hex(line + sizeof("\nBail out! CPU exception 0 at pc ........ lr ")
		- 1, frame[5]);
	semihost(SYS_WRITE0, line);
	for (;;)
		semihost(SYS_EXIT_EXTENDED, why);
}

/* One stack only is used, so the frame is where the main stack pointer is. */
__attribute__((naked)) void arm_hardfault_isr(void)
{
	__asm__ volatile("mov r0, sp\n\t"
			 "mrs r1, ipsr\n\t"
			 "ldr r2, =fault_report\n\t"
			 "bx r2");
}

void arm_nmi_isr(void) __attribute__((alias("arm_hardfault_isr")));
void arm_memmanage_isr(void) __attribute__((alias("arm_hardfault_isr")));
void arm_busfault_isr(void) __attribute__((alias("arm_hardfault_isr")));
void arm_usagefault_isr(void) __attribute__((alias("arm_hardfault_isr")));
