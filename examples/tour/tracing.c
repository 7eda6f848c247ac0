// SPDX-License-Identifier: MIT
/* Which line of the program has more memory than before? */
#include "tour.h"

#define SITES	8

static uintptr_t table[SITES * 6 + 3 * 64];
static struct slate_trace trace;

static const struct slate_trace_config config = {
	.table = table,
	.size = sizeof(table),
	.sites = SITES,
};

/* Lines that allocate name themselves, on every machine alike. */
static void *request(size_t words)
{
	return slate_site_malloc(heap, SLATE_TIER_MEM,
				 words * sizeof(void *), SLATE_HERE);
}

static void *cache_entry(void)
{
	return slate_site_malloc(heap, SLATE_TIER_MEM, 10 * sizeof(void *),
				 SLATE_HERE);
}

static void print_diff(const struct slate_trace_diff *diff)
{
	const struct slate_tag *tag = (const struct slate_tag *)
			slate_trace_frames(&trace, diff->site)[0];

	printf("  %s:%u: %lu words in %lu blocks (%+ld words, %+ld blocks)\n",
	       tag->file, tag->line, WORDS(diff->size),
	       (unsigned long)diff->count,
	       (long)(diff->size_diff / (ptrdiff_t)sizeof(void *)),
	       (long)diff->count_diff);
}

static void trace_requests(void)
{
	struct slate_trace_level before[SITES];
	struct slate_trace_diff diffs[SITES];
	void *blocks[12];
	size_t now, peak;
	size_t i, n;

	blocks[0] = cache_entry();
	blocks[1] = request(30);
	slate_trace_snapshot(&trace, before);
	slate_mem_free(heap, blocks[1]);
	for (i = 1; i < 12; i++)
		blocks[i] = i & 1 ? cache_entry() : request(2);
	n = slate_trace_compare(&trace, before, NULL, diffs, SITES);
	for (i = 0; i < n; i++)
		print_diff(&diffs[i]);
	for (i = 0; i < 12; i++)
		slate_mem_free(heap, blocks[i]);
	slate_trace_memory(&trace, &now, &peak);
	printf("  now %lu words, at most %lu\n", WORDS(now), WORDS(peak));
}

void tour_tracing(void)
{
	printf("Tracing, two snapshots compared\n");
	if (slate_trace_start(&trace, heap, &config)) {
		printf("  not in this configuration\n");
		return;
	}
	trace_requests();
	if (slate_trace_stop(&trace))
		printf("  a wrapper is in the way\n");
}
