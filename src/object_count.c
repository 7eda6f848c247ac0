// SPDX-License-Identifier: MIT
/*
 * Counting references, and the end of an object.
 *
 * An object whose last reference is dropped is ended at once, unless
 * SLATE_CONFIG_OBJECT_DEPTH others are being ended around it: then it waits in
 * objects->dead, linked through its own header, and the outermost end sees to
 * it. In that state it is still in the collector's list, where its count that
 * is for ever keeps alive what it refers to.
 */
#include <slate/gc.h>

#include "gc_list.h"
#include "object_state.h"

void slate_object_incref_atomic_(struct slate_object *obj)
{
	uintptr_t refs;

	do {
		refs = ref_read(obj);
		if (ref_is_fixed(refs))
			return;
	} while (!ref_change(obj, refs, refs + SLATE_REF_ONE));
}

/* Take one reference off; was it the last? */
static bool drop(struct slate_objects *objects, struct slate_object *obj)
{
	uintptr_t refs;

	do {
		refs = ref_read(obj);
		if (ref_is_fixed(refs))
			return false;
		if (!ref_count(refs)) {
			slate_port_fault(SLATE_FAULT_REFCOUNT, objects->heap,
					 obj);
			return false;
		}
	} while (!ref_change(obj, refs, refs - SLATE_REF_ONE));
	return ref_count(refs) == 1;
}

/* Its last chance: true if there is a reference to it afterwards. */
static bool is_resurrected(struct slate_objects *objects,
			   struct slate_object *obj)
{
	const struct slate_type *type = obj->type;

	if (!type->finalize || ref_read(obj) & REF_FINALIZED)
		return false;
	ref_write(obj, SLATE_REF_ONE | REF_FINALIZED);
	type->finalize(objects, obj);
	return !drop(objects, obj);
}

static void untrack(struct slate_objects *objects, struct slate_object *obj)
{
	struct slate_gc_link *link = &gc_object(obj)->link;
	struct slate_gc *gc = objects->gc;
	slate_port_key key;

	if (!gc || !type_has(obj->type, SLATE_TYPE_COLLECTED))
		return;
	key = objects_lock();
	if (gc_is_linked(link))
		gc_forget(link);
	/* A collection has taken off already what it looks at. */
	if (!gc->collecting && gc->generations[0].count)
		gc->generations[0].count--;
	objects_unlock(key);
}

static void release(struct slate_objects *objects, struct slate_object *obj)
{
	const struct slate_type *type = obj->type;
	slate_port_key key;

	if (objects->tracer)
		objects->tracer(objects->tracer_ctx, obj, false);
	if (type->dealloc)
		type->dealloc(objects, obj);
	else if (type->clear)
		type->clear(objects, obj);
	/* One drop too many finds this, as long as the memory stays free. */
	obj->type = NULL;
	obj->refs = 0;
	key = objects_lock();
	objects->live--;
	objects_unlock(key);
	if (type->free)
		type->free(objects, type, obj);
	else
		slate_obj_free(objects->heap, obj);
}

/* Who clears its weak references, or NULL if it has none. */
static const struct slate_weak_calls *weak_calls(
		const struct slate_objects *objects,
		const struct slate_object *obj)
{
	const struct slate_weak_calls *calls = NULL;
	slate_port_key key;

	if (!obj->type->weak_offset)
		return NULL;
	key = objects_lock();
	if (*weak_slot(obj))
		calls = objects->weak;
	objects_unlock(key);
	return calls;
}

/* The count is 0, and nobody else has the object. */
static void end(struct slate_objects *objects, struct slate_object *obj)
{
	const struct slate_weak_calls *calls;

	if (is_resurrected(objects, obj))
		return;
	ref_write(obj, REF_SIGN | REF_ENDING |
		       (ref_read(obj) & REF_FINALIZED));
	untrack(objects, obj);
	calls = weak_calls(objects, obj);
	if (calls)
		calls->clear(objects, obj);
	release(objects, obj);
}

/* Lock held. */
static void push_dead(struct slate_objects *objects, struct slate_object *obj)
{
	ref_write(obj, REF_SIGN | (uintptr_t)objects->dead >> 1 | REF_ENDING |
		       (ref_read(obj) & REF_FINALIZED));
	objects->dead = obj;
}

/* Lock held; there is one. */
static struct slate_object *pop_dead(struct slate_objects *objects)
{
	struct slate_object *obj = objects->dead;
	uintptr_t next = (ref_read(obj) & ~(uintptr_t)3) << 1;

	objects->dead = (struct slate_object *)next;
	ref_write(obj, ref_read(obj) & REF_FINALIZED);
	return obj;
}

/* Called when more than a subtraction may be needed. */
void slate_object_last_(struct slate_objects *objects,
			struct slate_object *obj)
{
	slate_port_key key;

	if (!drop(objects, obj))
		return;
	key = objects_lock();
	if (objects->depth >= SLATE_CONFIG_OBJECT_DEPTH) {
		push_dead(objects, obj);
		objects_unlock(key);
		return;
	}
	objects->depth++;
	objects_unlock(key);
	end(objects, obj);
	key = objects_lock();
	while (objects->depth == 1 && objects->dead) {
		obj = pop_dead(objects);
		objects_unlock(key);
		end(objects, obj);
		key = objects_lock();
	}
	objects->depth--;
	objects_unlock(key);
}

/* The external symbols behind the macros. */
void (slate_incref)(struct slate_object *obj)
{
	slate_incref_inline_(obj);
}

void (slate_decref)(struct slate_objects *objects, struct slate_object *obj)
{
	slate_decref_inline_(objects, obj);
}

void slate_move_ref(struct slate_objects *objects, struct slate_object **slot,
		    struct slate_object *obj)
{
	struct slate_object *old = *slot;

	*slot = obj;
	slate_xdecref(objects, old);
}

void slate_set_ref(struct slate_objects *objects, struct slate_object **slot,
		   struct slate_object *obj)
{
	slate_move_ref(objects, slot, slate_newref(obj));
}

void slate_clear_ref(struct slate_objects *objects,
		     struct slate_object **slot)
{
	slate_move_ref(objects, slot, NULL);
}
