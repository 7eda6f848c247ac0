// SPDX-License-Identifier: MIT
/*
 * Debug hooks on a heap: put on, taken off, asked. The heap knows them by
 * their view; while that is registered and d->on is false, a profile without
 * debug hooks was chosen, and every block is the engine's own.
 */
#include "debug_state.h"

/* The place of a block that the engine shows; its layout may be spoilt. */
static struct debug_place place_of(const struct slate_block *block)
{
	struct debug_place at = {
		.ptr = (unsigned char *)block->ptr + DEBUG_HEAD,
		.base = block->ptr,
		.room = block->size,
		.caps = block->caps,
		.pooled = block->pooled,
	};

	return at;
}

/* How far an aligned block may start behind the engine's. */
static bool is_offset(const struct debug_place *at, size_t offset)
{
	return offset <= at->room - DEBUG_TAIL &&
	       debug_get(at->base + offset - DEBUG_AT_OFFSET) == offset;
}

/*
 * The block's first bytes are forbidden ones where it is an aligned one: then
 * its start is a power of two behind, where the offset says the same.
 */
static void find_start(struct debug_place *at)
{
	size_t offset = 2 * DEBUG_HEAD;

	if (at->room < DEBUG_EXTRA ||
	    sanitize_peek(at->base) != DEBUG_FORBIDDEN)
		return;
	while (offset < at->room - DEBUG_TAIL && !is_offset(at, offset))
		offset *= 2;
	if (is_offset(at, offset))
		at->ptr = at->base + offset;
}

static bool view_show(const struct slate_view *view, struct slate_block *block)
{
	const struct slate_debug *d =
		SLATE_CONTAINER_OF(view, struct slate_debug, view);
	struct debug_place at = place_of(block);
	struct debug_fault fault;
	slate_port_key key;
	bool kept;

	if (!d->on)
		return true;
	find_start(&at);
	key = heap_lock();
	kept = slate_debug_keeps_(d, block->ptr) ||
	       sanitize_peek(at.ptr - DEBUG_AT_TIER) == DEBUG_DEAD;
	heap_unlock(key);
	if (kept)
		return false;
	block->ptr = at.ptr;
	block->size = at.room - debug_offset(&at) - DEBUG_TAIL;
	if (slate_debug_whole_(&at, &fault) ||
	    fault.kind == SLATE_FAULT_OVERFLOW)
		block->size = at.size;
	return true;
}

static bool view_find(const struct slate_view *view, const void *ptr,
		      struct slate_block *block)
{
	struct slate_debug *d =
		SLATE_CONTAINER_OF(view, struct slate_debug, view);
	struct slate_debug_report report = { .tier = SLATE_TIER_RAW };
	struct debug_fault fault;
	struct debug_place at;
	slate_port_key key;
	bool fine;

	key = heap_lock();
	if (d->on)
		fine = slate_debug_examine_(d, ptr, SLATE_TIERS, &at, &fault,
					    &report.block);
	else
		fine = slate_engine_look_(d->heap, ptr, block, &fault.kind);
	heap_unlock(key);
	if (fine && d->on) {
		block->ptr = at.ptr;
		block->size = at.size;
		block->caps = at.caps;
		block->pooled = at.pooled;
	}
	if (fine)
		return true;
	if (!d->on) {
		slate_port_fault(fault.kind, d->heap, ptr);
		return false;
	}
	report.kind = fault.kind;
	report.address = fault.address;
	report.text = fault.text;
	slate_debug_tell_(d, &report);
	return false;
}

static void view_count(const struct slate_view *view,
		       struct slate_stats *stats)
{
	const struct slate_debug *d =
		SLATE_CONTAINER_OF(view, struct slate_debug, view);
	unsigned int tier;

	if (!d->on)
		return;
	stats->live = d->stats.live;
	stats->blocks = d->stats.blocks;
	stats->overhead = stats->size - stats->live - stats->free;
	for (tier = 0; tier < SLATE_TIERS; tier++)
		stats->tier_live[tier] = d->tier_live[tier];
}

static bool view_relieve(const struct slate_view *view)
{
	struct slate_debug *d =
		SLATE_CONTAINER_OF(view, struct slate_debug, view);

	return d->on && slate_debug_expel_(d);
}

/* Has a tier a table that brings its own memory, which no engine judges? */
static bool has_other_memory(struct slate_heap *heap)
{
	const struct slate_allocator *table;
	unsigned int tier;

	for (tier = 0; tier < SLATE_TIERS; tier++) {
		if (!slate_tier_get(heap, (enum slate_tier)tier, &table) &&
		    table->flags & SLATE_ALLOC_REPLACES)
			return true;
	}
	return false;
}

static bool is_busy(struct slate_heap *heap)
{
	struct slate_stats stats;

	slate_heap_stats(heap, &stats);
	return stats.blocks;
}

static int switch_on(struct slate_debug *d)
{
	int err;

	if (has_other_memory(d->heap))
		return -SLATE_EINVAL;
	if (is_busy(d->heap))
		return -SLATE_EBUSY;
	err = slate_wrap_push(d->heap, d->wraps, SLATE_WRAP_ALL,
			      &slate_debug_calls_, "debug", d);
	d->on = !err;
	return err;
}

static int switch_off(struct slate_debug *d)
{
	int err;

	if (d->stats.blocks)
		return -SLATE_EBUSY;
	slate_debug_flush(d->heap);
	err = slate_wrap_pop(d->heap, d->wraps);
	d->on = err;
	return err;
}

static int view_profile(const struct slate_view *view, bool on)
{
	struct slate_debug *d =
		SLATE_CONTAINER_OF(view, struct slate_debug, view);

	if (on == d->on)
		return 0;
	return on ? switch_on(d) : switch_off(d);
}

int slate_debug_enable(struct slate_heap *heap, struct slate_debug *state)
{
	const struct slate_view view = {
		view_show, view_find, view_count, view_relieve, view_profile,
		true
	};
	int err;

	if (!SLATE_CONFIG_HOOKS)
		return -SLATE_ENOTSUP;
	if (debug_of(heap))
		return -SLATE_EEXIST;
	if (hook_view(heap))
		return -SLATE_EBUSY;
	memset(state, 0, sizeof(*state));
	state->view = view;
	state->heap = heap;
	state->slots = state->own;
	state->nslots = SLATE_CONFIG_QUARANTINE;
	state->limit = 4096;
	err = switch_on(state);
	if (!err)
		hook_set_view(heap, &state->view);
	return err;
}

int slate_debug_disable(struct slate_heap *heap)
{
	struct slate_debug *d = debug_of(heap);
	int err = d ? view_profile(&d->view, false) : 0;

	if (d && !err)
		hook_set_view(heap, NULL);
	return err;
}

int slate_debug_set_options(struct slate_heap *heap,
			    const struct slate_debug_options *options)
{
	static const struct slate_debug_options none;
	struct slate_debug *d = debug_of(heap);

	if (!d)
		return -SLATE_ENOTSUP;
	d->options = options ? *options : none;
	return 0;
}
