/* SPDX-License-Identifier: MIT */
/*
 * FreeRTOS: the key is the interrupt mask as it was before the lock. No header
 * of the kernel's is needed to include slate's.
 */
#ifndef SLATE_ARCH_H
#define SLATE_ARCH_H

#include <slate/compiler.h>

typedef unsigned long slate_port_key;

#endif /* SLATE_ARCH_H */
