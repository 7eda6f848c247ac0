// SPDX-License-Identifier: MIT
/*
 * Values to text. A list in a list is a call deeper, to a fixed depth, and all
 * in all there is a most of values; what is beyond is three dots. So cyclic
 * lists end too.
 */
#include <string.h>

#include "lisp.h"

#define DEEPEST	12
#define MOST	1000

struct printer {
	lisp_put_fn put;
	void *arg;
	bool quoted;
	unsigned int left;	/* values until MOST is reached */
};

static void put_text(const struct printer *p, const char *text)
{
	p->put(p->arg, text, strlen(text));
}

static void put_integer(const struct printer *p, int32_t value)
{
	uint32_t rest = value < 0 ? 0 - (uint32_t)value : (uint32_t)value;
	char text[12];
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		text[--at] = '-';
	p->put(p->arg, text + at, sizeof(text) - at);
}

static void put_string(const struct printer *p, const struct string *string)
{
	size_t i;

	if (!p->quoted) {
		p->put(p->arg, string->text, string->len);
		return;
	}
	put_text(p, "\"");
	for (i = 0; i < string->len; i++) {
		const char *c = &string->text[i];

		if (*c == '"' || *c == '\\')
			put_text(p, "\\");
		p->put(p->arg, *c == '\n' ? "\\n" : c, *c == '\n' ? 2 : 1);
	}
	put_text(p, "\"");
}

static void put_value(struct printer *p, struct slate_object *obj,
		      unsigned int depth);

static void put_list(struct printer *p, struct slate_object *obj,
		     unsigned int depth)
{
	bool first = true;

	put_text(p, "(");
	for (; is_pair(obj) && p->left; obj = cdr(obj)) {
		if (!first)
			put_text(p, " ");
		first = false;
		put_value(p, car(obj), depth + 1);
	}
	if (is_pair(obj)) {
		put_text(p, " ...");
	} else if (obj != nil) {
		put_text(p, " . ");
		put_value(p, obj, depth + 1);
	}
	put_text(p, ")");
}

static void put_error(struct printer *p, const struct error *error,
		      unsigned int depth)
{
	put_value(p, error->message, depth + 1);
	if (error->about) {
		put_text(p, ": ");
		put_value(p, error->about, depth + 1);
	}
}

static void put_name(const struct printer *p, const struct slate_object *obj)
{
	put_text(p, "<");
	put_text(p, obj->type->name);
	if (is(obj, &builtin_type)) {
		put_text(p, " ");
		put_text(p, ((const struct builtin *)obj)->name);
	}
	put_text(p, ">");
}

static void put_value(struct printer *p, struct slate_object *obj,
		      unsigned int depth)
{
	const struct symbol *symbol = (const struct symbol *)obj;
	bool is_enough = depth > DEEPEST || !p->left;

	p->left -= p->left > 0;
	if (is_enough)
		put_text(p, "...");
	else if (obj == nil)
		put_text(p, "()");
	else if (is(obj, &integer_type))
		put_integer(p, integer_of(obj));
	else if (is(obj, &string_type))
		put_string(p, (const struct string *)obj);
	else if (is(obj, &symbol_type))
		p->put(p->arg, symbol->name, symbol->len);
	else if (is_pair(obj))
		put_list(p, obj, depth);
	else if (is(obj, &error_type))
		put_error(p, (const struct error *)obj, depth);
	else
		put_name(p, obj);
}

void lisp_print(struct slate_object *obj, bool quoted, lisp_put_fn put,
		void *arg)
{
	struct printer printer = { put, arg, quoted, MOST };

	put_value(&printer, obj, 0);
}

static void put_out(void *arg, const char *text, size_t len)
{
	((struct lisp *)arg)->put(text, len);
}

void lisp_write(struct lisp *lisp, struct slate_object *obj, bool quoted)
{
	lisp_print(obj, quoted, put_out, lisp);
}

void lisp_write_integer(struct lisp *lisp, int32_t value)
{
	const struct printer printer = { put_out, lisp, false, 1 };

	put_integer(&printer, value);
}

void lisp_write_text(struct lisp *lisp, const char *text)
{
	lisp->put(text, strlen(text));
}
