/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: debug hooks: a wrapper of every tier that lays forbidden bytes
 * around each block, fills fresh and freed memory, keeps freed blocks for a
 * while, and looks at all that again: when a block is freed or resized, when
 * it leaves the quarantine, and when it is asked to.
 *
 * The layout of a block of N bytes is CPython's, with S = sizeof(size_t):
 *
 *	p[-2S .. -S)     N, most significant byte first
 *	p[-S]            the tier: 'r', 'm' or 'o'
 *	p[-S+1 .. 0)     forbidden bytes
 *	p[0 .. N)        fresh bytes; 0 from calloc
 *	p[N .. N+S)      forbidden bytes
 *	p[N+S .. N+2S)   serial number of the call that made or resized it
 *	p[N+2S .. N+3S)  where that call came from (site.h)
 *
 * p - 2S is the engine's block, so p is aligned as that is; where a granule is
 * more than 2S bytes, the forbidden bytes before p are more. An aligned block
 * starts one alignment behind the engine's, and its N is a multiple of the
 * alignment, so that lines of a cache hold nothing else; the offset stands in
 * the word before N, and all before that is forbidden bytes.
 *
 * A freed block is filled with dead bytes, layout and all, and stays in
 * quarantine: its facts are kept outside of it, so that neither a second free
 * nor a write can be missed. The oldest leave when a limit is passed, and all
 * of them before an allocation fails. What is in quarantine is neither live
 * nor shown by slate_heap_walk(); slate_heap_stats() counts it as overhead,
 * like the bytes around blocks, and counts as live what was asked for. Peak,
 * quota, slate_region_stats() and slate_heap_map() are about the engines'
 * blocks, and so is the size that events and an out-of-memory handler hear.
 *
 * Every pointer is judged by the engine before one byte of its block is read.
 *
 * With SLATE_CONFIG_HOOKS 0, enabling is refused and the rest does nothing.
 */
#ifndef SLATE_DEBUG_H
#define SLATE_DEBUG_H

#include <slate/view.h>
#include <slate/wrap.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_debug_block - what debug hooks know of a block
 * @ptr: what the program was given
 * @size: bytes that it asked for
 * @tier: through which tier
 * @serial: of the call that made or last resized it, from 1 on
 * @made_at: the site of that call, or NULL if that is not known any more
 * @freed_at: the site that freed it, NULL while it lives
 */
struct slate_debug_block {
	const void *ptr;
	size_t size;
	enum slate_tier tier;
	uint32_t serial;
	const void *made_at;
	const void *freed_at;
};

/**
 * struct slate_debug_report - one thing found wrong
 * @kind: what it is
 * @address: the first byte that is wrong, or the pointer that was given
 * @block: the block; its ptr is NULL if @address is in none that is known
 * @tier: the tier that was called, if @site is not NULL
 * @site: the call that found it; NULL if it was found by a look at all
 *	blocks, or when a block left the quarantine
 * @text: a constant sentence for a person, without a full stop
 */
struct slate_debug_report {
	enum slate_fault kind;
	const void *address;
	struct slate_debug_block block;
	enum slate_tier tier;
	const void *site;
	const char *text;
};

/**
 * enum slate_debug_policy - what follows a report
 * @SLATE_DEBUG_TELL: the handler is called. If it returns, the call that found
 *	the fault is dropped and the block left alone: it leaks
 * @SLATE_DEBUG_LEAK: nobody is called, the report is counted; the block leaks
 * @SLATE_DEBUG_TRAP: the handler is called; then, by __builtin_trap(), the
 *	program stops, or the debugger
 */
enum slate_debug_policy {
	SLATE_DEBUG_TELL,
	SLATE_DEBUG_LEAK,
	SLATE_DEBUG_TRAP
};

/**
 * struct slate_debug_options - how debug hooks behave; all zero at first
 * @policy: what follows a report
 * @ctx: handed to the functions
 * @handler: hears of each report; NULL: slate_debug_print(), and then
 *	slate_port_fault(), which may stop the program
 * @write: where slate_debug_print() and slate_debug_leaks() put their text;
 *	NULL: slate_port_write()
 * @may_call: asked at the start of each call; false, as from an interrupt or
 *	without the program's lock, is SLATE_FAULT_CONTEXT, and the call does
 *	nothing. NULL: every call is fine
 * @stop_at: slate_debug_stop() is called with the block that has this serial
 *	number; 0: never
 *
 * All are called with no lock of slate's held. They may read the heap; they
 * must not allocate from it or free.
 */
struct slate_debug_options {
	enum slate_debug_policy policy;
	void *ctx;
	void (*handler)(void *ctx, struct slate_heap *heap,
			const struct slate_debug_report *report);
	void (*write)(void *ctx, const char *text, size_t len);
	bool (*may_call)(void *ctx, struct slate_heap *heap,
			 enum slate_tier tier);
	uint32_t stop_at;
};

/**
 * struct slate_debug_kept - a freed block in quarantine
 * @block: its facts
 * @base: the engine's block
 * @total: bytes at @base that were filled
 */
struct slate_debug_kept {
	struct slate_debug_block block;
	void *base;
	size_t total;
};

/**
 * struct slate_debug_counts - debug hooks in figures; sizes in bytes
 * @live: asked for and not freed
 * @blocks: live blocks
 * @kept: asked for, freed, and in quarantine
 * @kept_blocks: blocks in quarantine
 * @reports: faults found since the hooks were enabled
 * @serial: of the last call that made or resized a block
 */
struct slate_debug_counts {
	size_t live;
	size_t blocks;
	size_t kept;
	size_t kept_blocks;
	size_t reports;
	uint32_t serial;
};

/**
 * struct slate_debug - storage of a heap's debug hooks; nothing to look at
 * @view: what the heap asks for blocks as the program knows them
 * @heap: whose hooks these are
 * @on: the wrappers are in place
 * @wraps: the place in each tier
 * @options: as set
 * @stats: what is counted
 * @tier_live: the part of @stats.live of each tier
 * @slots: the quarantine: a ring of @nslots, @stats.kept_blocks of them in
 *	use from @oldest on
 * @nslots: see @slots; 0: no quarantine
 * @oldest: see @slots
 * @limit: most bytes of blocks in quarantine, layout included
 * @kept_total: these bytes
 * @own: room for a quarantine
 */
struct slate_debug {
	struct slate_view view;
	struct slate_heap *heap;
	bool on;
	struct slate_wrap wraps[SLATE_TIERS];
	struct slate_debug_options options;
	struct slate_debug_counts stats;
	size_t tier_live[SLATE_TIERS];
	struct slate_debug_kept *slots;
	size_t nslots;
	size_t oldest;
	size_t limit;
	size_t kept_total;
	struct slate_debug_kept own[SLATE_CONFIG_QUARANTINE];
};

/**
 * slate_debug_enable() - put debug hooks on every tier
 * @heap: the heap
 * @state: storage; contents do not matter. The hooks' until
 *	slate_debug_disable() or the end of the heap
 *
 * Other wrappers (trace.h, record.h, inject.h) are set afterwards, so that
 * these are innermost. SLATE_CONFIG_QUARANTINE blocks of at most 4096 bytes
 * together are kept; slate_debug_set_quarantine() changes that. From now on
 * the profiles with debug hooks (slate_heap_set_profile()) can be chosen, and
 * those without take the hooks off again.
 *
 * Context: the owner; nobody else may be in a call. O(heap / 256).
 * Return: 0, -SLATE_EBUSY if a block lives, -SLATE_EEXIST if the heap has
 * debug hooks, -SLATE_EINVAL if a tier has a table that brings its own memory,
 * or -SLATE_ENOTSUP without SLATE_CONFIG_HOOKS. On error nothing is changed.
 */
int slate_debug_enable(struct slate_heap *heap,
		       struct slate_debug *state) SLATE_MUST_CHECK;

/**
 * slate_debug_disable() - take the debug hooks off
 * @heap: the heap
 *
 * The quarantine is emptied. On success the storage is the caller's again.
 *
 * Context: the owner; nobody else may be in a call. O(quarantine).
 * Return: 0, also without debug hooks; -SLATE_EBUSY while a block lives or
 * another wrapper is set over these.
 */
int slate_debug_disable(struct slate_heap *heap) SLATE_MUST_CHECK;

/**
 * slate_debug_set_options() - say how debug hooks are to behave
 * @heap: the heap
 * @options: copied; NULL for all zero
 *
 * Context: the owner; nobody else may be in a call. O(1).
 * Return: 0, or -SLATE_ENOTSUP without debug hooks.
 */
int slate_debug_set_options(struct slate_heap *heap,
			    const struct slate_debug_options *options);

/**
 * slate_debug_set_quarantine() - say how much freed memory is kept
 * @heap: the heap
 * @slots: room for @n blocks, the hooks' until another call; NULL for the
 *	room in struct slate_debug
 * @n: most blocks that are kept; 0: none. With @slots NULL no more than
 *	SLATE_CONFIG_QUARANTINE
 * @bytes: most bytes of theirs, layout included; a larger block is not kept
 *
 * Blocks in quarantine leave first, and are looked at. A second free of a
 * block is found for certain while it is kept, and then as long as its memory
 * has not been given out again. Each free looks at every slot in use.
 *
 * Context: the owner; nobody else may be in a call. O(quarantine).
 * Return: 0, -SLATE_EINVAL for @n too large, -SLATE_ENOTSUP without debug
 * hooks.
 */
int slate_debug_set_quarantine(struct slate_heap *heap,
			       struct slate_debug_kept *slots, size_t n,
			       size_t bytes) SLATE_MUST_CHECK;

/**
 * slate_debug_flush() - let every block leave the quarantine
 * @heap: the heap
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(quarantine).
 */
void slate_debug_flush(struct slate_heap *heap);

/**
 * slate_debug_check_all() - look at every block, live and in quarantine
 * @heap: the heap
 *
 * Each block with a fault is reported once per call, and stays as it is.
 *
 * Context: the owner; nobody else may be in a call. O(heap).
 * Return: how many faults there were.
 */
size_t slate_debug_check_all(struct slate_heap *heap);

typedef int (*slate_debug_walk_fn)(void *arg,
				   const struct slate_debug_block *block);

/**
 * slate_debug_walk() - visit every live block, with all that is known of it
 * @heap: the heap
 * @fn: called for each; not 0 ends the walk
 * @arg: handed to @fn
 *
 * Context: as slate_heap_walk().
 * Return: what the last @fn returned, 0 if there was none.
 */
int slate_debug_walk(struct slate_heap *heap, slate_debug_walk_fn fn,
		     void *arg);

/**
 * slate_debug_find() - what is known of a block, live or in quarantine
 * @heap: the heap
 * @ptr: any address
 * @block: filled
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(quarantine).
 * Return: 0, or -SLATE_EINVAL if no block that is known starts at @ptr, or
 * its layout is spoilt; nothing is reported.
 */
int slate_debug_find(struct slate_heap *heap, const void *ptr,
		     struct slate_debug_block *block);

/**
 * slate_debug_leaks() - print a line for each live block
 * @heap: the heap
 * @after: leave out blocks up to this serial number; 0: all
 *
 * Context: as slate_heap_walk(). O(heap).
 * Return: how many there were.
 */
size_t slate_debug_leaks(struct slate_heap *heap, uint32_t after);

/**
 * slate_debug_print() - put out a report as text, in CPython's manner
 * @heap: the heap
 * @report: what was found; if its block has a ptr, that block is still there
 *
 * Context: from a handler. O(1) pieces of text.
 */
void slate_debug_print(struct slate_heap *heap,
		       const struct slate_debug_report *report);

/**
 * slate_debug_stats() - debug hooks in figures
 * @heap: the heap
 * @stats: filled; all zero without debug hooks
 *
 * Context: the owner, or anywhere with SLATE_CONFIG_LOCK. O(1).
 */
void slate_debug_stats(struct slate_heap *heap,
		       struct slate_debug_counts *stats);

/**
 * slate_debug_stop() - does nothing: the place for a breakpoint
 * @block: the block with the serial number that was set to stop at
 *
 * Weak: a program may bring its own.
 *
 * Context: whoever called slate, with no lock held.
 */
void slate_debug_stop(const struct slate_debug_block *block);

/**
 * enum slate_debug_look - what a pointer's value looks like
 * @SLATE_LOOKS_FINE: nothing is known against it
 * @SLATE_LOOKS_NULL: it is NULL
 * @SLATE_LOOKS_FRESH: read from memory that was never written
 * @SLATE_LOOKS_FREED: read from a block that was freed
 * @SLATE_LOOKS_FORBIDDEN: read from beyond a block
 */
enum slate_debug_look {
	SLATE_LOOKS_FINE,
	SLATE_LOOKS_NULL,
	SLATE_LOOKS_FRESH,
	SLATE_LOOKS_FREED,
	SLATE_LOOKS_FORBIDDEN
};

/**
 * slate_debug_looks() - judge a pointer by its value alone
 * @ptr: the pointer, which is not followed
 *
 * For assertions before a pointer that was read from a block is used. The
 * lowest three bits do not count, since pointers are tagged.
 *
 * Context: Any. O(1).
 * Return: what it looks like.
 */
enum slate_debug_look slate_debug_looks(const void *ptr);

SLATE_END_DECLS

#endif /* SLATE_DEBUG_H */
