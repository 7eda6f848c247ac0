/* SPDX-License-Identifier: MIT */
/*
 * Layer 9: objects: blocks that begin with a type and a count of references,
 * and go when the last reference does.
 *
 * The header is two words: 8 bytes on a 32-bit machine. An object of a
 * collected type (SLATE_TYPE_COLLECTED, see gc.h) has two more, which are the
 * collector's. A type is a record of constants and can lie in flash; so can an
 * object made with SLATE_OBJECT_STATIC, which is never written to.
 *
 * A heap's objects need a struct slate_objects, in memory of the caller; there
 * is no other state. Every call that may end an object's life takes it.
 *
 * Who owns what: a reference is owned by the variable, field or function that
 * it was given to, which passes it on or drops it with slate_decref().
 * Functions here borrow the references that they are given, and return one
 * that the caller owns, unless they say otherwise.
 *
 * Context of all calls: the heap's owner. With SLATE_CONFIG_OBJECT_ATOMIC
 * counts may be changed, objects made and weak references taken by any thread
 * or core; a collection (gc.h) runs while no other touches objects.
 */
#ifndef SLATE_OBJECT_H
#define SLATE_OBJECT_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

struct slate_gc;
struct slate_objects;
struct slate_type;
struct slate_weak_calls;

/**
 * struct slate_object - what every object begins with
 * @type: its type; NULL once the object has gone
 * @refs: the count and flags; for slate's functions only
 */
struct slate_object {
	const struct slate_type *type;
	uintptr_t refs;
};

/* A place in a list of the collector's; 0 in an object that is in none. */
struct slate_gc_link {
	uintptr_t next;
	uintptr_t prev;
};

/**
 * struct slate_gc_object - what an object of a collected type begins with
 * @base: the header
 * @link: the collector's
 */
struct slate_gc_object {
	struct slate_object base;
	struct slate_gc_link link;
};

/* The count is in units of this; below it are flags. */
#define SLATE_REF_ONE		((uintptr_t)8)

/* With the sign bit set a count stays as it is: this object is for ever. */
#define SLATE_REF_IMMORTAL	((uintptr_t)3 << (SLATE_WORD_BITS - 2))

/*
 * The header of an object that is for ever, and may be const: counting leaves
 * it alone. The functions take it with the const cast away.
 *
 *	static const struct number one = { SLATE_OBJECT_STATIC(&number), 1 };
 */
#define SLATE_OBJECT_STATIC(type)	{ type, SLATE_REF_IMMORTAL }

/* The same for a struct slate_gc_object; the collector never follows it. */
#define SLATE_GC_OBJECT_STATIC(type)	{ \
	SLATE_OBJECT_STATIC(type), { 0, 0 } \
}

/*
 * Called for a reference that an object owns; not 0 ends the visit, and is
 * what the traversal returns.
 */
typedef int (*slate_visit_fn)(void *arg, struct slate_object *obj);

/* For struct slate_type.flags. */
#define SLATE_TYPE_COLLECTED	0x1u	/* begins with struct slate_gc_object */
/* New objects are not zeroed; of collected types only fixed ones may say so. */
#define SLATE_TYPE_UNCLEARED	0x2u
/*
 * A collected type whose references are all set before slate_gc_track(), which
 * the maker calls, and never change: its objects are left alone once they refer
 * to nothing that is tracked.
 */
#define SLATE_TYPE_FIXED	0x4u

/**
 * struct slate_type - what slate knows of a kind of object
 * @name: for people
 * @size: bytes of an object with its header, without items
 * @item_size: bytes of each item that follows, for slate_object_new_var();
 *	0 if there are none
 * @length_offset: where in the object a size_t holds the number of items; 0 if
 *	nowhere, and then their bytes do not count in slate_object_size()
 * @weak_offset: where in the object a pointer is for weak references
 *	(weakref.h) to begin at; 0 if there are none to objects of this type
 * @flags: a set of SLATE_TYPE_*
 * @dealloc: the object goes: drops the references that it owns, frees its
 *	buffers; not its own block. NULL: @clear is called, if there is one
 * @traverse: calls @visit for each reference that the object owns, once for
 *	each time that it owns it (slate_visit()); changes nothing. Collected
 *	types only, and those need it
 * @clear: drops the references that may be part of a cycle, leaving NULL
 *	(slate_clear_ref()); may be called again. NULL for an object that only
 *	others can break out of cycles
 * @finalize: called once in an object's life, before it goes, with the object
 *	whole; may store a new reference to it, and then it lives on
 * @extra: bytes of buffers that the object owns, for its size; may be NULL
 * @alloc: memory for an object of this type, aligned to a granule; NULL: the
 *	obj tier
 * @free: takes it back; NULL: the obj tier
 *
 * The record outlives the objects. Functions that are not needed are NULL.
 */
struct slate_type {
	const char *name;
	size_t size;
	size_t item_size;
	uint16_t length_offset;
	uint16_t weak_offset;
	unsigned int flags;
	void (*dealloc)(struct slate_objects *objects,
			struct slate_object *obj);
	int (*traverse)(struct slate_object *obj, slate_visit_fn visit,
			void *arg);
	void (*clear)(struct slate_objects *objects,
		      struct slate_object *obj);
	void (*finalize)(struct slate_objects *objects,
			 struct slate_object *obj);
	size_t (*extra)(const struct slate_object *obj);
	void *(*alloc)(struct slate_objects *objects,
		       const struct slate_type *type, size_t size);
	void (*free)(struct slate_objects *objects,
		     const struct slate_type *type, void *ptr);
};

/* Hears of each object that is made (@made) or is about to go. */
typedef void (*slate_object_tracer_fn)(void *ctx, struct slate_object *obj,
				       bool made);

/**
 * struct slate_objects - the objects of a heap; the fields are slate's
 * @heap: the heap
 * @gc: its collector, or NULL
 * @live: objects made and not gone
 * @depth: calls of a dealloc that are running inside each other
 * @dead: objects whose dealloc waits until those have returned
 * @weak: what clears weak references; NULL until there was one
 * @tracer: hears of objects; may be NULL
 * @tracer_ctx: handed to @tracer
 */
struct slate_objects {
	struct slate_heap *heap;
	struct slate_gc *gc;
	size_t live;
	unsigned int depth;
	struct slate_object *dead;
	const struct slate_weak_calls *weak;
	slate_object_tracer_fn tracer;
	void *tracer_ctx;
};

/**
 * slate_objects_init() - begin to have objects in a heap
 * @objects: filled; the caller's, as long as there are objects
 * @heap: where they are allocated
 *
 * There is nothing to undo: objects end with the heap.
 *
 * Context: the owner. O(1).
 */
void slate_objects_init(struct slate_objects *objects,
			struct slate_heap *heap);

/**
 * slate_object_new() - make an object
 * @objects: the heap's objects
 * @type: its type
 *
 * Behind its header it is zero, unless the type says SLATE_TYPE_UNCLEARED. One
 * of a collected type is tracked by the collector, if there is one.
 *
 * Context: the owner. As slate_obj_malloc(); if that fails and there is a
 * collector, a collection, which may run finalizers and callbacks, and one
 * more attempt.
 * Return: the object with one reference, the caller's; NULL without memory.
 */
void *slate_object_new(struct slate_objects *objects,
		       const struct slate_type *type) SLATE_MUST_CHECK;

/**
 * slate_object_new_var() - make an object with items behind it
 * @objects: the heap's objects
 * @type: its type
 * @n: number of items, each of the type's item_size bytes
 *
 * Context: as slate_object_new().
 * Return: as slate_object_new(); NULL also if the size overflows.
 */
void *slate_object_new_var(struct slate_objects *objects,
			   const struct slate_type *type,
			   size_t n) SLATE_MUST_CHECK;

/**
 * slate_object_init() - make an object of memory that is there
 * @objects: the heap's objects
 * @obj: the type's size of bytes at least, aligned to a granule; what is
 *	behind the header stays as it is, but no weak reference is known
 * @type: its type, whose free function takes the memory back in the end
 *
 * An object of a collected type is not tracked yet: see slate_gc_track().
 *
 * Context: the owner. O(1).
 * Return: @obj with one reference, the caller's; NULL if @obj is.
 */
void *slate_object_init(struct slate_objects *objects, void *obj,
			const struct slate_type *type);

/**
 * slate_object_resize_var() - change the number of items
 * @objects: the heap's objects
 * @obj: an object of a type with items and without an alloc function, to
 *	which there is one reference and no weak one, and which is not tracked
 *	by the collector
 * @n: items that it is to have; new ones are not zeroed
 *
 * Context: the owner. As slate_obj_realloc().
 * Return: the object, perhaps moved; NULL if @obj is not such an object, the
 * size overflows or memory is short, and then @obj is as it was.
 */
void *slate_object_resize_var(struct slate_objects *objects,
			      struct slate_object *obj,
			      size_t n) SLATE_MUST_CHECK;

/* For the inline functions below. */
void slate_object_last_(struct slate_objects *objects,
			struct slate_object *obj);
void slate_object_incref_atomic_(struct slate_object *obj);

/**
 * slate_incref() - take one more reference
 * @obj: an object, not NULL
 *
 * A count that would overflow stays where it is: the object is for ever then.
 *
 * Context: the owner; any with SLATE_CONFIG_OBJECT_ATOMIC. O(1).
 */
void slate_incref(struct slate_object *obj);

/**
 * slate_decref() - drop a reference
 * @objects: the heap's objects
 * @obj: an object, not NULL, with a reference that the caller owns
 *
 * With the last one the object goes: it is finalized, its weak references are
 * cleared, its dealloc runs, its memory is free. What its dealloc drops goes
 * inside, up to SLATE_CONFIG_OBJECT_DEPTH deep; beyond that it waits until the
 * outermost has returned. So the stack stays bounded, however long a chain of
 * objects is.
 *
 * One drop too many is reported to slate_port_fault() as SLATE_FAULT_REFCOUNT
 * where it can be seen, and then does nothing.
 *
 * Context: as slate_incref(). O(1) while references remain, else O(all that
 * goes).
 */
void slate_decref(struct slate_objects *objects, struct slate_object *obj);

SLATE_INLINE void slate_incref_inline_(struct slate_object *obj)
{
	uintptr_t refs = obj->refs;

	if (SLATE_CONFIG_OBJECT_ATOMIC)
		slate_object_incref_atomic_(obj);
	else if ((intptr_t)refs >= 0)
		obj->refs = refs + SLATE_REF_ONE;
}

SLATE_INLINE void slate_decref_inline_(struct slate_objects *objects,
				       struct slate_object *obj)
{
	uintptr_t refs = obj->refs;

	if (!SLATE_CONFIG_OBJECT_ATOMIC &&
	    SLATE_LIKELY((intptr_t)refs >= (intptr_t)(2 * SLATE_REF_ONE)))
		obj->refs = refs - SLATE_REF_ONE;
	else
		slate_object_last_(objects, obj);
}

#define slate_incref(obj)		slate_incref_inline_(obj)
#define slate_decref(objects, obj)	slate_decref_inline_(objects, obj)

/* The same for a pointer that may be NULL. */
SLATE_INLINE void slate_xincref(struct slate_object *obj)
{
	if (obj)
		slate_incref(obj);
}

SLATE_INLINE void slate_xdecref(struct slate_objects *objects,
				struct slate_object *obj)
{
	if (obj)
		slate_decref(objects, obj);
}

/* One more reference to @obj, which may be NULL, for whom it is given to. */
SLATE_INLINE struct slate_object *slate_newref(struct slate_object *obj)
{
	slate_xincref(obj);
	return obj;
}

/**
 * slate_move_ref() - store a reference, and drop the one that was there
 * @objects: the heap's objects
 * @slot: the field or variable; may hold NULL
 * @obj: what it is to hold; may be NULL; the caller's reference is taken over
 *
 * The new one is stored before the old one is dropped, so that whatever that
 * sets off never finds a dead object in @slot.
 *
 * Context: as slate_decref().
 */
void slate_move_ref(struct slate_objects *objects, struct slate_object **slot,
		    struct slate_object *obj);

/**
 * slate_set_ref() - the same with a reference of its own
 * @objects: the heap's objects
 * @slot: the field or variable; may hold NULL
 * @obj: what it is to hold; may be NULL; the caller keeps his reference
 *
 * Context: as slate_decref().
 */
void slate_set_ref(struct slate_objects *objects, struct slate_object **slot,
		   struct slate_object *obj);

/**
 * slate_clear_ref() - store NULL, and drop the reference that was there
 * @objects: the heap's objects
 * @slot: the field or variable; may hold NULL
 *
 * Context: as slate_decref().
 */
void slate_clear_ref(struct slate_objects *objects,
		     struct slate_object **slot);

/* For traverse: visit a reference that may be NULL. */
SLATE_INLINE int slate_visit(struct slate_object *obj, slate_visit_fn visit,
			     void *arg)
{
	return obj ? visit(arg, obj) : 0;
}

/**
 * slate_object_refs() - how many references there are
 * @obj: an object
 *
 * Context: the owner. O(1).
 * Return: the count; SIZE_MAX for an object that is for ever.
 */
size_t slate_object_refs(const struct slate_object *obj);

/* Is the object for ever: static, made so, or its count overflowed? */
bool slate_object_is_immortal(const struct slate_object *obj);

/**
 * slate_object_make_immortal() - let an object be for ever
 * @obj: an object
 *
 * Context: the owner. O(1).
 */
void slate_object_make_immortal(struct slate_object *obj);

/* Has its finalizer run, or is it running? */
bool slate_object_is_finalized(const struct slate_object *obj);

/**
 * slate_object_size() - bytes of an object
 * @obj: an object
 *
 * Context: the owner. O(1), and what the type's extra function takes.
 * Return: bytes of headers, fields, items and the buffers that it owns; not of
 * the objects that it refers to, and not what rounding up takes.
 */
size_t slate_object_size(const struct slate_object *obj);

/**
 * slate_object_block_size() - bytes of the block that an object lies in
 * @objects: the heap's objects
 * @obj: an object
 *
 * Context: as slate_heap_usable_size().
 * Return: usable bytes; 0 if it is for ever, or its type has memory of its own.
 */
size_t slate_object_block_size(struct slate_objects *objects,
			       const struct slate_object *obj);

/**
 * slate_object_deep_size() - bytes of an object and all that it refers to
 * @objects: the heap's objects
 * @obj: an object
 *
 * The sum of slate_object_size() over every object that can be reached, each
 * once; objects that are for ever count nothing. Nothing is allocated, and the
 * stack stays bounded: marks are left in the objects, and taken away again.
 *
 * Context: the owner; not from a traverse function, a dealloc or a finalizer.
 * O(what is reached), plus O(collected objects) if @obj is of a collected type.
 * Return: bytes.
 */
size_t slate_object_deep_size(struct slate_objects *objects,
			      struct slate_object *obj);

/**
 * slate_objects_live() - how many objects there are
 * @objects: the heap's objects
 *
 * Context: the owner. O(1).
 * Return: objects made and not gone.
 */
size_t slate_objects_live(const struct slate_objects *objects);

/**
 * slate_objects_walk() - visit every live object of some types
 * @objects: the heap's objects
 * @types: the types to look for
 * @n: how many
 * @fn: called for each object; not 0 ends the walk
 * @arg: handed to @fn
 *
 * There is no list of objects; they are known among the heap's blocks by their
 * first word, which is one of @types, and a count that is not 0. A block that
 * begins with the address of a type but is no object is taken for one.
 *
 * Context: as slate_heap_walk(), @fn included. O(blocks * @n).
 * Return: what the last @fn returned, 0 if there was none.
 */
int slate_objects_walk(struct slate_objects *objects,
		       const struct slate_type *const *types, size_t n,
		       slate_visit_fn fn, void *arg);

/**
 * slate_objects_set_tracer() - hear of every object
 * @objects: the heap's objects
 * @tracer: called at the end of making an object and before it goes; NULL for
 *	none
 * @ctx: handed to it
 *
 * Context: the owner. O(1).
 */
void slate_objects_set_tracer(struct slate_objects *objects,
			      slate_object_tracer_fn tracer, void *ctx);

/**
 * slate_objects_reclaim() - make room, after an allocation failed
 * @objects: the heap's objects
 *
 * What slate_object_new() does before it tries again; for buffers.
 *
 * Context: as slate_gc_collect().
 * Return: true if a collection found something, and so another attempt is
 * worth while.
 */
bool slate_objects_reclaim(struct slate_objects *objects);

SLATE_END_DECLS

#endif /* SLATE_OBJECT_H */
