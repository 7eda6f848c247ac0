// SPDX-License-Identifier: MIT
/* What a program takes that creates a heap and uses its four calls. */
#include <slate/slate.h>

void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where);

void *volatile place;
volatile size_t bytes;

void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)kind;
	(void)heap;
	(void)where;
	for (;;)
		;
}

int main(void)
{
	struct slate_heap *heap = slate_heap_create(place, bytes);

	place = slate_mem_malloc(heap, bytes);
	place = slate_mem_calloc(heap, bytes, bytes);
	place = slate_mem_realloc(heap, place, bytes);
	slate_mem_free(heap, place);
	return 0;
}
