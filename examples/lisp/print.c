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
	unsigned int depth;
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

static void put_string(const struct printer *p, const struct string *string,
		       bool quoted)
{
	size_t i;

	if (!quoted) {
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

static void put_value(struct printer *p, struct slate_object *obj);

static void put_list(struct printer *p, struct slate_object *obj)
{
	const char *between = "(";

	for (; is_pair(obj) && p->left; obj = cdr(obj)) {
		put_text(p, between);
		put_value(p, car(obj));
		between = " ";
	}
	if (is_pair(obj)) {
		put_text(p, " ...");
	} else if (obj != nil) {
		put_text(p, " . ");
		put_value(p, obj);
	}
	put_text(p, between[0] == '(' ? "()" : ")");
}

/* What is built in has a name; what is left has a type. */
static void put_name(const struct printer *p, const struct slate_object *obj)
{
	if (!(obj->type->flags & SLATE_TYPE_COLLECTED)) {
		put_text(p, ((const struct builtin *)obj)->name);
		return;
	}
	put_text(p, "<");
	put_text(p, obj->type->name);
	put_text(p, ">");
}

static void put_value(struct printer *p, struct slate_object *obj)
{
	const struct symbol *symbol = (const struct symbol *)obj;

	if (p->depth > DEEPEST || !p->left) {
		put_text(p, "...");
		return;
	}
	p->left--;
	p->depth++;
	if (is(obj, &integer_type))
		put_integer(p, integer_of(obj));
	else if (is(obj, &string_type))
		put_string(p, (const struct string *)obj, p->quoted);
	else if (is(obj, &symbol_type))
		put_string(p, (const struct string *)symbol->name, false);
	else if (is(obj, &pair_type))
		put_list(p, obj);
	else
		put_name(p, obj);
	p->depth--;
}

void lisp_print(struct slate_object *obj, bool quoted, lisp_put_fn put,
		void *arg)
{
	struct printer printer = { put, arg, quoted, 0, MOST };

	put_value(&printer, obj);
}

void lisp_put_out(void *lisp, const char *text, size_t len)
{
	((struct lisp *)lisp)->put(text, len);
}

void lisp_write(struct lisp *lisp, struct slate_object *list,
		const char *between)
{
	for (; list != nil; list = cdr(list)) {
		lisp_print(car(list), false, lisp_put_out, lisp);
		if (cdr(list) != nil)
			lisp->put(between, strlen(between));
	}
	lisp->put("\n", 1);
}
