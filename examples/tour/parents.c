// SPDX-License-Identifier: MIT
/*
 * A tree whose children know their parent by a weak reference: no cycle, and
 * so no collection is needed. And a map that keeps nothing alive.
 */
#include "tour.h"

static void on_gone(struct slate_objects *objs, struct slate_weakref *ref,
		    struct slate_object *arg)
{
	(void)objs;
	(void)ref;
	printf("  callback %ld: the parent has gone\n",
	       (long)((struct number *)arg)->value);
}

/* Is there a parent? */
static const char *has_parent(struct node *child)
{
	struct slate_object *parent =
			slate_weakref_get((struct slate_weakref *)
					  child->parent);
	const char *answer = parent ? "yes" : "no";

	slate_xdecref(&objects, parent);
	return answer;
}

static void adopt(struct node *parent, struct slate_object **slot,
		  struct node *child)
{
	struct slate_weakref *up = slate_weakref_new(&objects,
						     &parent->gc.base,
						     NULL, NULL);

	slate_set_ref(&objects, slot, &child->gc.base);
	slate_move_ref(&objects, &child->parent, &up->gc.base);
}

static struct slate_weakref *watch(struct node *node, intptr_t number)
{
	struct number *arg = number_new(number);
	struct slate_weakref *ref = slate_weakref_new(&objects,
				&node->gc.base, on_gone, &arg->base);

	slate_decref(&objects, &arg->base);
	return ref;
}

void tour_parents(void)
{
	struct slate_weak_entry places[4];
	struct node *parent = node_new();
	struct node *child = node_new();
	struct node *other = node_new();
	struct slate_weakref *first;
	struct slate_weakref *second;
	struct slate_weak_map map;

	printf("Weak links to a parent\n");
	adopt(parent, &parent->first, child);
	adopt(parent, &parent->second, other);
	printf("  both links are one object: %s\n",
	       child->parent == other->parent ? "yes" : "no");
	first = watch(parent, 1);
	second = watch(parent, 2);
	if (slate_weak_map_init(&map, &objects, places, 4) ||
	    slate_weak_map_set(&map, 7, &parent->gc.base))
		printf("  no map\n");
	printf("  references to the parent: %lu, weak ones: %lu\n",
	       (unsigned long)slate_object_refs(&parent->gc.base),
	       (unsigned long)slate_weakref_count(&parent->gc.base));
	printf("  the child has a parent: %s, in the map: %lu\n",
	       has_parent(child), (unsigned long)slate_weak_map_live(&map));
	node_drop(parent);
	printf("  the child has a parent: %s, in the map: %lu\n",
	       has_parent(child), (unsigned long)slate_weak_map_live(&map));
	slate_weak_map_clear(&map);
	slate_decref(&objects, &first->gc.base);
	slate_decref(&objects, &second->gc.base);
	node_drop(child);
	node_drop(other);
	printf("  to collect: %ld\n", (long)slate_gc_collect(&gc,
							     SLATE_GC_FULL));
}
