/* SPDX-License-Identifier: MIT */
/*
 * Layer 2: memory that nobody may touch: what a port with pages or with a
 * memory protection unit can close and open. Beyond the port contract: a port
 * that has it says so with slate_port_guards(), in its arch.h.
 */
#ifndef SLATE_GUARDS_H
#define SLATE_GUARDS_H

#include <slate/compiler.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_guards - what can be closed
 * @count: how many stretches at once; 0 if this machine has none after all
 * @step: bytes of the smallest stretch, a power of two
 * @close: of the @size bytes at @base make the last @closed inaccessible and
 *	the others ordinary; 0, or not 0 if that failed. @size is a power of
 *	two, @base aligned to it, @closed is 0, the step or @size. @i, below
 *	the count, names the guard: one span has the same each time.
 *
 * Called with no lock of slate's held, from whoever called slate.
 */
struct slate_guards {
	unsigned int (*count)(void);
	size_t (*step)(void);
	int (*close)(unsigned int i, void *base, size_t size, size_t closed);
};

SLATE_END_DECLS

#endif /* SLATE_GUARDS_H */
