/* SPDX-License-Identifier: MIT */
/* Windows: the lock is one SRW lock of the process, so the key says nothing. */
#ifndef SLATE_ARCH_H
#define SLATE_ARCH_H

typedef int slate_port_key;

#endif /* SLATE_ARCH_H */
