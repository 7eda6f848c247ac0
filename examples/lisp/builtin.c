// SPDX-License-Identifier: MIT
/*
 * The functions that are built in. Each says how many arguments it takes, and
 * of which types, and that was looked at before. They begin at args[1], and are
 * borrowed; the result is the caller's.
 */
#include <string.h>

#include "heap_report.h"
#include "lisp.h"

#define UNUSED	__attribute__((unused))
#define ANY	NULL
#define INTEGER	&integer_type

#define BUILTIN(id) \
	static struct slate_object *do_##id(struct lisp *lisp UNUSED, \
					    struct slate_object **args UNUSED, \
					    struct slate_object *list UNUSED)

#define NAMED(id, name, fn, least, most, ...) \
	static const struct builtin id##_fn = { \
		SLATE_OBJECT_STATIC(&builtin_type), name, least, most, \
		{ __VA_ARGS__ }, fn, NULL, NULL \
	};

#define FUNCTION(id, name, least, most, ...) \
	BUILTIN(id); \
	NAMED(id, name, do_##id, least, most, __VA_ARGS__) \
	BUILTIN(id)

/* One that is a single expression. */
#define RETURNS(id, name, n, type, expr) \
	FUNCTION(id, name, n, n, type) { return expr; }

static struct slate_object *boolean(bool is_true)
{
	return is_true ? in_flash(&lisp_true) : nil;
}

/* + - * / %: from the left; 32 bits on every machine. */
BUILTIN(calculate)
{
	int64_t result = integer_of(args[1]);
	char sign = *((struct builtin *)args[0])->name;

	while ((list = cdr(list)) != nil) {
		int32_t left = (int32_t)result;
		int32_t right = integer_of(car(list));

		if (sign == '+')
			result += right;
		else if (sign == '-')
			result -= right;
		else if (sign == '*')
			result *= right;
		else if (!right)
			return lisp_fail(lisp, "division by zero", args[1]);
		else if (sign == '/')
			result = right == -1 ? -result : left / right;
		else
			result = right == -1 ? 0 : left % right;
		if (result != (int32_t)result)
			return lisp_fail(lisp, "integer too large", nil);
	}
	return lisp_integer(lisp, (int32_t)result);
}

NAMED(add, "+", do_calculate, 1, MANY, INTEGER, INTEGER, INTEGER)
NAMED(subtract, "-", do_calculate, 2, MANY, INTEGER, INTEGER, INTEGER)
NAMED(multiply, "*", do_calculate, 1, MANY, INTEGER, INTEGER, INTEGER)
NAMED(divide, "/", do_calculate, 2, MANY, INTEGER, INTEGER, INTEGER)
NAMED(remainder, "%", do_calculate, 2, MANY, INTEGER, INTEGER, INTEGER)

/* = < > <= >= */
BUILTIN(compare)
{
	int32_t left = integer_of(args[1]), right = integer_of(args[2]);
	char sign = left < right ? '<' : left > right ? '>' : '=';

	return boolean(strchr(((struct builtin *)args[0])->name, sign));
}

NAMED(same, "=", do_compare, 2, 2, INTEGER, INTEGER)
NAMED(less, "<", do_compare, 2, 2, INTEGER, INTEGER)
NAMED(more, ">", do_compare, 2, 2, INTEGER, INTEGER)
NAMED(at_most, "<=", do_compare, 2, 2, INTEGER, INTEGER)
NAMED(at_least, ">=", do_compare, 2, 2, INTEGER, INTEGER)

/* Are they equal integers, equal strings, or one object? */
RETURNS(equal, "equal?", 2, ANY, boolean(lisp_equal(args[1], args[2])))
RETURNS(not, "not", 1, ANY, boolean(args[1] == nil))

/* The name of its type. */
RETURNS(type, "type", 1, ANY,
	lisp_string(lisp, args[1]->type->name, strlen(args[1]->type->name)))

RETURNS(cons, "cons", 2, ANY, lisp_pair(lisp, args[1], args[2]))
RETURNS(car, "car", 1, &pair_type, share(car(args[1])))
RETURNS(cdr, "cdr", 1, &pair_type, share(cdr(args[1])))
FUNCTION(list, "list", 0, MANY, ANY) { return share(list); }

/* Not in what is in flash: the empty list, the error for no memory. */
static struct slate_object *change(struct lisp *lisp, struct slate_object *pair,
				   struct slate_object **part,
				   struct slate_object *value)
{
	if (slate_object_is_immortal(pair))
		return lisp_fail(lisp, "cannot be changed", pair);
	set(lisp, part, value);
	return share(value);
}

RETURNS(set_car, "set-car!", 2, &pair_type,
	change(lisp, args[1], &((struct pair *)args[1])->car, args[2]))
RETURNS(set_cdr, "set-cdr!", 2, &pair_type,
	change(lisp, args[1], &((struct pair *)args[1])->cdr, args[2]))

RETURNS(table, "table", 0, ANY, lisp_make(lisp, &table_type, nil, nil, nil))

/* (get TABLE KEY DEFAULT) */
FUNCTION(get, "get", 2, 3, &table_type)
{
	struct slate_object **value = lisp_get(args[1], args[2]);

	return share(value ? *value : args[3]);
}

RETURNS(put, "put!", 3, &table_type,
	lisp_put(lisp, args[1], args[2], args[3]) ? share(args[3]) : NULL)

/* What was there, or nil. */
FUNCTION(remove, "remove!", 2, 2, &table_type)
{
	struct slate_object **keys = &((struct table *)args[1])->keys;
	struct slate_object **values = &((struct table *)args[1])->values;
	struct slate_object *value;

	while (*values != nil && !lisp_equal(car(*keys), args[2])) {
		keys = &((struct pair *)*keys)->cdr;
		values = &((struct pair *)*values)->cdr;
	}
	value = share(car(*values));
	set(lisp, keys, cdr(*keys));
	set(lisp, values, cdr(*values));
	return value;
}

/* A list of its own, as programs can change lists. */
FUNCTION(keys, "keys", 1, 1, &table_type)
{
	struct slate_object *left = ((struct table *)args[1])->keys;
	struct slate_object *keys = nil;

	for (; keys && left != nil; left = cdr(left)) {
		if (!lisp_prepend(lisp, &keys, car(left)))
			slate_clear_ref(&lisp->objects, &keys);
	}
	return keys;
}

/* Of a list, a string or a table. */
FUNCTION(length, "length", 1, 1, ANY)
{
	int32_t len = lisp_length(args[1]);

	if (is(args[1], &string_type))
		len = (int32_t)((struct string *)args[1])->len;
	if (is(args[1], &table_type))
		len = lisp_length(((struct table *)args[1])->keys);
	return lisp_integer(lisp, len);
}

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
FUNCTION(str, "str", 0, MANY, ANY)
{
	struct slate_object *string, *left;
	size_t len = 0;
	char *at;

	for (left = list; left != nil; left = cdr(left))
		lisp_print(car(left), false, count, &len);
	string = lisp_string(lisp, NULL, len);
	if (!string)
		return NULL;
	at = ((struct string *)string)->text;
	for (left = list; left != nil; left = cdr(left))
		lisp_print(car(left), false, copy, &at);
	return string;
}

/* (substr STRING START LENGTH) */
FUNCTION(substr, "substr", 3, 3, &string_type, INTEGER, INTEGER)
{
	struct string *string = (struct string *)args[1];
	int32_t start = integer_of(args[2]), len = integer_of(args[3]);

	if (start < 0 || (size_t)start > string->len ||
	    len < 0 || (size_t)len > string->len - (size_t)start)
		return lisp_fail(lisp, "out of range", list);
	return lisp_string(lisp, string->text + start, (size_t)len);
}

/* (error MESSAGE ABOUT ...): that list is what a try gets. */
FUNCTION(error, "error", 1, MANY, ANY)
{
	set(lisp, &lisp->error, list);
	return NULL;
}

/* As a person reads it, with spaces between. */
FUNCTION(print, "print", 0, MANY, ANY)
{
	lisp_write(lisp, list, " ");
	return nil;
}

RETURNS(eval, "eval", 1, ANY, lisp_go(lisp, args[1], nil))

/* A weak reference to a table. */
FUNCTION(weak, "weak", 1, 1, &table_type)
{
	struct slate_weakref *ref;

	ref = slate_weakref_new(&lisp->objects, args[1], NULL, NULL);
	return ref ? &ref->gc.base : lisp_fail_memory(lisp);
}

/* What it refers to, or nil if that has gone. */
FUNCTION(weak_get, "weak-get", 1, 1, &slate_weakref_type)
{
	struct slate_object *obj;

	obj = slate_weakref_get((struct slate_weakref *)args[1]);
	return obj ? obj : nil;
}

/* Collect cycles: how many objects were part of some? */
RETURNS(collect, "collect", 0, ANY, lisp_integer(lisp,
	(int32_t)slate_gc_collect(&lisp->gc, SLATE_GC_FULL)))

RETURNS(objects, "objects", 0, ANY, lisp_integer(lisp,
	(int32_t)slate_objects_live(&lisp->objects)))

/* Bytes of a value with all that it refers to. */
RETURNS(size, "size", 1, ANY, lisp_integer(lisp,
	(int32_t)slate_object_deep_size(&lisp->objects, args[1])))

FUNCTION(heap, "heap", 0, 0, ANY)
{
	heap_report(lisp->heap, NULL, lisp_put_out, lisp);
	return nil;
}

const struct builtin lisp_true = {
	.base = SLATE_OBJECT_STATIC(&true_type), .name = "true"
};

/* NULL behind the last one. */
const struct builtin *const lisp_builtins[] = {
	&lisp_true, &form_quote, &form_begin, &form_lambda, &form_define,
	&form_set, &form_let, &form_if, &form_and, &form_or, &form_try,
	&add_fn, &subtract_fn, &multiply_fn, &divide_fn, &remainder_fn,
	&same_fn, &less_fn, &more_fn, &at_most_fn, &at_least_fn, &equal_fn,
	&not_fn, &type_fn, &cons_fn, &car_fn, &cdr_fn, &list_fn, &set_car_fn,
	&set_cdr_fn, &table_fn, &get_fn, &put_fn, &remove_fn, &keys_fn,
	&length_fn, &str_fn, &substr_fn, &error_fn, &print_fn, &eval_fn,
	&weak_fn, &weak_get_fn, &collect_fn, &objects_fn, &size_fn, &heap_fn,
	NULL
};
