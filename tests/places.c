// SPDX-License-Identifier: MIT
#include "places.h"

const unsigned int place_caps[PLACES] = {
	0, SLATE_CAP_DMA, SLATE_CAP_FAST | SLATE_CAP_RETAINED,
	SLATE_CAP_EXTERNAL | SLATE_CAP_USER << 3
};

struct slate_heap *places_make(struct ktap *t)
{
	struct slate_heap *heap;
	unsigned int i;

	if (SLATE_CONFIG_REGIONS < 4) {
		t->skip = "fewer than 4 regions in this configuration";
		return NULL;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	heap = slate_heap_create_caps(PLACE_BASE(RAM), PLACE_SIZE(RAM),
				      place_caps[RAM]);
	for (i = DMA; i < PLACES; i++)
		ktap_expect(t, !slate_heap_add_region(heap, PLACE_BASE(i),
						      PLACE_SIZE(i),
						      place_caps[i]));
	return heap;
}

struct slate_heap *places_make_two(struct ktap *t, unsigned int caps)
{
	struct slate_heap *heap;

	if (SLATE_CONFIG_REGIONS < 2) {
		t->skip = "one region in this configuration";
		return NULL;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	heap = slate_heap_create(PLACE_BASE(RAM), PLACE_SIZE(RAM));
	ktap_expect(t, !slate_heap_add_region(heap, PLACE_BASE(DMA), TEST_HALF,
					      caps));
	return heap;
}

unsigned int place_of(const void *ptr)
{
	uintptr_t off;
	unsigned int i;

	for (i = 0; i < PLACES; i++) {
		off = (uintptr_t)ptr - (uintptr_t)PLACE_BASE(i);
		if (off < PLACE_SIZE(i))
			return i;
	}
	return PLACES;
}
