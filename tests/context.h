/* SPDX-License-Identifier: MIT */
/*
 * A second context for the tests of a port: an interrupt, or a thread. Each
 * port has its own, tests/context_NAME.c.
 */
#ifndef CONTEXT_H
#define CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <slate/guards.h>

/*
 * May the lock be taken while it is held? So it is where it masks interrupts;
 * a mutex would wait for ever.
 */
extern const bool context_lock_nests;

/* Between these two there is another context; the lock is not held here. */
void context_open(void);
void context_close(void);

/*
 * Let it run @fn, once, as soon as the port's lock lets it. By the return
 * there was time enough for it to run, had it been let.
 */
void context_start(void (*fn)(void));

/* Wait until it has run, for a while at most; the lock is not held here. */
void context_finish(void);

/* What the port can close, or NULL; and does that stop reads as well? */
const struct slate_guards *context_guards(void);
extern const bool context_stops_reads;

/* Run @fn: was it stopped by the machine, and at what address? */
bool context_faults(void (*fn)(void), const void **address);

/* The memory that slate_port_region() names, where a port has that; or NULL. */
void *context_region(size_t *size);

#endif /* CONTEXT_H */
