// SPDX-License-Identifier: MIT
/* Packed arrays: one block of the mem tier, which grows by half. */
#include <slate/array.h>

#include "mem_calls.h"

void slate_array_init(struct slate_array *array, struct slate_heap *heap,
		      size_t item)
{
	memset(array, 0, sizeof(*array));
	array->heap = heap;
	array->item = item;
}

void slate_array_fini(struct slate_array *array)
{
	slate_mem_free(array->heap, array->items);
	slate_array_init(array, array->heap, array->item);
}

int slate_array_reserve(struct slate_array *array, size_t n)
{
	unsigned char *items;

	if (n <= array->room)
		return 0;
	items = slate_mem_resize_array(array->heap, array->items, n,
				       array->item);
	if (!items)
		return -SLATE_ENOMEM;
	array->items = items;
	array->room = n;
	return 0;
}

void slate_array_trim(struct slate_array *array)
{
	unsigned char *items;

	if (!array->len) {
		slate_array_fini(array);
		return;
	}
	items = slate_mem_resize_array(array->heap, array->items, array->len,
				       array->item);
	if (items) {
		array->items = items;
		array->room = array->len;
	}
}

static unsigned char *item_at(const struct slate_array *array, size_t i)
{
	return array->items + i * array->item;
}

void *slate_array_at(const struct slate_array *array, size_t i)
{
	return i < array->len ? item_at(array, i) : NULL;
}

/* Room for one more; if half as much again is too much, for just that. */
static int make_room(struct slate_array *array)
{
	if (array->len < array->room)
		return 0;
	if (!slate_array_reserve(array, array->len + array->len / 2 + 4))
		return 0;
	return slate_array_reserve(array, array->len + 1);
}

int slate_array_insert(struct slate_array *array, size_t i, const void *item)
{
	size_t behind = array->len - i;

	if (i > array->len)
		return -SLATE_EINVAL;
	if (make_room(array))
		return -SLATE_ENOMEM;
	if (behind)
		memmove(item_at(array, i + 1), item_at(array, i),
			behind * array->item);
	if (item)
		memcpy(item_at(array, i), item, array->item);
	array->len++;
	return 0;
}

int slate_array_push(struct slate_array *array, const void *item)
{
	if (make_room(array))
		return -SLATE_ENOMEM;
	if (item)
		memcpy(item_at(array, array->len), item, array->item);
	array->len++;
	return 0;
}

bool slate_array_remove(struct slate_array *array, size_t i, void *item)
{
	if (i >= array->len)
		return false;
	if (item)
		memcpy(item, item_at(array, i), array->item);
	array->len--;
	if (i < array->len)
		memmove(item_at(array, i), item_at(array, i + 1),
			(array->len - i) * array->item);
	return true;
}

bool slate_array_pop(struct slate_array *array, void *item)
{
	if (!array->len)
		return false;
	array->len--;
	if (item)
		memcpy(item, item_at(array, array->len), array->item);
	return true;
}
