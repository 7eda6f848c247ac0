// SPDX-License-Identifier: MIT
/* The default heap: the one mutable global, linked only where it is used. */
#include <slate/default.h>

#include "site.h"

static struct slate_heap *heap;

struct slate_heap *slate_default(void)
{
	if (!heap)
		heap = slate_heap_create_from(NULL);
	return heap;
}

int slate_default_init(void *base, size_t size)
{
	if (heap)
		return -SLATE_EBUSY;
	heap = slate_heap_create(base, size);
	return heap ? 0 : -SLATE_EINVAL;
}

SLATE_CALLED
void *slate_malloc(size_t size)
{
	struct slate_heap *it = slate_default();

	return it ? mem_malloc_at(it, size, SLATE_CALLER) : NULL;
}

SLATE_CALLED
void *slate_calloc(size_t nmemb, size_t size)
{
	struct slate_heap *it = slate_default();

	return it ? mem_calloc_at(it, nmemb, size, SLATE_CALLER) : NULL;
}

SLATE_CALLED
void *slate_realloc(void *ptr, size_t size)
{
	struct slate_heap *it = slate_default();

	return it ? mem_realloc_at(it, ptr, size, SLATE_CALLER) : NULL;
}

SLATE_CALLED
void slate_free(void *ptr)
{
	struct slate_heap *it = slate_default();

	if (it)
		mem_free_at(it, ptr, SLATE_CALLER);
}
