// SPDX-License-Identifier: MIT
/*
 * The tables of a tracer: sites in front, a ledger of blocks behind, in which
 * @whose is the number of the site.
 *
 * Sites are found by a hash of their frames, in one of TRACE_REACH places.
 * They never go before the table is cleared, so their numbers, which are their
 * places, stay good. Place 0 is for all that found none.
 */
#include "mem_calls.h"
#include "trace_state.h"

#define TRACE_REACH	32

bool slate_trace_divide_(struct slate_trace *trace)
{
	const struct slate_trace_config *config = trace->config;
	size_t sites = trace_site_bytes(trace) * trace->nsites;

	if (sites > config->size)
		return false;
	trace->sites = config->table;
	return slate_ledger_divide_(&trace->blocks, trace->sites + sites,
				    config->size - sites);
}

void slate_trace_empty_(struct slate_trace *trace)
{
	memset(trace->sites, 0, trace_site_bytes(trace) * trace->nsites);
	slate_ledger_empty_(&trace->blocks);
	trace->current = 0;
	trace->peak = 0;
	trace->lost_sites = 0;
	trace->mark = 0;
}

bool slate_trace_put_(struct slate_trace *trace,
		      const struct slate_entry *entry)
{
	struct slate_trace_site *site = trace_site(trace, entry->whose);

	if (!slate_ledger_put_(&trace->blocks, entry))
		return false;
	site->size += entry->size;
	site->count++;
	trace->current += entry->size;
	if (trace->current > trace->peak)
		trace->peak = trace->current;
	return true;
}

bool slate_trace_take_(struct slate_trace *trace, unsigned int key,
		       uintptr_t ptr, struct slate_entry *entry)
{
	struct slate_trace_site *site;

	if (!slate_ledger_take_(&trace->blocks, key, ptr, entry))
		return false;
	site = trace_site(trace, entry->whose);
	site->size -= entry->size;
	site->count--;
	trace->current -= entry->size;
	return true;
}

static bool same_frames(const uintptr_t *a, const uintptr_t *b, unsigned int n)
{
	while (n--) {
		if (a[n] != b[n])
			return false;
	}
	return true;
}

unsigned int slate_trace_site_(struct slate_trace *trace,
			       const uintptr_t *frames)
{
	uintptr_t word = 0;
	struct slate_trace_site *site;
	unsigned int n;
	size_t i;

	for (n = 0; n < trace->depth; n++)
		word = (word ^ frames[n]) * LEDGER_SPREAD;
	i = 1 + ledger_place(word, trace->nsites - 1);
	for (n = 0; n < TRACE_REACH; n++) {
		site = trace_site(trace, i);
		if (!site->total)
			memcpy(site->frames, frames,
			       trace->depth * sizeof(*frames));
		if (same_frames(site->frames, frames, trace->depth)) {
			site->total++;
			return (unsigned int)i;
		}
		if (++i == trace->nsites)
			i = 1;
	}
	trace_site(trace, SLATE_TRACE_OTHER)->total++;
	trace->lost_sites++;
	return SLATE_TRACE_OTHER;
}
