// SPDX-License-Identifier: MIT
/*
 * The port contract on RISC-V in machine mode, RV32 and RV64: one hart,
 * interrupts masked by mstatus.MIE, a static region from linker symbols. Not
 * for harts that share memory: MIE masks this hart's interrupts only.
 */
#include <slate/arena.h>
#include <slate/port.h>

#define MSTATUS_MIE	8

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

/* From the linker script: the memory that is left over. */
extern unsigned char __slate_heap_start[] SLATE_WEAK;
extern unsigned char __slate_heap_end[] SLATE_WEAK;

slate_port_key slate_port_lock(void)
{
	slate_port_key key;

	__asm__ volatile(WITH_CSRS("csrrci %0, mstatus, %1")
			 : "=r"(key) : "i"(MSTATUS_MIE) : "memory");
	return key;
}

/* Interrupts that were masked before the lock stay masked. */
void slate_port_unlock(slate_port_key key)
{
	__asm__ volatile(WITH_CSRS("csrs mstatus, %0")
			 : : "r"(key & MSTATUS_MIE) : "memory");
}

SLATE_WEAK void slate_port_write(const char *text, size_t len)
{
	(void)text;
	(void)len;
}

/* A debugger stops here; without one the trap handler runs. */
SLATE_WEAK void slate_port_fault(enum slate_fault kind,
				 struct slate_heap *heap, const void *where)
{
	(void)kind;
	(void)heap;
	(void)where;
	__builtin_trap();
}

#ifdef __riscv_atomic
/* One instruction: amoor. */
uintptr_t slate_port_or(uintptr_t *word, uintptr_t bits)
{
	return __atomic_fetch_or(word, bits, __ATOMIC_ACQ_REL);
}

bool slate_port_cas(uintptr_t *word, uintptr_t old, uintptr_t value)
{
	return __atomic_compare_exchange_n(word, &old, value, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}
#else
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
#endif

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
