// SPDX-License-Identifier: MIT
/*
 * Runs a client in a heap whose size the command line of QEMU has put at
 * HEAP_SIZE: for a C library's own allocator by sbrk, for slate as its region.
 * Both get the same memory. The status is the client's.
 */
#include <stddef.h>
#include <stdint.h>

#include <semihosting.h>

#include "client.h"

#define HEAP		0x21000000u
#define HEAP_SIZE	(*(const volatile uint32_t *)0x20300000u)

void *sbrk(ptrdiff_t by);
void *_sbrk(ptrdiff_t by);
void *slate_libc_region(size_t *size);
void _exit(int status) __attribute__((noreturn));

void *_sbrk(ptrdiff_t by)
{
	static uintptr_t used;
	uintptr_t old = used;

	if (by < 0 ? (uintptr_t)-by > used : (uintptr_t)by > HEAP_SIZE - used)
		return (void *)-1;
	used += (uintptr_t)by;
	return (void *)(HEAP + old);
}

void *sbrk(ptrdiff_t by)
{
	return _sbrk(by);
}

void *slate_libc_region(size_t *size)
{
	*size = HEAP_SIZE;
	return (void *)HEAP;
}

void _exit(int status)
{
	semihost_exit(status);
}

int main(void)
{
	_exit(client());
}
