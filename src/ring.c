// SPDX-License-Identifier: MIT
/* Ring queues: the place behind the last of all is the first of all. */
#include <slate/ring.h>

#include "mem_calls.h"

void slate_ring_init(struct slate_ring *ring, void *memory, size_t room,
		     size_t item)
{
	memset(ring, 0, sizeof(*ring));
	ring->items = memory;
	ring->room = room;
	ring->item = item;
}

int slate_ring_create(struct slate_ring *ring, struct slate_heap *heap,
		      size_t room, size_t item)
{
	size_t bytes;
	void *memory;

	if (!room || !item || !slate_size_product(room, item, &bytes))
		return -SLATE_EINVAL;
	memory = slate_mem_malloc(heap, bytes);
	if (!memory)
		return -SLATE_ENOMEM;
	slate_ring_init(ring, memory, room, item);
	ring->heap = heap;
	return 0;
}

void slate_ring_destroy(struct slate_ring *ring)
{
	if (ring->heap)
		slate_mem_free(ring->heap, ring->items);
	memset(ring, 0, sizeof(*ring));
}

/* The place of item @i, which is at most room - 1. */
static unsigned char *place(const struct slate_ring *ring, size_t i)
{
	size_t before_end = ring->room - ring->first;
	size_t at = i < before_end ? ring->first + i : i - before_end;

	return ring->items + at * ring->item;
}

void *slate_ring_at(const struct slate_ring *ring, size_t i)
{
	return i < ring->len ? place(ring, i) : NULL;
}

bool slate_ring_push(struct slate_ring *ring, const void *item)
{
	if (ring->len == ring->room)
		return false;
	memcpy(place(ring, ring->len), item, ring->item);
	ring->len++;
	return true;
}

bool slate_ring_push_first(struct slate_ring *ring, const void *item)
{
	if (ring->len == ring->room)
		return false;
	ring->first = (ring->first ? ring->first : ring->room) - 1;
	memcpy(place(ring, 0), item, ring->item);
	ring->len++;
	return true;
}

bool slate_ring_pop(struct slate_ring *ring, void *item)
{
	if (!ring->len)
		return false;
	if (item)
		memcpy(item, place(ring, 0), ring->item);
	ring->first++;
	if (ring->first == ring->room)
		ring->first = 0;
	ring->len--;
	return true;
}

bool slate_ring_pop_last(struct slate_ring *ring, void *item)
{
	if (!ring->len)
		return false;
	ring->len--;
	if (item)
		memcpy(item, place(ring, ring->len), ring->item);
	return true;
}
