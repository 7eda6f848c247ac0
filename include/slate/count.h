/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: what the program does with each tier, by size class: how much is
 * live and was at most, how many calls, how many failed. A wrapper of the
 * tiers' tables, in storage of the caller's; nothing of it is in the calls of
 * a heap that has none.
 *
 * For a sight of the heap itself, without counting, see survey.h.
 */
#ifndef SLATE_COUNT_H
#define SLATE_COUNT_H

#include <slate/wrap.h>

SLATE_BEGIN_DECLS

/* Granules of the largest block that has a class of its own size. */
#define SLATE_COUNT_EXACT	16u

/**
 * struct slate_counts - figures of a tier, or of a class of it
 * @live: usable bytes of live blocks
 * @blocks: how many they are
 * @peak: the most that @live was, since the start or the last reset
 * @calls: allocations in all; a resize counts where its block moves to another
 *	class
 * @failures: requests that got no block, by the size asked for
 */
struct slate_counts {
	size_t live;
	size_t blocks;
	size_t peak;
	size_t calls;
	size_t failures;
};

/**
 * struct slate_count - a heap that is being counted
 * @wraps: the tiers' tables
 * @heap: the heap; NULL before start and after stop
 * @tiers: figures of each tier
 * @classes: figures of each class of each tier, tier by tier; or NULL
 * @nclasses: classes of a tier
 *
 * Zeroed before the first use. The fields are for reading.
 */
struct slate_count {
	struct slate_wrap wraps[SLATE_TIERS];
	struct slate_heap *heap;
	struct slate_counts tiers[SLATE_TIERS];
	struct slate_counts *classes;
	size_t nclasses;
};

/**
 * slate_count_class() - the class of a size
 * @size: usable bytes
 *
 * A class for each size up to SLATE_COUNT_EXACT granules, then one for sizes
 * above each power of two.
 *
 * Context: Any. O(1).
 * Return: 0 for a granule, and so on.
 */
unsigned int slate_count_class(size_t size);

/**
 * slate_count_class_size() - the largest size of a class
 * @class_: the class
 *
 * Context: Any. O(1).
 * Return: bytes; SIZE_MAX for a class that there is not.
 */
size_t slate_count_class_size(unsigned int class_);

/**
 * slate_count_start() - begin to count
 * @count: zeroed, or stopped; the caller's until slate_count_stop()
 * @heap: the heap, without a live block
 * @classes: SLATE_TIERS * @nclasses figures, the caller's as well; may be NULL
 * @nclasses: classes of a tier; larger sizes go into the last one; 0 with
 *	@classes NULL
 *
 * Set it outside of debug hooks: then sizes are those asked for. A block is to
 * be freed through the tier that it came from, as for slate_stats.tier_live.
 *
 * Context: the owner; nobody else may be in a call of the heap. O(heap).
 * Return: 0; -SLATE_EBUSY if blocks are live or @count is in use;
 * -SLATE_EINVAL if one of @classes and @nclasses is 0 and not the other;
 * -SLATE_ENOTSUP without SLATE_CONFIG_HOOKS.
 */
int slate_count_start(struct slate_count *count, struct slate_heap *heap,
		      struct slate_counts *classes,
		      size_t nclasses) SLATE_MUST_CHECK;

/**
 * slate_count_stop() - end counting; the figures stay
 * @count: one that was started
 *
 * Context: as slate_count_start(). O(1).
 * Return: 0; -SLATE_EINVAL if it is not in use; -SLATE_EBUSY if a wrapper was
 * set over it, and then it goes on.
 */
int slate_count_stop(struct slate_count *count) SLATE_MUST_CHECK;

/**
 * slate_count_get() - figures of a tier or of one class of it
 * @count: one that was started
 * @tier: the tier
 * @class_: the class, or -1 for the whole tier
 * @counts: filled; untouched on error
 *
 * Context: as the calls that are counted. O(1).
 * Return: 0, or -SLATE_EINVAL for a tier or a class that there is not.
 */
int slate_count_get(struct slate_count *count, enum slate_tier tier,
		    int class_, struct slate_counts *counts) SLATE_MUST_CHECK;

/**
 * slate_count_reset_peaks() - let all peaks start anew at what is live now
 * @count: one that was started
 *
 * Context: as the calls that are counted; the lock is held. O(classes).
 */
void slate_count_reset_peaks(struct slate_count *count);

SLATE_END_DECLS

#endif /* SLATE_COUNT_H */
