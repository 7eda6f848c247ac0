// SPDX-License-Identifier: MIT
/*
 * Weak references. Those to one object are a list that begins in the object:
 * first the one without a callback, if there is one, then those with, newest
 * first. A reference is in the list while its obj is set; whoever takes it out
 * clears that.
 *
 * Clearing takes all references out, and chains those whose callback is to be
 * called through their next, each with a reference of the chain's own. When
 * all are cleared the callbacks are called. A reference that is going itself
 * is not chained.
 */
#include <slate/weakref.h>

#include "gc_list.h"
#include "object_state.h"

static struct slate_weakref *as_weakref(struct slate_object *obj)
{
	return SLATE_CONTAINER_OF(obj, struct slate_weakref, gc.base);
}

/* Lock held. */
static void take_out(struct slate_weakref *ref)
{
	*ref->prev = ref->next;
	if (ref->next)
		ref->next->prev = ref->prev;
	ref->obj = NULL;
}

/* Lock held. */
static void put_in(struct slate_weakref *ref, struct slate_weakref **where,
		   struct slate_object *obj)
{
	ref->obj = obj;
	ref->prev = where;
	ref->next = *where;
	if (ref->next)
		ref->next->prev = &ref->next;
	*where = ref;
}

static bool has_callback(const struct slate_weakref *ref)
{
	return ref->gc.base.type == &slate_weakref_callback_type;
}

static void weakref_dealloc(struct slate_objects *objects,
			    struct slate_object *obj)
{
	struct slate_weakref *ref = as_weakref(obj);
	slate_port_key key = objects_lock();

	if (ref->obj)
		take_out(ref);
	objects_unlock(key);
	if (has_callback(ref))
		slate_clear_ref(objects, &ref->arg);
}

static int weakref_traverse(struct slate_object *obj, slate_visit_fn visit,
			    void *arg)
{
	return slate_visit(as_weakref(obj)->arg, visit, arg);
}

const struct slate_type slate_weakref_type = {
	.name = "weakref",
	.size = offsetof(struct slate_weakref, callback),
	.dealloc = weakref_dealloc,
};

const struct slate_type slate_weakref_callback_type = {
	.name = "weakref with callback",
	.size = sizeof(struct slate_weakref),
	.flags = SLATE_TYPE_COLLECTED,
	.dealloc = weakref_dealloc,
	.clear = weakref_dealloc,
	.traverse = weakref_traverse,
};

/*
 * Clear the references to an object; the result is @chain behind those whose
 * callbacks are to be called, oldest first.
 */
static struct slate_weakref *unlink_all(struct slate_object *obj,
					struct slate_weakref *chain)
{
	struct slate_weakref **slot = weak_slot(obj);
	slate_port_key key = objects_lock();
	struct slate_weakref *ref;

	while ((ref = *slot)) {
		take_out(ref);
		if (!has_callback(ref) || gc_state(&ref->gc.link) == GC_TRASH)
			continue;
		if (!ref_is_live(ref_read(&ref->gc.base)))
			continue;
		slate_incref(&ref->gc.base);
		ref->next = chain;
		chain = ref;
	}
	objects_unlock(key);
	return chain;
}

/* Turn the chain round: newest first. */
static struct slate_weakref *turned(struct slate_weakref *chain)
{
	struct slate_weakref *result = NULL;

	while (chain) {
		struct slate_weakref *next = chain->next;

		chain->next = result;
		result = chain;
		chain = next;
	}
	return result;
}

static void call_all(struct slate_objects *objects,
		     struct slate_weakref *chain)
{
	chain = turned(chain);
	while (chain) {
		struct slate_weakref *ref = chain;

		chain = ref->next;
		ref->callback(objects, ref, ref->arg);
		slate_decref(objects, &ref->gc.base);
	}
}

static void clear_one(struct slate_objects *objects,
		      struct slate_object *obj)
{
	call_all(objects, unlink_all(obj, NULL));
}

static void clear_list(struct slate_objects *objects,
		       struct slate_gc_link *list)
{
	struct slate_weakref *chain = NULL;
	struct slate_gc_link *at;

	for (at = gc_next(list); at != list; at = gc_next(at)) {
		struct slate_object *obj = gc_object_of(at);

		if (obj->type->weak_offset)
			chain = unlink_all(obj, chain);
	}
	call_all(objects, chain);
}

static const struct slate_weak_calls calls = {
	.clear = clear_one,
	.clear_list = clear_list,
};

/* One more reference to the object, if it may be given out. */
static bool take_ref(struct slate_object *obj)
{
	uintptr_t refs;

	do {
		refs = ref_read(obj);
		if (!ref_is_live(refs))
			return false;
		if (ref_is_fixed(refs))
			return true;
	} while (!ref_change(obj, refs, refs + SLATE_REF_ONE));
	return true;
}

/* Lock held: the reference without a callback, or NULL. */
static struct slate_weakref *shared(struct slate_object *obj)
{
	struct slate_weakref *first = *weak_slot(obj);

	if (!first || has_callback(first))
		return NULL;
	return first;
}

/*
 * The shared reference, with a count for the caller. If there is none, or it
 * is about to go, @fresh is it from now on, which may be NULL.
 */
static struct slate_weakref *share(struct slate_object *obj,
				   struct slate_weakref *fresh)
{
	slate_port_key key = objects_lock();
	struct slate_weakref *ref = shared(obj);

	if (ref && !take_ref(&ref->gc.base)) {
		take_out(ref);
		ref = NULL;
	}
	if (!ref) {
		ref = fresh;
		if (ref)
			put_in(ref, weak_slot(obj), obj);
	}
	objects_unlock(key);
	return ref;
}

static struct slate_weakref *new_shared(struct slate_objects *objects,
					struct slate_object *obj)
{
	struct slate_weakref *ref = share(obj, NULL);
	struct slate_weakref *fresh;

	if (ref)
		return ref;
	fresh = slate_object_new(objects, &slate_weakref_type);
	if (!fresh)
		return NULL;
	/* Making it may have run code that made one, too. */
	ref = share(obj, fresh);
	if (ref != fresh)
		slate_decref(objects, &fresh->gc.base);
	return ref;
}

static struct slate_weakref *new_callback(struct slate_objects *objects,
					  struct slate_object *obj,
					  slate_weakref_fn callback,
					  struct slate_object *arg)
{
	struct slate_weakref *ref;
	struct slate_weakref *first;
	slate_port_key key;

	ref = slate_object_new(objects, &slate_weakref_callback_type);
	if (!ref)
		return NULL;
	ref->callback = callback;
	ref->arg = slate_newref(arg);
	key = objects_lock();
	first = shared(obj);
	put_in(ref, first ? &first->next : weak_slot(obj), obj);
	objects_unlock(key);
	return ref;
}

struct slate_weakref *slate_weakref_new(struct slate_objects *objects,
					struct slate_object *obj,
					slate_weakref_fn callback,
					struct slate_object *arg)
{
	slate_port_key key;

	if (!obj->type->weak_offset || ref_is_fixed(ref_read(obj)))
		return NULL;
	key = objects_lock();
	objects->weak = &calls;
	objects_unlock(key);
	if (callback)
		return new_callback(objects, obj, callback, arg);
	return new_shared(objects, obj);
}

struct slate_object *slate_weakref_get(struct slate_weakref *ref)
{
	slate_port_key key = objects_lock();
	struct slate_object *obj = ref->obj;

	if (obj && !take_ref(obj))
		obj = NULL;
	objects_unlock(key);
	return obj;
}

size_t slate_weakref_count(const struct slate_object *obj)
{
	const struct slate_weakref *ref;
	size_t n = 0;

	if (!obj->type->weak_offset)
		return 0;
	for (ref = *weak_slot(obj); ref; ref = ref->next)
		n++;
	return n;
}

int slate_weakref_walk(struct slate_object *obj, slate_visit_fn fn, void *arg)
{
	struct slate_weakref *ref;
	struct slate_weakref *next;
	int result = 0;

	if (!obj->type->weak_offset)
		return 0;
	for (ref = *weak_slot(obj); ref && !result; ref = next) {
		next = ref->next;
		result = fn(arg, &ref->gc.base);
	}
	return result;
}
