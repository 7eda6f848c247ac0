/* SPDX-License-Identifier: MIT */
/*
 * Layer 4: the chunk engine: blocks of any size in one arena.
 *
 * Two bits for each granule, S and F, tell everything; they are kept as pairs
 * of words, one pair for each unit of SLATE_WORD_BITS granules:
 *
 *	S F
 *	0 0	inside a chunk
 *	1 0	start of a used chunk
 *	1 1	start of a free chunk
 *
 * Two free chunks never touch; granule n, one past the last, is a used start,
 * and so shows the guard, a pair before the first one. Giving back a chunk
 * whose neighbours are used, and taking a free one as it is, flip one bit.
 *
 * Wide marks. A pair that lies wholly inside one chunk has no start to show:
 * its S is 0. In the first such pair of every chunk, and the last one of a
 * free chunk, F holds the chunk's length << 1, and 1 more if it is free; with
 * SLATE_CONFIG_COMPACT the last one of a used chunk does, too. So
 * the end of any chunk, and whether the one before it is free and where that
 * starts, are found in at most two pairs, from the tables alone.
 *
 * Lent units. A unit whose byte in units[] is not 0 belongs to a layer above,
 * which keeps its own bits in the pair: all but bit 0, which stays the code of
 * a used chunk. To the chunk engine it is one used chunk.
 *
 * Free chunks lie in bins, by size, as doubly linked lists whose links are the
 * first bytes of the chunk. These are the only words of slate's that a stray
 * write can reach, so a link is obeyed only after the tables say that a free
 * chunk starts there and its back link agrees. The ends of a list point to
 * themselves: zeroed memory is not mistaken for an end. Compact lists are
 * rings, which end in bins[] and say there who is the last, too.
 */
#ifndef SLATE_CHUNK_H
#define SLATE_CHUNK_H

#include <slate/arena.h>

SLATE_BEGIN_DECLS

/*
 * Bins: one per size below a unit, then four per power of two; compact: two
 * per power of two from the start, the last one for all that is larger.
 */
#define SLATE_BIN_SPLIT	2u	/* log2 of the four */
#if SLATE_CONFIG_COMPACT
#define SLATE_BINS_MAX	(SLATE_WORD_BITS - 1u)
#else
#define SLATE_BINS_MAX	(SLATE_WORD_BITS + \
			 ((30u - SLATE_WORD_SHIFT) << SLATE_BIN_SPLIT))
#endif
#define SLATE_BIN_WORDS	((SLATE_BINS_MAX - 1) / SLATE_WORD_BITS + 1)

/* The most granules of one arena; a larger span is used up to here. */
#define SLATE_CHUNKS_MAX	((size_t)0x3fffffff)

struct slate_pair {
	uintptr_t s;
	uintptr_t f;
};

struct slate_link {
	uint32_t next;
	uint32_t prev;
};

/**
 * struct slate_chunks - the chunk engine's state of one arena
 * @arena: the span; its n granules are what the tables describe
 * @pairs: the side bits, n / SLATE_WORD_BITS + 1 pairs, behind the guard
 * @units: for each unit 0, or what the layer above has lent it for; compact
 *	builds lend none
 * @bins: first free chunk of each bin, with bit 31 set if others follow;
 *	valid where the bin's bit in @map is 1. There are those that a chunk of
 *	this arena can fall into, so bins[0] is none. Compact: the first and the
 *	last, always valid
 * @nbins: how many bins there are, in a compact build
 * @broken: the free chunk whose links were found broken last, for reports
 * @map: one bit per bin that is not empty
 *
 * Invariant: the chunks cover the granules without gap or overlap; each free
 * chunk is in the bin of its size, once; slate_chunk_valid() tests it.
 */
struct slate_chunks {
	struct slate_arena arena;
	struct slate_pair *pairs;
#if SLATE_CONFIG_COMPACT
	struct slate_link *bins;
	unsigned int nbins;
#else
	unsigned char *units;
	uint32_t *bins;
#endif
	uint32_t broken;
	uintptr_t map[SLATE_BIN_WORDS];
};

/* Uses that a unit can have. */
#define SLATE_LENT_MAX	(SLATE_WORD_BITS / (SLATE_CONFIG_SOURCE_FAST ? 4 : 8))
#define SLATE_LENT_UNITS	0x3ffe	/* units that can be lent */

/* What slate_chunk_judge() says of an address. */
enum slate_verdict {
	SLATE_VERDICT_LIVE,
	SLATE_VERDICT_FREE,		/* in a free chunk, start or inside */
	SLATE_VERDICT_INTERIOR,
	SLATE_VERDICT_LENT,		/* the layer above must say */
};

/**
 * slate_chunk_layout() - prepare an arena's tables
 * @chunks: cleared but for its arena.start, .size, .caps and .zeroed
 * @front: first byte after the control data at the start of the span
 *
 * Puts the tables at @front, decides how many granules remain, clears the
 * tables if they are not, and makes the granules one free chunk.
 *
 * Context: the owner. O(size / 64): clears the tables.
 * Return: 0, or -SLATE_ENOSPC if not one granule remains.
 */
int slate_chunk_layout(struct slate_chunks *chunks, void *front);

/* Results of slate_chunk_alloc() and its kin that are no granule. */
#define SLATE_BROKEN		(SLATE_NONE - 1)

/**
 * slate_chunk_alloc() - take a chunk
 * @chunks: where from
 * @n: granules, at least 1
 *
 * Small requests take the smallest chunk that fits; of one of a unit or more
 * the end, so that small and large chunks keep apart. Large ones take the
 * best of the first two of their own bin, else the first of the next bin.
 * Compact: the first that fits of the first eight of the own bin, else the
 * first of the next bin.
 *
 * Context: the owner, or the lock held. O(1).
 * Return: its first granule, SLATE_NONE if none of those fits, or SLATE_BROKEN
 * if a broken link was met: nothing was changed, but perhaps links in a compact
 * build, and the lists want slate_chunk_rebuild().
 */
size_t slate_chunk_alloc(struct slate_chunks *chunks, size_t n);

/**
 * slate_chunk_alloc_aligned() - take a chunk with an aligned start
 * @chunks: where from
 * @n: granules, at least 1
 * @align: a power of two, in granules
 * @phase: the start g is such that g + @phase is a multiple of @align
 *
 * A fixed number of chunks is looked at, so the call may fail though a
 * suitable chunk exists; one of the bin above @n + @align - 1 is found.
 *
 * Context: the owner, or the lock held. O(1).
 * Return: as slate_chunk_alloc().
 */
size_t slate_chunk_alloc_aligned(struct slate_chunks *chunks, size_t n,
				 size_t align, size_t phase);

/**
 * slate_chunk_alloc_unit() - take a whole unit, to be lent
 * @chunks: where from
 *
 * From the end of a free chunk: the first one of the two smallest bins that
 * hold a unit or more, or of the last bin, so that lent units break up what is
 * of little use otherwise.
 *
 * Context: the owner, or the lock held. O(1).
 * Return: as slate_chunk_alloc().
 */
size_t slate_chunk_alloc_unit(struct slate_chunks *chunks);

/**
 * slate_chunk_free() - give a chunk back
 * @chunks: where it is from
 * @g: its first granule; judged live before, and not lent
 *
 * Context: the owner, or the lock held. O(1).
 * Return: 0, or -SLATE_EUCLEAN if a neighbour's links are broken: nothing was
 * changed.
 */
int slate_chunk_free(struct slate_chunks *chunks, size_t g);

/**
 * slate_chunk_size() - the granules of a chunk
 * @chunks: where it is
 * @g: its first granule; not lent
 *
 * Context: the owner, or the lock held. O(1).
 * Return: its granules.
 */
size_t slate_chunk_size(const struct slate_chunks *chunks, size_t g);

/**
 * slate_chunk_resize() - make a chunk smaller or larger where it is
 * @chunks: where it is
 * @g: its first granule; judged live before, and not lent
 * @n: granules that it is to have, at least 1
 *
 * Context: the owner, or the lock held. O(1).
 * Return: 0, -SLATE_ENOMEM if it cannot grow that far, or -SLATE_EUCLEAN if
 * the links of the free chunk behind are broken. On error nothing changed.
 */
int slate_chunk_resize(struct slate_chunks *chunks, size_t g, size_t n);

/**
 * slate_chunk_slide() - join a chunk with the free ones around it
 * @chunks: where it is
 * @g: its first granule; judged live before, and not lent
 * @n: granules that the result must have
 *
 * The result starts in the free chunk before and takes all of it and all of
 * the one behind; its bytes are not moved. The caller moves them down and
 * resizes.
 *
 * Context: the owner, or the lock held. O(1).
 * Return: the new first granule, SLATE_NONE if there is no free chunk before
 * or the three together are too small, or SLATE_BROKEN. Unless it is a
 * granule nothing was changed.
 */
size_t slate_chunk_slide(struct slate_chunks *chunks, size_t g, size_t n);

/**
 * slate_chunk_judge() - what is at a granule?
 * @chunks: where
 * @g: the granule, below n
 *
 * Context: the owner, or the lock held. O(1) for the start of a chunk; else
 * O(chunk / SLATE_WORD_BITS granules), to find the start that it belongs to.
 * Return: the verdict.
 */
enum slate_verdict slate_chunk_judge(const struct slate_chunks *chunks,
				     size_t g);

/**
 * slate_chunk_rebuild() - make the bins anew from the side bits
 * @chunks: where
 *
 * Context: the owner, or the lock held. O(n).
 */
void slate_chunk_rebuild(struct slate_chunks *chunks);

/**
 * slate_chunk_find_broken() - look for a free chunk whose links are broken
 * @chunks: where
 * @g: a granule, from which to look on
 *
 * Context: the owner, or the lock held. O(n).
 * Return: the first one at @g or behind, or SLATE_NONE.
 */
size_t slate_chunk_find_broken(const struct slate_chunks *chunks, size_t g);

/**
 * slate_chunk_next() - the first start of a chunk at or behind a granule
 * @chunks: where
 * @g: any granule, also one that has become the inside of a chunk; at most n
 *
 * Each lent unit counts as one chunk, and is returned as such.
 *
 * Context: the owner, or the lock held. O(chunk / SLATE_WORD_BITS granules).
 * Return: the start, n at the end.
 */
size_t slate_chunk_next(const struct slate_chunks *chunks, size_t g);

/**
 * slate_chunk_end() - where a chunk ends
 * @chunks: where it is
 * @g: its first granule, lent or not
 *
 * Context: the owner, or the lock held. O(1).
 * Return: the granule behind its last one.
 */
size_t slate_chunk_end(const struct slate_chunks *chunks, size_t g);

/**
 * slate_chunk_is_free() - does a free chunk start here?
 * @chunks: where
 * @g: any number; SLATE_NONE and the like are no starts
 *
 * Context: the owner, or the lock held. O(1).
 * Return: true if so, and the granule is not lent.
 */
bool slate_chunk_is_free(const struct slate_chunks *chunks, size_t g);

/**
 * slate_chunk_valid() - test every table of the engine against every other
 * @chunks: where
 * @report: NULL, or what is wrong
 *
 * Context: the owner, or the lock held. O(n + free chunks).
 * Return: true if all is well.
 */
bool slate_chunk_valid(const struct slate_chunks *chunks,
		       struct slate_report *report);

SLATE_END_DECLS

#endif /* SLATE_CHUNK_H */
