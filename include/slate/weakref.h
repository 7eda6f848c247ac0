/* SPDX-License-Identifier: MIT */
/*
 * Layer 9: weak references: they do not keep an object alive, and know when it
 * has gone; and a small map whose values are such.
 *
 * A type whose objects may be referred to weakly has a pointer in them, at its
 * weak_offset, where slate keeps the list of the weak references to the object.
 * A weak reference is an object itself, counted and perhaps collected.
 *
 * When the object goes, all its weak references are cleared first; then the
 * callbacks are called, of the newest reference first. A callback is not called
 * if its reference has gone before, or is part of the same cyclic trash.
 * Nothing is allocated in all this.
 */
#ifndef SLATE_WEAKREF_H
#define SLATE_WEAKREF_H

#include <slate/gc.h>

SLATE_BEGIN_DECLS

struct slate_weakref;

/**
 * slate_weakref_fn - an object has gone
 * @objects: the heap's objects
 * @ref: the weak reference to it, cleared
 * @arg: as given to slate_weakref_new()
 */
typedef void (*slate_weakref_fn)(struct slate_objects *objects,
				 struct slate_weakref *ref,
				 struct slate_object *arg);

/**
 * struct slate_weakref - a weak reference; the fields are slate's
 * @gc: the header
 * @obj: the object; NULL once cleared
 * @next: the next older weak reference to the object
 * @prev: what points here: the pointer in the object, or another's @next
 * @callback: called when the object has gone, or NULL; from here on, only
 *	references with a callback have these fields
 * @arg: handed to it, owned; may be NULL
 */
struct slate_weakref {
	struct slate_gc_object gc;
	struct slate_object *obj;
	struct slate_weakref *next;
	struct slate_weakref **prev;
	slate_weakref_fn callback;
	struct slate_object *arg;
};

/* The types of weak references without, and with, a callback. */
extern const struct slate_type slate_weakref_type;
extern const struct slate_type slate_weakref_callback_type;

/**
 * slate_weakref_new() - refer to an object weakly
 * @objects: the heap's objects
 * @obj: an object whose type has a weak_offset, and which is not for ever
 * @callback: called when it has gone; NULL for none
 * @arg: handed to @callback, which keeps a reference to it; may be NULL
 *
 * Without a callback there is one weak reference to an object, which is shared
 * by all who ask for it.
 *
 * Context: as slate_object_new().
 * Return: the reference, of which the caller owns one; NULL without memory, if
 * @obj is going already or is not such an object.
 */
struct slate_weakref *slate_weakref_new(struct slate_objects *objects,
					struct slate_object *obj,
					slate_weakref_fn callback,
					struct slate_object *arg)
					SLATE_MUST_CHECK;

/**
 * slate_weakref_get() - the object, if it is still there
 * @ref: a weak reference
 *
 * Context: the owner; any with SLATE_CONFIG_OBJECT_ATOMIC. O(1).
 * Return: the object with a reference that the caller owns; NULL if it has
 * gone, or is about to.
 */
struct slate_object *slate_weakref_get(struct slate_weakref *ref)
				       SLATE_MUST_CHECK;

/**
 * slate_weakref_count() - how many weak references to an object there are
 * @obj: an object
 *
 * Context: the owner. O(result).
 * Return: the number; 0 for objects that cannot have any.
 */
size_t slate_weakref_count(const struct slate_object *obj);

/**
 * slate_weakref_walk() - visit the weak references to an object
 * @obj: an object
 * @fn: called for each; the one without a callback first, then those with one,
 *	newest first; not 0 ends the walk. It must not drop weak references.
 * @arg: handed to @fn
 *
 * Context: the owner. O(references).
 * Return: what the last @fn returned, 0 if there was none.
 */
int slate_weakref_walk(struct slate_object *obj, slate_visit_fn fn,
		       void *arg);

/**
 * struct slate_weak_entry - a place in a weak map
 * @key: the key
 * @ref: the weak reference, owned by the map; NULL if the place is free
 */
struct slate_weak_entry {
	uintptr_t key;
	struct slate_weakref *ref;
};

/**
 * struct slate_weak_map - a map from numbers to objects that may go
 * @objects: the heap's objects
 * @entries: the places, the caller's memory
 * @mask: their number, less one
 *
 * Nothing grows: it holds as many live objects as it has places. An entry whose
 * object has gone counts as free.
 */
struct slate_weak_map {
	struct slate_objects *objects;
	struct slate_weak_entry *entries;
	size_t mask;
};

/**
 * slate_weak_map_init() - make a map of some memory
 * @map: filled
 * @objects: the heap's objects
 * @entries: the places; the caller's, as long as the map is used
 * @n: how many; a power of two
 *
 * Context: the owner. O(@n).
 * Return: 0, or -SLATE_EINVAL if @n is no power of two.
 */
int slate_weak_map_init(struct slate_weak_map *map,
			struct slate_objects *objects,
			struct slate_weak_entry *entries, size_t n);

/**
 * slate_weak_map_set() - put an object into a map
 * @map: the map
 * @key: its key; an object that had it is replaced
 * @obj: an object that can be referred to weakly
 *
 * Context: as slate_weakref_new(). O(places) at worst.
 * Return: 0; -SLATE_ENOSPC if every place has a live object; -SLATE_ENOMEM
 * without memory for the weak reference; -SLATE_EINVAL for an object that
 * cannot be referred to weakly. On error the map is as it was.
 */
int slate_weak_map_set(struct slate_weak_map *map, uintptr_t key,
		       struct slate_object *obj) SLATE_MUST_CHECK;

/**
 * slate_weak_map_get() - an object by its key
 * @map: the map
 * @key: the key
 *
 * Context: the owner. O(places) at worst.
 * Return: the object with a reference that the caller owns, or NULL.
 */
struct slate_object *slate_weak_map_get(struct slate_weak_map *map,
					uintptr_t key) SLATE_MUST_CHECK;

/**
 * slate_weak_map_remove() - take an object out of a map
 * @map: the map
 * @key: the key; one that is not there is no error
 *
 * Context: the owner. O(places) at worst.
 */
void slate_weak_map_remove(struct slate_weak_map *map, uintptr_t key);

/**
 * slate_weak_map_live() - how many objects of a map are still there
 * @map: the map
 *
 * Context: the owner. O(places).
 * Return: the number.
 */
size_t slate_weak_map_live(const struct slate_weak_map *map);

/**
 * slate_weak_map_clear() - empty a map, before its memory is used otherwise
 * @map: the map
 *
 * Context: the owner. O(places).
 */
void slate_weak_map_clear(struct slate_weak_map *map);

SLATE_END_DECLS

#endif /* SLATE_WEAKREF_H */
