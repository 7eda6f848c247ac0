/* SPDX-License-Identifier: MIT */
/*
 * Layer 8: interned strings: equal bytes are held once, so that comparing two
 * strings of one table is comparing two pointers.
 *
 * A table is a hash set of immutable strings with a count of references each.
 * A string whose last reference is put back is dropped from the set and freed.
 */
#ifndef SLATE_INTERN_H
#define SLATE_INTERN_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

struct slate_intern;

/**
 * struct slate_string - an interned string, for reading
 * @next: slate's own
 * @refs: references taken and not put back; UINT32_MAX: kept for ever
 * @hash: of its bytes
 * @len: bytes, without the NUL that follows them
 * @text: the bytes, which may hold NULs
 */
struct slate_string {
	struct slate_string *next;
	uint32_t refs;
	uint32_t hash;
	size_t len;
	char text[];
};

/**
 * slate_intern_create() - make an empty table
 * @heap: where the table and its strings lie
 * @expected: how many strings there may be; the table grows beyond it
 *
 * Context: the owner of @heap. O(@expected).
 * Return: the table, or NULL if there is no memory.
 */
struct slate_intern *slate_intern_create(struct slate_heap *heap,
					 size_t expected) SLATE_MUST_CHECK;

/**
 * slate_intern_get() - the one string with certain bytes
 * @table: the table
 * @text: the bytes
 * @len: how many
 *
 * Context: the owner of the heap. O(@len), plus O(strings) when the table
 * grows and for the strings that share a slot with this one, one on average.
 * Return: the string with a reference that is the caller's to put back; NULL
 * if it is new and there is no memory.
 */
const struct slate_string *slate_intern_get(struct slate_intern *table,
					    const char *text, size_t len)
					    SLATE_MUST_CHECK;

/**
 * slate_intern_find() - look for a string
 * @table: the table
 * @text: the bytes
 * @len: how many
 *
 * Context: the owner of the heap. O(@len), as slate_intern_get().
 * Return: the string, without a reference, or NULL.
 */
const struct slate_string *slate_intern_find(const struct slate_intern *table,
					     const char *text, size_t len);

/**
 * slate_intern_put() - give a reference back
 * @table: the table that @string is from
 * @string: the string; NULL does nothing
 *
 * A pointer that is no live block, or no string of this table, is reported to
 * slate_port_fault(), the latter as SLATE_FAULT_TIER, and dropped.
 *
 * Context: the owner of the heap. O(strings that share its slot).
 */
void slate_intern_put(struct slate_intern *table,
		      const struct slate_string *string);

/**
 * slate_intern_count() - how many strings a table has
 * @table: the table
 *
 * Context: the owner of the heap. O(1).
 * Return: their number.
 */
size_t slate_intern_count(const struct slate_intern *table);

/**
 * slate_intern_destroy() - end a table
 * @table: the table, or NULL
 *
 * Context: the owner of the heap. O(1).
 * Return: 0, or -SLATE_EBUSY while it has strings, and then it stays.
 */
int slate_intern_destroy(struct slate_intern *table);

SLATE_END_DECLS

#endif /* SLATE_INTERN_H */
