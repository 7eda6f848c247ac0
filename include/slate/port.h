/* SPDX-License-Identifier: MIT */
/*
 * Layer 2: the port contract. All that slate asks of a machine; a new port is
 * these functions and its arch.h, which defines slate_port_key.
 *
 * Common preconditions: every function may be called from wherever slate
 * itself is called, before main() included, and calls nothing of slate's.
 */
#ifndef SLATE_PORT_H
#define SLATE_PORT_H

#include <slate/check.h>

/* From port/NAME: what slate_port_lock() hands to slate_port_unlock(). */
#include <arch.h>

SLATE_BEGIN_DECLS

struct slate_arena_source;

/*
 * Begin and end a stretch in which nobody else may touch a heap. Used with
 * SLATE_CONFIG_LOCK 1; never nested by slate, held for bounded time.
 */
slate_port_key slate_port_lock(void);
void slate_port_unlock(slate_port_key key);

/* slate_port_fault(): see check.h. Weak: a program may bring its own. */

/* Write @len bytes of text for a person. Weak; may do nothing. */
void slate_port_write(const char *text, size_t len);

/* *@word |= @bits as one atomic step; returns what *@word was. */
uintptr_t slate_port_or(uintptr_t *word, uintptr_t bits);

/*
 * *@word = @value as one atomic step, if *@word is @old; was it? What was
 * written before is seen by whoever sees @value. May be called with the lock
 * held. Used with SLATE_CONFIG_OBJECT_ATOMIC.
 */
bool slate_port_cas(uintptr_t *word, uintptr_t old, uintptr_t value);

/* The source that slate_heap_create_from(NULL) uses, or NULL: none. */
const struct slate_arena_source *slate_port_source(void);

/* The number of the processor that runs this, from 0. */
unsigned int slate_port_cpu(void);

/*
 * With SLATE_CONFIG_SANITIZE only: what the program may touch, for a memory
 * checker. Open and close a stretch; a block of the program's lives, its first
 * @defined bytes are worth reading; it lives no more; read and write a byte
 * that is closed.
 */
void slate_port_open(void *start, size_t size);
void slate_port_close(void *start, size_t size);
void slate_port_live(void *ptr, size_t size, size_t defined);
void slate_port_dead(void *ptr);
unsigned char slate_port_peek(const unsigned char *p);
void slate_port_poke(unsigned char *p, unsigned char byte);

SLATE_END_DECLS

#endif /* SLATE_PORT_H */
