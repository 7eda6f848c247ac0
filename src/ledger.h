/* SPDX-License-Identifier: MIT */
/* Layer 7, private: the table of live blocks. All with the lock held. */
#ifndef SLATE_LEDGER_STATE_H
#define SLATE_LEDGER_STATE_H

#include <slate/ledger.h>
#include <slate/word.h>

#include "port_lock.h"

/* An odd number near the golden ratio of a word spreads what it multiplies. */
#if UINTPTR_MAX > 0xffffffffu
#define LEDGER_SPREAD	((uintptr_t)0x9e3779b97f4a7c15)
#else
#define LEDGER_SPREAD	((uintptr_t)0x9e3779b1)
#endif

/* A place below @n, which is less than half a word, by the spread of @word. */
SLATE_INLINE size_t ledger_place(uintptr_t word, size_t n)
{
	const unsigned int half = SLATE_WORD_BITS / 2;

	return ((word * LEDGER_SPREAD) >> half) * n >> half;
}

/*
 * Divide @size bytes at @memory, aligned to a word; false if there is not room
 * for eight entries. slate_ledger_empty_() makes them usable.
 */
bool slate_ledger_divide_(struct slate_ledger *ledger, void *memory,
			  size_t size);
void slate_ledger_empty_(struct slate_ledger *ledger);

/* The entry of a block, or NULL. */
struct slate_entry *slate_ledger_look_(const struct slate_ledger *ledger,
				       unsigned int key, uintptr_t ptr);

/* Add a block that has no entry; false if it was lost. */
bool slate_ledger_put_(struct slate_ledger *ledger,
		       const struct slate_entry *entry);

/* Take an entry out; what it was is in *@entry. False if there was none. */
bool slate_ledger_take_(struct slate_ledger *ledger, unsigned int key,
			uintptr_t ptr, struct slate_entry *entry);

#endif /* SLATE_LEDGER_STATE_H */
