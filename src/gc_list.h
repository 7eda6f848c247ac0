/* SPDX-License-Identifier: MIT */
/*
 * The collector's lists: rings through a head, of links that lie in objects.
 * The lower two bits of prev say what the rest of it is:
 *
 *	LINK	the previous link; so it is whenever other code runs
 *	COUNT	references from outside the list that are still possible, while
 *		a collection judges the list; only next is a link then
 *	TRASH	the previous link, of an object that seems to be unreachable
 *
 * Nothing here looks at what a link lies in, and nothing takes a lock.
 */
#ifndef SLATE_GC_LIST_H
#define SLATE_GC_LIST_H

#include <slate/gc.h>

enum gc_state { GC_LINK, GC_COUNT, GC_TRASH };

#define GC_STATE_MASK	((uintptr_t)3)
#define GC_COUNT_ONE	((uintptr_t)4)

SLATE_INLINE enum gc_state gc_state(const struct slate_gc_link *link)
{
	return (enum gc_state)(link->prev & GC_STATE_MASK);
}

SLATE_INLINE struct slate_gc_link *gc_next(const struct slate_gc_link *link)
{
	return (struct slate_gc_link *)link->next;
}

/* Not while it holds a count. */
SLATE_INLINE struct slate_gc_link *gc_prev(const struct slate_gc_link *link)
{
	return (struct slate_gc_link *)(link->prev & ~GC_STATE_MASK);
}

/* Sets the previous link, and leaves the state. */
SLATE_INLINE void gc_set_prev(struct slate_gc_link *link,
			      struct slate_gc_link *prev)
{
	link->prev = (uintptr_t)prev | gc_state(link);
}

SLATE_INLINE void gc_list_init(struct slate_gc_link *list)
{
	list->next = (uintptr_t)list;
	list->prev = (uintptr_t)list;
}

SLATE_INLINE bool gc_list_is_empty(const struct slate_gc_link *list)
{
	return gc_next(list) == list;
}

/* Needs the list's own prev, and writes all of the link's. */
SLATE_INLINE void gc_list_append(struct slate_gc_link *list,
				 struct slate_gc_link *link, uintptr_t state)
{
	struct slate_gc_link *last = gc_prev(list);

	link->prev = (uintptr_t)last | state;
	link->next = (uintptr_t)list;
	last->next = (uintptr_t)link;
	list->prev = (uintptr_t)link;
}

/* Leaves the link itself as it is; its neighbours keep their state. */
SLATE_INLINE void gc_list_remove(struct slate_gc_link *link)
{
	struct slate_gc_link *prev = gc_prev(link);
	struct slate_gc_link *next = gc_next(link);

	prev->next = (uintptr_t)next;
	gc_set_prev(next, prev);
}

/* All of @from to the end of @list. */
SLATE_INLINE void gc_list_merge(struct slate_gc_link *list,
				struct slate_gc_link *from)
{
	struct slate_gc_link *last = gc_prev(list);
	struct slate_gc_link *first = gc_next(from);
	struct slate_gc_link *end = gc_prev(from);

	if (first == from)
		return;
	last->next = (uintptr_t)first;
	gc_set_prev(first, last);
	end->next = (uintptr_t)list;
	list->prev = (uintptr_t)end;
	gc_list_init(from);
}

/* Previous links again, from the next ones; all in state GC_LINK. */
SLATE_INLINE void gc_list_restore(struct slate_gc_link *list)
{
	struct slate_gc_link *before = list;
	struct slate_gc_link *at;

	for (at = gc_next(list); at != list; at = gc_next(at)) {
		at->prev = (uintptr_t)before | GC_LINK;
		before = at;
	}
}

SLATE_INLINE struct slate_object *gc_object_of(struct slate_gc_link *link)
{
	return &SLATE_CONTAINER_OF(link, struct slate_gc_object, link)->base;
}

/* Is it in a list? */
SLATE_INLINE bool gc_is_linked(const struct slate_gc_link *link)
{
	return link->next != 0;
}

/* Take an object out of its list, for good. */
SLATE_INLINE void gc_forget(struct slate_gc_link *link)
{
	gc_list_remove(link);
	link->next = 0;
	link->prev = 0;
}

#endif /* SLATE_GC_LIST_H */
