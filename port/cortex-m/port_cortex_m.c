// SPDX-License-Identifier: MIT
/*
 * The port contract on Cortex-M, Armv6-M to Armv8.1-M: one core, interrupts
 * masked by PRIMASK, a static region from linker symbols. Not for cores that
 * share memory: PRIMASK masks this core only.
 */
#include <slate/arena.h>
#include <slate/port.h>

/* From the linker script: the memory that is left over. */
extern unsigned char __slate_heap_start[] SLATE_WEAK;
extern unsigned char __slate_heap_end[] SLATE_WEAK;

slate_port_key slate_port_lock(void)
{
	slate_port_key key;

	__asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(key) : : "memory");
	return key;
}

/* Interrupts that were masked before the lock stay masked. */
void slate_port_unlock(slate_port_key key)
{
	__asm__ volatile("msr primask, %0" : : "r"(key) : "memory");
}

SLATE_WEAK void slate_port_write(const char *text, size_t len)
{
	(void)text;
	(void)len;
}

/* A debugger stops here; without one the fault handler runs. */
SLATE_WEAK void slate_port_fault(enum slate_fault kind,
				 struct slate_heap *heap, const void *where)
{
	(void)kind;
	(void)heap;
	(void)where;
	__builtin_trap();
}

/* Armv6-M has no exclusive load and store; the lock serves all alike. */
uintptr_t slate_port_or(uintptr_t *word, uintptr_t bits)
{
	slate_port_key key = slate_port_lock();
	uintptr_t old = *word;

	*word = old | bits;
	slate_port_unlock(key);
	return old;
}

bool slate_port_cas(uintptr_t *word, uintptr_t old, uintptr_t value)
{
	slate_port_key key = slate_port_lock();
	bool is_old = *word == old;

	if (is_old)
		*word = value;
	slate_port_unlock(key);
	return is_old;
}

/* Nothing brings memory while the program runs. */
const struct slate_arena_source *slate_port_source(void)
{
	return NULL;
}

unsigned int slate_port_cpu(void)
{
	return 0;
}

void *slate_port_region(size_t *size)
{
	*size = (uintptr_t)__slate_heap_end - (uintptr_t)__slate_heap_start;
	return *size ? __slate_heap_start : NULL;
}
