// SPDX-License-Identifier: MIT
/*
 * The port contract on FreeRTOS, by the kernel's own means on whatever CPU it
 * runs, in place of the CPU's port.
 *
 * The lock is one of two, by configSLATE_FROM_ISR in FreeRTOSConfig.h:
 *
 * 1: the mask that interrupts take (portSET_INTERRUPT_MASK_FROM_ISR). Tasks,
 *    interrupts up to configMAX_SYSCALL_INTERRUPT_PRIORITY and code that runs
 *    before the scheduler may call; interrupts above that are never held up.
 *    For kernels on one core whose port really masks there, as those for
 *    Cortex-M do, where this is the default.
 * 0: taskENTER_CRITICAL(). Tasks may call, and code before the scheduler;
 *    interrupts may not. For every port, several cores included.
 */
#include "FreeRTOS.h"
#include "task.h"

#include <slate/arena.h>
#include <slate/port.h>

#ifndef configSLATE_FROM_ISR
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#define configSLATE_FROM_ISR	1
#else
#define configSLATE_FROM_ISR	0
#endif
#endif

#if defined(configNUMBER_OF_CORES) && configNUMBER_OF_CORES > 1
SLATE_STATIC_ASSERT(!configSLATE_FROM_ISR,
		    "with several cores configSLATE_FROM_ISR is 0");
#endif

slate_port_key slate_port_lock(void)
{
	if (configSLATE_FROM_ISR)
		return (slate_port_key)portSET_INTERRUPT_MASK_FROM_ISR();
	taskENTER_CRITICAL();
	return 0;
}

void slate_port_unlock(slate_port_key key)
{
	if (configSLATE_FROM_ISR) {
		portCLEAR_INTERRUPT_MASK_FROM_ISR(key);
		return;
	}
	(void)key;
	taskEXIT_CRITICAL();
}

SLATE_WEAK void slate_port_write(const char *text, size_t len)
{
	(void)text;
	(void)len;
}

/* As heap_4 has it: an assertion, and if that returns or is none, no harm. */
SLATE_WEAK void slate_port_fault(enum slate_fault kind,
				 struct slate_heap *heap, const void *where)
{
	(void)kind;
	(void)heap;
	(void)where;
	configASSERT(pdFALSE);
}

uintptr_t slate_port_or(uintptr_t *word, uintptr_t bits)
{
	slate_port_key key = slate_port_lock();
	uintptr_t old = *word;

	*word = old | bits;
	slate_port_unlock(key);
	return old;
}

/* Nothing brings memory while the program runs. */
const struct slate_arena_source *slate_port_source(void)
{
	return NULL;
}

/* Every core goes through the one lock, so one number serves them all. */
unsigned int slate_port_cpu(void)
{
	return 0;
}
