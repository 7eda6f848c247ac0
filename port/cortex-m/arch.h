/* SPDX-License-Identifier: MIT */
/* Cortex-M: the key is PRIMASK as it was before the lock. */
#ifndef SLATE_ARCH_H
#define SLATE_ARCH_H

typedef unsigned int slate_port_key;

#endif /* SLATE_ARCH_H */
