// SPDX-License-Identifier: MIT
/* Counts of objects: when they end, when they stay, and what sets slots. */
#include "objects.h"

static void object_ends_with_its_last_reference(struct ktap *t)
{
	struct slate_object *obj;
	unsigned int i;

	world_open(t);
	obj = obj_of_leaf(leaf_new(1));
	for (i = 0; i < 100; i++)
		slate_incref(obj);
	(slate_incref)(obj);
	slate_xincref(obj);
	slate_xincref(NULL);
	ktap_expect(t, slate_newref(obj) == obj && !slate_newref(NULL));
	ktap_expect(t, slate_object_refs(obj) == 104);
	slate_xdecref(&world.objects, obj);
	slate_xdecref(&world.objects, NULL);
	(slate_decref)(&world.objects, obj);
	for (i = 0; i < 101; i++)
		slate_decref(&world.objects, obj);
	ktap_expect(t, world.deallocs == 0);
	slate_decref(&world.objects, obj);
	ktap_expect(t, world.deallocs == 1);
	world_close(t);
}

static void static_object_is_never_written(struct ktap *t)
{
	struct slate_object *obj = (struct slate_object *)(uintptr_t)&seven;
	unsigned int i;

	world_open(t);
	for (i = 0; i < 10; i++)
		slate_decref(&world.objects, obj);
	for (i = 0; i < 10; i++)
		slate_incref(obj);
	slate_object_make_immortal(obj);
	ktap_expect(t, slate_object_is_immortal(obj));
	ktap_expect(t, slate_object_refs(obj) == SIZE_MAX);
	ktap_expect(t, slate_object_deep_size(&world.objects, obj) == 0);
	ktap_expect(t, seven.base.refs == SLATE_REF_IMMORTAL);
	world_close(t);
}

static void overflowing_count_stays(struct ktap *t)
{
	struct slate_object *obj;
	unsigned int i;

	world_open(t);
	obj = obj_of_leaf(leaf_new(1));
	obj->refs = ((uintptr_t)1 << (SLATE_WORD_BITS - 1)) - SLATE_REF_ONE;
	ktap_expect(t, !slate_object_is_immortal(obj));
	slate_decref(&world.objects, obj);
	slate_incref(obj);
	ktap_expect(t, !slate_object_is_immortal(obj));
	slate_incref(obj);
	ktap_expect(t, slate_object_is_immortal(obj));
	for (i = 0; i < 5; i++)
		slate_decref(&world.objects, obj);
	ktap_expect(t, slate_object_is_immortal(obj));
	ktap_expect(t, slate_object_refs(obj) == SIZE_MAX);
	obj->refs = SLATE_REF_ONE;
	slate_decref(&world.objects, obj);
	world_close(t);
}

static void immortal_object_outlives_its_references(struct ktap *t)
{
	struct slate_object *obj;

	world_open(t);
	obj = obj_of_leaf(leaf_new(1));
	slate_object_make_immortal(obj);
	slate_decref(&world.objects, obj);
	slate_decref(&world.objects, obj);
	ktap_expect(t, world.deallocs == 0);
	ktap_expect(t, slate_object_block_size(&world.objects, obj) == 0);
	obj->refs = SLATE_REF_ONE;
	slate_decref(&world.objects, obj);
	world_close(t);
}

static struct slate_object *slot;

/* The setters store before they drop. */
static void sees_no_dead_object(struct slate_objects *objects,
				struct slate_object *obj)
{
	(void)objects;
	world_log(slot != obj);
}

static void setters_store_before_they_drop(struct ktap *t)
{
	struct slate_object *old;
	struct slate_object *new;

	world_open(t);
	world.finalizer = sees_no_dead_object;
	old = slate_object_new(&world.objects, &final_leaf_type);
	new = obj_of_leaf(leaf_new(1));
	slot = old;
	slate_set_ref(&world.objects, &slot, new);
	ktap_expect(t, slot == new && slate_object_refs(new) == 2);
	slate_move_ref(&world.objects, &slot,
		       slate_object_new(&world.objects, &final_leaf_type));
	ktap_expect(t, slate_object_refs(new) == 1);
	slate_move_ref(&world.objects, &slot, new);
	slate_set_ref(&world.objects, &slot,
		      slate_object_new(&world.objects, &final_leaf_type));
	slate_decref(&world.objects, slot);
	slate_clear_ref(&world.objects, &slot);
	slate_clear_ref(&world.objects, &slot);
	ktap_expect(t, !slot && world_logged("111"));
	world_close(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(object_ends_with_its_last_reference),
	KTAP_CASE(static_object_is_never_written),
	KTAP_CASE(overflowing_count_stays),
	KTAP_CASE(immortal_object_outlives_its_references),
	KTAP_CASE(setters_store_before_they_drop),
};

KTAP_SUITE(slate_object_refs, cases);
