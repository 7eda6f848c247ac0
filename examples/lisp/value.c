// SPDX-License-Identifier: MIT
/*
 * The types of values: records in flash that say how large an object is, what
 * it refers to, and what becomes of that when it goes.
 *
 * Objects that may be part of a cycle are of collected types: they have a
 * traverse function, which shows the collector each reference that the object
 * owns, and a clear function, which drops those; slate calls clear also when
 * an object goes by its count. Here all have two or three references, right
 * behind the header, so that two functions do for all types.
 */
#include <string.h>

#include "lisp.h"

static struct slate_object **refs_of(struct slate_object *obj, size_t *n)
{
	*n = is(obj, &table_type) || is(obj, &symbol_type) ? 3 : 2;
	return (struct slate_object **)((struct slate_gc_object *)obj + 1);
}

static int traverse(struct slate_object *obj, slate_visit_fn visit, void *arg)
{
	size_t n;
	struct slate_object **refs = refs_of(obj, &n);
	int result = 0;

	while (n-- && !result)
		result = slate_visit(*refs++, visit, arg);
	return result;
}

static void clear(struct slate_objects *objects, struct slate_object *obj)
{
	size_t n;
	struct slate_object **refs = refs_of(obj, &n);

	while (n--)
		slate_clear_ref(objects, refs++);
}

const struct slate_type true_type = { .name = "true" };
const struct slate_type form_type = { .name = "form" };
const struct slate_type builtin_type = { .name = "built-in" };

const struct slate_type integer_type = {
	.name = "integer",
	.size = sizeof(struct integer),
	.flags = SLATE_TYPE_UNCLEARED,
};

const struct slate_type string_type = {
	.name = "string",
	.size = sizeof(struct string),
	.item_size = 1,
	.length_offset = offsetof(struct string, len),
	.flags = SLATE_TYPE_UNCLEARED,
};

#define TYPE_OF_REFS(word, of, weak) { \
	.name = word, \
	.size = sizeof(of), \
	.weak_offset = weak, \
	.flags = SLATE_TYPE_COLLECTED, \
	.traverse = traverse, \
	.clear = clear, \
}

const struct slate_type pair_type = TYPE_OF_REFS("pair", struct pair, 0);
const struct slate_type closure_type =
	TYPE_OF_REFS("function", struct pair, 0);
const struct slate_type symbol_type = TYPE_OF_REFS("symbol", struct symbol, 0);
const struct slate_type table_type =
	TYPE_OF_REFS("table", struct table, offsetof(struct table, weak));

/* Static objects: in flash, for ever, and made without memory. */
const struct pair lisp_nil = {
	SLATE_GC_OBJECT_STATIC(&pair_type), nil, nil
};

static const struct string no_memory_text = {
	SLATE_OBJECT_STATIC(&string_type), 13, { "out of memory" }
};

static const struct pair no_memory_error = {
	SLATE_GC_OBJECT_STATIC(&pair_type), in_flash(&no_memory_text), nil
};

#define LEAST_SMALL	(-1)
#define SMALL(i)	{ SLATE_OBJECT_STATIC(&integer_type), i }
#define SMALL_4(i)	SMALL(i), SMALL((i) + 1), SMALL((i) + 2), SMALL((i) + 3)
#define SMALL_16(i)	SMALL_4(i), SMALL_4((i) + 4), SMALL_4((i) + 8), \
			SMALL_4((i) + 12)

static const struct integer small_integers[] = {
	SMALL(-1), SMALL_16(0), SMALL_16(16), SMALL_16(32), SMALL_16(48)
};

#define NSMALL	((int32_t)(sizeof(small_integers) / sizeof(struct integer)))

struct slate_object *lisp_integer(struct lisp *lisp, int32_t value)
{
	struct integer *integer;

	if (value >= LEAST_SMALL && value < LEAST_SMALL + NSMALL)
		return in_flash(&small_integers[value - LEAST_SMALL]);
	integer = slate_object_new(&lisp->objects, &integer_type);
	if (!integer)
		return lisp_fail_memory(lisp);
	integer->value = value;
	return &integer->base;
}

struct slate_object *lisp_string(struct lisp *lisp, const void *text,
				 size_t len)
{
	struct string *string;

	string = slate_object_new_var(&lisp->objects, &string_type, len);
	if (!string)
		return lisp_fail_memory(lisp);
	if (text)
		memcpy(string->text, text, len);
	return &string->base;
}

struct slate_object *lisp_make(struct lisp *lisp, const struct slate_type *type,
			       struct slate_object *a, struct slate_object *b,
			       struct slate_object *c)
{
	struct slate_object *obj = slate_object_new(&lisp->objects, type);
	struct slate_object **refs;
	size_t n;

	if (!obj)
		return lisp_fail_memory(lisp);
	refs = refs_of(obj, &n);
	refs[0] = slate_newref(a);
	refs[1] = slate_newref(b);
	if (n > 2)
		refs[2] = slate_newref(c);
	return obj;
}

struct slate_object *lisp_pair(struct lisp *lisp, struct slate_object *first,
			       struct slate_object *rest)
{
	return lisp_make(lisp, &pair_type, first, rest, NULL);
}

bool lisp_prepend(struct lisp *lisp, struct slate_object **list,
		  struct slate_object *value)
{
	struct slate_object *pair = lisp_pair(lisp, value, *list);

	if (pair)
		slate_move_ref(&lisp->objects, list, pair);
	return pair;
}

struct slate_object *lisp_reverse(struct slate_object *list,
				  struct slate_object **end)
{
	struct slate_object *reversed = nil;
	struct slate_object *rest;

	for (; is_pair(list); list = rest) {
		rest = cdr(list);
		((struct pair *)list)->cdr = reversed;
		reversed = list;
	}
	*end = list;
	return reversed;
}

/* A list that ends in itself has to end somewhere. */
int32_t lisp_length(struct slate_object *list)
{
	int32_t len = 0;

	for (; is_pair(list) && len < INT32_MAX / 2; list = cdr(list))
		len++;
	return len;
}

bool lisp_equal(const struct slate_object *a, const struct slate_object *b)
{
	const struct string *s = (const struct string *)a;
	const struct string *t = (const struct string *)b;

	if (a == b || a->type != b->type)
		return a == b;
	if (is(a, &integer_type))
		return integer_of(a) == integer_of(b);
	return is(a, &string_type) && s->len == t->len &&
	       !memcmp(s->text, t->text, s->len);
}

struct slate_object **lisp_get(struct slate_object *table,
			       const struct slate_object *key)
{
	struct slate_object *values = ((struct table *)table)->values;
	struct slate_object *keys = ((struct table *)table)->keys;

	for (; values != nil; values = cdr(values), keys = cdr(keys)) {
		if (car(keys) == key || lisp_equal(car(keys), key))
			return &((struct pair *)values)->car;
	}
	return NULL;
}

bool lisp_put(struct lisp *lisp, struct slate_object *obj,
	      struct slate_object *key, struct slate_object *value)
{
	struct slate_object **place = lisp_get(obj, key);
	struct table *table = (struct table *)obj;

	if (place) {
		set(lisp, place, value);
		return true;
	}
	if (!lisp_prepend(lisp, &table->keys, key))
		return false;
	if (lisp_prepend(lisp, &table->values, value))
		return true;
	set(lisp, &table->keys, cdr(table->keys));
	return false;
}

struct slate_object *lisp_fail_memory(struct lisp *lisp)
{
	set(lisp, &lisp->error, in_flash(&no_memory_error));
	return NULL;
}

struct slate_object *lisp_fail(struct lisp *lisp, const char *text,
			       struct slate_object *about)
{
	struct slate_object *message = lisp_string(lisp, text, strlen(text));
	struct slate_object *error = nil;

	if (message && (about == nil || lisp_prepend(lisp, &error, about)) &&
	    lisp_prepend(lisp, &error, message))
		set(lisp, &lisp->error, error);
	drop(lisp, message);
	drop(lisp, error);
	return NULL;
}
