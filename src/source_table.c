// SPDX-License-Identifier: MIT
/* The look-up table of arenas from sources: where it changes. */
#include "source_table.h"

void slate_table_use_(struct source_table *table, struct slate_arena **slots,
		      size_t n)
{
	table->slots = slots;
	table->mask = n - 1;
	while (n--)
		slots[n] = NULL;
}

void slate_table_init_(struct source_table *table)
{
	table->shifts = 0;
	table->shift = 0;
	slate_table_use_(table, table->first, TABLE_FIRST);
}

bool slate_table_insert_(struct source_table *table, struct slate_arena *arena,
			 unsigned int shift)
{
	size_t key = (uintptr_t)arena->base >> shift;
	unsigned int probe;

	for (probe = 0; probe < TABLE_PROBES; probe++) {
		size_t slot = table_slot(table, key, probe);

		if (!table->slots[slot]) {
			table->slots[slot] = arena;
			table->shifts |= slate_word_bit(shift);
			table->shift = slate_word_ctz(table->shifts);
			return true;
		}
	}
	return false;
}

void slate_table_remove_(struct source_table *table, struct slate_arena *arena,
			 unsigned int shift)
{
	size_t key = (uintptr_t)arena->base >> shift;
	unsigned int probe;

	for (probe = 0; probe < TABLE_PROBES; probe++) {
		size_t slot = table_slot(table, key, probe);

		if (table->slots[slot] == arena)
			table->slots[slot] = NULL;
	}
}
