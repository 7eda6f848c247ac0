/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: a table of live blocks that a wrapper keeps: one entry for each, in
 * memory that the caller gives. See src/ledger.c.
 */
#ifndef SLATE_LEDGER_H
#define SLATE_LEDGER_H

#include <slate/wrap.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_entry - a block
 * @ptr: its address, 0 in a place that is free
 * @size: its bytes, as the wrapper counts them
 * @whose: who has it: a site, an owner
 * @mark: what the wrapper says of it
 * @key: its domain; for the heap's blocks their tier
 */
struct slate_entry {
	uintptr_t ptr;
	size_t size;
	uint16_t whose;
	uint8_t mark;
	uint8_t key;
};

/**
 * struct slate_ledger - a table of blocks
 * @entries: its places
 * @places: how many
 * @limit: how many may be taken, seven eighths
 * @count: how many are
 * @lost: blocks that found no place
 */
struct slate_ledger {
	struct slate_entry *entries;
	size_t places;
	size_t limit;
	size_t count;
	size_t lost;
};

SLATE_END_DECLS

#endif /* SLATE_LEDGER_H */
