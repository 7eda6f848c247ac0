/* SPDX-License-Identifier: MIT */
/*
 * Layer 8: packed arrays: items of one size, one behind the other in one block
 * that grows. An item costs its bytes, where a list of objects costs a pointer
 * and an object each.
 */
#ifndef SLATE_ARRAY_H
#define SLATE_ARRAY_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_array - a packed array
 * @heap: where its block is from
 * @items: the block, or NULL
 * @item: bytes of an item
 * @len: items that there are
 * @room: items that the block has room for
 *
 * The struct is the caller's; all fields may be read. A pointer to an item is
 * valid until the array grows, is trimmed, or an item before it comes or goes.
 *
 * Invariant: @len <= @room; @items is NULL if and only if @room is 0.
 */
struct slate_array {
	struct slate_heap *heap;
	unsigned char *items;
	size_t item;
	size_t len;
	size_t room;
};

/**
 * slate_array_init() - make an empty array
 * @array: filled
 * @heap: where its block is to come from
 * @item: bytes of an item, at least 1
 *
 * Context: Any. O(1), allocates nothing.
 */
void slate_array_init(struct slate_array *array, struct slate_heap *heap,
		      size_t item);

/**
 * slate_array_fini() - free an array's block; the array is empty then
 * @array: the array
 *
 * Context: the owner of the heap. O(1).
 */
void slate_array_fini(struct slate_array *array);

/**
 * slate_array_reserve() - make room beforehand
 * @array: the array
 * @n: items that it is to have room for, those that there are included
 *
 * Context: the owner of the heap. O(bytes moved).
 * Return: 0, or -SLATE_ENOMEM, and then the array is as before.
 */
int slate_array_reserve(struct slate_array *array, size_t n) SLATE_MUST_CHECK;

/**
 * slate_array_trim() - give back the room that is not used
 * @array: the array
 *
 * Context: the owner of the heap. O(bytes moved).
 */
void slate_array_trim(struct slate_array *array);

/**
 * slate_array_at() - an item
 * @array: the array
 * @i: its number
 *
 * Context: Any. O(1).
 * Return: the item, or NULL if there is none with this number.
 */
void *slate_array_at(const struct slate_array *array, size_t i);

/**
 * slate_array_insert() - put an item in
 * @array: the array
 * @i: the number that it is to have, at most that of items
 * @item: copied; NULL leaves the new item as the block's memory is
 *
 * Context: the owner of the heap. O(items behind it), plus what is moved when
 * the block grows, by half each time.
 * Return: 0, -SLATE_EINVAL for a number too large, or -SLATE_ENOMEM; then the
 * array is as before.
 */
int slate_array_insert(struct slate_array *array, size_t i, const void *item)
		       SLATE_MUST_CHECK;

/**
 * slate_array_push() - put an item behind the others
 * @array: the array
 * @item: as slate_array_insert()
 *
 * Context: the owner of the heap. O(1), plus what is moved when it grows.
 * Return: 0 or -SLATE_ENOMEM.
 */
int slate_array_push(struct slate_array *array, const void *item)
		     SLATE_MUST_CHECK;

/**
 * slate_array_remove() - take an item out
 * @array: the array
 * @i: its number
 * @item: set to it; may be NULL
 *
 * Context: the owner of the heap. O(items behind it).
 * Return: true, or false if there is none with this number.
 */
bool slate_array_remove(struct slate_array *array, size_t i, void *item);

/**
 * slate_array_pop() - take the last item out
 * @array: the array
 * @item: set to it; may be NULL
 *
 * Context: the owner of the heap. O(1).
 * Return: true, or false if there is none.
 */
bool slate_array_pop(struct slate_array *array, void *item);

SLATE_END_DECLS

#endif /* SLATE_ARRAY_H */
