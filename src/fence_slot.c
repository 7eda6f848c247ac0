// SPDX-License-Identifier: MIT
/*
 * Slots of a fence: a block is put as far back as its alignment allows, so
 * that what is behind it is closed; everything else in the slot is filled.
 *
 * The queue of free slots is changed under the lock; a slot that is in no
 * queue is its block's alone.
 */
#include "fence_state.h"
#include "random.h"

#define FILL	SLATE_CONFIG_FILL_FORBIDDEN

/* Lock held: how many requests are let by, 1 to twice @every - 1. */
static uint32_t draw(struct slate_fence *fence)
{
	uint32_t x = random_next(&fence->random) >> 16;

	return (x * (2 * fence->options.every - 1) >> 16) + 1;
}

/* Lock held: is it this request's turn, and which slot is for it? */
static struct slate_fence_slot *take_turn(struct slate_fence *fence)
{
	struct slate_fence_slot *slot;

	if (--fence->countdown)
		return NULL;
	fence->countdown = draw(fence);
	if (!fence->first) {
		fence->missed++;
		return NULL;
	}
	slot = fence->options.slots + (fence->first - 1);
	fence->first = slot->next;
	if (!fence->first)
		fence->last = 0;
	fence->placed++;
	return slot;
}

/* Lock held: behind all others, so that it is used again as late as can be. */
static void queue(struct slate_fence *fence, struct slate_fence_slot *slot)
{
	unsigned int i = (unsigned int)(slot - fence->options.slots) + 1;

	slot->next = 0;
	if (fence->last)
		fence->options.slots[fence->last - 1].next = i;
	else
		fence->first = i;
	fence->last = i;
}

static void give_turn_back(struct slate_fence *fence,
			   struct slate_fence_slot *slot)
{
	slate_port_key key = heap_lock();

	queue(fence, slot);
	heap_unlock(key);
}

void *slate_fence_place_(struct slate_fence *fence, size_t size,
			 const void *site)
{
	size_t room = fence->options.slot_size - fence->step;
	struct slate_fence_slot *slot;
	slate_port_key key;
	size_t pad;

	if (!size || size > room)
		return NULL;
	key = heap_lock();
	slot = take_turn(fence);
	heap_unlock(key);
	if (!slot)
		return NULL;
	if (fence_close(fence, slot, fence->step)) {
		give_turn_back(fence, slot);
		return NULL;
	}
	pad = -size & (SLATE_GRANULE - 1);
	memset(fence_base(fence, slot), FILL, room);
	slot->ptr = fence_base(fence, slot) + (room - pad - size);
	slot->size = size;
	slot->made = site;
	slot->freed = NULL;
	slot->live = true;
	return slot->ptr;
}

/* Lock held: does a live block start here? */
static bool is_block(const struct slate_fence_slot *slot, const void *ptr,
		     enum slate_fault *kind)
{
	if (slot->live && slot->ptr == ptr)
		return true;
	if ((uintptr_t)ptr & (SLATE_GRANULE - 1))
		*kind = SLATE_FAULT_UNALIGNED;
	else if (slot->live)
		*kind = SLATE_FAULT_INTERIOR;
	else if (slot->ptr == ptr)
		*kind = SLATE_FAULT_DOUBLE_FREE;
	else
		*kind = SLATE_FAULT_FOREIGN;
	return false;
}

/* The slot of a live block, which with @end is none from now on. */
static struct slate_fence_slot *judge(const struct slate_fence *fence,
				      const void *ptr, bool end)
{
	struct slate_fence_slot *slot = fence_slot(fence, ptr);
	slate_port_key key = heap_lock();
	enum slate_fault kind;
	bool fine = is_block(slot, ptr, &kind);

	if (fine && end)
		slot->live = false;
	heap_unlock(key);
	if (fine)
		return slot;
	slate_port_fault(kind, fence->heap, ptr);
	return NULL;
}

struct slate_fence_slot *slate_fence_judge_(const struct slate_fence *fence,
					    const void *ptr)
{
	return judge(fence, ptr, false);
}

static bool is_filled(const unsigned char *from, const unsigned char *to)
{
	while (from < to) {
		if (*from++ != FILL)
			return false;
	}
	return true;
}

void slate_fence_remove_(struct slate_fence *fence, void *ptr,
			 const void *site)
{
	struct slate_fence_slot *slot = judge(fence, ptr, true);
	const unsigned char *base;
	bool before;
	bool behind;

	if (!slot)
		return;
	base = fence_base(fence, slot);
	before = is_filled(base, slot->ptr);
	behind = is_filled(slot->ptr + slot->size, base +
			   fence->options.slot_size - fence->step);
	slot->freed = site;
	fence_close(fence, slot, fence->options.slot_size);
	give_turn_back(fence, slot);
	if (!before)
		slate_port_fault(SLATE_FAULT_UNDERFLOW, fence->heap, ptr);
	if (!behind)
		slate_port_fault(SLATE_FAULT_OVERFLOW, fence->heap, ptr);
}

bool slate_fence_explain(const struct slate_fence *fence, const void *address,
			 struct slate_report *report,
			 const struct slate_fence_slot **found)
{
	const struct slate_fence_slot *slot = fence_slot(fence, address);

	if (!slot)
		return false;
	report->kind = slot->live ? SLATE_FAULT_OVERFLOW :
				    SLATE_FAULT_USE_AFTER_FREE;
	report->address = address;
	report->block = slot->ptr;
	report->size = slot->size;
	report->text = slot->live ? "access behind the end of a block" :
		       slot->ptr ? "access to a block that was freed" :
		       "access to memory that was never a block";
	if (found)
		*found = slot;
	return true;
}
