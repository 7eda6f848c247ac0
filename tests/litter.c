// SPDX-License-Identifier: MIT
#include "litter.h"

struct litter_block litter[LITTER];

void litter_scribble(void *ptr, size_t size)
{
	unsigned char *p = ptr;

	while (size--)
		*p++ = (unsigned char)test_random();
}

struct slate_heap *litter_heap(struct ktap *t)
{
	const size_t most = TEST_HEAP / LITTER / 2;
	struct slate_heap *heap = test_heap();
	unsigned int i;

	for (i = 0; i < LITTER; i++) {
		size_t size = i % 3 ? 1 + test_below(40) :
			      1 + test_below((uint32_t)most);

		litter[i].ptr = test_tiers[i / 2 % 3].malloc(heap, size);
		litter[i].size = size;
		if (ktap_expect(t, litter[i].ptr))
			test_fill(litter[i].ptr, size, i);
	}
	for (i = 0; i < LITTER; i += 2)
		slate_mem_free(heap, litter[i].ptr);
	ktap_expect(t, slate_heap_valid(heap));
	return heap;
}

void litter_expect_live(struct ktap *t)
{
	unsigned int i;

	for (i = 1; i < LITTER; i += 2)
		ktap_expect(t, test_filled(litter[i].ptr, litter[i].size, i));
}

void litter_finish(struct ktap *t, struct slate_heap *heap)
{
	unsigned int i;

	litter_expect_live(t);
	for (i = 1; i < LITTER; i += 2)
		slate_mem_free(heap, litter[i].ptr);
	ktap_expect(t, test_stats(heap).live == 0);
	ktap_expect(t, test_is_empty(heap));
	ktap_expect(t, faults_none());
	slate_heap_destroy(heap);
}
