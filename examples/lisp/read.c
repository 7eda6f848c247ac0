// SPDX-License-Identifier: MIT
/*
 * Text to values. Lists that are not finished yet are in a list, the innermost
 * first, each in reverse; and for a ' there is a quote, until the value that
 * follows is there. So nesting is limited by memory, and its end is an error.
 *
 * A name is read as what is built in by that name, which so needs no memory and
 * cannot be defined anew; or as a symbol, which there is once.
 */
#include <stdlib.h>
#include <string.h>

#include "lisp.h"

static int peek(struct lisp *lisp)
{
	if (lisp->ahead == -2)
		lisp->ahead = lisp->get();
	return lisp->ahead;
}

static int next(struct lisp *lisp)
{
	int c = peek(lisp);

	if (c >= 0)
		lisp->ahead = -2;
	lisp->line += c == '\n';
	return c;
}

/* To the next character that means something. */
static int skip_space(struct lisp *lisp)
{
	int c = peek(lisp);

	while (c >= 0 && (c <= ' ' || c == ';')) {
		while (c == ';' && peek(lisp) >= 0 && peek(lisp) != '\n')
			next(lisp);
		next(lisp);
		c = peek(lisp);
	}
	return c;
}

static bool append(struct lisp *lisp, int c)
{
	const char byte = (char)c;

	return lisp_append(lisp, &lisp->text, &byte);
}

static struct slate_object *read_string(struct lisp *lisp)
{
	int c;

	while ((c = next(lisp)) != '"') {
		if (c == '\\') {
			c = next(lisp);
			c = c == 'n' ? '\n' : c;
		}
		if (c < 0)
			return lisp_fail(lisp, "string without end", nil);
		if (!append(lisp, c))
			return NULL;
	}
	return lisp_string(lisp, lisp->text.items, lisp->text.len);
}

/* The symbol of that name, from now on. */
static struct slate_object *symbol(struct lisp *lisp, struct slate_object *name)
{
	struct slate_object *at;

	for (at = lisp->symbols; at; at = ((struct symbol *)at)->next) {
		if (lisp_equal(((struct symbol *)at)->name, name))
			return share(at);
	}
	at = lisp_make(lisp, &symbol_type, name, NULL, lisp->symbols);
	if (at)
		set(lisp, &lisp->symbols, at);
	return at;
}

static struct slate_object *read_name(struct lisp *lisp, const char *name)
{
	const struct builtin *const *builtin;
	struct slate_object *string, *value;

	for (builtin = lisp_builtins; *builtin; builtin++) {
		if (!strcmp((*builtin)->name, name))
			return in_flash(*builtin);
	}
	if (!strcmp(name, "nil"))
		return nil;
	string = lisp_string(lisp, name, strlen(name));
	value = string ? symbol(lisp, string) : NULL;
	drop(lisp, string);
	return value;
}

/* An integer, or else a name. */
static struct slate_object *read_word(struct lisp *lisp)
{
	const char *word;
	long long value;
	char *end;

	while (peek(lisp) > ' ' && !strchr("()\"';", peek(lisp))) {
		if (!append(lisp, next(lisp)))
			return NULL;
	}
	if (!append(lisp, '\0'))
		return NULL;
	word = (const char *)lisp->text.items;
	value = strtoll(word, &end, 10);
	if (*end || end == word)
		return read_name(lisp, word);
	if (value < INT32_MIN || value > INT32_MAX)
		return lisp_fail(lisp, "integer too large", nil);
	return lisp_integer(lisp, (int32_t)value);
}

/* The innermost list, turned around. */
static struct slate_object *close_list(struct lisp *lisp,
				       struct slate_object **open)
{
	struct slate_object *list = share(car(*open));

	if (*open == nil || list == in_flash(&form_quote))
		return lisp_fail(lisp, "unexpected )", nil);
	set(lisp, open, cdr(*open));
	return lisp_reverse(list, &list);
}

/* A value; or NULL: something was begun, or it failed. */
static struct slate_object *read_one(struct lisp *lisp,
				     struct slate_object **open)
{
	int c = skip_space(lisp);

	slate_array_fini(&lisp->text);
	if (c < 0)
		return lisp_fail(lisp, "unexpected end", nil);
	if (!strchr("()\"'", c))
		return read_word(lisp);
	next(lisp);
	if (c == '"')
		return read_string(lisp);
	if (c == ')')
		return close_list(lisp, open);
	lisp_prepend(lisp, open, c == '(' ? nil : in_flash(&form_quote));
	return NULL;
}

/* (quote @value), which is taken over. */
static struct slate_object *quote(struct lisp *lisp, struct slate_object *value)
{
	struct slate_object *list = nil;

	if (!lisp_prepend(lisp, &list, value) ||
	    !lisp_prepend(lisp, &list, in_flash(&form_quote)))
		slate_clear_ref(&lisp->objects, &list);
	drop(lisp, value);
	return list;
}

struct slate_object *lisp_read(struct lisp *lisp)
{
	struct slate_object *value = NULL;
	struct slate_object *open = nil;

	if (skip_space(lisp) < 0)
		return NULL;
	while (!value && !lisp->error) {
		value = read_one(lisp, &open);
		while (value && car(open) == in_flash(&form_quote)) {
			value = quote(lisp, value);
			set(lisp, &open, cdr(open));
		}
		if (value && open != nil) {
			lisp_prepend(lisp, &((struct pair *)open)->car, value);
			slate_clear_ref(&lisp->objects, &value);
		}
	}
	drop(lisp, open);
	slate_array_fini(&lisp->text);
	return value;
}
