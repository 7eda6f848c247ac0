// SPDX-License-Identifier: MIT
#include "weakrefs.h"

struct slate_weakref *weak_new(struct slate_object *obj)
{
	return slate_weakref_new(&world.objects, obj, NULL, NULL);
}

void weak_drop(struct slate_weakref *ref)
{
	slate_decref(&world.objects, &ref->gc.base);
}

bool weak_is_dead(struct slate_weakref *ref)
{
	struct slate_object *obj = slate_weakref_get(ref);

	slate_xdecref(&world.objects, obj);
	return !obj;
}

void weak_log_arg(struct slate_objects *objects, struct slate_weakref *ref,
		  struct slate_object *arg)
{
	(void)objects;
	world_log(weak_is_dead(ref) ?
		  SLATE_CONTAINER_OF(arg, struct leaf, base)->id : 9);
}

struct slate_weakref *weak_log(struct slate_object *obj, unsigned int id)
{
	struct leaf *leaf = leaf_new(id);
	struct slate_weakref *ref;

	ref = slate_weakref_new(&world.objects, obj, weak_log_arg,
				obj_of_leaf(leaf));
	leaf_drop(leaf);
	return ref;
}
