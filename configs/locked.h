/* SPDX-License-Identifier: MIT */
/* For threads and interrupts that share a heap: the port's lock is taken. */
#define SLATE_CONFIG_LOCK	1
