// SPDX-License-Identifier: MIT
/* Weak references to what a collection ends, and their callbacks then. */
#include "weakrefs.h"

/* The reference is in the cycle whose end it waits for. */
static void callback_in_the_trash_is_not_called(struct ktap *t)
{
	struct slate_weakref *ref;
	struct node *node;

	world_open(t);
	node = node_new(1);
	ref = weak_log(obj_of_node(node), 1);
	node_link(node, node);
	slate_move_ref(&world.objects, &node->ref[1], &ref->gc.base);
	node_drop(node);
	ktap_expect(t, world_collect() == 2);
	ktap_expect(t, world_logged("") && world.deallocs == 2);
	world_close(t);
}

static void callback_from_outside_the_trash_is_called(struct ktap *t)
{
	struct slate_weakref *inside;
	struct slate_weakref *outside;
	struct slate_weakref *shared;
	struct node *node;

	world_open(t);
	node = node_new(1);
	inside = weak_log(obj_of_node(node), 1);
	outside = weak_log(obj_of_node(node), 2);
	shared = weak_new(obj_of_node(node));
	node_link(node, node);
	slate_move_ref(&world.objects, &node->ref[1], &inside->gc.base);
	node_drop(node);
	ktap_expect(t, !weak_is_dead(outside));
	ktap_expect(t, world_collect() == 2);
	ktap_expect(t, world_logged("2"));
	ktap_expect(t, weak_is_dead(outside) && weak_is_dead(shared));
	weak_drop(outside);
	weak_drop(shared);
	world_close(t);
}

/* The callback's argument is in the cycle, and refers to the reference. */
static void cycle_through_the_argument_is_collected(struct ktap *t)
{
	struct slate_weakref *ref;
	struct leaf *target;
	struct node *node;

	world_open(t);
	target = leaf_new(1);
	node = node_new(2);
	ref = slate_weakref_new(&world.objects, obj_of_leaf(target),
				weak_log_arg, obj_of_node(node));
	slate_move_ref(&world.objects, &node->ref[0], &ref->gc.base);
	node_drop(node);
	ktap_expect(t, world_collect() == 2);
	ktap_expect(t, slate_weakref_count(obj_of_leaf(target)) == 0);
	leaf_drop(target);
	ktap_expect(t, world_logged(""));
	world_close(t);
}

static struct slate_weakref *watched;

/* A callback that would resurrect, if the reference were still alive. */
static void grab(struct slate_objects *objects, struct slate_weakref *ref,
		 struct slate_object *arg)
{
	(void)objects;
	(void)ref;
	(void)arg;
	world.keep = slate_weakref_get(watched);
	world_log(!world.keep);
}

/* All weak references into the trash are dead before the first callback. */
static void callback_cannot_resurrect_trash(struct ktap *t)
{
	struct slate_weakref *ref;
	struct node *a;
	struct node *b;

	world_open(t);
	a = node_new(1);
	b = node_new(2);
	node_link(a, b);
	node_link(b, a);
	ref = slate_weakref_new(&world.objects, obj_of_node(a), grab, NULL);
	watched = weak_new(obj_of_node(b));
	node_drop(a);
	node_drop(b);
	ktap_expect(t, world_collect() == 2 && world_logged("1"));
	ktap_expect(t, world.deallocs == 2);
	weak_drop(ref);
	weak_drop(watched);
	world_close(t);
}

static void finalizer_grabs(struct slate_objects *objects,
			    struct slate_object *obj)
{
	(void)objects;
	(void)obj;
	world_log(weak_is_dead(watched));
}

static void weak_references_are_dead_before_finalizers(struct ktap *t)
{
	struct node *node;

	world_open(t);
	world.finalizer = finalizer_grabs;
	node = final_node_new(1);
	watched = weak_new(obj_of_node(node));
	node_link(node, node);
	node_drop(node);
	ktap_expect(t, world_collect() == 1 && world_logged("1"));
	weak_drop(watched);
	world_close(t);
}

/* By its count: the object is whole while its finalizer runs. */
static void finalizer_sees_its_weak_reference_alive(struct ktap *t)
{
	struct node *node;

	world_open(t);
	world.finalizer = finalizer_grabs;
	node = final_node_new(1);
	watched = weak_new(obj_of_node(node));
	node_drop(node);
	ktap_expect(t, world_logged("0") && weak_is_dead(watched));
	weak_drop(watched);
	world_close(t);
}

static void make_weak(struct slate_objects *objects,
		      struct slate_object *obj)
{
	watched = slate_weakref_new(objects, obj, NULL, NULL);
}

static void reference_made_by_a_finalizer_dies(struct ktap *t)
{
	struct node *node;

	world_open(t);
	world.finalizer = make_weak;
	node = final_node_new(1);
	node_drop(node);
	ktap_expect(t, watched && weak_is_dead(watched));
	weak_drop(watched);
	node = final_node_new(2);
	node_link(node, node);
	node_drop(node);
	ktap_expect(t, world_collect() == 1);
	ktap_expect(t, watched && weak_is_dead(watched));
	weak_drop(watched);
	world_close(t);
}

static void clear_looks(struct slate_objects *objects,
			struct slate_object *obj)
{
	world_log(weak_is_dead(watched));
	slate_clear_ref(objects, &node_of(obj)->ref[0]);
}

/* Finalizers made it: it is dead before the first object is cleared. */
static void reference_made_by_a_finalizer_dies_before_clearing(struct ktap *t)
{
	struct slate_type type = node_type;
	struct node *first;
	struct node *node;

	world_open(t);
	world.finalizer = make_weak;
	type.clear = clear_looks;
	first = slate_object_new(&world.objects, &type);
	node = final_node_new(2);
	node_link(first, node);
	node_link(node, first);
	node_drop(first);
	node_drop(node);
	ktap_expect(t, world_collect() == 2);
	ktap_expect(t, world_logged("1"));
	weak_drop(watched);
	world_close(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(callback_in_the_trash_is_not_called),
	KTAP_CASE(callback_from_outside_the_trash_is_called),
	KTAP_CASE(cycle_through_the_argument_is_collected),
	KTAP_CASE(callback_cannot_resurrect_trash),
	KTAP_CASE(weak_references_are_dead_before_finalizers),
	KTAP_CASE(finalizer_sees_its_weak_reference_alive),
	KTAP_CASE(reference_made_by_a_finalizer_dies),
	KTAP_CASE(reference_made_by_a_finalizer_dies_before_clearing),
};

KTAP_SUITE(slate_weak_end, cases);
