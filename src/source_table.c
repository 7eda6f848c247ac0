// SPDX-License-Identifier: MIT
/* The look-up table of arenas from a source: where it changes. */
#include "source_table.h"

void slate_table_init_(struct source_table *table, size_t source_size)
{
	unsigned int i;

	table->slots = table->first;
	table->mask = TABLE_FIRST - 1;
	table->shift = slate_word_log2(source_size);
	for (i = 0; i < TABLE_FIRST; i++)
		table->first[i] = NULL;
}

bool slate_table_insert_(struct source_table *table, struct slate_arena *arena)
{
	size_t key = table_key(table, arena->base);
	unsigned int probe;

	for (probe = 0; probe < TABLE_PROBES; probe++) {
		size_t slot = table_slot(table, key, probe);

		if (!table->slots[slot]) {
			table->slots[slot] = arena;
			return true;
		}
	}
	return false;
}

void slate_table_remove_(struct source_table *table, struct slate_arena *arena)
{
	size_t key = table_key(table, arena->base);
	unsigned int probe;

	for (probe = 0; probe < TABLE_PROBES; probe++) {
		size_t slot = table_slot(table, key, probe);

		if (table->slots[slot] == arena)
			table->slots[slot] = NULL;
	}
}

bool slate_table_grow_(struct source_table *table, struct slate_arena **slots,
		       size_t n)
{
	struct slate_arena **old = table->slots;
	size_t old_mask = table->mask;
	size_t i;

	for (i = 0; i < n; i++)
		slots[i] = NULL;
	table->slots = slots;
	table->mask = n - 1;
	for (i = 0; i <= old_mask; i++) {
		if (old[i] && !slate_table_insert_(table, old[i])) {
			table->slots = old;
			table->mask = old_mask;
			return false;
		}
	}
	return true;
}
