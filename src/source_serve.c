// SPDX-License-Identifier: MIT
/*
 * Which arena from a source serves a request: shelf by shelf, in the order of
 * the chain, as far as the source's memory has what is wanted.
 */
#include "source.h"

#if SLATE_CONFIG_SOURCE

/* Arenas of a list that may serve, but need not, that are asked. */
#define LOOKS	2

/* The first shelf, and the next one, whose memory serves the request. */
static struct shelf *shelf_serving(struct shelf *shelf,
				   const struct slate_request *req)
{
	while (shelf && !slate_caps_serve(shelf->source->caps, req->caps))
		shelf = shelf->next;
	return shelf;
}

static struct shelf *first_shelf(const struct slate_heap *heap,
				 const struct slate_request *req)
{
	return heap->sources ? shelf_serving(heap->sources->shelves, req) :
	       NULL;
}

#define for_each_shelf(shelf, heap, req)				\
	for (shelf = first_shelf(heap, req); shelf;			\
	     shelf = shelf_serving((shelf)->next, req))

size_t slate_sources_serve_room_(struct slate_heap *heap,
				 const struct slate_request *req,
				 struct slate_pools **p)
{
	struct shelf *shelf;

	if (!req->small)
		return SLATE_NONE;
	for_each_shelf(shelf, heap, req) {
		struct sourced *a = slate_shelf_room_(shelf, req->n);

		if (!a)
			continue;
		*p = &a->pools;
		return slate_pool_alloc(*p, req->n, req->make);
	}
	return SLATE_NONE;
}

static size_t shelf_serve(struct shelf *shelf, const struct slate_request *req,
			  struct slate_pools **p)
{
	unsigned int top = slate_word_log2(req->n + req->align - 1);
	struct sourced *a = shelf->top[top];
	unsigned int looks;
	uintptr_t map;
	size_t g;

	for (looks = 0; looks < LOOKS && a; looks++, a = a->top_next) {
		*p = &a->pools;
		g = slate_arena_serve_(*p, req);
		if (g != SLATE_NONE)
			return g;
	}
	map = shelf->top_map & ~slate_word_below(top) & ~slate_word_bit(top);
	if (!map)
		return SLATE_NONE;
	*p = &shelf->top[slate_word_ctz(map)]->pools;
	return slate_arena_serve_(*p, req);
}

size_t slate_sources_serve_(struct slate_heap *heap,
			    const struct slate_request *req,
			    struct slate_pools **p)
{
	struct shelf *shelf;
	size_t g;

	for_each_shelf(shelf, heap, req) {
		g = shelf_serve(shelf, req, p);
		if (g != SLATE_NONE)
			return g;
	}
	return SLATE_NONE;
}

/* A block of class @n or a larger one, from pools on one shelf. */
static size_t shelf_serve_larger(struct shelf *shelf, size_t n,
				 struct slate_pools **p)
{
	struct sourced *a;
	size_t g;

	for (; n <= SLATE_POOL_CLASSES; n++) {
		a = slate_shelf_room_(shelf, n);
		if (!a)
			continue;
		*p = &a->pools;
		g = slate_pool_alloc(*p, n, true);
		slate_sources_list_(a, n);
		return g;
	}
	return SLATE_NONE;
}

size_t slate_sources_serve_larger_(struct slate_heap *heap,
				   const struct slate_request *req,
				   struct slate_pools **p)
{
	struct shelf *shelf;
	size_t g;

	for_each_shelf(shelf, heap, req) {
		g = shelf_serve_larger(shelf, req->n, p);
		if (g != SLATE_NONE)
			return g;
	}
	return SLATE_NONE;
}

#else

extern const int slate_source_serve_is_off;

#endif /* SLATE_CONFIG_SOURCE */
