/* SPDX-License-Identifier: MIT */
/*
 * The word of counts and flags in an object's header, and the lock around what
 * cores share. The word is one of:
 *
 *	0 count flags	alive, or, with a count of 0, about to be ended
 *	1 ...     0 F	for ever: static, made so, or the count overflowed
 *	1 next    1 F	ending: its dealloc runs or waits; the bits between are
 *			the next object that waits, shifted right by one
 *
 * With the sign bit set neither incref nor decref changes anything, so what a
 * dealloc does with the object itself is harmless.
 */
#ifndef SLATE_OBJECT_STATE_H
#define SLATE_OBJECT_STATE_H

#include <slate/object.h>

#include "weak.h"

#define REF_SIGN	((uintptr_t)1 << (SLATE_WORD_BITS - 1))
#define REF_ENDING	((uintptr_t)1)
#define REF_FINALIZED	((uintptr_t)2)
#define REF_MARK	((uintptr_t)4)	/* slate_object_deep_size() was here */
#define REF_SHIFT	3

/**
 * struct slate_weak_calls - the functions of weakref.c that others need
 * @clear: an object goes: clear its weak references, call their callbacks
 * @clear_list: the same for a list of the collector's, whose objects it marked
 *	as trash: all are cleared before any callback is called
 */
struct slate_weak_calls {
	void (*clear)(struct slate_objects *objects,
		      struct slate_object *obj);
	void (*clear_list)(struct slate_objects *objects,
			   struct slate_gc_link *list);
};

SLATE_INLINE bool ref_is_fixed(uintptr_t refs)
{
	return (intptr_t)refs < 0;
}

SLATE_INLINE bool ref_is_ending(uintptr_t refs)
{
	return ref_is_fixed(refs) && refs & REF_ENDING;
}

SLATE_INLINE uintptr_t ref_count(uintptr_t refs)
{
	return refs >> REF_SHIFT;
}

/* Could a reference to it be given out: alive, and not about to be ended? */
SLATE_INLINE bool ref_is_live(uintptr_t refs)
{
	return !ref_is_ending(refs) && ref_count(refs);
}

SLATE_INLINE bool type_has(const struct slate_type *type, unsigned int flag)
{
	return type->flags & flag;
}

SLATE_INLINE struct slate_gc_object *gc_object(struct slate_object *obj)
{
	return SLATE_CONTAINER_OF(obj, struct slate_gc_object, base);
}

SLATE_INLINE struct slate_weakref **weak_slot(const struct slate_object *obj)
{
	return (struct slate_weakref **)((uintptr_t)obj +
					 obj->type->weak_offset);
}

SLATE_INLINE size_t *length_slot(const struct slate_object *obj)
{
	return (size_t *)((uintptr_t)obj + obj->type->length_offset);
}

#if SLATE_CONFIG_OBJECT_ATOMIC

SLATE_INLINE slate_port_key objects_lock(void)
{
	return slate_port_lock();
}

SLATE_INLINE void objects_unlock(slate_port_key key)
{
	slate_port_unlock(key);
}

/* One load, and one store: others may change the word meanwhile. */
SLATE_INLINE uintptr_t ref_read(const struct slate_object *obj)
{
	return __atomic_load_n(&obj->refs, __ATOMIC_RELAXED);
}

SLATE_INLINE void ref_write(struct slate_object *obj, uintptr_t refs)
{
	__atomic_store_n(&obj->refs, refs, __ATOMIC_RELAXED);
}

SLATE_INLINE bool ref_change(struct slate_object *obj, uintptr_t old,
			     uintptr_t refs)
{
	return slate_port_cas(&obj->refs, old, refs);
}

#else

SLATE_INLINE slate_port_key objects_lock(void)
{
	return 0;
}

SLATE_INLINE void objects_unlock(slate_port_key key)
{
	(void)key;
}

SLATE_INLINE uintptr_t ref_read(const struct slate_object *obj)
{
	return obj->refs;
}

SLATE_INLINE void ref_write(struct slate_object *obj, uintptr_t refs)
{
	obj->refs = refs;
}

SLATE_INLINE bool ref_change(struct slate_object *obj, uintptr_t old,
			     uintptr_t refs)
{
	(void)old;
	obj->refs = refs;
	return true;
}

#endif /* SLATE_CONFIG_OBJECT_ATOMIC */

#endif /* SLATE_OBJECT_STATE_H */
