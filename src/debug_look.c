// SPDX-License-Identifier: MIT
/* Looking at the blocks of a heap with debug hooks: all of them, or one. */
#include "debug_state.h"

/* A look at all blocks, on its way. */
struct tour {
	struct slate_debug *d;
	size_t faults;
	slate_debug_walk_fn fn;
	void *arg;
};

/* The block of the program at @ptr; false: @report says what is wrong. */
static bool look_at(struct slate_debug *d, const void *ptr,
		    struct slate_debug_report *report)
{
	slate_port_key key = heap_lock();
	struct debug_fault fault;
	struct debug_place at;
	bool fine;

	memset(report, 0, sizeof(*report));
	fine = slate_debug_examine_(d, ptr, SLATE_TIERS, &at, &fault,
				    &report->block);
	heap_unlock(key);
	if (fine)
		return true;
	report->kind = fault.kind;
	report->address = fault.address;
	report->text = fault.text;
	return false;
}

static int check_block(void *arg, const struct slate_block *block)
{
	struct tour *tour = arg;
	struct slate_debug_report report;

	if (look_at(tour->d, block->ptr, &report))
		return 0;
	tour->faults++;
	slate_debug_tell_(tour->d, &report);
	return 0;
}

size_t slate_debug_check_all(struct slate_heap *heap)
{
	struct tour tour = { .d = debug_of(heap) };

	if (!tour.d || !tour.d->on)
		return 0;
	slate_heap_walk(heap, check_block, &tour);
	return tour.faults + slate_debug_check_kept_(tour.d);
}

/* A block whose layout says nothing is shown with what the engine knows. */
static int show_block(void *arg, const struct slate_block *block)
{
	const struct tour *tour = arg;
	struct slate_debug_report report;

	if (!look_at(tour->d, block->ptr, &report) && !report.block.serial) {
		report.block.ptr = block->ptr;
		report.block.size = block->size;
	}
	return tour->fn(tour->arg, &report.block);
}

int slate_debug_walk(struct slate_heap *heap, slate_debug_walk_fn fn,
		     void *arg)
{
	struct tour tour = { .d = debug_of(heap), .fn = fn, .arg = arg };

	if (!tour.d || !tour.d->on)
		return 0;
	return slate_heap_walk(heap, show_block, &tour);
}

int slate_debug_find(struct slate_heap *heap, const void *ptr,
		     struct slate_debug_block *block)
{
	struct slate_debug *d = debug_of(heap);
	struct slate_debug_report report;
	bool fine;

	if (!d || !d->on)
		return -SLATE_EINVAL;
	fine = look_at(d, ptr, &report);
	/* In quarantine: it is known by the site that freed it. */
	if (!fine && !report.block.freed_at)
		return -SLATE_EINVAL;
	*block = report.block;
	return 0;
}

void slate_debug_stats(struct slate_heap *heap,
		       struct slate_debug_counts *stats)
{
	const struct slate_debug *d = debug_of(heap);
	slate_port_key key;

	memset(stats, 0, sizeof(*stats));
	if (!d)
		return;
	key = heap_lock();
	*stats = d->stats;
	heap_unlock(key);
}
