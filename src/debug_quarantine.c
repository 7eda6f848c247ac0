// SPDX-License-Identifier: MIT
/*
 * The quarantine: freed blocks that stay live for the engine until they are
 * pushed out. A ring of facts outside of the blocks; each block is dead bytes
 * from end to end, so a write after free shows when it leaves.
 *
 * Slots [oldest, oldest + kept_blocks) modulo nslots are in use. They change
 * with the lock held; filling, looking and giving back are done without.
 */
#include "debug_state.h"

static size_t wrapped(const struct slate_debug *d, size_t i)
{
	return i < d->nslots ? i : i - d->nslots;
}

const struct slate_debug_kept *slate_debug_kept_(const struct slate_debug *d,
						 const void *ptr)
{
	size_t i;

	for (i = 0; i < d->stats.kept_blocks; i++) {
		const struct slate_debug_kept *kept =
			&d->slots[wrapped(d, d->oldest + i)];

		if (kept->block.ptr == ptr)
			return kept;
	}
	return NULL;
}

bool slate_debug_keeps_(const struct slate_debug *d, const void *base)
{
	size_t i;

	for (i = 0; i < d->stats.kept_blocks; i++) {
		if (d->slots[wrapped(d, d->oldest + i)].base == base)
			return true;
	}
	return false;
}

/* Is all of it still dead bytes? If not, that is reported. */
static bool is_dead(struct slate_debug *d, const struct slate_debug_kept *kept)
{
	const unsigned char *p = kept->base;
	const unsigned char *end = p + kept->total;
	struct slate_debug_report report = {
		.kind = SLATE_FAULT_USE_AFTER_FREE,
		.block = kept->block,
		.text = "written after it was freed",
	};

	while (p < end && sanitize_peek(p) == DEBUG_DEAD)
		p++;
	if (p == end)
		return true;
	report.address = p;
	slate_debug_tell_(d, &report);
	return false;
}

size_t slate_debug_check_kept_(struct slate_debug *d)
{
	size_t faults = 0;
	size_t i;

	for (i = 0; i < d->stats.kept_blocks; i++)
		faults += !is_dead(d, &d->slots[wrapped(d, d->oldest + i)]);
	return faults;
}

/* Lock held. */
static void take_oldest(struct slate_debug *d, struct slate_debug_kept *kept)
{
	*kept = d->slots[d->oldest];
	d->oldest = wrapped(d, d->oldest + 1);
	d->stats.kept_blocks--;
	d->stats.kept -= kept->block.size;
	d->kept_total -= kept->total;
}

/*
 * No lock held: a block that is not live any more goes back, unless it was
 * written: then it is reported and left alone, a leak.
 */
static void give_back(struct slate_debug *d,
		      const struct slate_debug_kept *kept)
{
	if (!is_dead(d, kept))
		return;
	sanitize_open(kept->base, kept->total);
	slate_table_free_(d->wraps[kept->block.tier].below, kept->base,
			  kept->block.freed_at);
}

bool slate_debug_expel_(struct slate_debug *d)
{
	slate_port_key key = heap_lock();
	bool found = d->stats.kept_blocks;
	struct slate_debug_kept kept;

	if (found)
		take_oldest(d, &kept);
	heap_unlock(key);
	if (found)
		give_back(d, &kept);
	return found;
}

/* Lock held: is there a slot for it, and are the bytes within the limit? */
static bool has_room(const struct slate_debug *d, size_t total)
{
	return d->stats.kept_blocks < d->nslots &&
	       total <= d->limit - d->kept_total;
}

/* Lock held, and there is room. */
static void put(struct slate_debug *d, const struct slate_debug_kept *kept)
{
	d->slots[wrapped(d, d->oldest + d->stats.kept_blocks)] = *kept;
	d->stats.kept_blocks++;
	d->stats.kept += kept->block.size;
	d->kept_total += kept->total;
}

void slate_debug_keep_(struct slate_debug *d,
		       const struct slate_debug_kept *kept)
{
	bool done = !d->nslots || kept->total > d->limit;

	if (done)
		give_back(d, kept);
	while (!done) {
		slate_port_key key = heap_lock();

		done = has_room(d, kept->total);
		if (done)
			put(d, kept);
		heap_unlock(key);
		if (!done)
			slate_debug_expel_(d);
	}
}

void slate_debug_flush(struct slate_heap *heap)
{
	struct slate_debug *d = debug_of(heap);

	while (d && slate_debug_expel_(d))
		;
}

int slate_debug_set_quarantine(struct slate_heap *heap,
			       struct slate_debug_kept *slots, size_t n,
			       size_t bytes)
{
	struct slate_debug *d = debug_of(heap);

	if (!d)
		return -SLATE_ENOTSUP;
	if (n > (slots ? PTRDIFF_MAX / sizeof(*slots) :
		 (size_t)SLATE_CONFIG_QUARANTINE))
		return -SLATE_EINVAL;
	slate_debug_flush(heap);
	d->slots = slots ? slots : d->own;
	d->nslots = n;
	d->oldest = 0;
	d->limit = bytes;
	return 0;
}
