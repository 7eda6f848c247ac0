// SPDX-License-Identifier: MIT
/* How large are objects, alone and with all that they refer to? */
#include "tour.h"

static void print_size(const char *what, struct slate_object *obj)
{
	printf("  %s: %lu words, in a block of %lu, deep %lu\n", what,
	       WORDS(slate_object_size(obj)),
	       WORDS(slate_object_block_size(&objects, obj)),
	       WORDS(slate_object_deep_size(&objects, obj)));
}

/* Never written to: it can be in flash. */
static const struct number seven = {
	SLATE_OBJECT_STATIC(&number_type), 7, 1
};

void tour_sizes(void)
{
	struct slate_object *fixed = (struct slate_object *)(uintptr_t)&seven;
	struct number *number = number_new(42);
	struct node *node = node_new();

	printf("Sizes of objects\n");
	printf("  header: %lu words, %lu when collected\n",
	       WORDS(sizeof(struct slate_object)),
	       WORDS(sizeof(struct slate_gc_object)));
	print_size("a number", &number->base);
	print_size("a node", &node->gc.base);
	slate_move_ref(&objects, &node->first, &number->base);
	print_size("a node with a number", &node->gc.base);
	slate_set_ref(&objects, &node->second, &number->base);
	print_size("a node with it twice", &node->gc.base);
	slate_set_ref(&objects, &node->second, &node->gc.base);
	print_size("a node with itself", &node->gc.base);
	slate_set_ref(&objects, &node->first, fixed);
	print_size("a node with a constant", &node->gc.base);
	slate_clear_ref(&objects, &node->second);
	node_drop(node);
}
