// SPDX-License-Identifier: MIT
#include "bins.h"
#include "chunks.h"

struct slate_pools test_pools;

void chunks_describe(size_t size)
{
	memset(&test_pools, 0, sizeof(test_pools));
	memset(&test_chunks, 0xa5, sizeof(test_chunks));
	memset(&test_chunks.arena, 0, sizeof(test_chunks.arena));
	test_chunks.arena.start = test_memory;
	test_chunks.arena.size = size;
}

struct slate_chunks *chunks_make(struct ktap *t, size_t size)
{
	memset(test_memory, 0xa5, size);
	chunks_describe(size);
	ktap_expect(t, slate_chunk_layout(&test_chunks, test_memory) == 0);
	return &test_chunks;
}

size_t chunks_largest(const struct slate_chunks *chunks)
{
	size_t largest = 0;
	size_t g;

	for (g = 0; g < chunks->arena.n; g = slate_chunk_next(chunks, g + 1)) {
		size_t n = slate_chunk_end(chunks, g) - g;

		if (slate_chunk_is_free(chunks, g) && n > largest)
			largest = n;
	}
	return largest;
}

size_t chunks_take(struct slate_chunks *chunks, size_t n)
{
	size_t largest = chunks_largest(chunks);
	size_t g;

	if (largest < n)
		return SLATE_NONE;
	g = slate_chunk_alloc(chunks, largest);
	if (g >= SLATE_BROKEN || slate_chunk_resize(chunks, g, n))
		return SLATE_BROKEN;
	return g;
}

#if SLATE_CONFIG_COMPACT
unsigned int chunks_bin(size_t n)
{
	return slate_bin_of_(n);
}

uint32_t *chunks_head(struct slate_chunks *chunks, unsigned int bin)
{
	return &chunks->bins[bin].next;
}
#else
unsigned int chunks_bin(size_t n)
{
	return bin_of(n);
}

uint32_t *chunks_head(struct slate_chunks *chunks, unsigned int bin)
{
	return &chunks->bins[bin];
}
#endif

bool chunks_valid(struct slate_report *report)
{
	return slate_chunk_valid(&test_chunks, report) &&
	       slate_pool_valid(&test_pools, report);
}

bool chunks_are_one(const struct slate_chunks *chunks)
{
	if (!slate_chunk_valid(chunks, NULL))
		return false;
	return slate_chunk_is_free(chunks, 0) &&
	       slate_chunk_size(chunks, 0) == chunks->arena.n;
}

struct slate_chunks *chunks_make_mixed(struct ktap *t)
{
	static const unsigned char sizes[] = {
		1, 1, 2, 1, 2, 1, 3, 1, 2, 1, 5, 1, 3, 2, 1, 4, 8, 2, 12, 1,
	};
	struct slate_chunks *chunks = chunks_make(t, TEST_HEAP);
	size_t hole[sizeof(sizes)];
	size_t large;
	size_t i;

	for (i = 0; i < sizeof(sizes); i++)
		hole[i] = chunks_take(chunks, sizes[i]);
	large = chunks_take(chunks, 2 * SLATE_WORD_BITS + 7);
	chunks_take(chunks, 3 * SLATE_WORD_BITS);
	for (i = 0; i < sizeof(sizes); i += 2)
		slate_chunk_free(chunks, hole[i]);
	slate_chunk_free(chunks, large);
	ktap_expect(t, slate_chunk_valid(chunks, NULL));
	return chunks;
}
