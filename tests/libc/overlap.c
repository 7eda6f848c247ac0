// SPDX-License-Identifier: MIT
/*
 * A program whose region holds the main stack: there is no heap, malloc says
 * so each time, and slate_port_fault() hears of it. Exit status 0 if so.
 */
#include <stdlib.h>

#include <semihosting.h>
#include <slate_libc.h>

static unsigned int faults;

void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)where;
	faults += kind == SLATE_FAULT_CONTEXT && !heap;
}

void *slate_libc_region(size_t *size)
{
	int here;

	*size = 0x10000;
	return (unsigned char *)(((uintptr_t)&here - *size / 2) &
				 ~(uintptr_t)7);
}

void _exit(int status)
{
	semihost_exit(status);
}

int main(void)
{
	void *ptr = malloc(10);

	free(ptr);
	_exit(ptr || faults != 2 || slate_libc_heap());
}
