// SPDX-License-Identifier: MIT
/* Where a block's memory is to come from, and where it did come from. */
#include <slate/region.h>

#include "engine.h"
#include "site.h"

/*
 * The first region is where the straight paths take and give without a look
 * at capabilities, so it cannot be closed, and does not clear.
 */
struct slate_heap *slate_heap_create_caps(void *base, size_t size,
					  unsigned int caps)
{
	if (caps & (SLATE_CAP_ZERO | SLATE_CAP_RESERVE | SLATE_CAPS_OWN))
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

/* What is asked for, in the order in which it may be had. */
struct wish {
	size_t align;
	size_t size;
	const unsigned int *order;
	size_t n;
};

/* Each kind of memory in turn; *@failed: the engine was asked in vain. */
static void *attempts(struct slate_heap *heap, const struct wish *wish,
		      const void *site, bool *failed)
{
	const struct slate_allocator *table = hook_table(heap, SLATE_TIER_RAW);
	struct slate_request req;
	void *ptr = NULL;
	size_t i;

	*failed = false;
	for (i = 0; i < wish->n && !ptr; i++) {
		if (!slate_request_make_(&req, heap, SLATE_TIER_RAW,
					 wish->align, wish->size,
					 wish->order[i]))
			continue;
		*failed = !table;
		ptr = table ? slate_table_aligned_(table, wish->align,
						   wish->size, wish->order[i],
						   site)
			    : attempt(heap, &req);
	}
	return ptr;
}

SLATE_CALLED
void *slate_raw_alloc_prefer(struct slate_heap *heap, size_t align, size_t size,
			     const unsigned int *order, size_t n)
{
	const struct wish wish = { align, size, order, n };
	bool asked = false;
	bool failed;
	void *ptr;

	do {
		ptr = attempts(heap, &wish, SLATE_CALLER, &failed);
		if (ptr || !failed)
			return ptr;
	} while (slate_hooks_relieve_(heap, size, &asked));
	slate_engine_failed_(heap, size);
	return NULL;
}

unsigned int slate_heap_block_caps(struct slate_heap *heap, const void *ptr)
{
	struct slate_block block;

	if (!ptr || !slate_hooks_find_(heap, ptr, &block))
		return 0;
	return block.caps;
}
