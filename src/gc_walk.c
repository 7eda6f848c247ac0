// SPDX-License-Identifier: MIT
/*
 * Visiting what the collector knows: tracked objects, what one refers to, and
 * what refers to one. A visited object is kept alive until the next one is
 * known, so that the visitor may drop it.
 */
#include "gc_state.h"
#include "object_state.h"

static int visit_list(struct slate_gc *gc, struct slate_gc_link *list,
		      slate_visit_fn fn, void *arg)
{
	struct slate_gc_link *at = gc_next(list);
	int result = 0;

	while (at != list && !result) {
		struct slate_object *obj = gc_object_of(at);
		bool is_live = ref_is_live(ref_read(obj));

		if (is_live) {
			slate_incref(obj);
			result = fn(arg, obj);
		}
		at = gc_next(at);
		if (is_live)
			slate_decref(gc->objects, obj);
	}
	return result;
}

int slate_gc_objects(struct slate_gc *gc, unsigned int list,
		     slate_visit_fn fn, void *arg)
{
	unsigned int i;
	int result = 0;

	if (list > SLATE_GC_LISTS)
		return -SLATE_EINVAL;
	if (list < SLATE_GC_LISTS)
		return visit_list(gc, &gc->lists[list], fn, arg);
	for (i = 0; i < SLATE_GC_LISTS && !result; i++)
		result = visit_list(gc, &gc->lists[i], fn, arg);
	return result;
}

int slate_gc_referents(struct slate_object *obj, slate_visit_fn fn, void *arg)
{
	if (!obj->type->traverse)
		return 0;
	return obj->type->traverse(obj, fn, arg);
}

/* What slate_gc_referrers() looks for, and for whom. */
struct search {
	const struct slate_object *target;
	slate_visit_fn fn;
	void *arg;
};

static int is_target(void *arg, struct slate_object *obj)
{
	return obj == arg;
}

static int refers(void *arg, struct slate_object *obj)
{
	const struct search *search = arg;

	if (!slate_gc_referents(obj, is_target, (void *)search->target))
		return 0;
	return search->fn(search->arg, obj);
}

int slate_gc_referrers(struct slate_gc *gc, const struct slate_object *obj,
		       slate_visit_fn fn, void *arg)
{
	struct search search = { .target = obj, .fn = fn, .arg = arg };

	return slate_gc_objects(gc, SLATE_GC_LISTS, refers, &search);
}
