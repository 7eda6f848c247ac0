// SPDX-License-Identifier: MIT
/* A heap in parts: each span of each region goes into one of them. */
#include <slate/survey.h>

#include "mem_calls.h"

struct looking {
	struct slate_heap *heap;
	struct slate_survey *survey;
};

static void count_state(struct slate_states *states, size_t used, size_t all)
{
	if (!used)
		states->empty++;
	else if (used == all)
		states->full++;
	else
		states->partial++;
}

static void add_pool(struct slate_survey *s, const struct slate_span *span)
{
	size_t live = span->nlive * span->block_size;
	size_t all = span->nblocks * span->block_size;

	s->live_pooled += live;
	s->free_pooled += all - live;
	s->pool_rests += span->size - all;
	s->blocks_pooled += span->nlive;
	count_state(&s->pools, span->nlive, span->nblocks);
}

/* Not by a switch: on Armv6-M that would be a call into libgcc. */
static int add_span(void *arg, const struct slate_span *span)
{
	struct slate_survey *s = arg;

	s->size += span->size;
	if (span->kind == SLATE_SPAN_POOL)
		add_pool(s, span);
	if (span->kind == SLATE_SPAN_TABLES)
		s->tables += span->size;
	if (span->kind == SLATE_SPAN_LIVE) {
		s->live_chunks += span->size;
		s->blocks_chunks++;
	}
	if (span->kind == SLATE_SPAN_FREE) {
		s->free_chunks += span->size;
		s->chunks++;
		if (span->size > s->largest_free)
			s->largest_free = span->size;
	}
	return 0;
}

/* @part in thousandths of @whole, by a long division of ten steps. */
static unsigned int thousandths(size_t part, size_t whole)
{
	unsigned int result = 0;
	unsigned int bit;

	if (!whole)
		return 0;
	while (whole > SIZE_MAX >> 10) {
		part >>= 1;
		whole >>= 1;
	}
	part *= 1000;
	for (bit = 1u << 9; bit; bit >>= 1) {
		if (part < whole * bit)
			continue;
		part -= whole * bit;
		result |= bit;
	}
	return result;
}

static void look_at_region(struct slate_survey *all,
			   const struct slate_survey *one)
{
	size_t live = one->live_chunks + one->live_pooled;
	size_t free = one->free_chunks + one->free_pooled;

	all->size += one->size;
	all->live_chunks += one->live_chunks;
	all->live_pooled += one->live_pooled;
	all->free_chunks += one->free_chunks;
	all->free_pooled += one->free_pooled;
	all->pool_rests += one->pool_rests;
	all->tables += one->tables;
	all->blocks_chunks += one->blocks_chunks;
	all->blocks_pooled += one->blocks_pooled;
	all->chunks += one->chunks;
	if (one->largest_free > all->largest_free)
		all->largest_free = one->largest_free;
	all->pools.empty += one->pools.empty;
	all->pools.partial += one->pools.partial;
	all->pools.full += one->pools.full;
	count_state(&all->regions, live, live + free);
}

static int add_region(void *arg, const struct slate_region *region)
{
	const struct looking *looking = arg;
	struct slate_survey one;

	memset(&one, 0, sizeof(one));
	slate_region_map(looking->heap, region->base, add_span, &one);
	look_at_region(looking->survey, &one);
	return 0;
}

static void judge(struct slate_survey *survey)
{
	size_t free = survey->free_chunks + survey->free_pooled;

	survey->fragmentation = thousandths(free - survey->largest_free,
					    survey->size);
}

void slate_heap_survey(struct slate_heap *heap, struct slate_survey *survey)
{
	struct looking looking = { heap, survey };

	memset(survey, 0, sizeof(*survey));
	slate_heap_regions(heap, add_region, &looking);
	judge(survey);
}

int slate_region_survey(struct slate_heap *heap, const void *base,
			struct slate_survey *survey)
{
	struct slate_survey one;
	int err;

	memset(&one, 0, sizeof(one));
	err = slate_region_map(heap, base, add_span, &one);
	if (err)
		return err;
	memset(survey, 0, sizeof(*survey));
	look_at_region(survey, &one);
	judge(survey);
	return 0;
}
