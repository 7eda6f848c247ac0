// SPDX-License-Identifier: MIT
/*
 * malloc on a heap that the program has already: blocks come from there, and
 * the region of the linker is not touched. Exit status 0 if so.
 */
#include <stdlib.h>
#include <string.h>

#include <semihosting.h>
#include <slate_libc.h>

static unsigned char memory[4096];

struct slate_heap *slate_libc_heap(void)
{
	static struct slate_heap *heap;

	if (!heap)
		heap = slate_heap_create(memory, sizeof(memory));
	return heap;
}

void _exit(int status)
{
	semihost_exit(status);
}

static int is_mine(const void *ptr)
{
	uintptr_t at = (uintptr_t)ptr;

	return at - (uintptr_t)memory < sizeof(memory);
}

int main(void)
{
	char *ptr = malloc(100);
	char *copy = strdup("text");
	size_t peak;

	if (!is_mine(ptr) || !is_mine(copy) || malloc(5000))
		_exit(1);
	free(ptr);
	slate_mem_free(slate_libc_heap(), copy);
	_exit(slate_heap_live(slate_libc_heap(), &peak) != 0);
}
