// SPDX-License-Identifier: MIT
/*
 * The fence as a wrapper: which requests it takes, and how it goes on and
 * comes off. What happens in a slot is in fence_slot.c.
 */
#include "fence_state.h"

static struct slate_fence *fence_of(const struct slate_wrap *wrap)
{
	return wrap->user;
}

static void *fence_malloc(void *ctx, size_t size, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	void *ptr = NULL;

	if (fence_takes(fence_of(wrap), wrap->tier))
		ptr = slate_fence_place_(fence_of(wrap), size, site);
	return ptr ? ptr : slate_table_malloc_(wrap->below, size, site);
}

static void *fence_calloc(void *ctx, size_t nmemb, size_t size,
			  const void *site)
{
	const struct slate_wrap *wrap = ctx;
	void *ptr = NULL;

	if (fence_takes(fence_of(wrap), wrap->tier))
		ptr = slate_fence_place_(fence_of(wrap), nmemb * size, site);
	if (!ptr)
		return slate_table_calloc_(wrap->below, nmemb, size, site);
	memset(ptr, 0, nmemb * size);
	return ptr;
}

/* A block that leaves its slot; shrinking stays if there is no other place. */
static void *leave_slot(void *ctx, struct slate_fence_slot *slot, size_t size,
			const void *site)
{
	struct slate_fence *fence = fence_of(ctx);
	size_t keep = slot->size < size ? slot->size : size;
	void *to = fence_malloc(ctx, size, site);

	if (!to)
		return size <= slot->size ? slot->ptr : NULL;
	memcpy(to, slot->ptr, keep);
	slate_fence_remove_(fence, slot->ptr, site);
	return to;
}

static void *fence_realloc(void *ctx, void *ptr, size_t size, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	const struct slate_fence *fence = fence_of(wrap);
	struct slate_fence_slot *slot;

	if (!ptr)
		return fence_malloc(ctx, size, site);
	if (!fence_slot(fence, ptr))
		return slate_table_realloc_(wrap->below, ptr, size, site);
	slot = slate_fence_judge_(fence, ptr);
	return slot ? leave_slot(ctx, slot, size, site) : NULL;
}

static void fence_free(void *ctx, void *ptr, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct slate_fence *fence = fence_of(wrap);

	if (ptr && fence_slot(fence, ptr))
		slate_fence_remove_(fence, ptr, site);
	else
		slate_table_free_(wrap->below, ptr, site);
}

/* A request for a place of its own is not moved to another. */
static void *fence_aligned(void *ctx, size_t align, size_t size,
			   unsigned int caps, const void *site)
{
	const struct slate_wrap *wrap = ctx;

	return slate_table_aligned_(wrap->below, align, size, caps, site);
}

static const struct slate_site_calls calls = {
	.malloc = fence_malloc,
	.calloc = fence_calloc,
	.realloc = fence_realloc,
	.free = fence_free,
	.aligned = fence_aligned,
};

static bool view_show(const struct slate_view *view, struct slate_block *block)
{
	(void)view;
	(void)block;
	return true;
}

static bool view_find(const struct slate_view *view, const void *ptr,
		      struct slate_block *block)
{
	const struct slate_fence *fence =
		SLATE_CONTAINER_OF(view, struct slate_fence, view);
	const struct slate_fence_slot *slot;
	enum slate_fault kind;
	slate_port_key key;
	bool live;

	if (fence_slot(fence, ptr)) {
		slot = slate_fence_judge_(fence, ptr);
		if (!slot)
			return false;
		block->ptr = slot->ptr;
		block->size = slot->size;
		block->caps = 0;
		block->pooled = false;
		return true;
	}
	key = heap_lock();
	live = slate_engine_look_(fence->heap, ptr, block, &kind);
	heap_unlock(key);
	if (!live)
		slate_port_fault(kind, fence->heap, ptr);
	return live;
}

static void view_count(const struct slate_view *view, struct slate_stats *stats)
{
	(void)view;
	(void)stats;
}

static bool view_relieve(const struct slate_view *view)
{
	(void)view;
	return false;
}

/* It has no debug hooks to turn on. */
static int view_profile(const struct slate_view *view, bool on)
{
	(void)view;
	return on ? -SLATE_EBUSY : 0;
}

static bool is_sound(const struct slate_fence_options *o)
{
	if (!o->memory || !o->slots || !o->nslots)
		return false;
	if (o->every < 1 || o->every > 32767 || o->tiers & ~SLATE_WRAP_ALL)
		return false;
	if (!slate_is_power_of_two(o->slot_size) ||
	    o->slot_size < 2 * o->guards->step())
		return false;
	return o->nslots <= o->guards->count() &&
	       !((uintptr_t)o->memory & (o->slot_size - 1));
}

/* Open the first @n slots again. */
static void open_slots(const struct slate_fence *fence, unsigned int n)
{
	while (n--)
		fence_close(fence, fence->options.slots + n, 0);
}

/* Close every slot, and queue it. */
static int close_slots(struct slate_fence *fence)
{
	struct slate_fence_slot *slots = fence->options.slots;
	unsigned int n = fence->options.nslots;
	unsigned int i;

	memset(slots, 0, n * sizeof(*slots));
	for (i = 0; i < n; i++) {
		if (fence_close(fence, slots + i, fence->options.slot_size)) {
			open_slots(fence, i);
			return -SLATE_ENOSPC;
		}
		slots[i].next = i + 1 < n ? i + 2 : 0;
	}
	fence->first = 1;
	fence->last = n;
	return 0;
}

int slate_fence_start(struct slate_heap *heap, struct slate_fence *fence,
		      const struct slate_fence_options *options)
{
	const struct slate_view view = {
		view_show, view_find, view_count, view_relieve, view_profile,
		false
	};
	int err;

	if (!SLATE_CONFIG_HOOKS || !options->guards ||
	    !options->guards->count())
		return -SLATE_ENOTSUP;
	if (!is_sound(options))
		return -SLATE_EINVAL;
	if (hook_view(heap))
		return -SLATE_EBUSY;
	memset(fence, 0, sizeof(*fence));
	fence->heap = heap;
	fence->options = *options;
	fence->step = options->guards->step();
	fence->random = options->seed ? options->seed : 2463534242u;
	fence->countdown = 1;
	fence->view = view;
	err = close_slots(fence);
	if (err)
		return err;
	err = slate_wrap_push(heap, fence->wraps, SLATE_WRAP_ALL, &calls,
			      "fence", fence);
	if (err)
		open_slots(fence, options->nslots);
	else
		hook_set_view(heap, &fence->view);
	return err;
}

int slate_fence_stop(struct slate_fence *fence)
{
	unsigned int i;
	int err;

	for (i = 0; i < fence->options.nslots; i++) {
		if (fence->options.slots[i].live)
			return -SLATE_EBUSY;
	}
	err = slate_wrap_pop(fence->heap, fence->wraps);
	if (err)
		return err;
	if (hook_view(fence->heap) == &fence->view)
		hook_set_view(fence->heap, NULL);
	open_slots(fence, fence->options.nslots);
	fence->options.nslots = 0;
	return 0;
}
