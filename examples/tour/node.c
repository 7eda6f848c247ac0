// SPDX-License-Identifier: MIT
/* The two types of the tour. */
#include <stdlib.h>

#include "tour.h"

static int node_traverse(struct slate_object *obj, slate_visit_fn visit,
			 void *arg)
{
	struct node *node = (struct node *)obj;
	int result = slate_visit(node->first, visit, arg);

	if (!result)
		result = slate_visit(node->second, visit, arg);
	if (!result)
		result = slate_visit(node->parent, visit, arg);
	return result;
}

/* Called for trash, and, since there is no dealloc, at the end of each. */
static void node_clear(struct slate_objects *objs, struct slate_object *obj)
{
	struct node *node = (struct node *)obj;

	slate_clear_ref(objs, &node->first);
	slate_clear_ref(objs, &node->second);
	slate_clear_ref(objs, &node->parent);
}

const struct slate_type node_type = {
	.name = "node",
	.size = sizeof(struct node),
	.weak_offset = offsetof(struct node, weak),
	.flags = SLATE_TYPE_COLLECTED,
	.traverse = node_traverse,
	.clear = node_clear,
};

const struct slate_type number_type = {
	.name = "number",
	.size = sizeof(struct number),
};

/* The tour's heap is large enough; a program would go on without. */
static void *must(void *ptr)
{
	if (ptr)
		return ptr;
	printf("out of memory\n");
	exit(1);
}

struct node *node_new(void)
{
	return must(slate_object_new(&objects, &node_type));
}

struct number *number_new(intptr_t value)
{
	struct number *number = must(slate_object_new(&objects,
						      &number_type));

	number->value = value;
	return number;
}

void node_drop(struct node *node)
{
	slate_decref(&objects, &node->gc.base);
}
