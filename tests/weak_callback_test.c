// SPDX-License-Identifier: MIT
/* Callbacks of weak references: in which order, and what they may do. */
#include "weakrefs.h"

static void callbacks_come_newest_first_after_all_are_dead(struct ktap *t)
{
	struct slate_weakref *refs[4];
	struct slate_weakref *shared;
	struct leaf *leaf;
	unsigned int i;

	world_open(t);
	leaf = leaf_new(0);
	refs[0] = weak_log(obj_of_leaf(leaf), 1);
	refs[1] = weak_log(obj_of_leaf(leaf), 2);
	shared = weak_new(obj_of_leaf(leaf));
	refs[2] = weak_log(obj_of_leaf(leaf), 3);
	refs[3] = weak_log(obj_of_leaf(leaf), 4);
	leaf_drop(leaf);
	ktap_expect(t, world_logged("4321"));
	ktap_expect(t, weak_is_dead(shared));
	for (i = 0; i < 4; i++) {
		ktap_expect(t, weak_is_dead(refs[i]));
		weak_drop(refs[i]);
	}
	weak_drop(shared);
	world_close(t);
}

static struct slate_weakref *others[3];

static void log_others(struct slate_objects *objects,
		       struct slate_weakref *ref, struct slate_object *arg)
{
	(void)objects;
	(void)ref;
	(void)arg;
	world_log(weak_is_dead(others[0]) && weak_is_dead(others[1]) &&
		  weak_is_dead(others[2]));
}

static void all_are_dead_before_any_callback(struct ktap *t)
{
	struct leaf *leaf;
	unsigned int i;

	world_open(t);
	leaf = leaf_new(0);
	for (i = 0; i < 3; i++)
		others[i] = slate_weakref_new(&world.objects,
					      obj_of_leaf(leaf), log_others,
					      NULL);
	leaf_drop(leaf);
	ktap_expect(t, world_logged("111"));
	for (i = 0; i < 3; i++)
		weak_drop(others[i]);
	world_close(t);
}

static void drop_others(struct slate_objects *objects,
			struct slate_weakref *ref, struct slate_object *arg)
{
	unsigned int i;

	(void)arg;
	(void)ref;
	world_log(1);
	for (i = 0; i < 3; i++) {
		struct slate_weakref *other = others[i];

		others[i] = NULL;
		if (other)
			slate_decref(objects, &other->gc.base);
	}
}

/* A callback drops all references, its own one as well. */
static void callback_may_drop_the_references(struct ktap *t)
{
	struct leaf *leaf;
	unsigned int i;

	world_open(t);
	leaf = leaf_new(0);
	for (i = 0; i < 3; i++)
		others[i] = slate_weakref_new(&world.objects,
					      obj_of_leaf(leaf), drop_others,
					      NULL);
	leaf_drop(leaf);
	ktap_expect(t, world_logged("111"));
	world_close(t);
}

/* Not called if the weak reference has gone before its object. */
static void callback_of_a_dropped_reference_is_not_called(struct ktap *t)
{
	struct slate_weakref *ref;
	struct leaf *leaf;

	world_open(t);
	leaf = leaf_new(0);
	ref = weak_log(obj_of_leaf(leaf), 1);
	weak_drop(ref);
	leaf_drop(leaf);
	ktap_expect(t, world_logged(""));
	world_close(t);
}

/* Weak references to weak references are none of slate's: callbacks chain. */
static void callback_may_end_another_object(struct ktap *t)
{
	struct slate_weakref *first;
	struct slate_weakref *second;
	struct leaf *a;
	struct leaf *b;

	world_open(t);
	a = leaf_new(1);
	b = leaf_new(2);
	second = weak_log(obj_of_leaf(b), 2);
	/* The first one's argument is all that keeps b. */
	first = slate_weakref_new(&world.objects, obj_of_leaf(a), weak_log_arg,
				  obj_of_leaf(b));
	leaf_drop(b);
	leaf_drop(a);
	ktap_expect(t, world_logged("2"));
	weak_drop(first);
	ktap_expect(t, world_logged("22"));
	weak_drop(second);
	world_close(t);
}

static void collect_in_callback(struct slate_objects *objects,
				struct slate_weakref *ref,
				struct slate_object *arg)
{
	(void)objects;
	(void)ref;
	(void)arg;
	node_cycle(2, false);
	world_log((unsigned int)world_collect());
}

static void callback_may_collect(struct ktap *t)
{
	struct slate_weakref *ref;
	struct leaf *leaf;

	world_open(t);
	leaf = leaf_new(0);
	ref = slate_weakref_new(&world.objects, obj_of_leaf(leaf),
				collect_in_callback, NULL);
	leaf_drop(leaf);
	ktap_expect(t, world_logged("2"));
	weak_drop(ref);
	world_close(t);
}

/* Clearing allocates nothing: it works in a full heap. */
static void callbacks_are_called_without_memory(struct ktap *t)
{
	struct slate_weakref *refs[4];
	struct slate_stats before;
	struct slate_stats after;
	struct leaf *leaf;
	unsigned int i;

	world_open(t);
	leaf = leaf_new(0);
	for (i = 0; i < 4; i++)
		refs[i] = weak_log(obj_of_leaf(leaf), i);
	while (slate_raw_malloc(world.heap, 1))
		continue;
	before = test_stats(world.heap);
	leaf_drop(leaf);
	after = test_stats(world.heap);
	ktap_expect(t, world_logged("3210"));
	ktap_expect(t, before.failures == after.failures);
	for (i = 0; i < 4; i++)
		weak_drop(refs[i]);
	slate_heap_destroy(world.heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(callbacks_come_newest_first_after_all_are_dead),
	KTAP_CASE(all_are_dead_before_any_callback),
	KTAP_CASE(callback_may_drop_the_references),
	KTAP_CASE(callback_of_a_dropped_reference_is_not_called),
	KTAP_CASE(callback_may_end_another_object),
	KTAP_CASE(callback_may_collect),
	KTAP_CASE(callbacks_are_called_without_memory),
};

KTAP_SUITE(slate_weak_callback, cases);
