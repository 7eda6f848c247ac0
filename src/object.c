// SPDX-License-Identifier: MIT
/*
 * Making objects: memory for them, a second attempt after a collection, their
 * headers; and what can be asked of one.
 */
#include <slate/gc.h>

#include "gc_list.h"
#include "mem_calls.h"
#include "object_state.h"

void slate_objects_init(struct slate_objects *objects,
			struct slate_heap *heap)
{
	objects->heap = heap;
	objects->gc = NULL;
	objects->live = 0;
	objects->depth = 0;
	objects->dead = NULL;
	objects->weak = NULL;
	objects->tracer = NULL;
	objects->tracer_ctx = NULL;
}

bool slate_objects_reclaim(struct slate_objects *objects)
{
	struct slate_gc *gc = objects->gc;

	if (!gc)
		return false;
	return gc->enabled && gc->collect(gc, SLATE_GC_FULL) > 0;
}

static void *take(struct slate_objects *objects,
		  const struct slate_type *type, size_t size)
{
	if (type->alloc)
		return type->alloc(objects, type, size);
	return slate_obj_malloc(objects->heap, size);
}

void *slate_object_init(struct slate_objects *objects, void *ptr,
			const struct slate_type *type)
{
	struct slate_object *obj = ptr;
	slate_port_key key;

	if (!obj)
		return NULL;
	obj->type = type;
	obj->refs = SLATE_REF_ONE;
	if (type_has(type, SLATE_TYPE_COLLECTED))
		gc_object(obj)->link = (struct slate_gc_link){ 0, 0 };
	if (type->weak_offset)
		*weak_slot(obj) = NULL;
	key = objects_lock();
	objects->live++;
	objects_unlock(key);
	if (objects->tracer)
		objects->tracer(objects->tracer_ctx, obj, true);
	return obj;
}

/* Count a new object; track it, unless its maker does. */
static void enter(struct slate_gc *gc, struct slate_object *obj, size_t size)
{
	slate_port_key key = objects_lock();

	if (!type_has(obj->type, SLATE_TYPE_FIXED))
		gc_list_append(&gc->lists[0], &gc_object(obj)->link, GC_LINK);
	gc->generations[0].count++;
	gc->bytes += size;
	objects_unlock(key);
}

static void *make(struct slate_objects *objects,
		  const struct slate_type *type, size_t size)
{
	struct slate_gc *gc = objects->gc;
	void *obj;

	if (gc && gc->flags & SLATE_GC_IN_NEW)
		gc->poll(gc);
	obj = take(objects, type, size);
	if (!obj && slate_objects_reclaim(objects))
		obj = take(objects, type, size);
	if (!obj)
		return NULL;
	if (!type_has(type, SLATE_TYPE_UNCLEARED))
		memset(obj, 0, size);
	slate_object_init(objects, obj, type);
	if (gc && type_has(type, SLATE_TYPE_COLLECTED))
		enter(gc, obj, size);
	return obj;
}

void *slate_object_new(struct slate_objects *objects,
		       const struct slate_type *type)
{
	return make(objects, type, type->size);
}

/*
 * The size with @n items; false if there is no such. Items of half the address
 * space at most leave room for the rest.
 */
static bool var_size(const struct slate_type *type, size_t n, size_t *size)
{
	size_t items;

	if (!slate_size_product(n, type->item_size, &items))
		return false;
	*size = type->size + items;
	return true;
}

void *slate_object_new_var(struct slate_objects *objects,
			   const struct slate_type *type, size_t n)
{
	struct slate_object *obj;
	size_t size;

	if (!var_size(type, n, &size))
		return NULL;
	obj = make(objects, type, size);
	if (obj && type->length_offset)
		*length_slot(obj) = n;
	return obj;
}

static bool can_be_moved(const struct slate_object *obj)
{
	const struct slate_type *type = obj->type;

	if (type->alloc || !type->item_size)
		return false;
	if (type->weak_offset && *weak_slot(obj))
		return false;
	if (slate_gc_is_tracked(obj))
		return false;
	return slate_object_refs(obj) == 1;
}

void *slate_object_resize_var(struct slate_objects *objects,
			      struct slate_object *obj, size_t n)
{
	struct slate_object *moved;
	size_t size;

	if (!can_be_moved(obj) || !var_size(obj->type, n, &size))
		return NULL;
	moved = slate_obj_realloc(objects->heap, obj, size);
	if (moved && moved->type->length_offset)
		*length_slot(moved) = n;
	return moved;
}

size_t slate_object_refs(const struct slate_object *obj)
{
	uintptr_t refs = ref_read(obj);

	return ref_is_fixed(refs) ? SIZE_MAX : ref_count(refs);
}

bool slate_object_is_immortal(const struct slate_object *obj)
{
	uintptr_t refs = ref_read(obj);

	return ref_is_fixed(refs) && !ref_is_ending(refs);
}

void slate_object_make_immortal(struct slate_object *obj)
{
	uintptr_t refs;

	do {
		refs = ref_read(obj);
		if (ref_is_fixed(refs))
			return;
	} while (!ref_change(obj, refs, SLATE_REF_IMMORTAL |
					(refs & REF_FINALIZED)));
}

bool slate_object_is_finalized(const struct slate_object *obj)
{
	return ref_read(obj) & REF_FINALIZED;
}

bool slate_gc_is_tracked(const struct slate_object *obj)
{
	const struct slate_gc_object *head = (const void *)obj;

	if (!type_has(obj->type, SLATE_TYPE_COLLECTED))
		return false;
	return gc_is_linked(&head->link);
}

size_t slate_objects_live(const struct slate_objects *objects)
{
	return objects->live;
}

void slate_objects_set_tracer(struct slate_objects *objects,
			      slate_object_tracer_fn tracer, void *ctx)
{
	objects->tracer = tracer;
	objects->tracer_ctx = ctx;
}
