// SPDX-License-Identifier: MIT
/*
 * When a collection runs, on which objects, and what is counted of it.
 *
 * The tracked objects are in gc->lists: one for each generation, oldest last,
 * then those that are frozen, then garbage that was kept for a look at it. A
 * collection of a generation takes it and all younger ones out of their lists,
 * and what lives on is put at the end of the next older one.
 */
#include "gc_state.h"
#include "object_state.h"

#define THRESHOLD_YOUNG	700
#define THRESHOLD_OLD	10

void slate_gc_init(struct slate_gc *gc, struct slate_objects *objects)
{
	static const struct slate_gc none;
	unsigned int i;

	*gc = none;
	for (i = 0; i < SLATE_GC_LISTS; i++)
		gc_list_init(&gc->lists[i]);
	for (i = 0; i < SLATE_CONFIG_GENERATIONS; i++)
		gc->generations[i].threshold = i ? THRESHOLD_OLD :
					       THRESHOLD_YOUNG;
	gc->enabled = true;
	gc->collect = slate_gc_collect;
	gc->poll = slate_gc_poll;
	gc->objects = objects;
	objects->gc = gc;
}

static uint32_t now(const struct slate_gc *gc)
{
	const struct slate_gc_hooks *hooks = gc->hooks;

	return hooks && hooks->clock ? hooks->clock(hooks->ctx) : 0;
}

static void tell(const struct slate_gc *gc, bool stops,
		 const struct slate_gc_info *info)
{
	const struct slate_gc_hooks *hooks = gc->hooks;

	if (!hooks)
		return;
	if (stops && hooks->stop)
		hooks->stop(hooks->ctx, info);
	if (!stops && hooks->start)
		hooks->start(hooks->ctx, info);
}

/* Leave the first @most of @list there, and bring the others back to @rest. */
static void limit(struct slate_gc_link *list, struct slate_gc_link *rest,
		  size_t most)
{
	struct slate_gc_link *last = list;
	struct slate_gc_link *end = gc_prev(list);
	struct slate_gc_link *first;

	while (most-- && gc_next(last) != list)
		last = gc_next(last);
	first = gc_next(last);
	if (first == list)
		return;
	first->prev = (uintptr_t)rest | GC_LINK;
	rest->next = (uintptr_t)first;
	end->next = (uintptr_t)rest;
	rest->prev = (uintptr_t)end;
	last->next = (uintptr_t)list;
	list->prev = (uintptr_t)last;
}

/* The objects to look at, oldest first: those have waited longest. */
static void gather(struct slate_gc *gc, unsigned int generation, size_t most,
		   struct slate_gc_link *list)
{
	unsigned int i;

	gc_list_init(list);
	for (i = generation + 1; i--; )
		gc_list_merge(list, &gc->lists[i]);
	if (most)
		limit(list, &gc->lists[generation], most);
}

/* Counts begin anew; those of objects not looked at stay. */
static void settle_counts(struct slate_gc *gc,
			  const struct slate_gc_info *info, size_t most)
{
	struct slate_gc_generation *young = &gc->generations[0];
	unsigned int i;

	young->count = most && young->count > info->examined ?
		       young->count - info->examined : 0;
	for (i = 1; i < SLATE_CONFIG_GENERATIONS; i++) {
		if (i <= info->generation)
			gc->generations[i].count = 0;
		else if (i == info->generation + 1)
			gc->generations[i].count++;
	}
	gc->bytes = 0;
}

static void settle_ages(struct slate_gc *gc, const struct slate_gc_info *info)
{
	size_t left = info->examined - info->collected;

	if (info->generation == SLATE_GC_FULL) {
		gc->old = left;
		gc->aged = 0;
	} else if (info->generation + 1 == SLATE_GC_FULL) {
		gc->aged += left;
	}
}

static void note(struct slate_gc *gc, const struct slate_gc_info *info)
{
	struct slate_gc_totals *stats =
			&gc->generations[info->generation].stats;

	stats->collections++;
	stats->examined += info->examined;
	stats->collected += info->collected;
	stats->uncollectable += info->uncollectable;
	if (info->time > stats->longest)
		stats->longest = info->time;
	if (info->examined > stats->most)
		stats->most = info->examined;
}

static ptrdiff_t collect(struct slate_gc *gc, unsigned int generation,
			 size_t most)
{
	unsigned int older = generation != SLATE_GC_FULL ? generation + 1 :
			     generation;
	struct slate_gc_info info = { .generation = generation };
	struct slate_gc_link list;
	struct slate_gc_link trash;
	uint32_t start;
	int result;

	if (gc->collecting)
		return 0;
	gc->collecting = true;
	tell(gc, false, &info);
	start = now(gc);
	gather(gc, generation, most, &list);
	gc_list_init(&trash);
	result = slate_gc_judge_(gc, &list, &trash, &info);
	gc_list_merge(&gc->lists[older], &list);
	settle_counts(gc, &info, most);
	if (!gc_list_is_empty(&trash))
		slate_gc_sweep_(gc, &trash, &gc->lists[older], &info);
	settle_ages(gc, &info);
	info.time = now(gc) - start;
	note(gc, &info);
	gc->collecting = false;
	tell(gc, true, &info);
	return result ? result : (ptrdiff_t)info.collected;
}

ptrdiff_t slate_gc_collect(struct slate_gc *gc, unsigned int generation)
{
	if (generation > SLATE_GC_FULL)
		return -SLATE_EINVAL;
	return collect(gc, generation, 0);
}

/* Without a bound a full collection waits until it pays. */
static bool pays(const struct slate_gc *gc)
{
	size_t aged = SLATE_GC_FULL ? gc->aged : gc->generations[0].count;

	return gc->most || aged > gc->old >> 2;
}

static bool is_past(const struct slate_gc *gc, unsigned int generation)
{
	const struct slate_gc_generation *g = &gc->generations[generation];

	if (!g->threshold || g->count <= g->threshold)
		return false;
	return generation != SLATE_GC_FULL || pays(gc);
}

static bool is_past_bytes(const struct slate_gc *gc)
{
	return gc->byte_threshold && gc->bytes > gc->byte_threshold;
}

bool slate_gc_is_due(const struct slate_gc *gc)
{
	if (!gc->enabled || gc->collecting)
		return false;
	return is_past(gc, 0) || is_past_bytes(gc);
}

ptrdiff_t slate_gc_poll(struct slate_gc *gc)
{
	unsigned int generation = SLATE_GC_FULL;

	if (!slate_gc_is_due(gc))
		return 0;
	while (generation && !is_past(gc, generation))
		generation--;
	return collect(gc, generation, gc->most);
}
