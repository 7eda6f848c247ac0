/* SPDX-License-Identifier: MIT */
/*
 * Layer 6: the heap: regions and arenas together, as one object. Several
 * heaps live side by side and know nothing of each other.
 */
#ifndef SLATE_HEAP_H
#define SLATE_HEAP_H

#include <slate/pool.h>

SLATE_BEGIN_DECLS

/**
 * slate_heap_create() - make a heap of a span of memory
 * @base: first byte; any alignment, a ragged start is skipped
 * @size: bytes at @base; the heap keeps all its data in them
 *
 * The memory is the heap's until slate_heap_destroy(). The heap never takes
 * other memory, unless it is given some (slate_heap_add_region(),
 * slate_heap_set_source()).
 *
 * Context: Any; nobody may use the memory. O(size / 64): clears the tables.
 * Return: the heap, or NULL if the span is too small, is NULL or wraps.
 */
struct slate_heap *slate_heap_create(void *base, size_t size) SLATE_MUST_CHECK;

/**
 * slate_heap_create_caps() - make a heap of memory with capabilities
 * @base: first byte; any alignment, a ragged start is skipped
 * @size: bytes at @base
 * @caps: what the memory is good for, a set of SLATE_CAP_*; 0 for ordinary
 *
 * Context: as slate_heap_create().
 * Return: as slate_heap_create(); NULL too for SLATE_CAP_ZERO and
 * SLATE_CAP_RESERVE, which are for further regions.
 */
struct slate_heap *slate_heap_create_caps(void *base, size_t size,
					  unsigned int caps) SLATE_MUST_CHECK;

/**
 * slate_heap_create_from() - make a heap that takes arenas as it needs them
 * @source: where arenas come from, the first of a chain; NULL for the port's
 *	own. The heap's first arena is of the first that brings one and is not
 *	reserved or cleared.
 *
 * Context: Any from where @source may be called. O(arena size / 64).
 * Return: the heap, or NULL if the source brings nothing, breaks its contract
 * (what it brought is given back), is missing, or is not compiled in.
 */
struct slate_heap *slate_heap_create_from(
		const struct slate_arena_source *source) SLATE_MUST_CHECK;

/**
 * slate_heap_add_region() - give a heap more memory
 * @heap: the heap that is to grow
 * @base: first byte; any alignment, a ragged start is skipped
 * @size: bytes at @base; the heap keeps its tables for the region in them
 * @caps: what the memory is good for, a set of SLATE_CAP_*; 0 for ordinary
 *
 * The memory belongs to the heap until slate_heap_remove_region() or
 * slate_heap_destroy(). Blocks never lie across two regions. Requests are
 * served from the first region, in the order of adding, that can.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(size / 64), to
 * clear the tables; the lock is held O(1).
 * Return: 0, -SLATE_EINVAL if the span wraps or is too small for a region or
 * @caps has SLATE_CAPS_OWN, -SLATE_EEXIST if it overlaps memory that the
 * heap has, or -SLATE_ENOSPC if the heap has SLATE_CONFIG_REGIONS already. On
 * error the heap and the memory at @base are as before.
 */
int slate_heap_add_region(struct slate_heap *heap, void *base, size_t size,
			  unsigned int caps) SLATE_MUST_CHECK;

/**
 * slate_heap_remove_region() - take an empty region out of a heap
 * @heap: the heap
 * @base: the address that the region was added with
 *
 * slate_region_walk() lists the blocks that stand in the way,
 * slate_region_drain() lets no new ones in.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: 0 and the memory is the caller's again; -SLATE_EINVAL if no region
 * was added with @base; -SLATE_EBUSY while blocks live in it, and always for
 * the first region, which holds the heap's own data.
 */
int slate_heap_remove_region(struct slate_heap *heap,
			     void *base) SLATE_MUST_CHECK;

/**
 * slate_heap_set_source() - let a heap take arenas when its memory is full
 * @heap: the heap
 * @source: where arenas come from, the first of a chain; NULL: no further
 *	ones
 *
 * Arenas that are here already go back to the source that brought them.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: 0, -SLATE_EINVAL if a source's size is no power of two of at least
 * 4096, a function is missing or the chain is longer than SLATE_SOURCES_MAX,
 * or -SLATE_ENOTSUP for a @source without SLATE_CONFIG_SOURCE.
 */
int slate_heap_set_source(struct slate_heap *heap,
			  const struct slate_arena_source *source)
			  SLATE_MUST_CHECK;

/**
 * slate_heap_destroy() - give back everything at once
 * @heap: the heap, or NULL; its pointers and blocks are invalid afterwards
 *
 * Live blocks do not matter. Arenas go back to their source; the memory of
 * regions is the caller's again.
 *
 * Context: the owner; nobody else may be in a call. O(arenas).
 */
void slate_heap_destroy(struct slate_heap *heap);

/**
 * slate_heap_usable_size() - how many bytes a block really has
 * @heap: the heap
 * @ptr: a live block; NULL gives 0
 *
 * Bytes beyond the request may be written; realloc keeps the smaller of the
 * usable sizes.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: bytes; 0 for a bad pointer, which is reported as by free.
 */
size_t slate_heap_usable_size(struct slate_heap *heap, const void *ptr);

/**
 * slate_heap_set_quota() - limit what a heap hands out
 * @heap: the heap
 * @bytes: most usable bytes that may be live at once; 0 for no limit
 *
 * A call that would exceed it fails like one that finds no memory. What is
 * live already stays, even beyond the quota.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: 0, or -SLATE_ENOTSUP for a limit without SLATE_CONFIG_STATS.
 */
int slate_heap_set_quota(struct slate_heap *heap, size_t bytes);

/**
 * struct slate_events - what a program may want to hear from a heap
 * @ctx: handed to the functions
 * @on_arena: an arena of @size bytes at @start came from the source (@added)
 *	or is about to go back because it is empty; not called when the heap is
 *	made or destroyed; may be NULL
 * @on_low_memory: a request for @size bytes is about to fail for want of
 *	memory or quota; may be NULL. It is called once per failing request,
 *	before NULL is returned.
 *
 * Both are called with no lock held, and may free blocks of this heap; the
 * request is not tried again. They must not allocate from this heap.
 */
struct slate_events {
	void *ctx;
	void (*on_arena)(void *ctx, struct slate_heap *heap, void *start,
			 size_t size, bool added);
	void (*on_low_memory)(void *ctx, struct slate_heap *heap, size_t size);
};

/**
 * slate_heap_set_events() - hear of arenas and of running low
 * @heap: the heap
 * @events: outlives the heap, or until replaced; NULL for none
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: 0, or -SLATE_ENOTSUP for @events without SLATE_CONFIG_HOOKS.
 */
int slate_heap_set_events(struct slate_heap *heap,
			  const struct slate_events *events);

/**
 * struct slate_rescue - an out-of-memory handler
 * @ctx: handed to @release
 * @release: there is neither memory nor quota for a request of @size bytes.
 *	Free what the program can do without. true: something was freed, try
 *	once more; false: let the request fail
 *
 * @release is called once per request, with no lock held, before the events
 * hear of low memory and the failure is counted. It may free blocks of this
 * heap; it must not allocate from it, nor free the block that is resized.
 */
struct slate_rescue {
	void *ctx;
	bool (*release)(void *ctx, struct slate_heap *heap, size_t size);
};

/**
 * slate_heap_set_rescue() - have requests tried again before they fail
 * @heap: the heap
 * @rescue: outlives the heap, or until replaced; NULL for none
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 * Return: 0, or -SLATE_ENOTSUP for a @rescue without SLATE_CONFIG_HOOKS.
 */
int slate_heap_set_rescue(struct slate_heap *heap,
			  const struct slate_rescue *rescue);

/**
 * slate_heap_valid() - test the whole structure
 * @heap: the heap
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK, which is then held
 * throughout. O(heap).
 * Return: true if every table agrees with every other and every link is whole.
 */
bool slate_heap_valid(struct slate_heap *heap);

/**
 * slate_heap_check() - test the whole structure and say what is wrong
 * @heap: the heap
 * @report: filled with the first thing found wrong; may be NULL
 *
 * Context: as slate_heap_valid().
 * Return: 0, or -SLATE_EUCLEAN with @report filled.
 */
int slate_heap_check(struct slate_heap *heap, struct slate_report *report);

/**
 * slate_heap_repair() - make the free lists anew from the tables
 * @heap: the heap
 *
 * Each free chunk whose links are broken is reported to slate_port_fault() as
 * SLATE_FAULT_CORRUPT once, then all lists are rebuilt. Live blocks are not
 * touched.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK, which is held
 * O(heap) at a time.
 * Return: how many broken free chunks there were.
 */
int slate_heap_repair(struct slate_heap *heap);

/**
 * struct slate_block - a live block, as slate_heap_walk() shows it
 * @ptr: what malloc returned
 * @size: usable bytes
 * @caps: the capabilities of its region
 * @pooled: it was cut from a pool
 */
struct slate_block {
	void *ptr;
	size_t size;
	unsigned int caps;
	bool pooled;
};

typedef int (*slate_walk_fn)(void *arg, const struct slate_block *block);

/**
 * slate_heap_walk() - visit every live block
 * @heap: the heap
 * @fn: called for each; not 0 ends the walk
 * @arg: handed to @fn
 *
 * Blocks come region by region, by rising address. @fn may call the heap; a
 * block that it frees or makes behind the one visited may or may not be seen.
 * @fn must not remove a region.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK, held per step and
 * never while @fn runs. O(heap).
 * Return: what the last @fn returned, 0 if there was none.
 */
int slate_heap_walk(struct slate_heap *heap, slate_walk_fn fn, void *arg);

/**
 * enum slate_span_kind - what a stretch of a heap's memory is
 * @SLATE_SPAN_TABLES: slate's own data, and ragged ends
 * @SLATE_SPAN_LIVE: a live block of the chunk engine
 * @SLATE_SPAN_FREE: a free chunk
 * @SLATE_SPAN_POOL: a pool, with live and free blocks
 */
enum slate_span_kind {
	SLATE_SPAN_TABLES,
	SLATE_SPAN_LIVE,
	SLATE_SPAN_FREE,
	SLATE_SPAN_POOL
};

/**
 * struct slate_span - one stretch of a heap's memory
 * @ptr: its first byte
 * @size: its bytes
 * @kind: what it is
 * @block_size: bytes of each block, for a pool; else 0
 * @nblocks: blocks that it has, for a pool; else 0
 * @nlive: live blocks among them
 * @caps: the capabilities of its region
 */
struct slate_span {
	void *ptr;
	size_t size;
	enum slate_span_kind kind;
	size_t block_size;
	unsigned int nblocks;
	unsigned int nlive;
	unsigned int caps;
};

typedef int (*slate_span_fn)(void *arg, const struct slate_span *span);

/**
 * slate_heap_map() - visit every byte of a heap once, as spans
 * @heap: the heap
 * @fn: called for each span; not 0 ends the walk
 * @arg: handed to @fn
 *
 * For pictures and tables: spans come region by region by rising address,
 * without a gap, so their sizes add up to that of the regions and arenas.
 *
 * Context: as slate_heap_walk(); @fn must not call the heap. If others change
 * it meanwhile, spans may be missing or seen in part.
 * Return: what the last @fn returned, 0 if there was none.
 */
int slate_heap_map(struct slate_heap *heap, slate_span_fn fn, void *arg);

/**
 * struct slate_stats - a heap in figures; sizes in bytes
 * @size: all memory of the heap: regions as given, arenas from the source
 *	and the table that finds them
 * @live: usable bytes of live blocks
 * @peak: the most that @live has been since creation or the last reset
 * @blocks: live blocks
 * @free: bytes that can be handed out: free chunks and free pool blocks
 * @largest_free: the largest free chunk or block; a request for all of it may
 *	fail if more than two free chunks share its bin
 * @failures: calls that returned NULL for want of memory or quota
 * @overhead: @size - @live - @free: tables, control data, ragged ends, and
 *	what is left beside a large block in an arena of its own
 * @free_chunks: number of free chunks
 * @free_pooled: the part of @free that is in pools
 * @pools: number of pools
 * @arenas: number of regions and arenas
 * @quota: as set, 0 for none
 * @tier_live: usable bytes allocated minus freed through each tier, by enum
 *	slate_tier; exact if blocks are freed through the tier they came from
 *
 * Invariant: @size = @live + @free + @overhead.
 */
struct slate_stats {
	size_t size;
	size_t live;
	size_t peak;
	size_t blocks;
	size_t free;
	size_t largest_free;
	size_t failures;
	size_t overhead;
	size_t free_chunks;
	size_t free_pooled;
	size_t pools;
	size_t arenas;
	size_t quota;
	size_t tier_live[3];
};

/**
 * slate_heap_stats() - the heap in figures
 * @heap: the heap
 * @stats: filled
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK, which is held for
 * one arena at a time. O(heap / 256 + free chunks).
 */
void slate_heap_stats(struct slate_heap *heap, struct slate_stats *stats);

/**
 * slate_heap_live() - live bytes, and the most that they have been
 * @heap: the heap
 * @peak: set to the most, since creation or the last reset
 *
 * Both as slate_heap_stats() has them, for whoever asks often. With debug
 * hooks both count what these add to the blocks, and what they hold back.
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1); without
 * SLATE_CONFIG_STATS as slate_heap_stats().
 * Return: usable bytes of live blocks.
 */
size_t slate_heap_live(struct slate_heap *heap, size_t *peak);

/**
 * slate_heap_reset_peak() - let the peak start anew at what is live now
 * @heap: the heap
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 */
void slate_heap_reset_peak(struct slate_heap *heap);

SLATE_END_DECLS

#endif /* SLATE_HEAP_H */
