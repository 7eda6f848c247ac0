/* SPDX-License-Identifier: MIT */
/* Layer 7: what the files of the fence share. */
#ifndef SLATE_FENCE_STATE_H
#define SLATE_FENCE_STATE_H

#include <slate/fence.h>

#include "engine.h"
#include "mem_calls.h"
#include "site.h"

SLATE_INLINE unsigned char *fence_base(const struct slate_fence *fence,
				       const struct slate_fence_slot *slot)
{
	size_t i = (size_t)(slot - fence->options.slots);

	return (unsigned char *)fence->options.memory +
	       (i << slate_word_log2(fence->options.slot_size));
}

/* The slot that an address is in, or NULL. */
SLATE_INLINE struct slate_fence_slot *fence_slot(
		const struct slate_fence *fence, const void *ptr)
{
	uintptr_t off = (uintptr_t)ptr - (uintptr_t)fence->options.memory;
	size_t i = off >> slate_word_log2(fence->options.slot_size);

	return i < fence->options.nslots ? fence->options.slots + i : NULL;
}

/* Make the last @closed bytes of a slot inaccessible, and no others. */
SLATE_INLINE int fence_close(const struct slate_fence *fence,
			     const struct slate_fence_slot *slot, size_t closed)
{
	return fence->options.guards->close(
			(unsigned int)(slot - fence->options.slots),
			fence_base(fence, slot), fence->options.slot_size,
			closed);
}

/* A block of @size bytes in a slot, or NULL: its turn has not come. */
void *slate_fence_place_(struct slate_fence *fence, size_t size,
			 const void *site);

/* Is what the tier allocates put into slots? */
SLATE_INLINE bool fence_takes(const struct slate_fence *fence,
			      enum slate_tier tier)
{
	unsigned int tiers = fence->options.tiers;

	return !tiers || tiers & 1u << tier;
}

/* The live block at @ptr; NULL: it is none, which was reported. */
struct slate_fence_slot *slate_fence_judge_(const struct slate_fence *fence,
					    const void *ptr);

/* Judge a pointer into a slot; end the block, and test what is around it. */
void slate_fence_remove_(struct slate_fence *fence, void *ptr,
			 const void *site);

#endif /* SLATE_FENCE_STATE_H */
