// SPDX-License-Identifier: MIT
/*
 * RISC-V: the trap handler of the programs that run in QEMU or under a
 * debugger. picolibc's start-up sets none; this one is set before main() and
 * ends the program: one line of KTAP by semihosting, exit status 3.
 */
#include <stddef.h>
#include <stdint.h>

#include "semihosting.h"

#define DIGITS	(sizeof(uintptr_t) * 2)
#define GAP	"................"

/* gcc's assembler is often told an architecture without CSR instructions. */
#ifdef __clang__
#define WITH_CSRS	""
#else
#define WITH_CSRS	".option arch, +zicsr\n\t"
#endif

void fault_report(uintptr_t cause, uintptr_t pc, uintptr_t value);
void fault_entry(void);

static char *put(char *to, const char *text)
{
	while (*text)
		*to++ = *text++;
	return to;
}

static char *put_hex(char *to, uintptr_t value)
{
	size_t i;

	for (i = 0; i < DIGITS; i++, value <<= 4)
		*to++ = "0123456789abcdef"[value >> (DIGITS * 4 - 4)];
	return to;
}

__attribute__((used, noreturn))
void fault_report(uintptr_t cause, uintptr_t pc, uintptr_t value)
{
	static char line[] =
		"\nBail out! CPU trap " GAP " at pc " GAP " value " GAP "\n";
	char *to = line;

	to = put(to, "\nBail out! CPU trap ");
	to = put_hex(to, cause);
	to = put(to, " at pc ");
	to = put_hex(to, pc);
	to = put(to, " value ");
	to = put_hex(to, value);
	*put(to, "\n") = '\0';
	semihost(SYS_WRITE0, line);
	semihost_exit(3);
}

/* The stack pointer may be what was wrong; the stack's top is not. */
__attribute__((naked, aligned(4))) void fault_entry(void)
{
	__asm__ volatile(".option push\n\t"
			 WITH_CSRS
			 "csrr a0, mcause\n\t"
			 "csrr a1, mepc\n\t"
			 "csrr a2, mtval\n\t"
			 "la sp, __stack\n\t"
			 "j fault_report\n\t"
			 ".option pop");
}

static void fault_set(void)
{
	__asm__ volatile(".option push\n\t"
			 WITH_CSRS
			 "csrw mtvec, %0\n\t"
			 ".option pop"
			 : : "r"(fault_entry));
}

/* Ahead of constructors, which may fault, too. */
__attribute__((used, section(".preinit_array")))
static void (*const fault_set_early)(void) = fault_set;
