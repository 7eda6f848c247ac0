// SPDX-License-Identifier: MIT
/*
 * The types of values: records in flash that say how large an object is, what
 * it refers to, and what becomes of that when it goes.
 *
 * Objects that may be part of a cycle are of collected types: they have a
 * traverse function, which shows the collector each reference that the object
 * owns, and a clear function, which drops those; slate calls clear also when
 * an object goes by its count.
 */
#include <string.h>

#include "lisp.h"

const struct slate_type nil_type = { .name = "nil" };
const struct slate_type builtin_type = { .name = "built-in" };
const struct slate_type form_type = { .name = "form" };

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

/* The references of an object that has nothing else behind its header. */
static struct slate_object **refs_of(struct slate_object *obj)
{
	return (struct slate_object **)((struct slate_gc_object *)obj + 1);
}

static size_t nrefs(const struct slate_object *obj)
{
	return (obj->type->size - sizeof(struct slate_gc_object)) /
	       sizeof(struct slate_object *);
}

static int traverse(struct slate_object *obj, slate_visit_fn visit, void *arg)
{
	size_t i;
	int result = 0;

	for (i = 0; i < nrefs(obj) && !result; i++)
		result = slate_visit(refs_of(obj)[i], visit, arg);
	return result;
}

static void clear(struct slate_objects *objects, struct slate_object *obj)
{
	size_t i;

	for (i = 0; i < nrefs(obj); i++)
		slate_clear_ref(objects, &refs_of(obj)[i]);
}

#define TYPE_OF_REFS(word, of) { \
	.name = word, \
	.size = sizeof(of), \
	.flags = SLATE_TYPE_COLLECTED, \
	.traverse = traverse, \
	.clear = clear, \
}

const struct slate_type pair_type = TYPE_OF_REFS("pair", struct pair);
const struct slate_type closure_type = TYPE_OF_REFS("function", struct closure);
const struct slate_type error_type = TYPE_OF_REFS("error", struct error);
const struct slate_type binding_type = TYPE_OF_REFS("binding", struct binding);

struct slate_object *lisp_make(struct lisp *lisp, const struct slate_type *type,
			       struct slate_object *a, struct slate_object *b,
			       struct slate_object *c)
{
	struct slate_object *obj = slate_object_new(&lisp->objects, type);

	if (!obj)
		return lisp_fail_memory(lisp);
	refs_of(obj)[0] = slate_newref(a);
	refs_of(obj)[1] = slate_newref(b);
	if (c)
		refs_of(obj)[2] = share(c);
	return obj;
}

static int symbol_traverse(struct slate_object *obj, slate_visit_fn visit,
			   void *arg)
{
	return slate_visit(((struct symbol *)obj)->value, visit, arg);
}

static void symbol_clear(struct slate_objects *objects,
			 struct slate_object *obj)
{
	slate_clear_ref(objects, &((struct symbol *)obj)->value);
}

/* The list of symbols holds no reference: one that is unused leaves it. */
static void symbol_dealloc(struct slate_objects *objects,
			   struct slate_object *obj)
{
	struct lisp *lisp = SLATE_CONTAINER_OF(objects, struct lisp, objects);

	lisp_symbol_unlink(lisp, (struct symbol *)obj);
	symbol_clear(objects, obj);
}

const struct slate_type symbol_type = {
	.name = "symbol",
	.size = sizeof(struct symbol),
	.item_size = 1,
	.length_offset = offsetof(struct symbol, len),
	.flags = SLATE_TYPE_COLLECTED,
	.dealloc = symbol_dealloc,
	.traverse = symbol_traverse,
	.clear = symbol_clear,
};

/* Static objects: in flash, for ever, and made without memory. */
const struct slate_object nil_object = SLATE_OBJECT_STATIC(&nil_type);

static const struct string no_memory_text = {
	SLATE_OBJECT_STATIC(&string_type), 13, "out of memory"
};

const struct error no_memory_error = {
	SLATE_GC_OBJECT_STATIC(&error_type), in_flash(&no_memory_text), NULL
};

#define LEAST_SMALL	(-1)
#define SMALL(i)	{ SLATE_OBJECT_STATIC(&integer_type), i }
#define SMALL_4(i)	SMALL(i), SMALL((i) + 1), SMALL((i) + 2), SMALL((i) + 3)
#define SMALL_16(i)	SMALL_4(i), SMALL_4((i) + 4), SMALL_4((i) + 8), \
			SMALL_4((i) + 12)

static const struct integer small_integers[] = {
	SMALL(LEAST_SMALL), SMALL_16(0), SMALL_16(16), SMALL_16(32),
	SMALL_16(48)
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

struct slate_object *lisp_bool(bool is_true)
{
	return is_true ? in_flash(&true_symbol) : nil;
}

struct slate_object *lisp_string(struct lisp *lisp, const char *text,
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

struct slate_object *lisp_fail_memory(struct lisp *lisp)
{
	slate_set_ref(&lisp->objects, &lisp->error, in_flash(&no_memory_error));
	return NULL;
}

struct slate_object *lisp_fail(struct lisp *lisp, const char *text,
			       struct slate_object *about)
{
	struct slate_object *message = lisp_string(lisp, text, strlen(text));
	struct slate_object *error;

	if (!message)
		return NULL;
	error = lisp_make(lisp, &error_type, message, about, NULL);
	drop(lisp, message);
	if (error)
		slate_move_ref(&lisp->objects, &lisp->error, error);
	return NULL;
}
