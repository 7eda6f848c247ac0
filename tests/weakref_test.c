// SPDX-License-Identifier: MIT
/* Weak references: who shares them and has them, and what waits for its end. */
#include "weakrefs.h"

static void reference_gives_the_object_while_it_lives(struct ktap *t)
{
	struct slate_weakref *ref;
	struct slate_object *obj;
	struct leaf *leaf;

	world_open(t);
	leaf = leaf_new(1);
	ref = weak_new(obj_of_leaf(leaf));
	ktap_expect(t, slate_object_refs(obj_of_leaf(leaf)) == 1);
	obj = slate_weakref_get(ref);
	ktap_expect(t, obj == obj_of_leaf(leaf));
	ktap_expect(t, slate_object_refs(obj) == 2);
	slate_decref(&world.objects, obj);
	leaf_drop(leaf);
	ktap_expect(t, world.deallocs == 1);
	ktap_expect(t, !slate_weakref_get(ref));
	weak_drop(ref);
	world_close(t);
}

static void reference_without_callback_is_shared(struct ktap *t)
{
	struct slate_weakref *a;
	struct slate_weakref *b;
	struct leaf *leaf;

	world_open(t);
	leaf = leaf_new(1);
	a = weak_new(obj_of_leaf(leaf));
	b = weak_new(obj_of_leaf(leaf));
	ktap_expect(t, a == b && slate_object_refs(&a->gc.base) == 2);
	ktap_expect(t, slate_weakref_count(obj_of_leaf(leaf)) == 1);
	weak_drop(a);
	weak_drop(b);
	ktap_expect(t, slate_weakref_count(obj_of_leaf(leaf)) == 0);
	a = weak_log(obj_of_leaf(leaf), 1);
	b = weak_log(obj_of_leaf(leaf), 1);
	ktap_expect(t, a != b);
	ktap_expect(t, slate_weakref_count(obj_of_leaf(leaf)) == 2);
	weak_drop(a);
	weak_drop(b);
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
	ktap_expect(t, !weak_new(obj));
	ktap_expect(t, slate_weakref_count(obj) == 0);
	ktap_expect(t, slate_weakref_walk(obj, NULL, NULL) == 0);
	slate_decref(&world.objects, obj);
	ktap_expect(t, !weak_new((struct slate_object *)(uintptr_t)&fixed));
	world_close(t);
}

static struct slate_weakref *others[3];

static struct slate_weakref *watched;

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
		weak_drop(others[0]);
	weak_drop(others[0]);
	slate_clear_ref(objects, &world.keep);
	world_close(t);
}

static int log_ref(void *arg, struct slate_object *obj)
{
	struct slate_weakref *ref = SLATE_CONTAINER_OF(obj,
						       struct slate_weakref,
							       gc.base);

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
	refs[2] = weak_new(obj);
	refs[3] = weak_log(obj, 3);
	ktap_expect(t, slate_weakref_count(obj) == 4);
	ktap_expect(t, slate_weakref_walk(obj, log_ref, NULL) == 1);
	ktap_expect(t, world_logged("032"));
	for (i = 0; i < 4; i++) {
		weak_drop(refs[i]);
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
	world_log(weak_is_dead(watched) && world.deallocs == 0);
}

static void waiting_object_is_dead_to_weak_references(struct ktap *t)
{
	struct leaf *leaf;

	world_open(t);
	probe = watched_is_dead;
	leaf = leaf_new(1);
	watched = weak_new(obj_of_leaf(leaf));
	end_behind_chain(obj_of_leaf(leaf));
	ktap_expect(t, world_logged("1") && world.deallocs == 1);
	weak_drop(watched);
	world_close(t);
}

/* The shared reference waits for its end: it is not given out any more. */
static void make_another(void)
{
	others[0] = weak_new(world.keep);
	world_log(slate_weakref_count(world.keep) == 1);
}

static void waiting_reference_is_not_shared(struct ktap *t)
{
	world_open(t);
	probe = make_another;
	world.keep = obj_of_leaf(leaf_new(1));
	end_behind_chain(&weak_new(world.keep)->gc.base);
	ktap_expect(t, world_logged("1") && others[0]);
	ktap_expect(t, slate_weakref_count(world.keep) == 1);
	ktap_expect(t, !weak_is_dead(others[0]));
	weak_drop(others[0]);
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

static const struct ktap_case cases[] = {
	KTAP_CASE(reference_gives_the_object_while_it_lives),
	KTAP_CASE(reference_without_callback_is_shared),
	KTAP_CASE(types_without_a_slot_refuse),
	KTAP_CASE(object_that_is_going_cannot_be_referred_to),
	KTAP_CASE(making_a_reference_may_collect),
	KTAP_CASE(references_are_counted_and_visited),
	KTAP_CASE(waiting_object_is_dead_to_weak_references),
	KTAP_CASE(waiting_reference_is_not_shared),
	KTAP_CASE(callback_of_a_waiting_reference_is_not_called),
};

KTAP_SUITE(slate_weakref, cases);
