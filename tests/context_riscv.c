// SPDX-License-Identifier: MIT
/*
 * Another context on RISC-V: the software interrupt of hart 0, which is
 * raised by a word of the CLINT, and which mstatus.MIE masks.
 */
#include <slate/port.h>

#include "context.h"

/* Where QEMU's machines have it. */
#define MSIP	(*(volatile uint32_t *)(uintptr_t)0x2000000)

#define MSTATUS_MIE	8
#define MIE_MSIE	8

/* gcc's assembler is often told an architecture without CSR instructions. */
#ifdef __clang__
#define WITH_CSRS(text)	text
#else
#define WITH_CSRS(text) \
	".option push\n\t" \
	".option arch, +zicsr\n\t" \
	text "\n\t" \
	".option pop"
#endif

const bool context_lock_nests = true;

/* For an interrupt that is pending to be taken, at most. */
#define AWHILE	1000

static void (*volatile pending)(void);
static uintptr_t handler;

static __attribute__((interrupt("machine"), aligned(4))) void take(void)
{
	void (*fn)(void) = pending;

	MSIP = 0;
	pending = NULL;
	if (fn)
		fn();
}

/* Interrupts are off elsewhere, and traps have another handler. */
void context_open(void)
{
	MSIP = 0;
	__asm__ volatile(WITH_CSRS("csrrw %0, mtvec, %1")
			 : "=r"(handler) : "r"(take));
	__asm__ volatile(WITH_CSRS("csrw mie, %0") : : "r"(MIE_MSIE));
	__asm__ volatile(WITH_CSRS("csrs mstatus, %0") : : "r"(MSTATUS_MIE));
}

void context_close(void)
{
	__asm__ volatile(WITH_CSRS("csrc mstatus, %0") : : "r"(MSTATUS_MIE));
	__asm__ volatile(WITH_CSRS("csrw mie, zero"));
	__asm__ volatile(WITH_CSRS("csrw mtvec, %0") : : "r"(handler));
}

void context_finish(void)
{
	unsigned int n;

	for (n = 0; n < AWHILE && pending; n++)
		__asm__ volatile("fence" : : : "memory");
}

void context_start(void (*fn)(void))
{
	pending = fn;
	MSIP = 1;
	context_finish();
}

/* PMP binds machine mode only if it is locked, and then until a reset. */
const struct slate_guards *context_guards(void)
{
	return NULL;
}

const bool context_stops_reads = false;

bool context_faults(void (*fn)(void), const void **address)
{
	(void)fn;
	(void)address;
	return false;
}

void *context_region(size_t *size)
{
	return slate_port_region(size);
}
