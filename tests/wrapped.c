// SPDX-License-Identifier: MIT
#include "wrapped.h"

void *wrapped_area(struct ktap *t, size_t size)
{
	const size_t room = (size + 63) / 64 * 64;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return NULL;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	return memset(test_memory + TEST_HEAP - room, 0, size);
}

struct slate_heap *wrapped_heap(const void *area)
{
	const unsigned char *end = area;

	return slate_heap_create(test_memory, (size_t)(end - test_memory));
}

void wrapped_end(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}
