/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: what the files of the debug hooks share: the layout of a block
 * (debug.h draws it), the quarantine, and how a fault is reported.
 */
#ifndef SLATE_DEBUG_STATE_H
#define SLATE_DEBUG_STATE_H

#include <slate/debug.h>

#include "engine.h"
#include "mem_calls.h"
#include "sanitize.h"
#include "site.h"

SLATE_STAND_IN(slate_debug_stop);

#define DEBUG_CLEAN	SLATE_CONFIG_FILL_CLEAN
#define DEBUG_DEAD	SLATE_CONFIG_FILL_DEAD
#define DEBUG_FORBIDDEN	SLATE_CONFIG_FILL_FORBIDDEN

/* Bytes of a number of the layout; of all before and behind the block. */
#define DEBUG_WORD	sizeof(size_t)
#define DEBUG_HEAD	SLATE_GRANULE
#define DEBUG_TAIL	(3 * DEBUG_WORD)
#define DEBUG_EXTRA	(DEBUG_HEAD + DEBUG_TAIL)

/* Distances from a block's start, back, and from its end, on. */
#define DEBUG_AT_SIZE	DEBUG_HEAD
#define DEBUG_AT_TIER	(DEBUG_HEAD - DEBUG_WORD)
#define DEBUG_AT_OFFSET	(DEBUG_HEAD + DEBUG_WORD)
#define DEBUG_AT_SERIAL	DEBUG_WORD
#define DEBUG_AT_SITE	(2 * DEBUG_WORD)

SLATE_STATIC_ASSERT(DEBUG_HEAD >= 2 * DEBUG_WORD,
		    "size, tier and a forbidden byte fit into a granule");

/**
 * struct debug_place - a block that debug hooks laid out
 * @ptr: what the program has
 * @base: the engine's block
 * @room: bytes at @base
 * @size: bytes asked for, as far as the layout can be believed
 * @caps: of its region
 * @pooled: it was cut from a pool
 *
 * Invariant: @ptr - DEBUG_HEAD >= @base, and
 * @ptr + @size + DEBUG_TAIL <= @base + @room.
 */
struct debug_place {
	unsigned char *ptr;
	unsigned char *base;
	size_t room;
	size_t size;
	unsigned int caps;
	bool pooled;
};

/* What was found wrong; @text is NULL if nothing is. */
struct debug_fault {
	enum slate_fault kind;
	const void *address;
	const char *text;
};

SLATE_INLINE size_t debug_offset(const struct debug_place *at)
{
	return (size_t)(at->ptr - at->base);
}

/* Numbers stand most significant byte first, as people read a dump. */
SLATE_INLINE void debug_put(unsigned char *to, size_t value)
{
	unsigned int i;

	for (i = DEBUG_WORD; i--; value >>= 8)
		to[i] = (unsigned char)value;
}

SLATE_INLINE size_t debug_get(const unsigned char *from)
{
	size_t value = 0;
	unsigned int i;

	for (i = 0; i < DEBUG_WORD; i++)
		value = value << 8 | sanitize_peek(from + i);
	return value;
}

/* The hooks of a heap, on or off; NULL if it has none. */
SLATE_INLINE struct slate_debug *debug_of(const struct slate_heap *heap)
{
	const struct slate_view *view = hook_view(heap);

	if (!view || !view->debug)
		return NULL;
	return SLATE_CONTAINER_OF(view, struct slate_debug, view);
}

/* debug_block.c: write the layout around at->ptr for a call of this tier. */
void slate_debug_lay_(const struct debug_place *at, enum slate_tier tier,
		      uint32_t serial, const void *site);

/*
 * Lock held: the block at @ptr, judged by the engine before it is read.
 * False: @fault says why there is none.
 */
bool slate_debug_locate_(struct slate_debug *d, const void *ptr,
			 struct debug_place *at, struct debug_fault *fault);

/* Is its layout whole? Reads the block's own bytes only; sets at->size. */
bool slate_debug_whole_(struct debug_place *at, struct debug_fault *fault);

/* Fill in what the layout of a whole block says. */
void slate_debug_read_(const struct debug_place *at,
		       struct slate_debug_block *block);

/*
 * Lock held: the live block at @ptr, whole and of this tier; any tier for
 * SLATE_TIERS. False: @fault, and @block with what is known. Judges first.
 */
bool slate_debug_examine_(struct slate_debug *d, const void *ptr,
			  unsigned int tier, struct debug_place *at,
			  struct debug_fault *fault,
			  struct slate_debug_block *block);

/* debug_quarantine.c. Lock held: is the program's @ptr in quarantine? */
const struct slate_debug_kept *slate_debug_kept_(const struct slate_debug *d,
						 const void *ptr);

/* Lock held: is the engine's block at @base in quarantine? */
bool slate_debug_keeps_(const struct slate_debug *d, const void *base);

/* No lock held: report the blocks in quarantine that were written. */
size_t slate_debug_check_kept_(struct slate_debug *d);

/* No lock held: keep a block that is filled and not live any more. */
void slate_debug_keep_(struct slate_debug *d,
		       const struct slate_debug_kept *kept);

/* No lock held: the oldest leaves; false if there was none. */
bool slate_debug_expel_(struct slate_debug *d);

/* debug_report.c. No lock held: count, and do as the policy says. */
void slate_debug_tell_(struct slate_debug *d,
		       const struct slate_debug_report *report);

/* debug_calls.c: the functions of the wrappers. */
extern const struct slate_site_calls slate_debug_calls_;

#endif /* SLATE_DEBUG_STATE_H */
