// SPDX-License-Identifier: MIT
/*
 * Ending what a collection found, in the order that lets no code of the
 * program see an object in pieces: weak references are cleared; finalizers
 * run; what they made reachable lives on; the rest is cleared, which lets
 * the counts end it.
 *
 * The program's code runs in between, and may end or resurrect any of the
 * objects: so each step takes the first one of a list until that is empty, and
 * owns a reference to it meanwhile.
 */
#include "gc_state.h"
#include "object_state.h"

static void clear_weak(struct slate_gc *gc, struct slate_gc_link *trash)
{
	struct slate_objects *objects = gc->objects;

	if (objects->weak)
		objects->weak->clear_list(objects, trash);
}

static bool needs_finalizer(const struct slate_object *obj)
{
	if (!obj->type->finalize)
		return false;
	return !(ref_read(obj) & (REF_SIGN | REF_FINALIZED));
}

/* Did any run? */
static bool finalize(struct slate_gc *gc, struct slate_gc_link *trash)
{
	struct slate_gc_link seen;
	bool has_run = false;

	gc_list_init(&seen);
	while (!gc_list_is_empty(trash)) {
		struct slate_gc_link *link = gc_next(trash);
		struct slate_object *obj = gc_object_of(link);

		gc_list_remove(link);
		gc_list_append(&seen, link, GC_TRASH);
		if (!needs_finalizer(obj))
			continue;
		slate_incref(obj);
		obj->refs |= REF_FINALIZED;
		obj->type->finalize(gc->objects, obj);
		slate_decref(gc->objects, obj);
		has_run = true;
	}
	gc_list_merge(trash, &seen);
	return has_run;
}

/* Judge again: what is reachable now lives on. */
static void keep_resurrected(struct slate_gc *gc, struct slate_gc_link *trash,
			     struct slate_gc_link *old,
			     struct slate_gc_info *info)
{
	struct slate_gc_info again = { .collected = 0 };
	struct slate_gc_link list;

	gc_list_init(&list);
	gc_list_merge(&list, trash);
	slate_gc_judge_(gc, &list, trash, &again);
	gc_list_merge(old, &list);
	info->collected = again.collected;
}

static void move(struct slate_gc_link *link, struct slate_gc_link *list)
{
	gc_list_remove(link);
	gc_list_append(list, link, GC_LINK);
}

static void save(struct slate_gc *gc, struct slate_gc_link *trash)
{
	while (!gc_list_is_empty(trash))
		move(gc_next(trash), &gc->lists[SLATE_GC_GARBAGE]);
}

static void clear(struct slate_gc *gc, struct slate_gc_link *trash,
		  struct slate_gc_link *old, struct slate_gc_info *info)
{
	struct slate_gc_link left;
	struct slate_gc_link *at;

	gc_list_init(&left);
	while (!gc_list_is_empty(trash)) {
		struct slate_object *obj = gc_object_of(gc_next(trash));

		/* Before the object's code runs: it may end it. */
		move(gc_next(trash), &left);
		if (!obj->type->clear)
			continue;
		slate_incref(obj);
		obj->type->clear(gc->objects, obj);
		slate_decref(gc->objects, obj);
	}
	for (at = gc_next(&left); at != &left; at = gc_next(at))
		info->uncollectable += !ref_is_fixed(ref_read(
						gc_object_of(at)));
	gc_list_merge(old, &left);
}

void slate_gc_sweep_(struct slate_gc *gc, struct slate_gc_link *trash,
		     struct slate_gc_link *old, struct slate_gc_info *info)
{
	clear_weak(gc, trash);
	if (finalize(gc, trash)) {
		keep_resurrected(gc, trash, old, info);
		/* Finalizers may have made new ones. */
		clear_weak(gc, trash);
	}
	if (gc->flags & SLATE_GC_SAVEALL)
		save(gc, trash);
	else
		clear(gc, trash, old, info);
}
