// SPDX-License-Identifier: MIT
/*
 * The functions that are built in. How many arguments there are, and of which
 * types, was looked at before, by what names.h says.
 */
#include <string.h>

#include "lisp.h"

#define UNUSED	__attribute__((unused))

#define BUILTIN(id) \
	struct slate_object *builtin_##id(struct lisp *lisp UNUSED, \
					  struct slate_object **args UNUSED, \
					  size_t n UNUSED)

/* One that is a single expression. */
#define RETURNS(id, expr)	BUILTIN(id) { return expr; }

/*
 * Integers: 32 bits on every machine; what does not fit is an error.
 */

static struct slate_object *too_large(struct lisp *lisp)
{
	return lisp_fail(lisp, "integer too large", NULL);
}

BUILTIN(add)
{
	int32_t sum = 0;

	while (n--) {
		if (__builtin_add_overflow(sum, integer_of(*args++), &sum))
			return too_large(lisp);
	}
	return lisp_integer(lisp, sum);
}

BUILTIN(mul)
{
	int32_t product = 1;

	while (n--) {
		if (__builtin_mul_overflow(product, integer_of(*args++),
					   &product))
			return too_large(lisp);
	}
	return lisp_integer(lisp, product);
}

/* One argument is negated. */
BUILTIN(sub)
{
	int32_t rest = n > 1 ? integer_of(*args++) : 0;
	size_t i;

	for (i = n > 1; i < n; i++) {
		if (__builtin_sub_overflow(rest, integer_of(*args++), &rest))
			return too_large(lisp);
	}
	return lisp_integer(lisp, rest);
}

static bool can_divide(struct lisp *lisp, struct slate_object **args)
{
	if (!integer_of(args[1]))
		return lisp_fail(lisp, "division by zero", args[0]);
	if (integer_of(args[0]) == INT32_MIN && integer_of(args[1]) == -1)
		return too_large(lisp);
	return true;
}

BUILTIN(div)
{
	if (!can_divide(lisp, args))
		return NULL;
	return lisp_integer(lisp, integer_of(args[0]) / integer_of(args[1]));
}

BUILTIN(rem)
{
	if (!can_divide(lisp, args))
		return NULL;
	return lisp_integer(lisp, integer_of(args[0]) % integer_of(args[1]));
}

#define COMPARE(id, op) \
	RETURNS(id, lisp_bool(integer_of(args[0]) op integer_of(args[1])))

COMPARE(equals, ==)
COMPARE(less, <)
COMPARE(more, >)
COMPARE(at_most, <=)
COMPARE(at_least, >=)

/*
 * Any value.
 */

RETURNS(not, lisp_bool(args[0] == nil))

/* Are they one object? */
RETURNS(eq, lisp_bool(args[0] == args[1]))

/* Are they equal integers, equal strings, or one object? */
RETURNS(equal, lisp_bool(lisp_equal(args[0], args[1])))

/* The name of its type, as a symbol. */
BUILTIN(type_of)
{
	const char *name = args[0]->type->name;

	return lisp_symbol(lisp, name, strlen(name));
}

/*
 * Lists. What the empty list begins with is the empty list, and so is its
 * rest.
 */

RETURNS(cons, lisp_pair(lisp, args[0], args[1]))

RETURNS(car, args[0] == nil ? nil : share(car(args[0])))

RETURNS(cdr, args[0] == nil ? nil : share(cdr(args[0])))

BUILTIN(set_car)
{
	slate_set_ref(&lisp->objects, &((struct pair *)args[0])->car, args[1]);
	return share(args[1]);
}

BUILTIN(set_cdr)
{
	slate_set_ref(&lisp->objects, &((struct pair *)args[0])->cdr, args[1]);
	return share(args[1]);
}

/* Put @value in front of *@list, which is owned; false, and it is gone. */
static bool prepend(struct lisp *lisp, struct slate_object *value,
		    struct slate_object **list)
{
	struct slate_object *pair = lisp_pair(lisp, value, *list);

	drop(lisp, *list);
	*list = pair;
	return pair;
}

BUILTIN(list)
{
	struct slate_object *list = nil;

	while (n-- && prepend(lisp, args[n], &list))
		;
	return list;
}

BUILTIN(reverse)
{
	struct slate_object *list = nil;
	struct slate_object *at = args[0];

	for (; is_pair(at) && prepend(lisp, car(at), &list); at = cdr(at))
		;
	return list;
}

/* Of a list, a string or a table. */
BUILTIN(length)
{
	struct slate_object *at = args[0];
	size_t len = 0;

	if (is(at, &string_type))
		len = ((struct string *)at)->len;
	else if (is(at, &table_type))
		len = lisp_table_count(at);
	else
		for (; is_pair(at) && len < INT32_MAX / 2; at = cdr(at))
			len++;
	return lisp_integer(lisp, (int32_t)len);
}

/*
 * Tables.
 */

RETURNS(table, lisp_table(lisp))

/* (get TABLE KEY DEFAULT) */
BUILTIN(get)
{
	struct slate_object **value = lisp_table_get(args[0], args[1]);

	if (value)
		return share(*value);
	return n == 3 ? share(args[2]) : nil;
}

BUILTIN(put)
{
	if (!lisp_table_set(lisp, args[0], args[1], args[2]))
		return NULL;
	return share(args[2]);
}

/* What was there, or nil. */
BUILTIN(remove)
{
	struct slate_object **value = lisp_table_get(args[0], args[1]);
	struct slate_object *removed = nil;

	if (value) {
		removed = *value;
		*value = NULL;
	}
	return removed;
}

RETURNS(keys, lisp_table_keys(lisp, args[0]))

/*
 * Strings.
 */

static void count(void *arg, const char *text, size_t len)
{
	(void)text;
	*(size_t *)arg += len;
}

static void copy(void *arg, const char *text, size_t len)
{
	char **at = arg;

	memcpy(*at, text, len);
	*at += len;
}

/* All arguments as text: printed twice, to measure it and to fill it in. */
BUILTIN(str)
{
	struct slate_object *string;
	size_t len = 0;
	char *at;
	size_t i;

	for (i = 0; i < n; i++)
		lisp_print(args[i], false, count, &len);
	string = lisp_string(lisp, NULL, len);
	if (!string)
		return NULL;
	at = ((struct string *)string)->text;
	for (i = 0; i < n; i++)
		lisp_print(args[i], false, copy, &at);
	return string;
}

static bool is_below(struct lisp *lisp, struct slate_object *i, size_t end)
{
	if (integer_of(i) >= 0 && (size_t)integer_of(i) < end)
		return true;
	return lisp_fail(lisp, "out of range", i);
}

/* (substr STRING START LENGTH) */
BUILTIN(substr)
{
	struct string *string = (struct string *)args[0];
	size_t start = (size_t)integer_of(args[1]);

	if (!is_below(lisp, args[1], string->len + 1) ||
	    !is_below(lisp, args[2], string->len - start + 1))
		return NULL;
	return lisp_string(lisp, string->text + start,
			   (size_t)integer_of(args[2]));
}

/* (code STRING I): the number of the character there. */
BUILTIN(code)
{
	struct string *string = (struct string *)args[0];

	if (!is_below(lisp, args[1], string->len))
		return NULL;
	return lisp_integer(lisp,
			    (unsigned char)string->text[integer_of(args[1])]);
}

/*
 * Errors, and output.
 */

/* (error MESSAGE ABOUT), or an error that was caught, once more. */
BUILTIN(error)
{
	struct slate_object *error;

	if (is(args[0], &error_type))
		error = share(args[0]);
	else
		error = lisp_make(lisp, &error_type, args[0],
				  n == 2 ? args[1] : NULL, NULL);
	if (error)
		slate_move_ref(&lisp->objects, &lisp->error, error);
	return NULL;
}

RETURNS(error_text, share(((struct error *)args[0])->message))

BUILTIN(error_about)
{
	struct slate_object *about = ((struct error *)args[0])->about;

	return about ? share(about) : nil;
}

/* As a person reads it, with spaces between and a newline behind. */
BUILTIN(print)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i)
			lisp_write_text(lisp, " ");
		lisp_write(lisp, args[i], false);
	}
	lisp_write_text(lisp, "\n");
	return nil;
}

/* As it would be read. */
BUILTIN(write)
{
	lisp_write(lisp, args[0], true);
	lisp_write_text(lisp, "\n");
	return nil;
}

/*
 * What a program can know of its objects and its heap.
 */

/* A weak reference to a table. */
BUILTIN(weak)
{
	struct slate_weakref *ref;

	ref = slate_weakref_new(&lisp->objects, args[0], NULL, NULL);
	return ref ? &ref->gc.base : lisp_fail_memory(lisp);
}

/* What it refers to, or nil if that has gone. */
BUILTIN(weak_get)
{
	struct slate_object *obj;

	obj = slate_weakref_get((struct slate_weakref *)args[0]);
	return obj ? obj : nil;
}

/* Collect cycles: how many objects were part of some? */
BUILTIN(collect)
{
	ptrdiff_t found = slate_gc_collect(&lisp->gc, SLATE_GC_FULL);

	return lisp_integer(lisp, (int32_t)found);
}

RETURNS(objects,
	lisp_integer(lisp, (int32_t)slate_objects_live(&lisp->objects)))

/* Bytes of a value with all that it refers to. */
BUILTIN(size)
{
	return lisp_integer(lisp, (int32_t)slate_object_deep_size(
				    &lisp->objects, args[0]));
}

BUILTIN(heap)
{
	if (lisp->report)
		lisp->report(lisp->heap);
	return nil;
}
