/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: tracing: which place in the program has the memory. A record for
 * each live block, figures for each call site, in a table that the caller
 * gives; nothing is allocated. A full table loses records and counts them; the
 * program never fails for it.
 *
 * A site is the return address of a call, or a tag of the program's own
 * (site.h); with a function that walks the stack, up to SLATE_TRACE_FRAMES
 * return addresses.
 *
 * Sizes are those asked for. With sampling all figures are estimates: what
 * was seen times @every.
 */
#ifndef SLATE_TRACE_H
#define SLATE_TRACE_H

#include <slate/ledger.h>

SLATE_BEGIN_DECLS

/* The most frames of a site. */
#define SLATE_TRACE_FRAMES	16

/*
 * Whose the memory is. All tiers of the heap are one domain; the others, up
 * to SLATE_TRACE_DOMAINS - 1, are for slate_trace_track().
 */
#define SLATE_TRACE_HEAP	0u
#define SLATE_TRACE_DOMAINS	254u

/* Marks are 0 to this; further ones are the last. */
#define SLATE_TRACE_MARKS	255u

/* The site that stands for all that found no room in the table of sites. */
#define SLATE_TRACE_OTHER	0u

/**
 * struct slate_trace_config - how to trace
 * @table: memory for sites and records, aligned to a word; the tracer's until
 *	slate_trace_stop()
 * @size: bytes at @table
 * @sites: how many sites there may be, 2 to 65535; each takes 5 + @depth
 *	words. What is left is for records of 3 words, at most 65535 on 32-bit
 * @depth: frames of a site, 1 to SLATE_TRACE_FRAMES; 0 is 1
 * @tiers: a set of SLATE_WRAP_*; 0 for all
 * @every: 0 or 1 to trace each allocation; n to trace one of n, by chance;
 *	at most 32767
 * @frames: put the return addresses of the callers of a call into @frames,
 *	at most @n, the innermost first, which is @site itself; return how
 *	many, 0 if @site is not found. Called with no lock held. NULL: the
 *	site is all there is
 * @arg: handed to @frames
 */
struct slate_trace_config {
	void *table;
	size_t size;
	size_t sites;
	unsigned int depth;
	unsigned int tiers;
	unsigned int every;
	unsigned int (*frames)(void *arg, const void *site, uintptr_t *frames,
			       unsigned int n);
	void *arg;
};

/**
 * struct slate_trace_site - a site
 * @size: bytes of its live blocks
 * @count: how many they are
 * @total: allocations so far; 0 in a place that is free
 * @part_size: the same for those blocks that statistics ask for
 * @part_count: and their number
 * @frames: @depth return addresses, 0 behind the last
 */
struct slate_trace_site {
	size_t size;
	size_t count;
	size_t total;
	size_t part_size;
	size_t part_count;
	uintptr_t frames[];
};

/**
 * struct slate_trace - a tracer
 * @wraps: the tiers' tables
 * @config: as given
 * @heap: the heap that is traced; NULL before start and after stop
 * @blocks: the table of blocks; its @lost are blocks that found no place
 * @sites: the table of sites
 * @nsites: places in it
 * @depth: frames of a site
 * @current: bytes of the live blocks
 * @peak: the most that was, since the start or the last reset
 * @lost_sites: blocks whose site found none; theirs is SLATE_TRACE_OTHER
 * @mark: the number of the last mark
 * @every: one of so many allocations is traced
 * @skip: how many are not, before the next
 * @random: what comes after them
 *
 * Zeroed before the first use. The fields are for reading.
 */
struct slate_trace {
	struct slate_wrap wraps[SLATE_TIERS];
	const struct slate_trace_config *config;
	struct slate_heap *heap;
	struct slate_ledger blocks;
	unsigned char *sites;
	size_t nsites;
	unsigned int depth;
	size_t current;
	size_t peak;
	size_t lost_sites;
	unsigned int mark;
	unsigned int every;
	unsigned int skip;
	uint32_t random;
};

/**
 * slate_trace_start() - begin to trace a heap
 * @trace: zeroed, or stopped; the caller's until slate_trace_stop()
 * @heap: the heap
 * @config: outlives the tracing
 *
 * Blocks that live already are unknown, until they are resized.
 *
 * Context: the owner; nobody else may be in a call of the heap. O(table).
 * Return: 0; -SLATE_EINVAL if a number of @config is out of its range or the
 * table too small; -SLATE_EBUSY if @trace is in use, and it goes on as it is;
 * -SLATE_ENOTSUP without SLATE_CONFIG_HOOKS.
 */
int slate_trace_start(struct slate_trace *trace, struct slate_heap *heap,
		      const struct slate_trace_config *config)
		      SLATE_MUST_CHECK;

/**
 * slate_trace_stop() - end tracing and forget all
 * @trace: one that was started
 *
 * Context: the owner; nobody else may be in a call of the heap. O(table).
 * Return: 0; -SLATE_EINVAL if it is not tracing; -SLATE_EBUSY if a wrapper
 * was set over it, and then it goes on.
 */
int slate_trace_stop(struct slate_trace *trace) SLATE_MUST_CHECK;

/**
 * slate_trace_clear() - forget all blocks and sites, and go on
 * @trace: the tracer
 *
 * Marks begin again at 0, current and peak too.
 *
 * Context: as the calls that are traced. O(table), with the lock held.
 */
void slate_trace_clear(struct slate_trace *trace);

/**
 * slate_trace_on() - does it trace?
 * @trace: the tracer
 *
 * Context: Any. O(1).
 * Return: true between start and stop.
 */
bool slate_trace_on(const struct slate_trace *trace);

/**
 * slate_trace_track() - trace memory that slate does not own
 * @trace: the tracer
 * @domain: 1 to SLATE_TRACE_DOMAINS - 1
 * @ptr: its address, not NULL; one that is tracked gets the new size and site
 * @size: its bytes
 * @site: whose it is: SLATE_HERE, a return address; NULL for the caller
 *
 * Context: as the calls that are traced. O(1).
 * Return: 0; -SLATE_EINVAL if it is not tracing, or a bad domain or @ptr;
 * -SLATE_ENOMEM if the table is full: counted as lost.
 */
int slate_trace_track(struct slate_trace *trace, unsigned int domain,
		      const void *ptr, size_t size, const void *site);

/**
 * slate_trace_untrack() - it is gone
 * @trace: the tracer
 * @domain: as for slate_trace_track()
 * @ptr: its address; one that is not tracked does nothing
 *
 * Context: as the calls that are traced. O(1).
 * Return: 0, or -SLATE_EINVAL as slate_trace_track().
 */
int slate_trace_untrack(struct slate_trace *trace, unsigned int domain,
			const void *ptr);

/**
 * slate_trace_memory() - how much there is, in all domains
 * @trace: the tracer
 * @current: set to the bytes of the live blocks; 0 when not tracing
 * @peak: set to the most that was
 *
 * Context: as the calls that are traced. O(1).
 */
void slate_trace_memory(struct slate_trace *trace, size_t *current,
			size_t *peak);

/**
 * slate_trace_reset_peak() - let the peak start anew at what is live now
 * @trace: the tracer
 *
 * Context: as the calls that are traced. O(1).
 */
void slate_trace_reset_peak(struct slate_trace *trace);

/**
 * struct slate_trace_block - a traced block
 * @ptr: its address
 * @size: bytes asked for
 * @domain: its domain
 * @tier: its tier, if that is SLATE_TRACE_HEAP
 * @mark: the mark after which it was handed out
 * @site: its site, for slate_trace_frames()
 */
struct slate_trace_block {
	void *ptr;
	size_t size;
	unsigned int domain;
	enum slate_tier tier;
	unsigned int mark;
	unsigned int site;
};

/**
 * slate_trace_find() - who has this block?
 * @trace: the tracer
 * @domain: its domain
 * @ptr: its address
 * @block: filled, if it is traced
 *
 * Context: as the calls that are traced. O(1).
 * Return: 0, or -SLATE_EINVAL if it is not traced.
 */
int slate_trace_find(struct slate_trace *trace, unsigned int domain,
		     const void *ptr,
		     struct slate_trace_block *block) SLATE_MUST_CHECK;

/**
 * slate_trace_frames() - the return addresses of a site
 * @trace: the tracer
 * @site: its number
 *
 * Context: Any, until the table is cleared. O(1).
 * Return: @config->depth of them, 0 behind the last; all 0 for
 * SLATE_TRACE_OTHER.
 */
const uintptr_t *slate_trace_frames(const struct slate_trace *trace,
				    unsigned int site);

typedef int (*slate_trace_fn)(void *arg,
			      const struct slate_trace_block *block);

/**
 * slate_trace_walk() - visit every traced block
 * @trace: the tracer
 * @fn: called for each, in no order; not 0 ends the walk
 * @arg: handed to @fn
 *
 * @fn may call the heap; blocks that come or go meanwhile may be missed, or
 * seen twice.
 *
 * Context: as the calls that are traced; the lock is held for one record at a
 * time. O(table).
 * Return: what the last @fn returned, 0 if there was none.
 */
int slate_trace_walk(struct slate_trace *trace, slate_trace_fn fn, void *arg);

/**
 * slate_trace_mark() - begin a new stretch
 * @trace: the tracer
 *
 * Context: as the calls that are traced. O(1).
 * Return: its number, from 1; from SLATE_TRACE_MARKS on always that.
 */
unsigned int slate_trace_mark(struct slate_trace *trace);

/**
 * struct slate_trace_stat - what a site has
 * @size: bytes
 * @count: blocks
 * @site: its number
 */
struct slate_trace_stat {
	size_t size;
	size_t count;
	unsigned int site;
};

/**
 * slate_trace_top() - the sites that have most
 * @trace: the tracer
 * @from: only blocks handed out after this mark; 0 for all
 * @to: and not after this later one; SLATE_TRACE_MARKS + 1 for all
 * @stats: filled, by falling size, then count
 * @n: how many at most
 *
 * Context: as the calls that are traced; the lock is held. O(table + sites *
 * @n).
 * Return: how many were filled: sites without such blocks are left out.
 */
size_t slate_trace_top(struct slate_trace *trace, unsigned int from,
		       unsigned int to, struct slate_trace_stat *stats,
		       size_t n);

/**
 * struct slate_trace_level - what a site had when a snapshot was taken
 * @size: bytes
 * @count: blocks
 */
struct slate_trace_level {
	size_t size;
	size_t count;
};

/**
 * slate_trace_snapshot() - keep what each site has now
 * @trace: the tracer
 * @levels: filled, by number of the site: as many as there are sites
 *
 * It stays good until the table is cleared.
 *
 * Context: as the calls that are traced; the lock is held. O(sites).
 */
void slate_trace_snapshot(struct slate_trace *trace,
			  struct slate_trace_level *levels);

/**
 * struct slate_trace_diff - what became of a site
 * @size: bytes that it has now
 * @count: blocks
 * @size_diff: how many more than before; may be negative
 * @count_diff: the same of blocks
 * @site: its number
 */
struct slate_trace_diff {
	size_t size;
	size_t count;
	ptrdiff_t size_diff;
	ptrdiff_t count_diff;
	unsigned int site;
};

/**
 * slate_trace_compare() - the sites that changed most
 * @trace: the tracer
 * @before: a snapshot
 * @now: a later one, or NULL for what there is at this moment
 * @diffs: filled, by falling difference of size whatever its sign, then size,
 *	then difference of count, then count
 * @n: how many at most
 *
 * Context: as the calls that are traced; the lock is held. O(sites * @n).
 * Return: how many were filled: sites that did not change are left out.
 */
size_t slate_trace_compare(struct slate_trace *trace,
			   const struct slate_trace_level *before,
			   const struct slate_trace_level *now,
			   struct slate_trace_diff *diffs, size_t n);

SLATE_END_DECLS

#endif /* SLATE_TRACE_H */
