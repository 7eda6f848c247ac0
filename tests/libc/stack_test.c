// SPDX-License-Identifier: MIT
/*
 * The rule that keeps the main stack out of the heap, broken on purpose: a
 * function is run on a stack that lies in a block.
 */
#include <malloc.h>
#include <stdlib.h>

#include "libc_test.h"

void run_on_stack(void (*fn)(void), void *sp);

/* For Armv6-M, too. */
__attribute__((naked)) void run_on_stack(void (*fn)(void), void *sp)
{
	(void)fn;
	(void)sp;
	__asm__ volatile("push {r4, lr}\n\t"
			 "mov r4, sp\n\t"
			 "mov sp, r1\n\t"
			 "blx r0\n\t"
			 "mov sp, r4\n\t"
			 "pop {r4, pc}");
}

static void *got;
static void *mine;

static void take(void)
{
	got = malloc(10);
}

static void give(void)
{
	free(mine);
}

static void the_region_is_what_the_linker_left(struct ktap *t)
{
	struct slate_stats stats;
	size_t size;
	uintptr_t base = (uintptr_t)slate_port_region(&size);
	uintptr_t heap = (uintptr_t)slate_libc_heap();

	slate_heap_stats(slate_libc_heap(), &stats);
	ktap_expect(t, stats.size == size);
	ktap_expect(t, heap - base < 8);
	ktap_expect(t, (uintptr_t)&size - base >= size);
}

static void a_stack_in_the_heap_is_reported(struct ktap *t)
{
	char *stack = malloc(2048);
	size_t live = mallinfo().uordblks;

	mine = malloc(10);
	got = mine;
	run_on_stack(take, stack + 2048);
	ktap_expect(t, !got);
	ktap_expect(t, faults_seen == 1 && faults_last == SLATE_FAULT_CONTEXT);
	run_on_stack(give, stack + 2048);
	ktap_expect(t, faults_seen == 2);
	ktap_expect(t, mallinfo().uordblks > live);
	free(mine);
	free(stack);
	ktap_expect(t, faults_seen == 2);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(the_region_is_what_the_linker_left),
	KTAP_CASE(a_stack_in_the_heap_is_reported),
};

KTAP_SUITE(stack, cases);
