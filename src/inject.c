// SPDX-License-Identifier: MIT
/* Failure on demand: a request is numbered, judged by the rule, passed on. */
#include <slate/inject.h>

#include "engine.h"
#include "mem_calls.h"
#include "random.h"
#include "site.h"

#define SEED	2463534242u

/* Lock held: the request is one that the rule is for. Does it fail? */
static bool hits(struct slate_inject *inject)
{
	const struct slate_inject_rule *rule = &inject->rule;
	uint32_t number = ++inject->calls;

	if (number != inject->next)
		return false;
	inject->next += rule->every ? rule->every : 1;
	if (rule->last && number > rule->last)
		return false;
	if (rule->chance && random_next(&inject->random) >> 16 >= rule->chance)
		return false;
	inject->failed++;
	return true;
}

/* Does the rule say that a request of @size bytes fails? */
static bool is_hit(struct slate_inject *inject, enum slate_tier tier,
		   size_t size)
{
	const struct slate_inject_rule *rule = &inject->rule;
	slate_port_key key;
	bool hit;

	if (rule->tiers && !(rule->tiers & 1u << tier))
		return false;
	if (size <= rule->above && rule->above)
		return false;
	if (rule->owner && rule->owner(rule->ctx) != rule->who)
		return false;
	key = heap_lock();
	hit = hits(inject);
	heap_unlock(key);
	return hit;
}

/* Let it fail as a real request does: try again if something was released. */
static bool fails(const struct slate_wrap *wrap, size_t size)
{
	struct slate_inject *inject = wrap->user;

	if (!is_hit(inject, wrap->tier, size))
		return false;
	if (slate_hooks_rescue_(inject->heap, size) &&
	    !is_hit(inject, wrap->tier, size))
		return false;
	slate_engine_failed_(inject->heap, size);
	return true;
}

static void *inject_malloc(void *ctx, size_t size, const void *site)
{
	const struct slate_wrap *wrap = ctx;

	if (fails(wrap, size))
		return NULL;
	return slate_table_malloc_(wrap->below, size, site);
}

static void *inject_calloc(void *ctx, size_t nmemb, size_t size,
			   const void *site)
{
	const struct slate_wrap *wrap = ctx;

	if (fails(wrap, nmemb * size))
		return NULL;
	return slate_table_calloc_(wrap->below, nmemb, size, site);
}

/*
 * A block is measured before it may fail to grow; a bad pointer is reported by
 * that, and then there is nothing to pass on.
 */
static void *inject_realloc(void *ctx, void *ptr, size_t size,
			    const void *site)
{
	const struct slate_wrap *wrap = ctx;
	const struct slate_inject *inject = wrap->user;
	bool grows = !ptr || wrap->below->flags & SLATE_ALLOC_REPLACES;
	struct slate_block block;

	if (!grows) {
		if (!slate_hooks_find_(inject->heap, ptr, &block))
			return NULL;
		grows = size > block.size;
	}
	if (grows && fails(wrap, size))
		return NULL;
	return slate_table_realloc_(wrap->below, ptr, size, site);
}

static void inject_free(void *ctx, void *ptr, const void *site)
{
	const struct slate_wrap *wrap = ctx;

	slate_table_free_(wrap->below, ptr, site);
}

static void *inject_aligned(void *ctx, size_t align, size_t size,
			    unsigned int caps, const void *site)
{
	const struct slate_wrap *wrap = ctx;

	if (fails(wrap, size))
		return NULL;
	return slate_table_aligned_(wrap->below, align, size, caps, site);
}

static const struct slate_site_calls calls = {
	.malloc = inject_malloc,
	.calloc = inject_calloc,
	.realloc = inject_realloc,
	.free = inject_free,
	.aligned = inject_aligned,
};

int slate_inject_set(struct slate_inject *inject,
		     const struct slate_inject_rule *rule)
{
	slate_port_key key;

	if (rule->tiers & ~SLATE_WRAP_ALL)
		return -SLATE_EINVAL;
	key = heap_lock();
	inject->rule = *rule;
	inject->calls = 0;
	inject->failed = 0;
	inject->next = rule->first ? rule->first : 1;
	inject->random = rule->seed ? rule->seed : SEED;
	heap_unlock(key);
	return 0;
}

int slate_inject_start(struct slate_heap *heap, struct slate_inject *inject,
		       const struct slate_inject_rule *rule)
{
	int err;

	memset(inject, 0, sizeof(*inject));
	inject->heap = heap;
	err = slate_inject_set(inject, rule);
	if (err)
		return err;
	return slate_wrap_push(heap, inject->wraps, SLATE_WRAP_ALL, &calls,
			       "inject", inject);
}

int slate_inject_stop(struct slate_inject *inject)
{
	return slate_wrap_pop(inject->heap, inject->wraps);
}
