/* SPDX-License-Identifier: MIT */
/*
 * Layer 7, private: the tables of a tracer, see trace_table.c.
 *
 * The key of an entry is its domain, but for the heap's, which have their tier
 * too: 0 to 2 for the tiers, 2 + domain for the others.
 */
#ifndef SLATE_TRACE_STATE_H
#define SLATE_TRACE_STATE_H

#include <slate/trace.h>

#include "ledger.h"

/* The key of a block of a tier, and of another domain. */
#define TRACE_KEY_TIER(tier)		((uint8_t)(tier))
#define TRACE_KEY_DOMAIN(domain)	((uint8_t)(SLATE_TIERS - 1 + (domain)))

SLATE_INLINE size_t trace_site_bytes(const struct slate_trace *trace)
{
	return sizeof(struct slate_trace_site) +
	       trace->depth * sizeof(uintptr_t);
}

SLATE_INLINE struct slate_trace_site *
trace_site(const struct slate_trace *trace, size_t i)
{
	return (struct slate_trace_site *)(void *)
		(trace->sites + i * trace_site_bytes(trace));
}

/* Divide the memory of the configuration; false if it is too small. */
bool slate_trace_divide_(struct slate_trace *trace);

/* Lock held: both tables are empty. */
void slate_trace_empty_(struct slate_trace *trace);

/* Lock held: the number of a site, which is made if it is new. */
unsigned int slate_trace_site_(struct slate_trace *trace,
			       const uintptr_t *frames);

/* Lock held: add a block that has no entry; false if it was lost. */
bool slate_trace_put_(struct slate_trace *trace,
		      const struct slate_entry *entry);

/* Lock held: take an entry out; what it was is in *@entry. */
bool slate_trace_take_(struct slate_trace *trace, unsigned int key,
		       uintptr_t ptr, struct slate_entry *entry);

#endif /* SLATE_TRACE_STATE_H */
