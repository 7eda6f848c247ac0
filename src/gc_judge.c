// SPDX-License-Identifier: MIT
/*
 * What nothing outside a list of objects refers to, found in the objects' own
 * headers.
 *
 * First each object's count is copied to where its previous link was. Then one
 * is taken off for every reference from an object of the list: what is left
 * comes from outside. Then the list is walked from its start: an object with a
 * count left is reachable, and so is all that it refers to; one without is put
 * aside as trash, and brought back if a later one refers to it. What was
 * walked over has its previous link again.
 *
 * O(objects and their references), in constant space: each object is walked
 * over as reachable once, and put aside at most once.
 */
#include "gc_state.h"
#include "object_state.h"

/* No number of references brings this to 0. */
#define COUNT_FOR_EVER	(~GC_STATE_MASK)

/* The copy of a count: it begins one bit above where it ends in the header. */
static uintptr_t copy_of(uintptr_t refs)
{
	if (ref_is_fixed(refs))
		return COUNT_FOR_EVER;
	return ref_count(refs) * GC_COUNT_ONE;
}

/* The link of an object that is being judged or seems to be trash, or NULL. */
static struct slate_gc_link *judged(struct slate_object *obj)
{
	struct slate_gc_link *link = &gc_object(obj)->link;

	if (!type_has(obj->type, SLATE_TYPE_COLLECTED))
		return NULL;
	return gc_state(link) == GC_LINK ? NULL : link;
}

static void copy_counts(struct slate_gc_link *list)
{
	struct slate_gc_link *at;

	for (at = gc_next(list); at != list; at = gc_next(at))
		at->prev = copy_of(ref_read(gc_object_of(at))) | GC_COUNT;
}

/* Not 0: nothing is left to take off. */
static int take_off(void *arg, struct slate_object *obj)
{
	struct slate_gc_link *link = judged(obj);
	struct slate_object **culprit = arg;

	if (!link)
		return 0;
	if (link->prev < GC_COUNT_ONE) {
		*culprit = obj;
		return 1;
	}
	link->prev -= GC_COUNT_ONE;
	return 0;
}

static void write_text(const char *text)
{
	size_t len = 0;

	while (text[len])
		len++;
	slate_port_write(text, len);
}

static void report(struct slate_gc *gc, const struct slate_object *owner,
		   const struct slate_object *target)
{
	const struct slate_gc_hooks *hooks = gc->hooks;

	if (hooks && hooks->bad) {
		hooks->bad(hooks->ctx, owner->type, target->type);
	} else {
		write_text("slate: count too small: ");
		write_text(target->type->name);
		write_text(", visited by ");
		write_text(owner->type->name);
		write_text("\n");
	}
	slate_port_fault(SLATE_FAULT_TRAVERSE, gc->objects->heap, target);
}

static int subtract(struct slate_gc *gc, struct slate_gc_link *list)
{
	struct slate_object *target;
	struct slate_gc_link *at;

	for (at = gc_next(list); at != list; at = gc_next(at)) {
		struct slate_object *owner = gc_object_of(at);

		target = NULL;
		owner->type->traverse(owner, take_off, &target);
		if (!target)
			continue;
		gc_list_restore(list);
		report(gc, owner, target);
		return -SLATE_EUCLEAN;
	}
	return 0;
}

/* A reachable object refers to this one. */
static int reach(void *arg, struct slate_object *obj)
{
	struct slate_gc_link *link = judged(obj);
	struct slate_gc_link *list = arg;

	if (!link)
		return 0;
	if (gc_state(link) == GC_TRASH) {
		gc_list_remove(link);
		gc_list_append(list, link, GC_LINK);
		link->prev = GC_COUNT_ONE | GC_COUNT;
	} else if (link->prev < GC_COUNT_ONE) {
		link->prev = GC_COUNT_ONE | GC_COUNT;
	}
	return 0;
}

static int is_tracked(void *arg, struct slate_object *obj)
{
	(void)arg;
	return slate_gc_is_tracked(obj);
}

/* Can it never be part of a cycle? */
static bool is_settled(struct slate_object *obj)
{
	if (!type_has(obj->type, SLATE_TYPE_FIXED))
		return false;
	return !obj->type->traverse(obj, is_tracked, NULL);
}

/* Take out of the list what stands between these two. */
static struct slate_gc_link *cut(struct slate_gc_link *list,
				 struct slate_gc_link *before,
				 struct slate_gc_link *at)
{
	struct slate_gc_link *next = gc_next(at);

	before->next = (uintptr_t)next;
	if (next == list)
		list->prev = (uintptr_t)before;
	return next;
}

static void divide(struct slate_gc_link *list, struct slate_gc_link *trash,
		   struct slate_gc_info *info)
{
	struct slate_gc_link *before = list;
	struct slate_gc_link *at = gc_next(list);
	struct slate_object *obj;

	while (at != list) {
		if (at->prev < GC_COUNT_ONE) {
			struct slate_gc_link *next = cut(list, before, at);

			gc_list_append(trash, at, GC_TRASH);
			at = next;
			continue;
		}
		obj = gc_object_of(at);
		at->prev = (uintptr_t)before | GC_LINK;
		obj->type->traverse(obj, reach, list);
		info->examined++;
		if (is_settled(obj)) {
			struct slate_gc_link *next = cut(list, before, at);

			*at = (struct slate_gc_link){ 0, 0 };
			at = next;
			continue;
		}
		before = at;
		at = gc_next(at);
	}
}

int slate_gc_judge_(struct slate_gc *gc, struct slate_gc_link *list,
		    struct slate_gc_link *trash, struct slate_gc_info *info)
{
	struct slate_gc_link *at;
	int result;

	copy_counts(list);
	result = subtract(gc, list);
	if (result)
		return result;
	divide(list, trash, info);
	info->collected = 0;
	for (at = gc_next(trash); at != trash; at = gc_next(at))
		info->collected++;
	info->examined += info->collected;
	return 0;
}
