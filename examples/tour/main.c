// SPDX-License-Identifier: MIT
/* The tour: make tour, and make tour BOARD=microbit. */
#include "tour.h"

#define HEAP_WORDS	2048

struct slate_heap *heap;
struct slate_objects objects;
struct slate_gc gc;
unsigned int faults;

static uintptr_t memory[HEAP_WORDS];

/* Misuse is counted, dropped, and the tour goes on. */
void slate_port_fault(enum slate_fault kind, struct slate_heap *where_from,
		      const void *where)
{
	(void)where_from;
	(void)where;
	printf("  reported: %s\n", slate_fault_name(kind));
	faults++;
}

int main(void)
{
	heap = slate_heap_create(memory, sizeof(memory));
	if (!heap)
		return 1;
	slate_objects_init(&objects, heap);
	slate_gc_init(&gc, &objects);
	tour_sizes();
	tour_tracing();
	tour_cycles();
	tour_pool();
	tour_parents();
	tour_memory();
	return slate_objects_live(&objects) || !slate_heap_valid(heap);
}
