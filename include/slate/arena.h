/* SPDX-License-Identifier: MIT */
/*
 * Layer 3: arenas: spans of memory with slate's tables in front and granules
 * behind, the chain of a heap's regions, and the source that brings arenas.
 *
 *	start                     base                          start + size
 *	| control, tables         | granule 0 | 1 | 2 | ... n-1 | ragged end |
 *
 * A region is an arena whose memory the user gave; an arena from a source is
 * aligned to the source's size, so that its address can be looked up.
 */
#ifndef SLATE_ARENA_H
#define SLATE_ARENA_H

#include <slate/port.h>
#include <slate/word.h>

SLATE_BEGIN_DECLS

#define SLATE_GRANULE		((size_t)SLATE_CONFIG_GRANULE)
#define SLATE_GRANULE_SHIFT	(SLATE_CONFIG_GRANULE == 16 ? 4u : 3u)

/* A granule number that is none. */
#define SLATE_NONE		(~(size_t)0)

/*
 * What a region's memory is good for: any set of bits that the program gives
 * meaning to. A request names those that it needs, and is served from where
 * all of them are. These names are offered; the engines only compare bits.
 */
#define SLATE_CAP_DMA		0x0001u	/* reachable by the DMA engines */
#define SLATE_CAP_FAST		0x0002u	/* TCM, single cycle */
#define SLATE_CAP_EXTERNAL	0x0004u	/* PSRAM, SDRAM: large and slow */
#define SLATE_CAP_EXEC		0x0008u	/* code may run from it */
#define SLATE_CAP_RETAINED	0x0010u	/* kept through deep sleep */
#define SLATE_CAP_USER		0x0100u	/* up to 0x40000000: the program's */

/*
 * Three that slate itself acts on. ZERO and RESERVE are for further regions
 * and sources only: the first region is on the straight path, which does not
 * look. A request for DMA memory is given whole cache lines
 * (SLATE_CONFIG_LINE).
 */
#define SLATE_CAP_ZERO		0x0020u	/* blocks are cleared when freed */
#define SLATE_CAP_RESERVE	0x0040u	/* closed to whom does not name it */

/*
 * slate's own, refused in regions and requests: nothing enters any more; the
 * arena came from a source, and goes back when it is empty.
 */
#define SLATE_CAP_DRAINED	0x0080u
#define SLATE_CAP_SOURCED	0x80000000u
#define SLATE_CAPS_OWN		(SLATE_CAP_DRAINED | SLATE_CAP_SOURCED)

/**
 * struct slate_arena - one span of memory that blocks are cut from
 * @base: first granule; aligned to a granule
 * @n: granules at @base
 * @start: first byte of the span as it was given
 * @size: bytes at @start, tables, @n granules and ragged ends together
 * @caps: set of SLATE_CAP_*, as given, and slate's own
 * @next: the next region of the heap, or NULL; for arenas from a source the
 *	next of the heap's arenas from that source
 * @zeroed: its memory came cleared, so the tables need not be
 * @plain: it came from a source, is not for one large request, and blocks are
 *	not cleared: straight paths may give back
 *
 * Invariant: @start <= @base, and @base + @n granules <= @start + @size.
 */
struct slate_arena {
	unsigned char *base;
	size_t n;
	void *start;
	size_t size;
	unsigned int caps;
#if SLATE_CONFIG_SOURCE_FAST
	bool zeroed;
	bool plain;
#endif
	struct slate_arena *next;
};

/* The most sources that stand in one chain. */
#define SLATE_SOURCES_MAX	8u

/**
 * struct slate_arena_source - where arenas come from
 * @ctx: handed to @alloc and @free
 * @size: bytes of an ordinary arena: a power of two of at least 4096 bytes
 * @alloc: bring @size bytes, a multiple of the source's size, aligned to the
 *	source's size; NULL if there are none. Contents do not matter unless
 *	@zeroed says what they are.
 * @free: take back what @alloc brought, with the same @size
 * @caps: what the memory is good for, a set of SLATE_CAP_*; 0 for ordinary
 * @next: the source that is asked when this one brings nothing, or has not
 *	the capabilities that are wanted; NULL for none. SLATE_SOURCES_MAX
 *	stand in a chain at most.
 * @zeroed: all that @alloc brings is cleared. Then slate clears no tables with
 *	SLATE_CONFIG_SOURCE_FAST: memory that the system brings on first touch
 *	is not touched before it is used, so large arenas cost nothing.
 *
 * The struct outlives every heap that uses it. Both functions are called
 * with no lock of slate's held, from whoever called slate, and must not call
 * the heap that they serve.
 *
 * Each arena goes back to the source that brought it, once it is empty and a
 * heap has more than one empty arena, and one for each eight, from that
 * source. So a program that frees and takes what an eighth of its memory
 * holds does not call its sources. An arena that was taken for one large
 * request goes back at once.
 */
struct slate_arena_source {
	void *ctx;
	size_t size;
	void *(*alloc)(void *ctx, size_t size);
	void (*free)(void *ctx, void *ptr, size_t size);
	unsigned int caps;
	const struct slate_arena_source *next;
	bool zeroed;
};

/**
 * slate_caps_serve() - does memory with capabilities serve a request?
 * @caps: the memory's
 * @wanted: the request's
 *
 * Context: Any. O(1).
 * Return: true if it has all that are wanted, and is not closed: reserved and
 * not named so, or drained.
 */
SLATE_INLINE bool slate_caps_serve(unsigned int caps, unsigned int wanted)
{
	const unsigned int closed = SLATE_CONFIG_REGIONS > 1 ||
				    SLATE_CONFIG_SOURCE ?
				    SLATE_CAP_RESERVE | SLATE_CAP_DRAINED : 0;

	return (caps & (wanted | closed)) == wanted;
}

/* Did it come from a source, and goes back there? */
SLATE_INLINE bool slate_arena_is_sourced(const struct slate_arena *arena)
{
	return SLATE_CONFIG_SOURCE && arena->caps & SLATE_CAP_SOURCED;
}

#if SLATE_CONFIG_SOURCE_FAST

SLATE_INLINE bool slate_arena_is_zeroed(const struct slate_arena *arena)
{
	return arena->zeroed;
}

SLATE_INLINE void slate_arena_set_plain(struct slate_arena *arena, bool plain)
{
	arena->plain = plain;
}

#else

SLATE_INLINE bool slate_arena_is_zeroed(const struct slate_arena *arena)
{
	(void)arena;
	return false;
}

SLATE_INLINE void slate_arena_set_plain(struct slate_arena *arena, bool plain)
{
	(void)arena;
	(void)plain;
}

#endif

/* What its memory is good for, as it was given. */
SLATE_INLINE unsigned int slate_arena_caps(const struct slate_arena *arena)
{
	return arena->caps & ~SLATE_CAPS_OWN;
}

/**
 * slate_arena_owns() - is this address one of the arena's granules?
 * @arena: the arena
 * @ptr: any address
 *
 * Context: Any. O(1).
 * Return: true if so; false for the tables and ragged ends too.
 */
SLATE_INLINE bool slate_arena_owns(const struct slate_arena *arena,
				   const void *ptr)
{
	uintptr_t off = (uintptr_t)ptr - (uintptr_t)arena->base;

	return off >> SLATE_GRANULE_SHIFT < arena->n;
}

/**
 * slate_arena_spans() - is this address anywhere in the arena's span?
 * @arena: the arena
 * @ptr: any address
 *
 * Context: Any. O(1).
 * Return: true if so, tables and ragged ends included.
 */
SLATE_INLINE bool slate_arena_spans(const struct slate_arena *arena,
				    const void *ptr)
{
	return (uintptr_t)ptr - (uintptr_t)arena->start < arena->size;
}

/**
 * slate_arena_ptr() - the address of a granule
 * @arena: the arena
 * @g: the granule, 0 to n
 *
 * Context: Any. O(1).
 * Return: the address.
 */
SLATE_INLINE void *slate_arena_ptr(const struct slate_arena *arena, size_t g)
{
	return arena->base + (g << SLATE_GRANULE_SHIFT);
}

/**
 * slate_arena_index() - the granule that an address is in
 * @arena: the arena, which owns @ptr
 * @ptr: the address
 *
 * Context: Any. O(1).
 * Return: the granule's number.
 */
SLATE_INLINE size_t slate_arena_index(const struct slate_arena *arena,
				      const void *ptr)
{
	return ((uintptr_t)ptr - (uintptr_t)arena->base) >>
	       SLATE_GRANULE_SHIFT;
}

/**
 * slate_granules() - the granules that a block of some bytes takes
 * @size: bytes, 0 to PTRDIFF_MAX; 0 takes one granule like 1
 *
 * Context: Any. O(1).
 * Return: the count, at least 1.
 */
SLATE_INLINE size_t slate_granules(size_t size)
{
	return (size + !size + SLATE_GRANULE - 1) >> SLATE_GRANULE_SHIFT;
}

SLATE_END_DECLS

#endif /* SLATE_ARENA_H */
