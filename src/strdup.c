// SPDX-License-Identifier: MIT
/* Copies of strings, and arrays that grow, on the mem tier. */
#include "mem_calls.h"
#include "site.h"

static char *copy_string(struct slate_heap *heap, const char *s, size_t n,
			 const void *site)
{
	size_t len = 0;
	char *copy;

	if (!s)
		return NULL;
	while (len < n && s[len])
		len++;
	copy = mem_malloc_at(heap, len + 1, site);
	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

SLATE_CALLED
char *slate_mem_strndup(struct slate_heap *heap, const char *s, size_t n)
{
	return copy_string(heap, s, n, SLATE_CALLER);
}

SLATE_CALLED
char *slate_mem_strdup(struct slate_heap *heap, const char *s)
{
	return copy_string(heap, s, PTRDIFF_MAX - 1, SLATE_CALLER);
}

SLATE_CALLED
void *slate_mem_resize_array(struct slate_heap *heap, void *ptr, size_t nmemb,
			     size_t size)
{
	size_t bytes;

	if (!slate_size_product(nmemb, size, &bytes))
		return NULL;
	return mem_realloc_at(heap, ptr, bytes, SLATE_CALLER);
}
