// SPDX-License-Identifier: MIT
/*
 * Testing a heap as a whole, and making its free lists anew from the side
 * bits, which no stray write can reach.
 */
#include "engine.h"

int slate_heap_check(struct slate_heap *heap, struct slate_report *report)
{
	slate_port_key key = heap_lock();
	struct slate_pools *p;
	bool valid = true;

	for_each_arena(p, heap) {
		valid = slate_chunk_valid(&p->chunks, report) &&
			slate_pool_valid(p, report);
		if (!valid)
			break;
	}
	heap_unlock(key);
	return valid ? 0 : -SLATE_EUCLEAN;
}

bool slate_heap_valid(struct slate_heap *heap)
{
	return !slate_heap_check(heap, NULL);
}

/* Report each broken free chunk of an arena, then rebuild its lists. */
static int mend(struct slate_heap *heap, struct slate_pools *p)
{
	struct slate_chunks *c = &p->chunks;
	slate_port_key key;
	size_t g = 0;
	int count = 0;

	for (;;) {
		key = heap_lock();
		g = slate_chunk_find_broken(c, g);
		heap_unlock(key);
		if (g == SLATE_NONE)
			break;
		slate_port_fault(SLATE_FAULT_CORRUPT, heap,
				 slate_arena_ptr(&c->arena, g));
		count++;
		g++;
	}
	key = heap_lock();
	slate_chunk_rebuild(c);
	heap_unlock(key);
	return count;
}

bool engine_mend(struct slate_heap *heap, struct slate_pools *p)
{
	const void *suspect = slate_arena_ptr(&p->chunks.arena,
					      p->chunks.broken);

	if (SLATE_CONFIG_REPAIR && mend(heap, p))
		return true;
	slate_port_fault(SLATE_FAULT_CORRUPT, heap, suspect);
	return SLATE_CONFIG_REPAIR;
}

int slate_heap_repair(struct slate_heap *heap)
{
	struct slate_pools *p;
	int count = 0;

	for_each_arena(p, heap)
		count += mend(heap, p);
	return count;
}
