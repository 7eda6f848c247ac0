// SPDX-License-Identifier: MIT
/*
 * Reserves. A reserve is a region of its own at the end of the memory that it
 * is taken from: what it holds is in one piece, and what keeps others out of
 * it is the same look at capabilities that every request takes anyway. A count
 * of free bytes would cost every call, and could not promise a piece.
 */
#include <slate/region.h>

#include "engine.h"

/*
 * The last bytes of a span, as few as give @want granules. The tables are laid
 * out there to see, larger until they leave enough.
 */
static size_t reserve_size(unsigned char *end, size_t size, size_t want)
{
	struct slate_pools p;
	size_t part = sizeof(p) + (want << SLATE_GRANULE_SHIFT);

	while (part <= size) {
		unsigned char *start = end - part;
		size_t front = (-(uintptr_t)start & (SLATE_GRANULE - 1)) +
			       sizeof(p);
		size_t n = 0;

		if (!slate_arena_open_(&p, start, part, 0, start + front))
			n = p.chunks.arena.n;
		if (n >= want)
			return part;
		part += (want - n) << SLATE_GRANULE_SHIFT;
	}
	return 0;
}

/* Of an empty region from which @reserve bytes are taken, by lines for DMA. */
static size_t granules_for(size_t reserve, unsigned int caps)
{
	size_t line = engine_line(caps);

	return ((slate_granules(reserve) + line - 1) & ~(line - 1)) + line - 1;
}

/* Lock not held: the front, and then the reserve opens. */
static int add_front(struct slate_heap *heap, void *base, size_t size,
		     unsigned int caps, void *reserved)
{
	int err = slate_heap_add_region(heap, base, size, caps);

	if (!err)
		return slate_region_drain(heap, reserved, false);
	/* Nothing can have entered. */
	if (slate_heap_remove_region(heap, reserved))
		return -SLATE_EUCLEAN;
	return err;
}

int slate_heap_add_reserved(struct slate_heap *heap, void *base, size_t size,
			    unsigned int caps, size_t reserve)
{
	unsigned char *end;
	size_t part;
	int err;

	if (!span_is_sound(base, size) || reserve > size)
		return -SLATE_EINVAL;
	if (caps & SLATE_CAPS_OWN)
		return -SLATE_EINVAL;
	err = slate_heap_room_for_(heap, base, size);
	if (err)
		return err;
	end = (unsigned char *)base + size;
	part = reserve_size(end, size, granules_for(reserve, caps));
	if (!part)
		return -SLATE_EINVAL;
	caps |= SLATE_CAP_RESERVE;
	err = slate_heap_add_(heap, end - part, part, caps | SLATE_CAP_DRAINED);
	if (err)
		return err;
	caps &= ~SLATE_CAP_RESERVE;
	return add_front(heap, base, size - part, caps, end - part);
}
