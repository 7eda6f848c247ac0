/* SPDX-License-Identifier: MIT */
/*
 * Cortex-M: the key is PRIMASK as it was before the lock. Two calls beyond
 * the contract: the memory that the linker script left over, and what the MPU
 * can close.
 */
#ifndef SLATE_ARCH_H
#define SLATE_ARCH_H

#include <slate/compiler.h>

typedef unsigned int slate_port_key;

SLATE_BEGIN_DECLS

/**
 * slate_port_region() - the static region between two linker symbols
 * @size: set to its bytes; 0 if there is none
 *
 * The linker script defines __slate_heap_start and __slate_heap_end around
 * memory that nothing else uses. They are weak: a program whose script does
 * not have them links all the same, and gets nothing. Each call names the same
 * memory, so one heap can be made of it:
 *
 *	base = slate_port_region(&size);
 *	heap = slate_heap_create(base, size);
 *
 * Context: Any. O(1).
 * Return: the first byte, or NULL if there is none.
 */
void *slate_port_region(size_t *size);

struct slate_guards;

/* Memory that nobody may touch, see guards.h: regions of the MPU, if any. */
const struct slate_guards *slate_port_guards(void);

SLATE_END_DECLS

#endif /* SLATE_ARCH_H */
