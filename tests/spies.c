// SPDX-License-Identifier: MIT
#include "spies.h"

static struct spy *note(void *ctx, void *ptr, size_t a, size_t b)
{
	struct spy *spy = ctx;

	spy->calls++;
	spy->ctx = ctx;
	spy->ptr = ptr;
	spy->a = a;
	spy->b = b;
	return spy;
}

static void *spy_malloc(void *ctx, size_t size)
{
	const struct slate_allocator *below = note(ctx, NULL, size, 0)->below;

	return below->malloc(below->ctx, size);
}

static void *spy_calloc(void *ctx, size_t nmemb, size_t size)
{
	const struct slate_allocator *below =
		note(ctx, NULL, nmemb, size)->below;

	return below->calloc(below->ctx, nmemb, size);
}

static void *spy_realloc(void *ctx, void *ptr, size_t size)
{
	const struct slate_allocator *below = note(ctx, ptr, size, 0)->below;

	return below->realloc(below->ctx, ptr, size);
}

static void spy_free(void *ctx, void *ptr)
{
	const struct slate_allocator *below = note(ctx, ptr, 0, 0)->below;

	below->free(below->ctx, ptr);
}

static void *spy_aligned(void *ctx, size_t align, size_t size,
			 unsigned int caps)
{
	const struct slate_allocator *below =
		note(ctx, NULL, align, size)->below;

	return below->aligned(below->ctx, align, size, caps);
}

struct slate_allocator spies_table(struct spy *spy)
{
	struct slate_allocator table = {
		.name = "spy",
		.ctx = spy,
		.malloc = spy_malloc,
		.calloc = spy_calloc,
		.realloc = spy_realloc,
		.free = spy_free,
		.aligned = spy_aligned,
	};

	return table;
}

bool spies_saw(const struct spy *spy, unsigned int calls, const void *ptr,
	       size_t a, size_t b)
{
	return spy->calls == calls && spy->ctx == spy && spy->ptr == ptr &&
	       spy->a == a && spy->b == b;
}
