// SPDX-License-Identifier: MIT
/*
 * Tables: open addressing in a block of the mem tier, a power of two of
 * entries. The type's extra function makes the block count as part of the
 * object.
 *
 * Keys are integers, strings and symbols. Their hashes depend on what they
 * are, not on where they lie, so the order of keys is the same on every
 * machine.
 */
#include <string.h>

#include "lisp.h"

/* Free while @key is NULL; removed, but in the way, while only @value is. */
struct entry {
	struct slate_object *key;
	struct slate_object *value;
};

/**
 * struct table - a hash table
 * @gc: the header
 * @weak: weak references to it begin here
 * @entries: @room of them, at least one of them free
 * @room: 0 or a power of two
 * @taken: those that have a key
 */
struct table {
	struct slate_gc_object gc;
	struct slate_weakref *weak;
	struct entry *entries;
	size_t room;
	size_t taken;
};

static int table_traverse(struct slate_object *obj, slate_visit_fn visit,
			  void *arg)
{
	struct table *table = (struct table *)obj;
	int result = 0;
	size_t i;

	for (i = 0; !result && i < table->room; i++) {
		result = slate_visit(table->entries[i].key, visit, arg);
		if (!result)
			result = slate_visit(table->entries[i].value, visit,
					     arg);
	}
	return result;
}

/* Empty at once, so that nothing that is set off here finds half a table. */
static void table_clear(struct slate_objects *objects,
			struct slate_object *obj)
{
	struct table *table = (struct table *)obj;
	struct entry *entries = table->entries;
	size_t room = table->room;
	size_t i;

	table->entries = NULL;
	table->room = 0;
	table->taken = 0;
	for (i = 0; i < room; i++) {
		slate_xdecref(objects, entries[i].key);
		slate_xdecref(objects, entries[i].value);
	}
	slate_mem_free(objects->heap, entries);
}

static size_t table_extra(const struct slate_object *obj)
{
	return ((const struct table *)obj)->room * sizeof(struct entry);
}

const struct slate_type table_type = {
	.name = "table",
	.size = sizeof(struct table),
	.weak_offset = offsetof(struct table, weak),
	.flags = SLATE_TYPE_COLLECTED,
	.traverse = table_traverse,
	.clear = table_clear,
	.extra = table_extra,
};

struct slate_object *lisp_table(struct lisp *lisp)
{
	struct table *table = slate_object_new(&lisp->objects, &table_type);

	return table ? &table->gc.base : lisp_fail_memory(lisp);
}

static bool can_be_key(const struct slate_object *key)
{
	return is(key, &integer_type) || is(key, &string_type) ||
	       is(key, &symbol_type);
}

static uint32_t hash_of(const struct slate_object *key)
{
	const struct symbol *symbol = (const struct symbol *)key;
	const struct string *string = (const struct string *)key;

	if (is(key, &integer_type))
		return (uint32_t)integer_of(key) * 2654435761u >> 8;
	if (is(key, &string_type))
		return lisp_hash(string->text, string->len);
	return lisp_hash(symbol->name, symbol->len);
}

bool lisp_equal(const struct slate_object *a, const struct slate_object *b)
{
	const struct string *s = (const struct string *)a;
	const struct string *t = (const struct string *)b;

	if (a == b)
		return true;
	if (a->type != b->type)
		return false;
	if (is(a, &integer_type))
		return integer_of(a) == integer_of(b);
	return is(a, &string_type) && s->len == t->len &&
	       !memcmp(s->text, t->text, s->len);
}

/* The entry that has @key, or the free one where it belongs. */
static struct entry *find(const struct table *table,
			  const struct slate_object *key)
{
	size_t i = hash_of(key);

	for (;; i++) {
		struct entry *entry = &table->entries[i & (table->room - 1)];

		if (!entry->key || lisp_equal(entry->key, key))
			return entry;
	}
}

/* As many entries as what is there needs, without those removed. */
static bool grow(struct lisp *lisp, struct table *table)
{
	const struct table old = *table;
	size_t least = lisp_table_count(&table->gc.base) * 2 + 4;
	struct entry *entries;
	size_t room = 4;
	size_t i;

	while (room < least)
		room *= 2;
	entries = slate_mem_new(lisp->heap, struct entry, room);
	if (!entries && slate_objects_reclaim(&lisp->objects))
		entries = slate_mem_new(lisp->heap, struct entry, room);
	if (!entries) {
		lisp_fail_memory(lisp);
		return false;
	}
	table->entries = entries;
	table->room = room;
	table->taken = 0;
	for (i = 0; i < old.room; i++) {
		if (old.entries[i].value) {
			*find(table, old.entries[i].key) = old.entries[i];
			table->taken++;
		} else if (old.entries[i].key) {
			drop(lisp, old.entries[i].key);
		}
	}
	slate_mem_free(lisp->heap, old.entries);
	return true;
}

bool lisp_table_set(struct lisp *lisp, struct slate_object *obj,
		    struct slate_object *key, struct slate_object *value)
{
	struct table *table = (struct table *)obj;
	struct entry *entry;

	if (!can_be_key(key)) {
		lisp_fail(lisp, "not a key", key);
		return false;
	}
	if (table->taken * 4 >= table->room * 3 && !grow(lisp, table))
		return false;
	entry = find(table, key);
	if (!entry->key) {
		entry->key = share(key);
		table->taken++;
	}
	slate_set_ref(&lisp->objects, &entry->value, value);
	return true;
}

/* Where the value is, or NULL; NULL put there removes it. */
struct slate_object **lisp_table_get(struct slate_object *obj,
				     struct slate_object *key)
{
	struct table *table = (struct table *)obj;
	struct entry *entry;

	if (!table->room || !can_be_key(key))
		return NULL;
	entry = find(table, key);
	return entry->value ? &entry->value : NULL;
}

size_t lisp_table_count(const struct slate_object *obj)
{
	const struct table *table = (const struct table *)obj;
	size_t n = 0;
	size_t i;

	for (i = 0; i < table->room; i++)
		n += table->entries[i].value != NULL;
	return n;
}

struct slate_object *lisp_table_keys(struct lisp *lisp,
				     struct slate_object *obj)
{
	struct table *table = (struct table *)obj;
	size_t base = lisp->values.len;
	size_t i;

	for (i = 0; i < table->room; i++) {
		struct entry *entry = &table->entries[i];

		if (entry->value && !lisp_push(lisp, share(entry->key)))
			return NULL;
	}
	return lisp_gather(lisp, base);
}
