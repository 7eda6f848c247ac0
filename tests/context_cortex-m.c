// SPDX-License-Identifier: MIT
/* Another context on Cortex-M: PendSV, which PRIMASK masks. */
#include <setjmp.h>

#include <slate/port.h>

#include "context.h"

#define ICSR		(*(volatile uint32_t *)(uintptr_t)0xe000ed04)
#define PENDSVSET	(1u << 28)

const bool context_lock_nests = true;

/* For an interrupt that is pending to be taken, at most. */
#define AWHILE		1000

static void (*volatile pending)(void);

/* picolibc's vector; it is weak there. */
void arm_pendsv_isr(void);

void arm_pendsv_isr(void)
{
	void (*fn)(void) = pending;

	pending = NULL;
	if (fn)
		fn();
}

void context_open(void)
{
}

void context_close(void)
{
}

void context_finish(void)
{
	unsigned int n;

	for (n = 0; n < AWHILE && pending; n++)
		__asm__ volatile("isb" : : : "memory");
}

void context_start(void (*fn)(void))
{
	pending = fn;
	ICSR = PENDSVSET;
	__asm__ volatile("dsb" : : : "memory");
	context_finish();
}

const struct slate_guards *context_guards(void)
{
	return slate_port_guards();
}

#if __ARM_ARCH >= 8
const bool context_stops_reads = false;
#else
const bool context_stops_reads = true;
#endif

#define CFSR		(*(volatile uint32_t *)(uintptr_t)0xe000ed28)
#define MMFAR		(*(volatile uint32_t *)(uintptr_t)0xe000ed34)

/* From linker/fault.c. */
extern void (*volatile fault_resume)(void);

static jmp_buf back;

static void resume(void)
{
	longjmp(back, 1);
}

bool context_faults(void (*fn)(void), const void **address)
{
	if (setjmp(back)) {
		*address = (const void *)(uintptr_t)MMFAR;
		CFSR = ~0u;
		return true;
	}
	fault_resume = resume;
	fn();
	fault_resume = NULL;
	return false;
}

void *context_region(size_t *size)
{
	return slate_port_region(size);
}
