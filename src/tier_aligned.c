// SPDX-License-Identifier: MIT
/*
 * Aligned blocks, and blocks from memory with certain capabilities. The size
 * is rounded up to the alignment: no other block shares the last cache line.
 */
#include "engine.h"
#include "site.h"

bool slate_request_make_(struct slate_request *req,
			 const struct slate_heap *heap, enum slate_tier tier,
			 size_t align, size_t size, unsigned int caps)
{
	size_t line = engine_line(caps) << SLATE_GRANULE_SHIFT;
	size_t rounded;

	if (!slate_is_power_of_two(align) || size > PTRDIFF_MAX ||
	    caps & SLATE_CAPS_OWN)
		return false;
	if (align < line)
		align = line;
	rounded = (size + !size + align - 1) & ~(align - 1);
	if (rounded < size || rounded > PTRDIFF_MAX)
		return false;
	req->n = rounded >> SLATE_GRANULE_SHIFT;
	req->align = align >> SLATE_GRANULE_SHIFT;
	req->caps = caps;
	engine_classify(heap, tier, req);
	req->no_arena = false;
	return true;
}

void *slate_engine_aligned_(struct slate_heap *heap, enum slate_tier tier,
			    size_t align, size_t size, unsigned int caps)
{
	struct slate_request req;

	if (!slate_request_make_(&req, heap, tier, align, size, caps))
		return NULL;
	return slate_engine_alloc_(heap, tier, &req, size);
}

static void *aligned_at(struct slate_heap *heap, size_t align, size_t size,
			unsigned int caps, const void *site)
{
	const struct slate_allocator *table = hook_table(heap, SLATE_TIER_RAW);

	if (!slate_is_power_of_two(align) || size > PTRDIFF_MAX)
		return NULL;
	if (table)
		return slate_table_aligned_(table, align, size, caps, site);
	return slate_engine_aligned_(heap, SLATE_TIER_RAW, align, size, caps);
}

SLATE_CALLED
void *slate_raw_alloc(struct slate_heap *heap, size_t align, size_t size,
		      unsigned int caps)
{
	return aligned_at(heap, align, size, caps, SLATE_CALLER);
}

SLATE_CALLED
void *slate_raw_aligned_alloc(struct slate_heap *heap, size_t align,
			      size_t size)
{
	return aligned_at(heap, align, size, 0, SLATE_CALLER);
}
