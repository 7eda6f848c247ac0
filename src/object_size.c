// SPDX-License-Identifier: MIT
/*
 * Sizes of objects, and finding them in the heap.
 *
 * The deep size marks each object that it has counted in the flags of its
 * count. Those of collected types wait for their turn in a queue through the
 * previous links of the collector's lists, which are put right in the end: the
 * next links say what they were.
 */
#include "gc_list.h"
#include "object_state.h"

size_t slate_object_size(const struct slate_object *obj)
{
	const struct slate_type *type = obj->type;
	size_t size = type->size;

	if (type->length_offset)
		size += *length_slot(obj) * type->item_size;
	if (type->extra)
		size += type->extra(obj);
	return size;
}

size_t slate_object_block_size(struct slate_objects *objects,
			       const struct slate_object *obj)
{
	if (obj->type->alloc || slate_object_is_immortal(obj))
		return 0;
	return slate_heap_usable_size(objects->heap, obj);
}

/* What is counted, and the queue of those whose references are to be. */
struct deep {
	size_t sum;
	struct slate_gc_link *first;
	struct slate_gc_link *last;
};

static int count_object(void *arg, struct slate_object *obj)
{
	struct slate_gc_link *link = &gc_object(obj)->link;
	uintptr_t refs = ref_read(obj);
	struct deep *deep = arg;

	if (ref_is_fixed(refs) || refs & REF_MARK)
		return 0;
	obj->refs = refs | REF_MARK;
	deep->sum += slate_object_size(obj);
	if (!type_has(obj->type, SLATE_TYPE_COLLECTED))
		return 0;
	link->prev = 0;
	if (deep->last)
		deep->last->prev = (uintptr_t)link;
	else
		deep->first = link;
	deep->last = link;
	return 0;
}

static int unmark(void *arg, struct slate_object *obj)
{
	uintptr_t refs = ref_read(obj);

	(void)arg;
	if (!ref_is_fixed(refs))
		obj->refs = refs & ~REF_MARK;
	return 0;
}

static void tidy(struct slate_objects *objects, struct slate_gc_link *at)
{
	struct slate_gc *gc = objects->gc;
	unsigned int i;

	while (at) {
		struct slate_object *obj = gc_object_of(at);
		struct slate_gc_link *next = (struct slate_gc_link *)at->prev;

		unmark(NULL, obj);
		obj->type->traverse(obj, unmark, NULL);
		at->prev = 0;
		at = next;
	}
	for (i = 0; gc && i < SLATE_GC_LISTS; i++)
		gc_list_restore(&gc->lists[i]);
}

size_t slate_object_deep_size(struct slate_objects *objects,
			      struct slate_object *obj)
{
	struct deep deep = { .sum = 0 };
	struct slate_gc_link *at;

	count_object(&deep, obj);
	for (at = deep.first; at; at = (struct slate_gc_link *)at->prev) {
		struct slate_object *owner = gc_object_of(at);

		owner->type->traverse(owner, count_object, &deep);
	}
	unmark(NULL, obj);
	if (deep.first)
		tidy(objects, deep.first);
	return deep.sum;
}

/* What slate_objects_walk() looks for, and for whom. */
struct search {
	const struct slate_type *const *types;
	size_t n;
	slate_visit_fn fn;
	void *arg;
};

static bool is_object(const struct search *search,
		      const struct slate_block *block)
{
	const struct slate_object *obj = block->ptr;
	size_t i;

	for (i = 0; i < search->n; i++) {
		if (obj->type == search->types[i])
			return block->size >= obj->type->size &&
			       ref_is_live(ref_read(obj));
	}
	return false;
}

static int pass_on(void *arg, const struct slate_block *block)
{
	const struct search *search = arg;

	if (block->size < sizeof(struct slate_object))
		return 0;
	if (!is_object(search, block))
		return 0;
	return search->fn(search->arg, block->ptr);
}

int slate_objects_walk(struct slate_objects *objects,
		       const struct slate_type *const *types, size_t n,
		       slate_visit_fn fn, void *arg)
{
	struct search search = {
		.types = types,
		.n = n,
		.fn = fn,
		.arg = arg,
	};

	return slate_heap_walk(objects->heap, pass_on, &search);
}
