// SPDX-License-Identifier: MIT
/*
 * A table of live blocks, by a hash of their addresses.
 *
 * An entry whose place is taken stands in the next that is free, less than
 * LEDGER_REACH places on, else it is lost. So a look-up sees at most
 * LEDGER_REACH entries, and ends at the first place that is free. To keep it
 * so, an entry that goes is replaced by the next one that may stand there, and
 * so on. At most seven eighths are taken, so that there are places that are
 * free.
 */
#include "ledger.h"
#include "mem_calls.h"

#define LEDGER_REACH	32

static size_t home_of(const struct slate_ledger *ledger, uintptr_t ptr)
{
	return ledger_place(ptr, ledger->places);
}

static size_t after(const struct slate_ledger *ledger, size_t i)
{
	return i + 1 == ledger->places ? 0 : i + 1;
}

/* How far @i is behind @from, going round. */
static size_t distance(const struct slate_ledger *ledger, size_t from,
		       size_t i)
{
	return i >= from ? i - from : i + ledger->places - from;
}

bool slate_ledger_divide_(struct slate_ledger *ledger, void *memory,
			  size_t size)
{
	const size_t most = ((size_t)1 << SLATE_WORD_BITS / 2) - 1;
	size_t n = 0;

	if ((uintptr_t)memory & (sizeof(uintptr_t) - 1))
		return false;
	for (; size >= sizeof(*ledger->entries) && n < most; n++)
		size -= sizeof(*ledger->entries);
	ledger->entries = memory;
	ledger->places = n;
	ledger->limit = n - n / 8;
	return n >= 8;
}

void slate_ledger_empty_(struct slate_ledger *ledger)
{
	memset(ledger->entries, 0, sizeof(*ledger->entries) * ledger->places);
	ledger->count = 0;
	ledger->lost = 0;
}

/* All tiers are one domain: a block may be freed through another one. */
static bool same_domain(unsigned int a, unsigned int b)
{
	return a == b || (a < SLATE_TIERS && b < SLATE_TIERS);
}

struct slate_entry *slate_ledger_look_(const struct slate_ledger *ledger,
				       unsigned int key, uintptr_t ptr)
{
	size_t i = home_of(ledger, ptr);
	unsigned int n;

	for (n = 0; n < LEDGER_REACH; n++) {
		struct slate_entry *entry = &ledger->entries[i];

		if (entry->ptr == ptr && same_domain(entry->key, key))
			return entry;
		if (!entry->ptr)
			return NULL;
		i = after(ledger, i);
	}
	return NULL;
}

bool slate_ledger_put_(struct slate_ledger *ledger,
		       const struct slate_entry *entry)
{
	size_t i = home_of(ledger, entry->ptr);
	unsigned int n;

	for (n = 0; n < LEDGER_REACH && ledger->count < ledger->limit; n++) {
		if (!ledger->entries[i].ptr) {
			ledger->entries[i] = *entry;
			ledger->count++;
			return true;
		}
		i = after(ledger, i);
	}
	ledger->lost++;
	return false;
}

/*
 * Place @hole is free now. The first entry behind it, before another free
 * place, that may stand there moves, and its place is the next hole. None
 * that is LEDGER_REACH behind may.
 */
static void close_hole(struct slate_ledger *ledger, size_t hole)
{
	size_t i = hole;
	size_t home;

	for (;;) {
		ledger->entries[hole].ptr = 0;
		do {
			i = after(ledger, i);
			if (!ledger->entries[i].ptr ||
			    distance(ledger, hole, i) >= LEDGER_REACH)
				return;
			home = home_of(ledger, ledger->entries[i].ptr);
		} while (distance(ledger, home, i) <
			 distance(ledger, hole, i));
		ledger->entries[hole] = ledger->entries[i];
		hole = i;
	}
}

bool slate_ledger_take_(struct slate_ledger *ledger, unsigned int key,
			uintptr_t ptr, struct slate_entry *entry)
{
	struct slate_entry *found = slate_ledger_look_(ledger, key, ptr);

	if (!found)
		return false;
	*entry = *found;
	ledger->count--;
	close_hole(ledger, (size_t)(found - ledger->entries));
	return true;
}
