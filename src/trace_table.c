// SPDX-License-Identifier: MIT
/*
 * The tables of a tracer: sites in front, records behind.
 *
 * Records are found by a hash of the address; one whose place is taken stands
 * in the next that is free, at most TRACE_REACH places on, else it is lost. So
 * a look-up sees at most TRACE_REACH records, and ends at the first place that
 * is free. To keep it so, a record that goes is replaced by the next one that
 * may stand there, and so on. At most seven eighths are taken, so that there
 * are places that are free.
 *
 * Sites never go before the table is cleared, so their numbers, which are
 * their places, stay good. Place 0 is for all that found none.
 */
#include "mem_calls.h"
#include "trace_state.h"

#define TRACE_REACH	32

/* An odd number near the golden ratio of a word spreads what it multiplies. */
#if UINTPTR_MAX > 0xffffffffu
#define TRACE_SPREAD	((uintptr_t)0x9e3779b97f4a7c15)
#else
#define TRACE_SPREAD	((uintptr_t)0x9e3779b1)
#endif

/* A place below @n, from the upper half of a word that was spread. */
static size_t place(uintptr_t word, size_t n)
{
	const unsigned int half = SLATE_WORD_BITS / 2;

	return ((word * TRACE_SPREAD) >> half) * n >> half;
}

static size_t home_of(const struct slate_trace *trace, uintptr_t ptr)
{
	return place(ptr, trace->nrecords);
}

static size_t after(size_t i, size_t n)
{
	return i + 1 == n ? 0 : i + 1;
}

/* How far @i is behind @home, going round. */
static size_t distance(size_t home, size_t i, size_t n)
{
	return i >= home ? i - home : i + n - home;
}

bool slate_trace_divide_(struct slate_trace *trace)
{
	const struct slate_trace_config *config = trace->config;
	const size_t most = ((size_t)1 << SLATE_WORD_BITS / 2) - 1;
	size_t left = config->size;
	size_t sites = trace_site_bytes(trace) * trace->nsites;
	size_t n = 0;

	if ((uintptr_t)config->table & (sizeof(uintptr_t) - 1) || sites > left)
		return false;
	trace->sites = config->table;
	trace->records = (struct slate_trace_record *)(void *)
			 (trace->sites + sites);
	for (left -= sites; left >= sizeof(*trace->records) && n < most;
	     left -= sizeof(*trace->records))
		n++;
	trace->nrecords = n;
	trace->limit = n - n / 8 - !(n / 8);
	return n >= 8;
}

void slate_trace_empty_(struct slate_trace *trace)
{
	memset(trace->sites, 0, trace_site_bytes(trace) * trace->nsites);
	memset(trace->records, 0, sizeof(*trace->records) * trace->nrecords);
	trace->count = 0;
	trace->current = 0;
	trace->peak = 0;
	trace->lost = 0;
	trace->lost_sites = 0;
	trace->mark = 0;
}

/* All tiers are one domain: a block may be freed through another one. */
static bool same_domain(unsigned int a, unsigned int b)
{
	return a == b || (a < SLATE_TIERS && b < SLATE_TIERS);
}

struct slate_trace_record *slate_trace_look_(const struct slate_trace *trace,
					     unsigned int key, uintptr_t ptr)
{
	size_t i = home_of(trace, ptr);
	unsigned int n;

	for (n = 0; n < TRACE_REACH; n++) {
		struct slate_trace_record *record = &trace->records[i];

		if (record->ptr == ptr && same_domain(record->key, key))
			return record;
		if (!record->ptr)
			return NULL;
		i = after(i, trace->nrecords);
	}
	return NULL;
}

static void count(struct slate_trace *trace,
		  const struct slate_trace_record *record)
{
	struct slate_trace_site *site = trace_site(trace, record->site);

	site->size += record->size;
	site->count++;
	trace->count++;
	trace->current += record->size;
	if (trace->current > trace->peak)
		trace->peak = trace->current;
}

bool slate_trace_put_(struct slate_trace *trace,
		      const struct slate_trace_record *record)
{
	size_t i = home_of(trace, record->ptr);
	unsigned int n;

	for (n = 0; n < TRACE_REACH && trace->count < trace->limit; n++) {
		if (!trace->records[i].ptr) {
			trace->records[i] = *record;
			count(trace, record);
			return true;
		}
		i = after(i, trace->nrecords);
	}
	trace->lost++;
	return false;
}

/*
 * Place @hole is free now. The first record behind it, before another free
 * place, that may stand there moves, and its place is the next hole. None
 * that is TRACE_REACH behind may.
 */
static void close_hole(struct slate_trace *trace, size_t hole)
{
	size_t i = hole;
	size_t from;

	for (;;) {
		trace->records[hole].ptr = 0;
		do {
			i = after(i, trace->nrecords);
			if (!trace->records[i].ptr ||
			    distance(hole, i, trace->nrecords) >= TRACE_REACH)
				return;
			from = home_of(trace, trace->records[i].ptr);
		} while (distance(from, i, trace->nrecords) <
			 distance(hole, i, trace->nrecords));
		trace->records[hole] = trace->records[i];
		hole = i;
	}
}

bool slate_trace_take_(struct slate_trace *trace, unsigned int key,
		       uintptr_t ptr, struct slate_trace_record *record)
{
	struct slate_trace_record *found = slate_trace_look_(trace, key, ptr);
	struct slate_trace_site *site;

	if (!found)
		return false;
	*record = *found;
	site = trace_site(trace, found->site);
	site->size -= found->size;
	site->count--;
	trace->count--;
	trace->current -= found->size;
	close_hole(trace, (size_t)(found - trace->records));
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
		word = (word ^ frames[n]) * TRACE_SPREAD;
	i = 1 + place(word, trace->nsites - 1);
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
