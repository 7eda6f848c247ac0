// SPDX-License-Identifier: MIT
/* Another context on Cortex-M: PendSV, which PRIMASK masks. */
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

void *context_region(size_t *size)
{
	return slate_port_region(size);
}
