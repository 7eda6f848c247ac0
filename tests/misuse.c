// SPDX-License-Identifier: MIT
#include "misuse.h"

void misuse_expect(struct ktap *t, struct slate_heap *heap, const void *where,
		   enum slate_fault kind)
{
	void *ptr = (void *)(uintptr_t)where;
	struct test_state before = test_state(heap);
	const struct test_tier *tier;

	ktap_expect(t, faults_none());
	for_each_tier(tier) {
		tier->free(heap, ptr);
		ktap_expect(t, faults_one(kind, heap, ptr));
		ktap_expect(t, !tier->realloc(heap, ptr, 10));
		ktap_expect(t, faults_one(kind, heap, ptr));
		ktap_expect(t, !tier->realloc(heap, ptr, 0));
		ktap_expect(t, faults_one(kind, heap, ptr));
		ktap_expect(t, !tier->realloc(heap, ptr, 4000));
		ktap_expect(t, faults_one(kind, heap, ptr));
	}
	ktap_expect(t, slate_heap_usable_size(heap, ptr) == 0);
	ktap_expect(t, faults_one(kind, heap, ptr));
	ktap_expect(t, test_same(&before, heap));
}

struct slate_heap *misuse_heap(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	unsigned int i;

	for (i = 0; i < 12; i++) {
		size_t size = 3 + i * 9;
		void *p = test_tiers[i % 3].malloc(heap, size);

		if (ktap_expect(t, p))
			test_fill(p, size, i);
	}
	return heap;
}

unsigned char *misuse_pooled(struct ktap *t, struct slate_heap *heap,
			     size_t size)
{
	size_t pools = test_stats(heap).pools;
	unsigned char *p;

	if (!SLATE_CONFIG_POOL) {
		t->skip = "no pools in this configuration";
		return NULL;
	}
	do {
		p = slate_obj_malloc(heap, size);
		if (!ktap_expect(t, p))
			return NULL;
		memset(p, 0x42, size);
	} while (test_stats(heap).pools == pools);
	return p;
}
