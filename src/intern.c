// SPDX-License-Identifier: MIT
/*
 * Interned strings: a power of two of slots, each the head of a list of the
 * strings whose hash ends in its number.
 *
 * The slots double when there are more strings than slots. If the heap has no
 * memory for that, the lists grow longer and nothing else changes.
 */
#include <slate/intern.h>

#include "mem_calls.h"
#include "weak.h"

#define LEAST_SLOTS	8

/**
 * struct slate_intern - a table
 * @heap: where everything lies
 * @slots: heads of lists
 * @mask: number of slots - 1
 * @count: strings
 */
struct slate_intern {
	struct slate_heap *heap;
	struct slate_string **slots;
	size_t mask;
	size_t count;
};

/* FNV-1a: one multiplication a byte. */
static uint32_t hash_of(const char *text, size_t len)
{
	uint32_t hash = 2166136261u;

	while (len--)
		hash = (hash ^ (unsigned char)*text++) * 16777619u;
	return hash;
}

static struct slate_string **slot_of(const struct slate_intern *table,
				     uint32_t hash)
{
	/* The low bits of FNV-1a alone know little of the first bytes. */
	return &table->slots[(hash ^ hash >> 16) & table->mask];
}

struct slate_intern *slate_intern_create(struct slate_heap *heap,
					 size_t expected)
{
	struct slate_intern *table;
	size_t nslots = LEAST_SLOTS;

	while (nslots < expected && nslots <= PTRDIFF_MAX / 2)
		nslots *= 2;
	table = slate_mem_calloc(heap, 1, sizeof(*table));
	if (!table)
		return NULL;
	table->heap = heap;
	table->mask = nslots - 1;
	table->slots = slate_mem_new(heap, struct slate_string *, nslots);
	if (table->slots)
		return table;
	slate_mem_free(heap, table);
	return NULL;
}

static bool same(const char *a, const char *b, size_t len)
{
	while (len--) {
		if (*a++ != *b++)
			return false;
	}
	return true;
}

static struct slate_string *look_up(const struct slate_intern *table,
				    uint32_t hash, const char *text, size_t len)
{
	struct slate_string *s;

	for (s = *slot_of(table, hash); s; s = s->next) {
		if (s->hash != hash || s->len != len)
			continue;
		if (same(s->text, text, len))
			return s;
	}
	return NULL;
}

/* Twice the slots, if there is memory for them. */
static void grow(struct slate_intern *table)
{
	size_t n = table->mask + 1;
	struct slate_string **old = table->slots;
	struct slate_string **slots;
	size_t i;

	slots = slate_mem_new(table->heap, struct slate_string *, 2 * n);
	if (!slots)
		return;
	table->slots = slots;
	table->mask = 2 * n - 1;
	for (i = 0; i < n; i++) {
		while (old[i]) {
			struct slate_string *s = old[i];
			struct slate_string **slot = slot_of(table, s->hash);

			old[i] = s->next;
			s->next = *slot;
			*slot = s;
		}
	}
	slate_mem_free(table->heap, old);
}

static struct slate_string *add(struct slate_intern *table, uint32_t hash,
				const char *text, size_t len)
{
	struct slate_string **slot;
	struct slate_string *s;

	/* The sum cannot overflow: there are @len bytes at @text. */
	s = slate_mem_malloc(table->heap, sizeof(*s) + len + 1);
	if (!s)
		return NULL;
	if (table->count > table->mask)
		grow(table);
	slot = slot_of(table, hash);
	s->next = *slot;
	s->refs = 1;
	s->hash = hash;
	s->len = len;
	memcpy(s->text, text, len);
	s->text[len] = '\0';
	*slot = s;
	table->count++;
	return s;
}

const struct slate_string *slate_intern_get(struct slate_intern *table,
					    const char *text, size_t len)
{
	uint32_t hash = hash_of(text, len);
	struct slate_string *s = look_up(table, hash, text, len);

	if (!s)
		return add(table, hash, text, len);
	if (s->refs != UINT32_MAX)
		s->refs++;
	return s;
}

const struct slate_string *slate_intern_find(const struct slate_intern *table,
					     const char *text, size_t len)
{
	return look_up(table, hash_of(text, len), text, len);
}

/* The link that leads to a string of the table, or NULL. */
static struct slate_string **link_to(const struct slate_intern *table,
				     const struct slate_string *string)
{
	struct slate_string **link = slot_of(table, string->hash);

	for (; *link; link = &(*link)->next) {
		if (*link == string)
			return link;
	}
	return NULL;
}

void slate_intern_put(struct slate_intern *table,
		      const struct slate_string *string)
{
	struct slate_string **link = NULL;
	struct slate_string *s;
	size_t usable;

	if (!string)
		return;
	usable = slate_heap_usable_size(table->heap, string);
	if (!usable)
		return;
	if (usable > sizeof(*s))
		link = link_to(table, string);
	if (!link) {
		slate_port_fault(SLATE_FAULT_TIER, table->heap, string);
		return;
	}
	s = *link;
	if (s->refs == UINT32_MAX || --s->refs)
		return;
	*link = s->next;
	table->count--;
	slate_mem_free(table->heap, s);
}

size_t slate_intern_count(const struct slate_intern *table)
{
	return table->count;
}

int slate_intern_destroy(struct slate_intern *table)
{
	if (!table)
		return 0;
	if (table->count)
		return -SLATE_EBUSY;
	slate_mem_free(table->heap, table->slots);
	slate_mem_free(table->heap, table);
	return 0;
}
