// SPDX-License-Identifier: MIT
/*
 * The block of facts, which tells tools what was recorded: items, each a tag,
 * a length, and bytes. A tool skips an item that it does not know. Items that
 * do not fit into the block, regions of a heap with many, are left out.
 */
#include "mem_calls.h"
#include "record_block.h"

enum fact {
	FACT_HEAP = 1,
	FACT_CONFIG,
	FACT_REGION,
	FACT_STATS,
	FACT_CODE,
	FACT_BUILD_ID,
	FACT_CLOCK,
	FACT_NAME,
	FACT_TIERS
};

#define FACT_NUMBERS	12
#define FACT_BYTES	64

static void put_bytes(struct slate_record *record, enum fact fact,
		      const void *bytes, size_t n)
{
	size_t used = (size_t)(record->at - record->open);
	unsigned char *p = record->at;

	if (record->block - used < RECORD_TAIL + 2 + n)
		return;
	*p++ = (unsigned char)fact;
	*p++ = (unsigned char)n;
	memcpy(p, bytes, n);
	slate_record_commit_(record, p + n);
}

static void put_numbers(struct slate_record *record, enum fact fact,
			const uintptr_t *numbers, size_t n)
{
	unsigned char bytes[FACT_NUMBERS * RECORD_NUMBER];
	unsigned char *p = bytes;
	size_t i;

	for (i = 0; i < n; i++)
		p = record_put(p, numbers[i]);
	put_bytes(record, fact, bytes, (size_t)(p - bytes));
}

static void put_config(struct slate_record *record)
{
	const uintptr_t numbers[] = {
		SLATE_CONFIG_GRANULE, SLATE_CONFIG_REGIONS,
		SLATE_CONFIG_SOURCE, SLATE_CONFIG_POOL, SLATE_CONFIG_HOOKS,
		SLATE_CONFIG_STATS, SLATE_CONFIG_LOCK, SLATE_CONFIG_CHECK,
		SLATE_CONFIG_REPAIR, SLATE_CONFIG_LINE, SLATE_CONFIG_DEBUG,
		SLATE_CONFIG_QUARANTINE,
	};

	SLATE_STATIC_ASSERT(sizeof(numbers) <= FACT_NUMBERS * sizeof(*numbers),
			    "FACT_NUMBERS is the most of one item");
	put_numbers(record, FACT_CONFIG, numbers,
		    sizeof(numbers) / sizeof(*numbers));
}

/* Spans that follow each other are one region. */
struct regions {
	struct slate_record *record;
	uintptr_t start;
	uintptr_t end;
	uintptr_t caps;
};

static void put_region(const struct regions *r)
{
	const uintptr_t numbers[] = { r->start, r->end - r->start, r->caps };

	if (r->end)
		put_numbers(r->record, FACT_REGION, numbers, 3);
}

static int add_span(void *arg, const struct slate_span *span)
{
	struct regions *r = arg;
	uintptr_t start = (uintptr_t)span->ptr;

	if (r->end != start || r->caps != span->caps) {
		put_region(r);
		r->start = start;
		r->caps = span->caps;
	}
	r->end = start + span->size;
	return 0;
}

static void put_heap(struct slate_record *record)
{
	struct regions regions = { .record = record };
	struct slate_stats stats;
	uintptr_t numbers[5];

	numbers[0] = sizeof(uintptr_t);
	numbers[1] = SLATE_CONFIG_GRANULE;
	numbers[2] = (uintptr_t)record->heap;
	put_numbers(record, FACT_HEAP, numbers, 3);
	slate_heap_stats(record->heap, &stats);
	numbers[0] = stats.size;
	numbers[1] = stats.live;
	numbers[2] = stats.blocks;
	numbers[3] = stats.free;
	numbers[4] = stats.overhead;
	put_numbers(record, FACT_STATS, numbers, 5);
	slate_heap_map(record->heap, add_span, &regions);
	put_region(&regions);
}

static void put_program(struct slate_record *record)
{
	const struct slate_record_config *config = record->config;
	uintptr_t code = (uintptr_t)&slate_record_start;
	uintptr_t tiers = config->tiers ? config->tiers : SLATE_WRAP_ALL;
	size_t n = 0;

	put_numbers(record, FACT_CODE, &code, 1);
	put_numbers(record, FACT_TIERS, &tiers, 1);
	if (config->time)
		put_numbers(record, FACT_CLOCK, &config->ticks, 1);
	if (config->build_id)
		put_bytes(record, FACT_BUILD_ID, config->build_id,
			  config->build_id_size < 32 ?
			  config->build_id_size : 32);
	if (!config->name)
		return;
	while (n < FACT_BYTES && config->name[n])
		n++;
	put_bytes(record, FACT_NAME, config->name, n);
}

void slate_record_facts_(struct slate_record *record, unsigned char *block)
{
	slate_record_begin_(record, block, 'H');
	put_program(record);
	put_config(record);
	put_heap(record);
}
