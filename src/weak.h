/* SPDX-License-Identifier: MIT */
/*
 * Functions that a program may bring, or leave to a default. Windows has no
 * weak definitions: there the default has another name, and each file that
 * refers to the function says what stands in for it.
 */
#ifndef SLATE_WEAK_H
#define SLATE_WEAK_H

#include <slate/port.h>

#ifdef _WIN32
#define SLATE_STAND_IN(name) \
	__asm__(".weak " #name "\n\t.set " #name ", " #name "_default_")
#define SLATE_DEFAULT(name)	name##_default_
#else
#define SLATE_STAND_IN(name) \
	SLATE_STATIC_ASSERT(sizeof(&name) != 0, "is declared")
#define SLATE_DEFAULT(name)	SLATE_WEAK name
#endif

SLATE_STAND_IN(slate_port_fault);
SLATE_STAND_IN(slate_port_write);

#endif /* SLATE_WEAK_H */
