/* SPDX-License-Identifier: MIT */
/*
 * The four functions that slate takes from the program, declared here since
 * <string.h> is not a freestanding header.
 */
#ifndef SLATE_MEM_CALLS_H
#define SLATE_MEM_CALLS_H

#include <slate/compiler.h>

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int byte, size_t n);

#endif /* SLATE_MEM_CALLS_H */
