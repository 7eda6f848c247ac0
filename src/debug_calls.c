// SPDX-License-Identifier: MIT
/*
 * The calls of a tier under debug hooks. A block is looked at with the lock
 * held; it is filled, copied and reported without. Whoever frees it first
 * claims it, by a dead tier mark, before the lock is dropped.
 */
#include "debug_state.h"

#define LARGEST		((size_t)PTRDIFF_MAX - DEBUG_EXTRA)

/* A call: through which wrapper, from where. */
struct call {
	struct slate_debug *d;
	const struct slate_allocator *below;
	enum slate_tier tier;
	const void *site;
};

static struct call call_of(void *ctx, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	const struct call call = {
		.d = wrap->user,
		.below = wrap->below,
		.tier = wrap->tier,
		.site = site,
	};

	return call;
}

static void tell(const struct call *call, const struct debug_fault *fault,
		 const struct slate_debug_block *block)
{
	const struct slate_debug_report report = {
		.kind = fault->kind,
		.address = fault->address,
		.block = *block,
		.tier = call->tier,
		.site = call->site,
		.text = fault->text,
	};

	slate_debug_tell_(call->d, &report);
}

/* May the call be made from here? */
static bool may(const struct call *call)
{
	static const struct slate_debug_block none;
	const struct slate_debug_options *options = &call->d->options;
	const struct debug_fault fault = {
		SLATE_FAULT_CONTEXT, NULL, "called from where it may not be"
	};

	if (!options->may_call ||
	    options->may_call(options->ctx, call->d->heap, call->tier))
		return true;
	tell(call, &fault, &none);
	return false;
}

/* A memory checker is to know the block: @defined bytes of it were written. */
static void close_around(const struct debug_place *at, size_t defined)
{
	sanitize_close(at->base, debug_offset(at));
	sanitize_live(at->ptr, at->size, defined);
	sanitize_close(at->ptr + at->size, DEBUG_TAIL);
}

static void open_around(const struct debug_place *at)
{
	sanitize_dead(at->ptr);
	sanitize_open(at->base, debug_offset(at) + at->size + DEBUG_TAIL);
}

/* Count a block and lay it out; at->ptr, base and size are set. */
static void *make(const struct call *call, const struct debug_place *at,
		  size_t defined)
{
	struct slate_debug *d = call->d;
	slate_port_key key = heap_lock();
	struct slate_debug_block block;
	uint32_t serial = ++d->stats.serial;

	d->stats.live += at->size;
	d->stats.blocks++;
	d->tier_live[call->tier] += at->size;
	heap_unlock(key);
	slate_debug_lay_(at, call->tier, serial, call->site);
	close_around(at, defined);
	if (serial == d->options.stop_at) {
		slate_debug_read_(at, &block);
		slate_debug_stop(&block);
	}
	return at->ptr;
}

/* Lock held: the program's @size bytes of a tier are not live any more. */
static void discount(const struct call *call, size_t size)
{
	call->d->stats.live -= size;
	call->d->stats.blocks--;
	call->d->tier_live[call->tier] -= size;
}

static void *make_at(const struct call *call, unsigned char *base,
		     size_t offset, size_t size, size_t defined)
{
	const struct debug_place at = {
		.ptr = base + offset, .base = base, .size = size,
	};

	return make(call, &at, defined);
}

static void *debug_malloc(void *ctx, size_t size, const void *site)
{
	const struct call call = call_of(ctx, site);
	unsigned char *base;

	if (!may(&call) || size > LARGEST)
		return NULL;
	base = slate_table_malloc_(call.below, size + DEBUG_EXTRA, site);
	if (!base)
		return NULL;
	memset(base + DEBUG_HEAD, DEBUG_CLEAN, size);
	return make_at(&call, base, DEBUG_HEAD, size, 0);
}

static void *debug_calloc(void *ctx, size_t nmemb, size_t size,
			  const void *site)
{
	const struct call call = call_of(ctx, site);
	size_t bytes = nmemb * size;
	unsigned char *base;

	if (!may(&call) || bytes > LARGEST)
		return NULL;
	base = slate_table_calloc_(call.below, 1, bytes + DEBUG_EXTRA, site);
	if (!base)
		return NULL;
	return make_at(&call, base, DEBUG_HEAD, bytes, bytes);
}

/*
 * The block starts one alignment behind the engine's, and its size is a
 * multiple: neither it nor the layout shares a line with anything.
 */
static void *debug_aligned(void *ctx, size_t align, size_t size,
			   unsigned int caps, const void *site)
{
	const struct call call = call_of(ctx, site);
	size_t line = engine_line(caps) << SLATE_GRANULE_SHIFT;
	unsigned char *base;

	if (align < line)
		align = line;
	if (align < DEBUG_HEAD)
		align = DEBUG_HEAD;
	if (!may(&call) || size > LARGEST || align > LARGEST - size)
		return NULL;
	if (align > DEBUG_HEAD)
		size = (size + !size + align - 1) & ~(align - 1);
	if (size > LARGEST - align)
		return NULL;
	base = slate_table_aligned_(call.below, align,
				    align + size + DEBUG_TAIL, caps, site);
	if (!base)
		return NULL;
	if (!(caps & SLATE_CAP_ZERO))
		memset(base + align, DEBUG_CLEAN, size);
	return make_at(&call, base, align, size,
		       caps & SLATE_CAP_ZERO ? size : 0);
}

/* Fill a claimed block with dead bytes and put it into quarantine. */
static void bury(const struct call *call, const struct debug_place *at,
		 const struct slate_debug_block *block)
{
	const struct slate_debug_kept kept = {
		.block = {
			block->ptr, block->size, block->tier, block->serial,
			block->made_at, call->site,
		},
		.base = at->base,
		.total = debug_offset(at) + at->size + DEBUG_TAIL,
	};

	open_around(at);
	memset(kept.base, DEBUG_DEAD, kept.total);
	sanitize_close(kept.base, kept.total);
	slate_debug_keep_(call->d, &kept);
}

/* Look, claim, bury; or report and leave it alone. */
static void discard(const struct call *call, const void *ptr)
{
	slate_port_key key = heap_lock();
	struct slate_debug_block block;
	struct debug_fault fault;
	struct debug_place at;
	bool fine = slate_debug_examine_(call->d, ptr, call->tier, &at, &fault,
					 &block);

	if (fine) {
		sanitize_poke(at.ptr - DEBUG_AT_TIER, DEBUG_DEAD);
		discount(call, at.size);
	}
	heap_unlock(key);
	if (fine)
		bury(call, &at, &block);
	else
		tell(call, &fault, &block);
}

static void debug_free(void *ctx, void *ptr, const void *site)
{
	const struct call call = call_of(ctx, site);

	if (ptr && may(&call))
		discard(&call, ptr);
}

/*
 * A new block for the contents of another, so that the old one can go into
 * quarantine. One quiet attempt, where slate's own table is below: a failure
 * is not yet the request's.
 */
static void *try_other(const struct call *call, const struct debug_place *at,
		       size_t size)
{
	struct slate_heap *heap = call->d->heap;
	size_t keep = size < at->size ? size : at->size;
	struct slate_request req;
	unsigned char *base;

	if (!call->d->nslots || size == at->size || at->caps ||
	    debug_offset(at) > DEBUG_HEAD ||
	    !hook_is_own(heap, call->tier, call->below))
		return NULL;
	if (!slate_request_make_(&req, heap, call->tier, SLATE_GRANULE,
				 size + DEBUG_EXTRA, 0))
		return NULL;
	req.no_arena = size <= at->size;
	base = slate_engine_try_(heap, call->tier, &req);
	if (!base)
		return NULL;
	memset(base + DEBUG_HEAD, DEBUG_CLEAN, size);
	memcpy(base + DEBUG_HEAD, at->ptr, keep);
	return make_at(call, base, DEBUG_HEAD, size, keep);
}

/* Let the table below resize the block; on failure it is as it was. */
static void *resize_below(const struct call *call,
			  const struct debug_place *at, size_t size)
{
	size_t offset = debug_offset(at);
	slate_port_key key;
	unsigned char *base;

	if (size > LARGEST - offset)
		return NULL;
	open_around(at);
	base = slate_table_realloc_(call->below, at->base,
				    offset + size + DEBUG_TAIL, call->site);
	if (!base) {
		close_around(at, at->size);
		return NULL;
	}
	if (size > at->size)
		memset(base + offset + at->size, DEBUG_CLEAN,
		       size - at->size);
	key = heap_lock();
	discount(call, at->size);
	heap_unlock(key);
	return make_at(call, base, offset, size,
		       size < at->size ? size : at->size);
}

/* The block that is to be resized; false: it was reported. */
static bool look(const struct call *call, const void *ptr,
		 struct debug_place *at)
{
	slate_port_key key = heap_lock();
	struct slate_debug_block block;
	struct debug_fault fault;
	bool fine = slate_debug_examine_(call->d, ptr, call->tier, at, &fault,
					 &block);

	heap_unlock(key);
	if (!fine)
		tell(call, &fault, &block);
	return fine;
}

static void *debug_realloc(void *ctx, void *ptr, size_t size, const void *site)
{
	const struct call call = call_of(ctx, site);
	struct debug_place at;
	size_t offset;
	void *to;

	if (!ptr)
		return debug_malloc(ctx, size, site);
	if (!may(&call) || !look(&call, ptr, &at) || size > LARGEST)
		return NULL;
	/* Whole lines again for a block that had them. */
	offset = debug_offset(&at);
	if (offset > DEBUG_HEAD)
		size = (size + !size + offset - 1) & ~(offset - 1);
	to = try_other(&call, &at, size);
	if (!to)
		return resize_below(&call, &at, size);
	discard(&call, ptr);
	return to;
}

const struct slate_site_calls slate_debug_calls_ = {
	.malloc = debug_malloc,
	.calloc = debug_calloc,
	.realloc = debug_realloc,
	.free = debug_free,
	.aligned = debug_aligned,
};
