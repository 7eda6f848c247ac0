// SPDX-License-Identifier: MIT
/* Copies of strings, and arrays that grow, on the mem tier. */
#include <slate/tier.h>

#include "mem_calls.h"

char *slate_mem_strndup(struct slate_heap *heap, const char *s, size_t n)
{
	size_t len = 0;
	char *copy;

	if (!s)
		return NULL;
	while (len < n && s[len])
		len++;
	copy = slate_mem_malloc(heap, len + 1);
	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *slate_mem_strdup(struct slate_heap *heap, const char *s)
{
	return slate_mem_strndup(heap, s, PTRDIFF_MAX - 1);
}

void *slate_mem_resize_array(struct slate_heap *heap, void *ptr, size_t nmemb,
			     size_t size)
{
	size_t bytes;

	if (!slate_size_product(nmemb, size, &bytes))
		return NULL;
	return slate_mem_realloc(heap, ptr, bytes);
}
