// SPDX-License-Identifier: MIT
/*
 * The test program's way out on a Cortex-M under a debugger or in QEMU: Arm
 * semihosting. Text goes out a line at a time; the status of main() becomes
 * the exit status of QEMU, through exit() or a start-up that calls _exit().
 */
#include "ktap.h"

#define SYS_WRITE0		0x04
#define SYS_EXIT_EXTENDED	0x20
#define STOPPED_APPLICATION_EXIT	0x20026

void _exit(int status) __attribute__((noreturn));

static void semihost(int op, const void *arg)
{
	register int r0 __asm__("r0") = op;
	register const void *r1 __asm__("r1") = arg;

	__asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static char line[120];
static size_t used;

static void flush(void)
{
	line[used] = '\0';
	semihost(SYS_WRITE0, line);
	used = 0;
}

void ktap_write(const char *s, size_t len)
{
	while (len--) {
		line[used++] = *s;
		if (*s++ == '\n' || used == sizeof(line) - 1)
			flush();
	}
}

void _exit(int status)
{
	const uintptr_t why[2] = {
		STOPPED_APPLICATION_EXIT, (uintptr_t)status
	};

	if (used)
		flush();
	for (;;)
		semihost(SYS_EXIT_EXTENDED, why);
}
