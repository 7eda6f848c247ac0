/* SPDX-License-Identifier: MIT */
/*
 * Layer 8: ring queues: a fixed number of places for items of one size, filled
 * and emptied at both ends; nothing is allocated after it was made.
 */
#ifndef SLATE_RING_H
#define SLATE_RING_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_ring - a ring queue
 * @heap: where its places are from, NULL for memory of the caller's
 * @items: the places
 * @item: bytes of an item
 * @room: how many places there are
 * @first: the place of the first item, below @room
 * @len: how many items there are
 *
 * The struct is the caller's; all fields may be read.
 *
 * Invariant: @first < @room, @len <= @room.
 */
struct slate_ring {
	struct slate_heap *heap;
	unsigned char *items;
	size_t item;
	size_t room;
	size_t first;
	size_t len;
};

/**
 * slate_ring_init() - make an empty queue in memory of the caller's
 * @ring: filled
 * @memory: @room times @item bytes
 * @room: places, at least 1
 * @item: bytes of an item, at least 1
 *
 * Context: Any. O(1).
 */
void slate_ring_init(struct slate_ring *ring, void *memory, size_t room,
		     size_t item);

/**
 * slate_ring_create() - make an empty queue in a block of a heap
 * @ring: filled
 * @heap: gives one block of its mem tier
 * @room: places, at least 1
 * @item: bytes of an item, at least 1
 *
 * Context: the owner of @heap. O(1).
 * Return: 0, -SLATE_EINVAL for a number out of range, or -SLATE_ENOMEM.
 */
int slate_ring_create(struct slate_ring *ring, struct slate_heap *heap,
		      size_t room, size_t item) SLATE_MUST_CHECK;

/**
 * slate_ring_destroy() - give the block back to the heap
 * @ring: the queue; its items are gone
 *
 * Context: the owner of the heap. O(1).
 */
void slate_ring_destroy(struct slate_ring *ring);

/**
 * slate_ring_at() - an item
 * @ring: the queue
 * @i: its number, from the first
 *
 * Context: Any. O(1).
 * Return: the item, valid until it is taken out; NULL if there is none with
 * this number.
 */
void *slate_ring_at(const struct slate_ring *ring, size_t i);

/**
 * slate_ring_push() - put an item behind the last
 * @ring: the queue
 * @item: copied
 *
 * A program that would rather lose the oldest item calls slate_ring_pop()
 * before.
 *
 * Context: one user at a time. O(1).
 * Return: true, or false if all places are taken.
 */
bool slate_ring_push(struct slate_ring *ring, const void *item)
		     SLATE_MUST_CHECK;

/**
 * slate_ring_push_first() - put an item before the first
 * @ring: the queue
 * @item: copied
 *
 * Context: one user at a time. O(1).
 * Return: as slate_ring_push().
 */
bool slate_ring_push_first(struct slate_ring *ring, const void *item)
			   SLATE_MUST_CHECK;

/**
 * slate_ring_pop() - take the first item out
 * @ring: the queue
 * @item: set to it; may be NULL
 *
 * Context: one user at a time. O(1).
 * Return: true, or false if there is none.
 */
bool slate_ring_pop(struct slate_ring *ring, void *item);

/**
 * slate_ring_pop_last() - take the last item out
 * @ring: the queue
 * @item: set to it; may be NULL
 *
 * Context: one user at a time. O(1).
 * Return: true, or false if there is none.
 */
bool slate_ring_pop_last(struct slate_ring *ring, void *item);

SLATE_END_DECLS

#endif /* SLATE_RING_H */
