// SPDX-License-Identifier: MIT
/*
 * The layout of a block under debug hooks: written, found again from the
 * program's pointer, and looked at. Order of the looks: first the engine's
 * verdict on the address, then the tier, then the bytes before the block,
 * which vouch for the size, then those behind it.
 */
#include "debug_state.h"

static const unsigned char ids[SLATE_TIERS] = { 'r', 'm', 'o' };

void slate_debug_lay_(const struct debug_place *at, enum slate_tier tier,
		      uint32_t serial, const void *site)
{
	unsigned char *tail = at->ptr + at->size;
	size_t offset = debug_offset(at);

	if (offset > DEBUG_HEAD) {
		memset(at->base, DEBUG_FORBIDDEN, offset - DEBUG_AT_OFFSET);
		debug_put(at->ptr - DEBUG_AT_OFFSET, offset);
	}
	debug_put(at->ptr - DEBUG_AT_SIZE, at->size);
	memset(at->ptr - DEBUG_AT_TIER, DEBUG_FORBIDDEN, DEBUG_AT_TIER);
	*(at->ptr - DEBUG_AT_TIER) = ids[tier];
	memset(tail, DEBUG_FORBIDDEN, DEBUG_WORD);
	debug_put(tail + DEBUG_AT_SERIAL, serial);
	debug_put(tail + DEBUG_AT_SITE, (uintptr_t)site);
}

/* Lock held: does a live block of the engine start at this address? */
static bool starts(struct slate_debug *d, uintptr_t address,
		   struct debug_place *at, enum slate_fault *kind)
{
	struct slate_block block;

	if (!slate_engine_look_(d->heap, (const void *)address, &block, kind))
		return false;
	at->base = block.ptr;
	at->room = block.size;
	at->caps = block.caps;
	at->pooled = block.pooled;
	return true;
}

/*
 * Lock held: the engine says that ptr - DEBUG_HEAD is inside of a live block,
 * so the granule before that belongs to the same block and may be read. In an
 * aligned block it ends with the offset.
 */
static bool starts_before(struct slate_debug *d, const unsigned char *ptr,
			  struct debug_place *at)
{
	size_t offset = debug_get(ptr - DEBUG_AT_OFFSET);
	enum slate_fault kind;

	if (offset <= DEBUG_HEAD || !slate_is_power_of_two(offset))
		return false;
	return starts(d, (uintptr_t)ptr - offset, at, &kind);
}

/* Lock held: what the engine says of a pointer that starts no block of ours. */
static enum slate_fault blame(struct slate_debug *d, const void *ptr)
{
	enum slate_fault kind = SLATE_FAULT_INTERIOR;
	struct slate_block block;

	if (slate_engine_look_(d->heap, ptr, &block, &kind))
		return SLATE_FAULT_INTERIOR;
	return kind;
}

bool slate_debug_locate_(struct slate_debug *d, const void *ptr,
			 struct debug_place *at, struct debug_fault *fault)
{
	enum slate_fault kind;
	bool found;

	at->ptr = (unsigned char *)(uintptr_t)ptr;
	at->size = 0;
	found = starts(d, (uintptr_t)ptr - DEBUG_HEAD, at, &kind);
	if (!found && kind == SLATE_FAULT_INTERIOR)
		found = starts_before(d, at->ptr, at);
	if (found && at->room >= debug_offset(at) + DEBUG_TAIL)
		return true;
	fault->kind = blame(d, ptr);
	fault->address = ptr;
	fault->text = slate_fault_name(fault->kind);
	return false;
}

/* Set @fault if a byte of [from, to) is not @byte. */
static bool all_are(unsigned char byte, const unsigned char *from,
		    const unsigned char *to, struct debug_fault *fault)
{
	while (from < to && sanitize_peek(from) == byte)
		from++;
	fault->address = from;
	return from == to;
}

static bool is_id(unsigned char byte)
{
	return byte == ids[SLATE_TIER_RAW] || byte == ids[SLATE_TIER_MEM] ||
	       byte == ids[SLATE_TIER_OBJ];
}

/* The bytes before the block, and whether its size can be. */
static bool head_is_whole(const struct debug_place *at,
			  struct debug_fault *fault)
{
	const unsigned char *head = at->ptr - DEBUG_AT_TIER;
	size_t offset = debug_offset(at);

	fault->kind = SLATE_FAULT_UNDERFLOW;
	fault->address = head;
	fault->text = "bad ID";
	if (!is_id(sanitize_peek(head)))
		return false;
	fault->text = "bad leading pad byte";
	if (!all_are(DEBUG_FORBIDDEN, head + 1, at->ptr, fault))
		return false;
	if (offset > DEBUG_HEAD &&
	    !all_are(DEBUG_FORBIDDEN, at->base, at->ptr - DEBUG_AT_OFFSET,
		     fault))
		return false;
	fault->address = at->ptr - DEBUG_AT_SIZE;
	fault->text = "bad size";
	return debug_get(at->ptr - DEBUG_AT_SIZE) <=
	       at->room - offset - DEBUG_TAIL;
}

bool slate_debug_whole_(struct debug_place *at, struct debug_fault *fault)
{
	const unsigned char *tail;

	if (!head_is_whole(at, fault))
		return false;
	at->size = debug_get(at->ptr - DEBUG_AT_SIZE);
	tail = at->ptr + at->size;
	fault->kind = SLATE_FAULT_OVERFLOW;
	fault->text = "bad trailing pad byte";
	if (!all_are(DEBUG_FORBIDDEN, tail, tail + DEBUG_WORD, fault))
		return false;
	fault->text = NULL;
	return true;
}

void slate_debug_read_(const struct debug_place *at,
		       struct slate_debug_block *block)
{
	const unsigned char *tail = at->ptr + at->size;
	unsigned char id = sanitize_peek(at->ptr - DEBUG_AT_TIER);

	block->ptr = at->ptr;
	block->size = at->size;
	block->tier = id == ids[SLATE_TIER_RAW] ? SLATE_TIER_RAW :
		      id == ids[SLATE_TIER_MEM] ? SLATE_TIER_MEM :
		      SLATE_TIER_OBJ;
	block->serial = (uint32_t)debug_get(tail + DEBUG_AT_SERIAL);
	block->made_at = (const void *)debug_get(tail + DEBUG_AT_SITE);
	block->freed_at = NULL;
}

/*
 * What the layout still says. With bytes before the block spoilt its size may
 * be, too: it is believed if it leads to forbidden bytes.
 */
static void read_spoilt(struct debug_place *at,
			const struct debug_fault *fault,
			struct slate_debug_block *block)
{
	size_t size = debug_get(at->ptr - DEBUG_AT_SIZE);
	struct debug_fault other;

	block->ptr = at->ptr;
	if (fault->kind == SLATE_FAULT_UNDERFLOW) {
		if (size > at->room - debug_offset(at) - DEBUG_TAIL ||
		    !all_are(DEBUG_FORBIDDEN, at->ptr + size,
			     at->ptr + size + DEBUG_WORD, &other))
			return;
		at->size = size;
	}
	slate_debug_read_(at, block);
}

/* Lock held: as slate_debug_examine_(), for what is not in quarantine. */
static bool is_proper(struct debug_place *at, unsigned int tier,
		      struct debug_fault *fault,
		      struct slate_debug_block *block)
{
	if (sanitize_peek(at->ptr - DEBUG_AT_TIER) == DEBUG_DEAD) {
		fault->kind = SLATE_FAULT_DOUBLE_FREE;
		fault->address = at->ptr;
		fault->text = "freed before";
		return false;
	}
	if (!slate_debug_whole_(at, fault)) {
		read_spoilt(at, fault, block);
		return false;
	}
	slate_debug_read_(at, block);
	if (tier == SLATE_TIERS || block->tier == (enum slate_tier)tier)
		return true;
	fault->kind = SLATE_FAULT_TIER;
	fault->address = at->ptr;
	fault->text = "bad ID: the block is of another tier";
	return false;
}

bool slate_debug_examine_(struct slate_debug *d, const void *ptr,
			  unsigned int tier, struct debug_place *at,
			  struct debug_fault *fault,
			  struct slate_debug_block *block)
{
	const struct slate_debug_kept *kept = slate_debug_kept_(d, ptr);

	memset(block, 0, sizeof(*block));
	if (kept) {
		*block = kept->block;
		fault->kind = SLATE_FAULT_DOUBLE_FREE;
		fault->address = ptr;
		fault->text = "freed before";
		return false;
	}
	return slate_debug_locate_(d, ptr, at, fault) &&
	       is_proper(at, tier, fault, block);
}
