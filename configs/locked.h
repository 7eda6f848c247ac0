/* SPDX-License-Identifier: MIT */
/*
 * For threads and interrupts that share a heap and its objects: the port's lock
 * is taken, and counts change atomically.
 */
#define SLATE_CONFIG_LOCK		1
#define SLATE_CONFIG_OBJECT_ATOMIC	1
