// SPDX-License-Identifier: MIT
/* What a program sets and asks of the collector. */
#include "gc_state.h"
#include "object_state.h"

void slate_gc_enable(struct slate_gc *gc)
{
	gc->enabled = true;
}

void slate_gc_disable(struct slate_gc *gc)
{
	gc->enabled = false;
}

bool slate_gc_is_enabled(const struct slate_gc *gc)
{
	return gc->enabled;
}

int slate_gc_set_threshold(struct slate_gc *gc, unsigned int generation,
			   size_t count)
{
	if (generation > SLATE_GC_FULL)
		return -SLATE_EINVAL;
	gc->generations[generation].threshold = count;
	return 0;
}

size_t slate_gc_threshold(const struct slate_gc *gc, unsigned int generation)
{
	if (generation > SLATE_GC_FULL)
		return 0;
	return gc->generations[generation].threshold;
}

void slate_gc_set_byte_threshold(struct slate_gc *gc, size_t bytes)
{
	gc->byte_threshold = bytes;
}

size_t slate_gc_count(const struct slate_gc *gc, unsigned int generation)
{
	if (generation > SLATE_GC_FULL)
		return 0;
	return gc->generations[generation].count;
}

void slate_gc_set_most(struct slate_gc *gc, size_t objects)
{
	gc->most = objects;
}

void slate_gc_set_flags(struct slate_gc *gc, unsigned int flags)
{
	gc->flags = flags;
}

void slate_gc_set_hooks(struct slate_gc *gc,
			const struct slate_gc_hooks *hooks)
{
	gc->hooks = hooks;
}

int slate_gc_stats(const struct slate_gc *gc, unsigned int generation,
		   struct slate_gc_totals *stats)
{
	if (generation > SLATE_GC_FULL)
		return -SLATE_EINVAL;
	*stats = gc->generations[generation].stats;
	return 0;
}

void slate_gc_freeze(struct slate_gc *gc)
{
	unsigned int i;

	for (i = 0; i < SLATE_CONFIG_GENERATIONS; i++)
		gc_list_merge(&gc->lists[SLATE_GC_FROZEN], &gc->lists[i]);
	for (i = 0; i < SLATE_CONFIG_GENERATIONS; i++)
		gc->generations[i].count = 0;
	gc->old = 0;
	gc->aged = 0;
	gc->bytes = 0;
}

void slate_gc_unfreeze(struct slate_gc *gc)
{
	gc_list_merge(&gc->lists[SLATE_GC_FULL], &gc->lists[SLATE_GC_FROZEN]);
}

size_t slate_gc_frozen(const struct slate_gc *gc)
{
	const struct slate_gc_link *list = &gc->lists[SLATE_GC_FROZEN];
	const struct slate_gc_link *at;
	size_t n = 0;

	for (at = gc_next(list); at != list; at = gc_next(at))
		n++;
	return n;
}

void slate_gc_drop_garbage(struct slate_gc *gc)
{
	gc_list_merge(&gc->lists[0], &gc->lists[SLATE_GC_GARBAGE]);
}

int slate_gc_track(struct slate_gc *gc, struct slate_object *obj)
{
	struct slate_gc_link *link = &gc_object(obj)->link;
	slate_port_key key;

	if (!type_has(obj->type, SLATE_TYPE_COLLECTED))
		return -SLATE_EINVAL;
	if (ref_is_fixed(ref_read(obj)))
		return -SLATE_EINVAL;
	if (gc_is_linked(link))
		return -SLATE_EEXIST;
	key = objects_lock();
	gc_list_append(&gc->lists[0], link, GC_LINK);
	objects_unlock(key);
	return 0;
}

void slate_gc_untrack(struct slate_gc *gc, struct slate_object *obj)
{
	slate_port_key key;

	(void)gc;
	if (!slate_gc_is_tracked(obj))
		return;
	key = objects_lock();
	gc_forget(&gc_object(obj)->link);
	objects_unlock(key);
}
