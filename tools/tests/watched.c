// SPDX-License-Identifier: MIT
/*
 * A heap for gdb to look at, with debug hooks, tracing and accounts: blocks of
 * each tier, in the end one of them written beyond its end. It never ends.
 */
#include <slate/debug.h>
#include <slate/owner.h>
#include <slate/slate.h>
#include <slate/trace.h>

#define OBJECTS	40

static unsigned char memory[16384];
static uintptr_t table[512];
static struct slate_heap *heap;
static struct slate_debug hooks;
static struct slate_trace trace;
static struct slate_owner_account accounts[3];
static struct slate_entry blocks[64];
static struct slate_owner owner;
static const struct slate_owner_config owners = {
	.accounts = accounts, .owners = 3,
	.table = blocks, .size = sizeof(blocks),
};
static const struct slate_trace_config config = {
	.table = table, .size = sizeof(table), .sites = 8,
};

/* Breakpoints: no heap yet; all as it should be; one block spoilt. */
__attribute__((noinline)) void nothing_yet(void)
{
	__asm__ volatile("");
}

__attribute__((noinline)) void all_is_well(void)
{
	__asm__ volatile("");
}

__attribute__((noinline)) void one_is_spoilt(void)
{
	__asm__ volatile("");
}

__attribute__((noinline)) static void make_objects(void)
{
	int i;

	for (i = 0; i < OBJECTS; i++)
		(void)slate_obj_malloc(heap, 20);
}

int main(void)
{
	unsigned char *buffer;

	nothing_yet();
	heap = slate_heap_create(memory, sizeof(memory));
	if (!heap || slate_debug_enable(heap, &hooks) ||
	    slate_trace_start(&trace, heap, &config) ||
	    slate_owner_start(&owner, heap, &owners))
		return 1;
	buffer = slate_mem_malloc(heap, 100);
	slate_owner_set(&owner, 2);
	make_objects();
	slate_raw_free(heap, slate_raw_malloc(heap, 300));
	all_is_well();
	buffer[101] = 'x';
	one_is_spoilt();
	for (;;)
		;
}
