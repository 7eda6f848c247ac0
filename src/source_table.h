/* SPDX-License-Identifier: MIT */
/*
 * Which arena from a source is an address in? Arenas are aligned to their
 * source's size, so their address over that size is a key, looked up in a
 * hash table with a fixed number of probes; once for each size that is in use.
 * A removed entry needs no tombstone: a look-up never stops before the last
 * probe but on success.
 */
#ifndef SLATE_SOURCE_TABLE_H
#define SLATE_SOURCE_TABLE_H

#include <slate/arena.h>

#define TABLE_PROBES	8u
/* Slots of the table that a heap starts with. */
#define TABLE_FIRST	(SLATE_CONFIG_SOURCE_FAST ? 64u : 16u)

/**
 * struct source_table - arenas by address
 * @slots: arenas or NULL
 * @mask: number of slots less one
 * @shift: the least n of @shifts, or 0
 * @shifts: bit n: there are, or were, arenas of a source whose size is 2^n
 * @first: the slots in use until there are more arenas
 */
struct source_table {
	struct slate_arena **slots;
	size_t mask;
	unsigned int shift;
	uintptr_t shifts;
	struct slate_arena *first[TABLE_FIRST];
};

/*
 * Neighbouring arenas fall into neighbouring slots, where they never meet. An
 * arena of another size may hit upon such a run, so the later half of the
 * probes is scattered.
 */
SLATE_INLINE size_t table_slot(const struct source_table *table, size_t key,
			       unsigned int probe)
{
	if (probe < TABLE_PROBES / 2)
		return (key + (key >> 9) * 7 + probe) & table->mask;
	return ((key >> 3) + (key << 5) + probe * 61) & table->mask;
}

/* One probe, which mostly does: the arena that owns @ptr, or NULL. */
SLATE_INLINE struct slate_arena *table_glance(const struct source_table *table,
					      const void *ptr)
{
	size_t key = (uintptr_t)ptr >> table->shift;
	struct slate_arena *arena = table->slots[table_slot(table, key, 0)];

	return arena && slate_arena_owns(arena, ptr) ? arena : NULL;
}

/*
 * The arena that owns @ptr, or NULL: that is sure for an address in the first
 * 2^shift bytes of an arena.
 */
SLATE_INLINE struct slate_arena *table_find(const struct source_table *table,
					    const void *ptr)
{
	uintptr_t shifts = table->shifts;
	unsigned int probe;

	for (; shifts; shifts &= shifts - 1) {
		size_t key = (uintptr_t)ptr >> slate_word_ctz(shifts);

		for (probe = 0; probe < TABLE_PROBES; probe++) {
			struct slate_arena *arena =
				table->slots[table_slot(table, key, probe)];

			if (arena && slate_arena_owns(arena, ptr))
				return arena;
		}
	}
	return NULL;
}

void slate_table_init_(struct source_table *table);

/* False: no slot is free where it may stand; the table must grow. */
bool slate_table_insert_(struct source_table *table, struct slate_arena *arena,
			 unsigned int shift);

void slate_table_remove_(struct source_table *table, struct slate_arena *arena,
			 unsigned int shift);

/* Start anew with @slots, @n of them, a power of two, all empty. */
void slate_table_use_(struct source_table *table, struct slate_arena **slots,
		      size_t n);

#endif /* SLATE_SOURCE_TABLE_H */
