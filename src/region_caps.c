// SPDX-License-Identifier: MIT
/* Where a block's memory is to come from, and where it did come from. */
#include <slate/region.h>

#include "engine.h"

/*
 * The first region is where the straight paths take and give without a look
 * at capabilities, so it cannot be closed, and does not clear.
 */
struct slate_heap *slate_heap_create_caps(void *base, size_t size,
					  unsigned int caps)
{
	if (caps & (SLATE_CAP_ZERO | SLATE_CAP_RESERVE | SLATE_CAP_DRAINED))
		return NULL;
	return slate_heap_open_(base, size, caps);
}

/* One attempt, which is not yet a failure; the raw tier has its own table. */
static void *attempt(struct slate_heap *heap, const struct slate_request *req)
{
	void *ptr;

	engine_audit(heap);
	ptr = slate_engine_try_(heap, SLATE_TIER_RAW, req);
	if (ptr)
		engine_fill_new(ptr, req->n);
	engine_audit(heap);
	return ptr;
}

void *slate_raw_alloc_prefer(struct slate_heap *heap, size_t align, size_t size,
			     const unsigned int *order, size_t n)
{
	const struct slate_allocator *table = hook_table(heap, SLATE_TIER_RAW);
	struct slate_request req;
	bool failed = false;
	void *ptr = NULL;
	size_t i;

	for (i = 0; i < n && !ptr; i++) {
		if (!slate_request_make_(&req, heap, SLATE_TIER_RAW, align,
					 size, order[i]))
			continue;
		failed = !table;
		ptr = table ? table->aligned(table->ctx, align, size, order[i])
			    : attempt(heap, &req);
	}
	if (failed && !ptr)
		slate_engine_failed_(heap, size);
	return ptr;
}

unsigned int slate_heap_block_caps(struct slate_heap *heap, const void *ptr)
{
	struct engine_block block;
	unsigned int caps = 0;
	enum slate_fault kind;
	slate_port_key key;
	bool live;

	if (!ptr)
		return 0;
	key = heap_lock();
	live = slate_engine_judge_(heap, ptr, &block, &kind);
	if (live)
		caps = block.p->chunks.arena.caps & ~SLATE_CAP_DRAINED;
	heap_unlock(key);
	if (!live)
		slate_port_fault(kind, heap, ptr);
	return caps;
}
