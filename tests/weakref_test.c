// SPDX-License-Identifier: MIT
/* Weak references. */
#include "objects.h"

static struct slate_weakref *weak(struct slate_object *obj)
{
	return slate_weakref_new(&world.objects, obj, NULL, NULL);
}

static void drop_weak(struct slate_weakref *ref)
{
	slate_decref(&world.objects, &ref->gc.base);
}

/* Is it dead? Leaves no reference behind. */
static bool is_dead(struct slate_weakref *ref)
{
	struct slate_object *obj = slate_weakref_get(ref);

	slate_xdecref(&world.objects, obj);
	return !obj;
}

/* Logs the number of its argument, which is a leaf. */
static void log_arg(struct slate_objects *objects, struct slate_weakref *ref,
		    struct slate_object *arg)
{
	(void)objects;
	world_log(is_dead(ref) ?
		  SLATE_CONTAINER_OF(arg, struct leaf, base)->id : 9);
}

static struct slate_weakref *weak_log(struct slate_object *obj,
				      unsigned int id)
{
	struct leaf *leaf = leaf_new(id);
	struct slate_weakref *ref;

	ref = slate_weakref_new(&world.objects, obj, log_arg,
				obj_of_leaf(leaf));
	leaf_drop(leaf);
	return ref;
}

static ptrdiff_t collect(void)
{
	return slate_gc_collect(&world.gc, SLATE_GC_FULL);
}

static void reference_gives_the_object_while_it_lives(struct ktap *t)
{
	struct slate_weakref *ref;
	struct slate_object *obj;
	struct leaf *leaf;

	world_open(t);
	leaf = leaf_new(1);
	ref = weak(obj_of_leaf(leaf));
	ktap_expect(t, slate_object_refs(obj_of_leaf(leaf)) == 1);
	obj = slate_weakref_get(ref);
	ktap_expect(t, obj == obj_of_leaf(leaf));
	ktap_expect(t, slate_object_refs(obj) == 2);
	slate_decref(&world.objects, obj);
	leaf_drop(leaf);
	ktap_expect(t, world.deallocs == 1);
	ktap_expect(t, !slate_weakref_get(ref));
	drop_weak(ref);
	world_close(t);
}

static void reference_without_callback_is_shared(struct ktap *t)
{
	struct slate_weakref *a;
	struct slate_weakref *b;
	struct leaf *leaf;

	world_open(t);
	leaf = leaf_new(1);
	a = weak(obj_of_leaf(leaf));
	b = weak(obj_of_leaf(leaf));
	ktap_expect(t, a == b && slate_object_refs(&a->gc.base) == 2);
	ktap_expect(t, slate_weakref_count(obj_of_leaf(leaf)) == 1);
	drop_weak(a);
	drop_weak(b);
	ktap_expect(t, slate_weakref_count(obj_of_leaf(leaf)) == 0);
	a = weak_log(obj_of_leaf(leaf), 1);
	b = weak_log(obj_of_leaf(leaf), 1);
	ktap_expect(t, a != b);
	ktap_expect(t, slate_weakref_count(obj_of_leaf(leaf)) == 2);
	drop_weak(a);
	drop_weak(b);
	leaf_drop(leaf);
	ktap_expect(t, world_logged(""));
	world_close(t);
}

static void types_without_a_slot_refuse(struct ktap *t)
{
	static const struct slate_type type = {
		.name = "slotless",
		.size = sizeof(struct slate_object),
	};
	static const struct leaf fixed = { SLATE_OBJECT_STATIC(&leaf_type),
					   NULL, 0 };
	struct slate_object *obj;

	world_open(t);
	obj = slate_object_new(&world.objects, &type);
	ktap_expect(t, !weak(obj));
	ktap_expect(t, slate_weakref_count(obj) == 0);
	ktap_expect(t, slate_weakref_walk(obj, NULL, NULL) == 0);
	slate_decref(&world.objects, obj);
	ktap_expect(t, !weak((struct slate_object *)(uintptr_t)&fixed));
	world_close(t);
}

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
	shared = weak(obj_of_leaf(leaf));
	refs[2] = weak_log(obj_of_leaf(leaf), 3);
	refs[3] = weak_log(obj_of_leaf(leaf), 4);
	leaf_drop(leaf);
	ktap_expect(t, world_logged("4321"));
	ktap_expect(t, is_dead(shared));
	for (i = 0; i < 4; i++) {
		ktap_expect(t, is_dead(refs[i]));
		drop_weak(refs[i]);
	}
	drop_weak(shared);
	world_close(t);
}

static struct slate_weakref *others[3];

static void log_others(struct slate_objects *objects,
		       struct slate_weakref *ref, struct slate_object *arg)
{
	(void)objects;
	(void)ref;
	(void)arg;
	world_log(is_dead(others[0]) && is_dead(others[1]) &&
		  is_dead(others[2]));
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
		drop_weak(others[i]);
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
	drop_weak(ref);
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
	first = slate_weakref_new(&world.objects, obj_of_leaf(a), log_arg,
				  obj_of_leaf(b));
	leaf_drop(b);
	leaf_drop(a);
	ktap_expect(t, world_logged("2"));
	drop_weak(first);
	ktap_expect(t, world_logged("22"));
	drop_weak(second);
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
	world_log((unsigned int)collect());
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
	drop_weak(ref);
	world_close(t);
}

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
	ktap_expect(t, collect() == 2);
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
	shared = weak(obj_of_node(node));
	node_link(node, node);
	slate_move_ref(&world.objects, &node->ref[1], &inside->gc.base);
	node_drop(node);
	ktap_expect(t, !is_dead(outside));
	ktap_expect(t, collect() == 2);
	ktap_expect(t, world_logged("2"));
	ktap_expect(t, is_dead(outside) && is_dead(shared));
	drop_weak(outside);
	drop_weak(shared);
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
	ref = slate_weakref_new(&world.objects, obj_of_leaf(target), log_arg,
				obj_of_node(node));
	slate_move_ref(&world.objects, &node->ref[0], &ref->gc.base);
	node_drop(node);
	ktap_expect(t, collect() == 2);
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
	watched = weak(obj_of_node(b));
	node_drop(a);
	node_drop(b);
	ktap_expect(t, collect() == 2 && world_logged("1"));
	ktap_expect(t, world.deallocs == 2);
	drop_weak(ref);
	drop_weak(watched);
	world_close(t);
}

static void finalizer_grabs(struct slate_objects *objects,
			    struct slate_object *obj)
{
	(void)objects;
	(void)obj;
	world_log(is_dead(watched));
}

static void weak_references_are_dead_before_finalizers(struct ktap *t)
{
	struct node *node;

	world_open(t);
	world.finalizer = finalizer_grabs;
	node = final_node_new(1);
	watched = weak(obj_of_node(node));
	node_link(node, node);
	node_drop(node);
	ktap_expect(t, collect() == 1 && world_logged("1"));
	drop_weak(watched);
	world_close(t);
}

/* By its count: the object is whole while its finalizer runs. */
static void finalizer_sees_its_weak_reference_alive(struct ktap *t)
{
	struct node *node;

	world_open(t);
	world.finalizer = finalizer_grabs;
	node = final_node_new(1);
	watched = weak(obj_of_node(node));
	node_drop(node);
	ktap_expect(t, world_logged("0") && is_dead(watched));
	drop_weak(watched);
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
	ktap_expect(t, watched && is_dead(watched));
	drop_weak(watched);
	node = final_node_new(2);
	node_link(node, node);
	node_drop(node);
	ktap_expect(t, collect() == 1);
	ktap_expect(t, watched && is_dead(watched));
	drop_weak(watched);
	world_close(t);
}

static void weak_in_dealloc(struct slate_objects *objects,
			    struct slate_object *obj)
{
	world_log(!slate_weakref_new(objects, obj, NULL, NULL));
}

static void object_that_is_going_cannot_be_referred_to(struct ktap *t)
{
	struct slate_type type = leaf_type;

	world_open(t);
	type.dealloc = weak_in_dealloc;
	slate_decref(&world.objects,
		     slate_object_new(&world.objects, &type));
	ktap_expect(t, world_logged("1"));
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
		drop_weak(refs[i]);
	slate_heap_destroy(world.heap);
}

/* Making a reference collects, which runs code that makes one, too. */
static void second_weak(struct slate_objects *objects,
			struct slate_object *obj)
{
	(void)obj;
	others[1] = slate_weakref_new(objects, world.keep, NULL, NULL);
}

static void making_a_reference_may_collect(struct ktap *t)
{
	struct slate_objects *objects = &world.objects;

	world_open(t);
	world.finalizer = second_weak;
	world.keep = obj_of_leaf(leaf_new(1));
	node_cycle(3, true);
	node_cycle(3, true);
	ktap_expect(t, slate_gc_set_threshold(&world.gc, 0, 1) == 0);
	slate_gc_set_flags(&world.gc, SLATE_GC_IN_NEW);
	others[0] = slate_weakref_new(objects, world.keep, NULL, NULL);
	ktap_expect(t, world.finalized == 6);
	ktap_expect(t, others[0] && others[0] == others[1]);
	ktap_expect(t, slate_weakref_count(world.keep) == 1);
	ktap_expect(t, slate_object_refs(&others[0]->gc.base) == 7);
	while (slate_object_refs(&others[0]->gc.base) > 1)
		drop_weak(others[0]);
	drop_weak(others[0]);
	slate_clear_ref(objects, &world.keep);
	world_close(t);
}

static int log_ref(void *arg, struct slate_object *obj)
{
	struct slate_weakref *ref = SLATE_CONTAINER_OF(obj,
				struct slate_weakref, gc.base);

	(void)arg;
	world_log(obj->type == &slate_weakref_type ? 0 :
		  SLATE_CONTAINER_OF(ref->arg, struct leaf, base)->id);
	return world.nlog == 3;
}

static void references_are_counted_and_visited(struct ktap *t)
{
	struct slate_weakref *refs[4];
	struct slate_object *obj;
	unsigned int i;

	world_open(t);
	obj = obj_of_leaf(leaf_new(0));
	refs[0] = weak_log(obj, 1);
	refs[1] = weak_log(obj, 2);
	refs[2] = weak(obj);
	refs[3] = weak_log(obj, 3);
	ktap_expect(t, slate_weakref_count(obj) == 4);
	ktap_expect(t, slate_weakref_walk(obj, log_ref, NULL) == 1);
	ktap_expect(t, world_logged("032"));
	for (i = 0; i < 4; i++) {
		drop_weak(refs[i]);
		ktap_expect(t, slate_weakref_count(obj) == 3 - i);
	}
	slate_decref(&world.objects, obj);
	world_close(t);
}

/*
 * A chain of as many objects as may be ended inside each other: what the last
 * one drops waits, and then probe() is called.
 */
struct link {
	struct slate_object base;
	struct slate_object *next;
};

static void (*probe)(void);

static void link_dealloc(struct slate_objects *objects,
			 struct slate_object *obj)
{
	struct link *link = SLATE_CONTAINER_OF(obj, struct link, base);
	bool is_last = link->next->type != obj->type;

	slate_clear_ref(objects, &link->next);
	if (is_last)
		probe();
}

static const struct slate_type link_type = {
	.name = "link",
	.size = sizeof(struct link),
	.dealloc = link_dealloc,
};

/* The chain's end owns @last; drop the chain. */
static void end_behind_chain(struct slate_object *last)
{
	unsigned int i;

	for (i = 0; i < SLATE_CONFIG_OBJECT_DEPTH; i++) {
		struct link *link = slate_object_new(&world.objects,
						     &link_type);

		link->next = last;
		last = &link->base;
	}
	slate_decref(&world.objects, last);
}

static void watched_is_dead(void)
{
	world_log(is_dead(watched) && world.deallocs == 0);
}

static void waiting_object_is_dead_to_weak_references(struct ktap *t)
{
	struct leaf *leaf;

	world_open(t);
	probe = watched_is_dead;
	leaf = leaf_new(1);
	watched = weak(obj_of_leaf(leaf));
	end_behind_chain(obj_of_leaf(leaf));
	ktap_expect(t, world_logged("1") && world.deallocs == 1);
	drop_weak(watched);
	world_close(t);
}

/* The shared reference waits for its end: it is not given out any more. */
static void make_another(void)
{
	others[0] = weak(world.keep);
	world_log(slate_weakref_count(world.keep) == 1);
}

static void waiting_reference_is_not_shared(struct ktap *t)
{
	world_open(t);
	probe = make_another;
	world.keep = obj_of_leaf(leaf_new(1));
	end_behind_chain(&weak(world.keep)->gc.base);
	ktap_expect(t, world_logged("1") && others[0]);
	ktap_expect(t, slate_weakref_count(world.keep) == 1);
	ktap_expect(t, !is_dead(others[0]));
	drop_weak(others[0]);
	slate_clear_ref(&world.objects, &world.keep);
	world_close(t);
}

static void drop_keep(void)
{
	slate_clear_ref(&world.objects, &world.keep);
}

/* Both wait, and the object is ended first: the callback is not called. */
static void callback_of_a_waiting_reference_is_not_called(struct ktap *t)
{
	world_open(t);
	probe = drop_keep;
	world.keep = obj_of_leaf(leaf_new(1));
	end_behind_chain(&weak_log(world.keep, 2)->gc.base);
	ktap_expect(t, world_logged("") && world.deallocs == 2);
	world_close(t);
}

static void clear_looks(struct slate_objects *objects,
			struct slate_object *obj)
{
	world_log(is_dead(watched));
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
	ktap_expect(t, collect() == 2);
	ktap_expect(t, world_logged("1"));
	drop_weak(watched);
	world_close(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(reference_gives_the_object_while_it_lives),
	KTAP_CASE(reference_without_callback_is_shared),
	KTAP_CASE(types_without_a_slot_refuse),
	KTAP_CASE(callbacks_come_newest_first_after_all_are_dead),
	KTAP_CASE(all_are_dead_before_any_callback),
	KTAP_CASE(callback_may_drop_the_references),
	KTAP_CASE(callback_of_a_dropped_reference_is_not_called),
	KTAP_CASE(callback_may_end_another_object),
	KTAP_CASE(callback_may_collect),
	KTAP_CASE(callback_in_the_trash_is_not_called),
	KTAP_CASE(callback_from_outside_the_trash_is_called),
	KTAP_CASE(cycle_through_the_argument_is_collected),
	KTAP_CASE(callback_cannot_resurrect_trash),
	KTAP_CASE(weak_references_are_dead_before_finalizers),
	KTAP_CASE(finalizer_sees_its_weak_reference_alive),
	KTAP_CASE(reference_made_by_a_finalizer_dies),
	KTAP_CASE(object_that_is_going_cannot_be_referred_to),
	KTAP_CASE(callbacks_are_called_without_memory),
	KTAP_CASE(making_a_reference_may_collect),
	KTAP_CASE(references_are_counted_and_visited),
	KTAP_CASE(waiting_object_is_dead_to_weak_references),
	KTAP_CASE(waiting_reference_is_not_shared),
	KTAP_CASE(callback_of_a_waiting_reference_is_not_called),
	KTAP_CASE(reference_made_by_a_finalizer_dies_before_clearing),
};

KTAP_SUITE(slate_weakref, cases);
