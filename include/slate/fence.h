/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: now and then a block is put against memory that nobody may touch.
 * An access behind its end, or to it after it was freed, stops the program
 * there and then, at the instruction that did it; what is written before it
 * is seen when it is freed. One block in N is treated so, by chance, which is
 * cheap enough to stay on in the field: what the others cost is a countdown.
 *
 *	slot:	| 0xfd ... | block | pad | guard |	live: guard closed
 *		| all of it              | guard |	freed: everything is
 *
 * Slots are of one size, a power of two, in memory that the program gives.
 * Each has one guard of the port's (guards.h): pages on hosts, regions of the
 * MPU on Cortex-M. A freed slot is used again last of all. On Armv8-M an MPU
 * can forbid privileged code to write, not to read.
 *
 * It has a view of its own (view.h), so it and the debug hooks exclude each
 * other; the wrappers that only look go over it.
 */
#ifndef SLATE_FENCE_H
#define SLATE_FENCE_H

#include <slate/guards.h>
#include <slate/view.h>
#include <slate/wrap.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_fence_slot - what is known of a slot
 * @ptr: the block that is, or was, in it; NULL before the first
 * @size: bytes that were asked for
 * @made: the site that allocated it
 * @freed: the site that freed it, NULL while it is live
 * @next: in the queue of free slots, counted from 1; 0 at its end
 * @live: there is a block in it
 */
struct slate_fence_slot {
	unsigned char *ptr;
	size_t size;
	const void *made;
	const void *freed;
	unsigned int next;
	bool live;
};

/**
 * struct slate_fence_options - what a fence is made of
 * @guards: the port's
 * @memory: the slots' memory, aligned to @slot_size; nobody else uses it. It
 *	may be a block of the heap (slate_raw_aligned_alloc()), made before
 * @slot_size: bytes of a slot: a power of two, at least twice the guards' step
 * @slots: what is known of each; contents do not matter
 * @nslots: how many slots there are at @memory and in @slots, from 1 to the
 *	guards' count
 * @every: about one request in so many is put into a slot, 1 to 32767
 * @tiers: the tiers whose requests are, a set of SLATE_WRAP_*; 0: all
 * @seed: of the chance; 0 is 2463534242
 */
struct slate_fence_options {
	const struct slate_guards *guards;
	void *memory;
	size_t slot_size;
	struct slate_fence_slot *slots;
	unsigned int nslots;
	unsigned int every;
	unsigned int tiers;
	uint32_t seed;
};

/**
 * struct slate_fence - storage of the wrapper
 * @wraps: its place in each tier
 * @view: its view
 * @heap: whose tiers they are
 * @options: as given
 * @step: bytes of a guard
 * @countdown: requests until the next one is put into a slot
 * @random: the last random number
 * @first: the free slot that is used next, counted from 1; 0 for none
 * @last: the one that is used last
 * @placed: requests that were put into a slot
 * @missed: those that no slot was free for
 */
struct slate_fence {
	struct slate_wrap wraps[SLATE_TIERS];
	struct slate_view view;
	struct slate_heap *heap;
	struct slate_fence_options options;
	size_t step;
	uint32_t countdown;
	uint32_t random;
	unsigned int first;
	unsigned int last;
	uint32_t placed;
	uint32_t missed;
};

/**
 * slate_fence_start() - put a fence around some blocks from now on
 * @heap: the heap
 * @fence: storage; contents do not matter. The fence's until
 *	slate_fence_stop()
 * @options: copied; @memory and @slots are the fence's as long
 *
 * Context: the owner; nobody else may be in a call. O(slots).
 * Return: 0, -SLATE_EINVAL for options out of range, -SLATE_ENOTSUP without
 * SLATE_CONFIG_HOOKS or guards, -SLATE_EBUSY if the heap has a view, or
 * -SLATE_ENOSPC if the port could not close a slot. On error all is as before.
 */
int slate_fence_start(struct slate_heap *heap, struct slate_fence *fence,
		      const struct slate_fence_options *options)
		      SLATE_MUST_CHECK;

/**
 * slate_fence_stop() - take the fence off
 * @fence: as given to slate_fence_start(); a second time does nothing
 *
 * All of its memory is open again. Before the heap is destroyed, if the
 * memory is a block of it.
 *
 * Context: the owner; nobody else may be in a call. O(slots).
 * Return: 0, or -SLATE_EBUSY while a block is in a slot or another wrapper is
 * set over it, and then nothing is changed.
 */
int slate_fence_stop(struct slate_fence *fence) SLATE_MUST_CHECK;

/**
 * slate_fence_explain() - what was meant by an access that was stopped
 * @fence: the fence
 * @address: what could not be accessed, as the fault handler has it
 * @report: filled: OVERFLOW with the live block that the access went beyond,
 *	or USE_AFTER_FREE with the block that was there
 * @slot: set to what is known of the slot, sites included; may be NULL
 *
 * Context: any, fault handlers too. O(1).
 * Return: true, or false if the address is not in a slot.
 */
bool slate_fence_explain(const struct slate_fence *fence, const void *address,
			 struct slate_report *report,
			 const struct slate_fence_slot **slot);

SLATE_END_DECLS

#endif /* SLATE_FENCE_H */
