// SPDX-License-Identifier: MIT
/*
 * Counting. The heap is asked for the size of a block after it came and before
 * it goes; nothing is kept for a block. A pointer that is no block's is
 * reported there, once, and the call is dropped as the engine would.
 */
#include <slate/count.h>
#include <slate/word.h>

#include "hooks.h"
#include "mem_calls.h"
#include "site.h"

#define GRANULE_SHIFT	(SLATE_CONFIG_GRANULE == 16 ? 4 : 3)

/* The number of the class behind the exact ones is that of their last size. */
#define EXACT_LOG2	4u

unsigned int slate_count_class(size_t size)
{
	size_t n = (size + SLATE_CONFIG_GRANULE - 1) >> GRANULE_SHIFT;

	if (n <= SLATE_COUNT_EXACT)
		return n ? (unsigned int)n - 1 : 0;
	return SLATE_COUNT_EXACT - EXACT_LOG2 + slate_word_log2(n - 1);
}

size_t slate_count_class_size(unsigned int class_)
{
	if (class_ < SLATE_COUNT_EXACT)
		return (size_t)(class_ + 1) << GRANULE_SHIFT;
	class_ -= SLATE_COUNT_EXACT - EXACT_LOG2 - 1;
	if (class_ + GRANULE_SHIFT >= SLATE_WORD_BITS)
		return SIZE_MAX;
	return (size_t)1 << (class_ + GRANULE_SHIFT);
}

SLATE_INLINE struct slate_count *count_of(const struct slate_wrap *wrap)
{
	return wrap->user;
}

/* The figures of a size in a tier, or NULL. */
static struct slate_counts *class_of(const struct slate_count *count,
				     enum slate_tier tier, size_t size)
{
	size_t i = slate_count_class(size);

	if (!count->classes)
		return NULL;
	if (i >= count->nclasses)
		i = count->nclasses - 1;
	return &count->classes[(size_t)tier * count->nclasses + i];
}

static void add(struct slate_counts *counts, size_t size)
{
	if (!counts)
		return;
	counts->live += size;
	counts->blocks++;
	counts->calls++;
	if (counts->live > counts->peak)
		counts->peak = counts->live;
}

static void sub(struct slate_counts *counts, size_t size)
{
	if (!counts)
		return;
	counts->live -= size;
	counts->blocks--;
}

/* A block that lives in the heap of @wrap; false if it was reported. */
static bool size_of(const struct slate_wrap *wrap, const void *ptr,
		    size_t *size)
{
	struct slate_block block;

	if (!slate_hooks_find_(count_of(wrap)->heap, ptr, &block))
		return false;
	*size = block.size;
	return true;
}

/* @ptr is what a request for @size got. */
static void *came(const struct slate_wrap *wrap, void *ptr, size_t size)
{
	struct slate_count *count = count_of(wrap);
	struct slate_counts *tier = &count->tiers[wrap->tier];
	struct slate_counts *class_;
	slate_port_key key;

	if (ptr && !size_of(wrap, ptr, &size))
		return ptr;
	class_ = class_of(count, wrap->tier, size);
	key = heap_lock();
	if (ptr) {
		add(tier, size);
		add(class_, size);
	} else {
		tier->failures++;
		if (class_)
			class_->failures++;
	}
	heap_unlock(key);
	return ptr;
}

static void *count_malloc(void *ctx, size_t size, const void *site)
{
	const struct slate_wrap *wrap = ctx;

	return came(wrap, slate_table_malloc_(wrap->below, size, site), size);
}

static void *count_calloc(void *ctx, size_t nmemb, size_t size,
			  const void *site)
{
	const struct slate_wrap *wrap = ctx;
	void *ptr = slate_table_calloc_(wrap->below, nmemb, size, site);

	return came(wrap, ptr, nmemb * size);
}

static void *count_aligned(void *ctx, size_t align, size_t size,
			   unsigned int caps, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	void *ptr = slate_table_aligned_(wrap->below, align, size, caps, site);

	return came(wrap, ptr, size);
}

static void count_free(void *ctx, void *ptr, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct slate_count *count = count_of(wrap);
	size_t size = 0;
	slate_port_key key;

	if (ptr) {
		if (!size_of(wrap, ptr, &size))
			return;
		key = heap_lock();
		sub(&count->tiers[wrap->tier], size);
		sub(class_of(count, wrap->tier, size), size);
		heap_unlock(key);
	}
	slate_table_free_(wrap->below, ptr, site);
}

/* Lock held: a block of a tier changed its size, and perhaps its class. */
static void resized(struct slate_count *count, enum slate_tier n,
		    size_t before, size_t after)
{
	struct slate_counts *tier = &count->tiers[n];
	struct slate_counts *from = class_of(count, n, before);
	struct slate_counts *to = class_of(count, n, after);

	tier->live += after - before;
	if (tier->live > tier->peak)
		tier->peak = tier->live;
	if (from != to) {
		sub(from, before);
		add(to, after);
	} else if (to) {
		to->live += after - before;
		if (to->live > to->peak)
			to->peak = to->live;
	}
}

static void *count_realloc(void *ctx, void *old, size_t size,
			   const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct slate_count *count = count_of(wrap);
	size_t before;
	size_t after;
	slate_port_key key;
	void *ptr;

	if (!old)
		return count_malloc(ctx, size, site);
	if (!size_of(wrap, old, &before))
		return NULL;
	ptr = slate_table_realloc_(wrap->below, old, size, site);
	if (!ptr)
		return came(wrap, NULL, size);
	if (size_of(wrap, ptr, &after)) {
		key = heap_lock();
		resized(count, wrap->tier, before, after);
		heap_unlock(key);
	}
	return ptr;
}

static const struct slate_site_calls count_calls = {
	count_malloc, count_calloc, count_realloc, count_free, count_aligned
};

int slate_count_start(struct slate_count *count, struct slate_heap *heap,
		      struct slate_counts *classes, size_t nclasses)
{
	struct slate_stats stats;
	int err;

	if (count->heap)
		return -SLATE_EBUSY;
	if (!classes != !nclasses)
		return -SLATE_EINVAL;
	slate_heap_stats(heap, &stats);
	if (SLATE_CONFIG_HOOKS && stats.blocks)
		return -SLATE_EBUSY;
	memset(count, 0, sizeof(*count));
	count->classes = classes;
	count->nclasses = nclasses;
	err = slate_wrap_push(heap, count->wraps, SLATE_WRAP_ALL, &count_calls,
			      "count", count);
	if (err)
		return err;
	if (classes)
		memset(classes, 0, SLATE_TIERS * nclasses * sizeof(*classes));
	count->heap = heap;
	return 0;
}

int slate_count_stop(struct slate_count *count)
{
	int err;

	if (!count->heap)
		return -SLATE_EINVAL;
	err = slate_wrap_pop(count->heap, count->wraps);
	if (!err)
		count->heap = NULL;
	return err;
}

int slate_count_get(struct slate_count *count, enum slate_tier tier,
		    int class_, struct slate_counts *counts)
{
	const struct slate_counts *found;
	slate_port_key key;

	if ((unsigned int)tier >= SLATE_TIERS || class_ < -1 ||
	    (class_ >= 0 && (size_t)class_ >= count->nclasses))
		return -SLATE_EINVAL;
	found = &count->tiers[tier];
	if (class_ >= 0)
		found = &count->classes[(size_t)tier * count->nclasses +
					(size_t)class_];
	key = heap_lock();
	*counts = *found;
	heap_unlock(key);
	return 0;
}

void slate_count_reset_peaks(struct slate_count *count)
{
	slate_port_key key = heap_lock();
	size_t i;

	for (i = 0; i < SLATE_TIERS; i++)
		count->tiers[i].peak = count->tiers[i].live;
	for (i = 0; i < SLATE_TIERS * count->nclasses; i++)
		count->classes[i].peak = count->classes[i].live;
	heap_unlock(key);
}
