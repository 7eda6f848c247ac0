/* SPDX-License-Identifier: MIT */
/*
 * Linux: the lock is one mutex of the process, so the key says nothing.
 * One call beyond the contract: what this machine can close.
 */
#ifndef SLATE_ARCH_H
#define SLATE_ARCH_H

#include <slate/compiler.h>

typedef int slate_port_key;

/* Arenas of as many bytes or more are aligned to as many: a huge page. */
#define SLATE_PORT_HUGE	((size_t)2 << 20)

SLATE_BEGIN_DECLS

struct slate_guards;

/* Memory that nobody may touch, see guards.h: pages. */
const struct slate_guards *slate_port_guards(void);

SLATE_END_DECLS

#endif /* SLATE_ARCH_H */
