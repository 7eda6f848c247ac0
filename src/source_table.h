/* SPDX-License-Identifier: MIT */
/*
 * Which arena from a source is an address in? Arenas are aligned to the
 * source's size, so their address over that size is a key, looked up in a
 * hash table with a fixed number of probes. A removed entry needs no
 * tombstone: a look-up never stops before the last probe but on success.
 */
#ifndef SLATE_SOURCE_TABLE_H
#define SLATE_SOURCE_TABLE_H

#include <slate/arena.h>

#define TABLE_PROBES	8u
#define TABLE_FIRST	16u	/* slots of the table that a heap starts with */

/**
 * struct source_table - arenas by address
 * @slots: arenas or NULL
 * @mask: number of slots less one
 * @shift: log2 of the source's size
 * @first: the slots in use until there are more arenas
 */
struct source_table {
	struct slate_arena **slots;
	size_t mask;
	unsigned int shift;
	struct slate_arena *first[TABLE_FIRST];
};

SLATE_INLINE size_t table_key(const struct source_table *table,
			      const void *ptr)
{
	return (uintptr_t)ptr >> table->shift;
}

/* Neighbouring arenas fall into neighbouring slots; far ones are spread. */
SLATE_INLINE size_t table_slot(const struct source_table *table, size_t key,
			       unsigned int probe)
{
	return (key + (key >> 9) * 7 + probe) & table->mask;
}

/* The arena whose first granule is in the same aligned span as @ptr. */
SLATE_INLINE struct slate_arena *table_find(const struct source_table *table,
					    const void *ptr)
{
	size_t key = table_key(table, ptr);
	unsigned int probe;

	for (probe = 0; probe < TABLE_PROBES; probe++) {
		struct slate_arena *arena =
			table->slots[table_slot(table, key, probe)];

		if (arena && table_key(table, arena->base) == key)
			return arena;
	}
	return NULL;
}

void slate_table_init_(struct source_table *table, size_t source_size);

/* False: no slot is free where it may stand; the table must grow. */
bool slate_table_insert_(struct source_table *table, struct slate_arena *arena);

void slate_table_remove_(struct source_table *table, struct slate_arena *arena);

/*
 * Move to @slots, @n of them, a power of two. False, and nothing changed, if
 * not every arena finds a place.
 */
bool slate_table_grow_(struct source_table *table, struct slate_arena **slots,
		       size_t n);

#endif /* SLATE_SOURCE_TABLE_H */
