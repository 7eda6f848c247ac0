// SPDX-License-Identifier: MIT
/*
 * Start-up for programs with newlib or newlib-nano on a Cortex-M: vectors,
 * .data, .bss, constructors, main(). fault.c has the handlers.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern unsigned char __data_start[], __data_end[], __data_source[];
extern unsigned char __bss_start[], __bss_end[], __stack[];

int main(void);
void _start(void) __attribute__((noreturn));
void _init(void);
void _fini(void);
void __libc_init_array(void);
void arm_nmi_isr(void);
void arm_hardfault_isr(void);
void arm_systick_isr(void);

/* What gcc's crtbegin.o would bring: destructors of the program go by it. */
extern void *__dso_handle;
__attribute__((visibility("hidden"))) void *__dso_handle;

/* newlib calls these around the arrays of constructors and destructors. */
void _init(void)
{
}

void _fini(void)
{
}

#ifdef __ARM_FP
/* Code for an FPU may use it from the first constructor on. */
static void enable_fpu(void)
{
	*(volatile uint32_t *)0xe000ed88u |= 0xfu << 20;
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}
#else
static void enable_fpu(void)
{
}
#endif

/* Unless the program has one, an interrupt nobody asked for is a fault. */
__attribute__((weak)) void arm_systick_isr(void)
{
	arm_hardfault_isr();
}

void _start(void)
{
	memcpy(__data_start, __data_source,
	       (size_t)(__data_end - __data_start));
	memset(__bss_start, 0, (size_t)(__bss_end - __bss_start));
	enable_fpu();
	__libc_init_array();
	exit(main());
}

__attribute__((used, section(".vectors")))
static const uintptr_t vectors[16] = {
	(uintptr_t)__stack, (uintptr_t)_start, (uintptr_t)arm_nmi_isr,
	[3 ... 14] = (uintptr_t)arm_hardfault_isr,
	(uintptr_t)arm_systick_isr,
};
