// SPDX-License-Identifier: MIT
/*
 * What slate keeps of a region for itself: for regions of some sizes one line
 *
 *	SIZE OVERHEAD CONTROL SHARE
 *
 * OVERHEAD: bytes that cannot be handed out; CONTROL: those of them that are
 * neither the side bits nor the byte that each unit has for pools; SHARE: bytes
 * handed out as blocks of 16 until there are no more. The first line is the
 * smallest region of which half can be handed out so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <slate/slate.h>

static _Alignas(64) unsigned char memory[65536];

static size_t share(size_t size)
{
	struct slate_heap *heap = slate_heap_create(memory, size);
	size_t sum = 0;

	while (heap && slate_obj_malloc(heap, 16))
		sum += 16;
	return sum;
}

static void print_region(size_t size)
{
	struct slate_heap *heap = slate_heap_create(memory, size);
	struct slate_stats stats;
	size_t granules, units;

	if (!heap) {
		printf("%zu %zu %zu 0\n", size, size, size);
		return;
	}
	slate_heap_stats(heap, &stats);
	granules = (size - stats.overhead) / SLATE_CONFIG_GRANULE;
	units = granules / SLATE_WORD_BITS + 1;
	printf("%zu %zu %zu %zu\n", size, stats.overhead,
	       stats.overhead - units * 2 * sizeof(uintptr_t) -
	       (SLATE_CONFIG_POOL ? units : 0), share(size));
}

int main(void)
{
	static const size_t sizes[] = { 512, 1024, 2048, 4096, 16384, 65536 };
	size_t useful = 64;
	size_t i;

	while (useful < sizeof(memory) && share(useful) * 2 < useful)
		useful += 8;
	print_region(useful);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		print_region(sizes[i]);
	return 0;
}
