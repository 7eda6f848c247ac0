// SPDX-License-Identifier: MIT
/* A hundred objects that only refer to each other. */
#include "tour.h"

#define NODES	100

static void make_ring(void)
{
	struct node *first = node_new();
	struct node *last = first;
	unsigned int i;

	for (i = 1; i < NODES; i++) {
		struct node *node = node_new();

		slate_move_ref(&objects, &last->first, &node->gc.base);
		last = node;
	}
	/* The ring takes over the last reference from outside. */
	slate_move_ref(&objects, &last->first, &first->gc.base);
}

static void print_live(const char *when)
{
	printf("  %s: %lu objects\n", when,
	       (unsigned long)slate_objects_live(&objects));
}

void tour_cycles(void)
{
	struct slate_gc_totals stats;

	printf("Collection of %u nodes in a cycle\n", NODES);
	print_live("before");
	make_ring();
	print_live("made and dropped");
	printf("  counted since the last collection: %lu, due: %s\n",
	       (unsigned long)slate_gc_count(&gc, 0),
	       slate_gc_is_due(&gc) ? "yes" : "no");
	printf("  collected: %ld\n", (long)slate_gc_collect(&gc,
							    SLATE_GC_FULL));
	print_live("after");
	if (slate_gc_stats(&gc, SLATE_GC_FULL, &stats) == 0)
		printf("  collections %lu, looked at %lu, found %lu, "
		       "uncollectable %lu\n", (unsigned long)stats.collections,
		       (unsigned long)stats.examined,
		       (unsigned long)stats.collected,
		       (unsigned long)stats.uncollectable);
}
