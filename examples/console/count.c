// SPDX-License-Identifier: MIT
/*
 * Instructions of a Cortex-M. SysTick counts time, which is instructions in a
 * QEMU that was started with -icount shift=10; how much of it one takes is
 * measured with a loop of known length. Its interrupt, once in some 600000
 * instructions, adds about 20 of its own.
 */
#include "count.h"

#define SYSTICK		((volatile uint32_t *)0xe000e010)
#define CONTROL		0
#define RELOAD		1
#define VALUE		2
#define RUN		0x7u	/* clock of the processor, interrupt, enabled */
#define PERIOD		0x1000000u
#define LOOPS		20000u

void arm_systick_isr(void);

static volatile uint32_t nperiods;
static uint32_t ticks_of_loop;

void arm_systick_isr(void)
{
	nperiods++;
}

/* Since the start; a period that ends in between is looked at again. */
static uint64_t ticks(void)
{
	uint32_t before;
	uint32_t value;

	do {
		before = nperiods;
		value = SYSTICK[VALUE];
	} while (nperiods != before);
	return (uint64_t)before * PERIOD + (PERIOD - 1 - value);
}

/* Two instructions, so many times. */
static void loop(uint32_t n)
{
	__asm__ volatile(".syntax unified\n"
			 "1:\tsubs %0, %0, #1\n\t"
			 "bne 1b"
			 : "+l"(n) : : "cc");
}

__attribute__((constructor)) static void begin(void)
{
	uint64_t start;

	SYSTICK[RELOAD] = PERIOD - 1;
	SYSTICK[VALUE] = 0;
	SYSTICK[CONTROL] = RUN;
	start = ticks();
	loop(LOOPS);
	ticks_of_loop = (uint32_t)(ticks() - start);
	SYSTICK[VALUE] = 0;
	nperiods = 0;
}

uint64_t count_instructions(void)
{
	return ticks() * (2 * LOOPS) / ticks_of_loop;
}
