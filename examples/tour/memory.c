// SPDX-License-Identifier: MIT
/* What the heap has before, while and after a list is there. */
#include "tour.h"

#define NUMBERS	60

static void print_memory(const char *when)
{
	struct slate_stats stats;

	slate_heap_stats(heap, &stats);
	printf("  %s: %lu words in %lu blocks\n", when, WORDS(stats.live),
	       (unsigned long)stats.blocks);
}

void tour_memory(void)
{
	struct slate_object *list = NULL;
	unsigned int i;

	printf("Memory before and after\n");
	print_memory("before");
	for (i = 0; i < NUMBERS; i++) {
		struct node *node = node_new();

		slate_move_ref(&objects, &node->first, list);
		slate_move_ref(&objects, &node->second,
			       &number_new((intptr_t)i)->base);
		list = &node->gc.base;
	}
	print_memory("with a list of 60 numbers");
	slate_clear_ref(&objects, &list);
	print_memory("after");
	printf("  the heap is %s\n", slate_heap_valid(heap) ? "whole" :
	       "broken");
}
