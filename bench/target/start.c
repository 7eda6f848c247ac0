// SPDX-License-Identifier: MIT
/*
 * Start-up for the counting program, the same for every libc: QEMU has put
 * .data in its place and cleared .bss. Semihosting writes the results.
 */
#include "count.h"
#include <slate/check.h>

#define SYS_OPEN		0x01
#define SYS_CLOSE		0x02
#define SYS_WRITE		0x05
#define SYS_EXIT_EXTENDED	0x20
#define MODE_WB			5
#define EXIT_APPLICATION	0x20026u

extern uint32_t stack_top[];

/* For libcs that keep errno in thread-local memory. */
extern uint32_t thread_memory[16];
void *__aeabi_read_tp(void);

uint32_t thread_memory[16];

static int semihost(int op, const uintptr_t *arg)
{
	register int r0 __asm__("r0") = op;
	register const uintptr_t *r1 __asm__("r1") = arg;

	__asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
	return r0;
}

_Noreturn void finish(enum status status)
{
	struct job *job = (struct job *)JOB_ADDRESS;
	size_t size = sizeof(*job) + job->nops * sizeof(job->ops[0]);
	uintptr_t open[3] = { (uintptr_t)"counts", MODE_WB, 6 };
	uintptr_t write[3] = { 0, (uintptr_t)job, size };
	const uintptr_t end[2] = { EXIT_APPLICATION, 0 };

	job->status = status;
	write[0] = (uintptr_t)semihost(SYS_OPEN, open);
	semihost(SYS_WRITE, write);
	semihost(SYS_CLOSE, write);
	for (;;)
		semihost(SYS_EXIT_EXTENDED, end);
}

__attribute__((naked)) void *__aeabi_read_tp(void)
{
	__asm__ volatile("ldr r0, =thread_memory\n\tbx lr");
}

void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)kind;
	(void)heap;
	(void)where;
	finish(STATUS_FAULT);
}

static void fault(void)
{
	finish(STATUS_FAULT);
}

static void start(void)
{
	TIMER_RELOAD = 0xffffffff;
	TIMER_VALUE = 0xffffffff;
	TIMER_CONTROL = 1;
	main();
}

__attribute__((used, section(".vectors")))
static bench_fn *const vectors[16] = {
	BENCH_FN(stack_top), start, fault, fault, fault, fault, fault, fault,
	fault, fault, fault, fault, fault, fault, fault, fault,
};
