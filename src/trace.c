// SPDX-License-Identifier: MIT
/*
 * The tracer's wrapper of the tiers, and its calls.
 *
 * A block's record goes before the block does, and comes after it: between the
 * two nobody else can have the address. So a resize takes the record out, and
 * puts it back as it was if it failed.
 */
#include "mem_calls.h"
#include "random.h"
#include "site.h"
#include "trace_state.h"

SLATE_INLINE struct slate_trace *trace_of(const struct slate_wrap *wrap)
{
	return wrap->user;
}

/* The site as frames, all that are to be had. No lock held. */
static void find_frames(const struct slate_trace *trace, const void *site,
			uintptr_t *frames)
{
	const struct slate_trace_config *config = trace->config;
	unsigned int n = 0;

	if (config->frames)
		n = config->frames(config->arg, site, frames, trace->depth);
	if (!n)
		frames[n++] = (uintptr_t)site;
	for (; n < trace->depth; n++)
		frames[n] = 0;
}

/* One of @every, on average: the distances are random, below twice as much. */
static bool is_sampled(struct slate_trace *trace)
{
	slate_port_key lock;
	bool sampled;

	if (trace->every == 1)
		return true;
	lock = port_lock();
	sampled = trace->skip == 0;
	if (sampled) {
		trace->skip = (random_next(&trace->random) & 0xffff) *
			      (2 * trace->every - 1) >> 16;
	} else {
		trace->skip--;
	}
	port_unlock(lock);
	return sampled;
}

/* Add a block that has no record. */
static bool add(struct slate_trace *trace, unsigned int key, const void *ptr,
		size_t size, const void *site)
{
	uintptr_t frames[SLATE_TRACE_FRAMES];
	struct slate_entry entry = {
		.ptr = (uintptr_t)ptr, .size = size, .key = (uint8_t)key,
	};
	slate_port_key lock;
	bool put;

	find_frames(trace, site, frames);
	lock = port_lock();
	entry.whose = (uint16_t)slate_trace_site_(trace, frames);
	entry.mark = (uint8_t)trace->mark;
	put = slate_trace_put_(trace, &entry);
	port_unlock(lock);
	return put;
}

static void add_call(const struct slate_wrap *wrap, const void *ptr,
		     size_t size, const void *site)
{
	struct slate_trace *trace = trace_of(wrap);

	if (ptr && is_sampled(trace))
		add(trace, TRACE_KEY_TIER(wrap->tier), ptr, size, site);
}

/* Take a block's record out, if there is one. */
static bool take(struct slate_trace *trace, unsigned int key, const void *ptr,
		 struct slate_entry *entry)
{
	slate_port_key lock;
	bool taken;

	if (!ptr)
		return false;
	lock = port_lock();
	taken = slate_trace_take_(trace, key, (uintptr_t)ptr, entry);
	port_unlock(lock);
	return taken;
}

static void *trace_malloc(void *ctx, size_t size, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	void *ptr = slate_table_malloc_(wrap->below, size, site);

	add_call(wrap, ptr, size, site);
	return ptr;
}

static void *trace_calloc(void *ctx, size_t nmemb, size_t size,
			  const void *site)
{
	const struct slate_wrap *wrap = ctx;
	void *ptr = slate_table_calloc_(wrap->below, nmemb, size, site);

	add_call(wrap, ptr, nmemb * size, site);
	return ptr;
}

static void *trace_aligned(void *ctx, size_t align, size_t size,
			   unsigned int caps, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	void *ptr = slate_table_aligned_(wrap->below, align, size, caps, site);

	add_call(wrap, ptr, size, site);
	return ptr;
}

static void trace_free(void *ctx, void *ptr, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct slate_entry entry;

	take(trace_of(wrap), TRACE_KEY_TIER(wrap->tier), ptr, &entry);
	slate_table_free_(wrap->below, ptr, site);
}

static void *trace_realloc(void *ctx, void *old, size_t size,
			   const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct slate_trace *trace = trace_of(wrap);
	const unsigned int key = TRACE_KEY_TIER(wrap->tier);
	struct slate_entry entry;
	bool taken = take(trace, key, old, &entry);
	void *ptr = slate_table_realloc_(wrap->below, old, size, site);
	slate_port_key lock;

	if (!taken) {
		add_call(wrap, ptr, size, site);
		return ptr;
	}
	if (ptr) {
		add(trace, key, ptr, size, site);
		return ptr;
	}
	lock = port_lock();
	slate_trace_put_(trace, &entry);
	port_unlock(lock);
	return NULL;
}

static const struct slate_site_calls trace_calls = {
	trace_malloc, trace_calloc, trace_realloc, trace_free, trace_aligned
};

bool slate_trace_on(const struct slate_trace *trace)
{
	return trace->heap != NULL;
}

static bool is_usable(const struct slate_trace_config *config)
{
	return config->sites >= 2 && config->sites <= 65535 &&
	       config->depth <= SLATE_TRACE_FRAMES && config->every <= 32767;
}

int slate_trace_start(struct slate_trace *trace, struct slate_heap *heap,
		      const struct slate_trace_config *config)
{
	int err;

	if (trace->heap)
		return -SLATE_EBUSY;
	if (!is_usable(config))
		return -SLATE_EINVAL;
	memset(trace, 0, sizeof(*trace));
	trace->config = config;
	trace->nsites = config->sites;
	trace->depth = config->depth ? config->depth : 1;
	trace->every = config->every ? config->every : 1;
	trace->random = 2463534242u;
	if (!slate_trace_divide_(trace))
		return -SLATE_EINVAL;
	slate_trace_empty_(trace);
	err = slate_wrap_push(heap, trace->wraps, config->tiers, &trace_calls,
			      "trace", trace);
	if (!err)
		trace->heap = heap;
	return err;
}

int slate_trace_stop(struct slate_trace *trace)
{
	int err;

	if (!trace->heap)
		return -SLATE_EINVAL;
	err = slate_wrap_pop(trace->heap, trace->wraps);
	if (err)
		return err;
	slate_trace_empty_(trace);
	trace->heap = NULL;
	return 0;
}

/* May this memory be tracked: one of slate's own domain may not. */
static bool is_trackable(const struct slate_trace *trace, unsigned int domain,
			 const void *ptr)
{
	return trace->heap && ptr && domain != SLATE_TRACE_HEAP &&
	       domain < SLATE_TRACE_DOMAINS;
}

int slate_trace_track(struct slate_trace *trace, unsigned int domain,
		      const void *ptr, size_t size, const void *site)
{
	const unsigned int key = TRACE_KEY_DOMAIN(domain);
	struct slate_entry entry;

	if (!is_trackable(trace, domain, ptr))
		return -SLATE_EINVAL;
	take(trace, key, ptr, &entry);
	if (!site)
		site = SLATE_CALLER;
	return add(trace, key, ptr, size, site) ? 0 : -SLATE_ENOMEM;
}

int slate_trace_untrack(struct slate_trace *trace, unsigned int domain,
			const void *ptr)
{
	struct slate_entry entry;

	if (!is_trackable(trace, domain, ptr))
		return -SLATE_EINVAL;
	take(trace, TRACE_KEY_DOMAIN(domain), ptr, &entry);
	return 0;
}
