// SPDX-License-Identifier: MIT
/*
 * A small map with weak values: open addressing in the caller's places. A key
 * is looked for from its own place on, until a place that was never used or
 * all were seen. An entry whose object has gone, or which was removed, keeps
 * its place, so that others behind it are still found, until a new one takes
 * it.
 */
#include <slate/weakref.h>

/* What stands in an entry that was removed: for ever, and dead. */
static const struct slate_weakref gone = {
	.gc = SLATE_GC_OBJECT_STATIC(&slate_weakref_type),
};

int slate_weak_map_init(struct slate_weak_map *map,
			struct slate_objects *objects,
			struct slate_weak_entry *entries, size_t n)
{
	size_t i;

	if (!n || n & (n - 1))
		return -SLATE_EINVAL;
	map->objects = objects;
	map->entries = entries;
	map->mask = n - 1;
	for (i = 0; i < n; i++) {
		entries[i].key = 0;
		entries[i].ref = NULL;
	}
	return 0;
}

static size_t place_of(const struct slate_weak_map *map, uintptr_t key)
{
	uint32_t hash = (uint32_t)key * 2654435761u;

	return (hash ^ hash >> 16) & map->mask;
}

static bool is_live(const struct slate_weak_entry *entry)
{
	return entry->ref->obj;
}

/*
 * The entry with a key, alive or not, or NULL; @room is set to the first place
 * on the way that a new one may take, or NULL.
 */
static struct slate_weak_entry *find(const struct slate_weak_map *map,
				     uintptr_t key,
				     struct slate_weak_entry **room)
{
	size_t place = place_of(map, key);
	size_t i;

	*room = NULL;
	for (i = 0; i <= map->mask; i++) {
		struct slate_weak_entry *entry =
				&map->entries[(place + i) & map->mask];

		if (!entry->ref) {
			if (!*room)
				*room = entry;
			return NULL;
		}
		if (entry->key == key)
			return entry;
		if (!*room && !is_live(entry))
			*room = entry;
	}
	return NULL;
}

/* The map owns @ref then, and no longer what was there. */
static void store(struct slate_weak_map *map, struct slate_weak_entry *entry,
		  uintptr_t key, struct slate_weakref *ref)
{
	struct slate_weakref *old = entry->ref;

	entry->key = key;
	entry->ref = ref;
	if (old)
		slate_decref(map->objects, &old->gc.base);
}

int slate_weak_map_set(struct slate_weak_map *map, uintptr_t key,
		       struct slate_object *obj)
{
	struct slate_weak_entry *entry;
	struct slate_weak_entry *room;
	struct slate_weakref *ref;

	if (!obj->type->weak_offset || slate_object_is_immortal(obj))
		return -SLATE_EINVAL;
	ref = slate_weakref_new(map->objects, obj, NULL, NULL);
	if (!ref)
		return -SLATE_ENOMEM;
	entry = find(map, key, &room);
	if (!entry)
		entry = room;
	if (!entry) {
		slate_decref(map->objects, &ref->gc.base);
		return -SLATE_ENOSPC;
	}
	store(map, entry, key, ref);
	return 0;
}

struct slate_object *slate_weak_map_get(struct slate_weak_map *map,
					uintptr_t key)
{
	struct slate_weak_entry *room;
	struct slate_weak_entry *entry = find(map, key, &room);

	return entry ? slate_weakref_get(entry->ref) : NULL;
}

void slate_weak_map_remove(struct slate_weak_map *map, uintptr_t key)
{
	struct slate_weak_entry *room;
	struct slate_weak_entry *entry = find(map, key, &room);

	if (entry)
		store(map, entry, key,
		      (struct slate_weakref *)(uintptr_t)&gone);
}

size_t slate_weak_map_live(const struct slate_weak_map *map)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i <= map->mask; i++)
		n += map->entries[i].ref && is_live(&map->entries[i]);
	return n;
}

void slate_weak_map_clear(struct slate_weak_map *map)
{
	size_t i;

	for (i = 0; i <= map->mask; i++) {
		struct slate_weakref *ref = map->entries[i].ref;

		map->entries[i].ref = NULL;
		if (ref)
			slate_decref(map->objects, &ref->gc.base);
	}
}
