// SPDX-License-Identifier: MIT
/*
 * Text to values. Lists that are not finished yet are on the stack of values:
 * a mark for each open parenthesis or quote, and behind it what was read
 * since. So nesting is limited by memory, and its end is an error.
 */
#include "lisp.h"

#define MOST_NAME	31

/* The marks: objects that no program can have. */
static const struct slate_type mark_type = { .name = "mark" };
static const struct slate_object open_mark = SLATE_OBJECT_STATIC(&mark_type);
static const struct slate_object quote_mark = SLATE_OBJECT_STATIC(&mark_type);

static int peek(struct source *source)
{
	if (source->ahead == -2)
		source->ahead = source->get();
	return source->ahead;
}

static int next(struct source *source)
{
	int c = peek(source);

	if (c >= 0)
		source->ahead = -2;
	if (c == '\n')
		source->line++;
	return c;
}

static bool is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool ends_word(int c)
{
	return c < 0 || is_space(c) || c == '(' || c == ')' || c == '"' ||
	       c == ';' || c == '\'';
}

/* To the next character that means something. */
static int skip_space(struct source *source)
{
	bool in_comment = false;
	int c;

	while ((c = peek(source)) >= 0) {
		if (c == ';')
			in_comment = true;
		if (c == '\n')
			in_comment = false;
		if (!in_comment && !is_space(c))
			break;
		next(source);
	}
	return c;
}

/* An integer, which is cut off where it is too large, or false: a name. */
static bool to_integer(const char *word, size_t len, int64_t *value)
{
	size_t i = word[0] == '-';

	*value = 0;
	if (i == len)
		return false;
	for (; i < len; i++) {
		if (word[i] < '0' || word[i] > '9')
			return false;
		if (*value <= INT32_MAX)
			*value = *value * 10 + word[i] - '0';
	}
	if (word[0] == '-')
		*value = -*value;
	return true;
}

static struct slate_object *read_word(struct lisp *lisp, struct source *source)
{
	char word[MOST_NAME];
	size_t len = 0;
	int64_t value;

	while (!ends_word(peek(source))) {
		if (len == MOST_NAME)
			return lisp_fail(lisp, "name too long", NULL);
		word[len++] = (char)next(source);
	}
	if (!to_integer(word, len, &value))
		return lisp_symbol(lisp, word, len);
	if (value < INT32_MIN || value > INT32_MAX)
		return lisp_fail(lisp, "integer too large", NULL);
	return lisp_integer(lisp, (int32_t)value);
}

/* What is between quotes, by way of a packed array. */
static struct slate_object *read_string(struct lisp *lisp,
					struct source *source)
{
	struct slate_object *string = NULL;
	struct slate_array text;
	int c;

	slate_array_init(&text, lisp->heap, 1);
	while ((c = next(source)) >= 0 && c != '"') {
		char byte = (char)c;

		if (c == '\\') {
			c = next(source);
			byte = (char)(c == 'n' ? '\n' : c);
		}
		if (slate_array_push(&text, &byte)) {
			lisp_fail_memory(lisp);
			break;
		}
	}
	if (c == '"')
		string = lisp_string(lisp, (const char *)text.items, text.len);
	else if (c < 0)
		lisp_fail(lisp, "string without end", NULL);
	slate_array_fini(&text);
	return string;
}

static bool is_mark(struct lisp *lisp, size_t i,
		    const struct slate_object *mark)
{
	return *lisp_values(lisp, i) == mark;
}

/* A closing parenthesis: what is above the last open one is a list. */
static struct slate_object *close_list(struct lisp *lisp, size_t base)
{
	size_t i = lisp->values.len;
	struct slate_object *list;

	while (i > base && !is_mark(lisp, i - 1, &open_mark)) {
		i--;
		if (is_mark(lisp, i, &quote_mark))
			return lisp_fail(lisp, "nothing to quote", NULL);
	}
	if (i == base)
		return lisp_fail(lisp, "unexpected )", NULL);
	list = lisp_gather(lisp, i);
	if (list)
		lisp_cut(lisp, i - 1);
	return list;
}

/* (quote @value) in the place of the mark; takes @value over. */
static struct slate_object *quote(struct lisp *lisp, struct slate_object *value)
{
	size_t base = lisp->values.len - 1;
	struct slate_object *name = lisp_symbol(lisp, "quote", 5);

	lisp_cut(lisp, base);
	if (!lisp_push(lisp, name)) {
		drop(lisp, value);
		return NULL;
	}
	return lisp_push(lisp, value) ? lisp_gather(lisp, base) : NULL;
}

/* A value, or NULL: a mark was pushed, or it failed. */
static struct slate_object *read_one(struct lisp *lisp, struct source *source,
				     size_t base)
{
	int c = skip_space(source);

	if (c < 0 && lisp->values.len > base)
		return lisp_fail(lisp, "unexpected end", NULL);
	if (c < 0)
		return nil;
	if (c != '(' && c != ')' && c != '\'' && c != '"')
		return read_word(lisp, source);
	next(source);
	if (c == ')')
		return close_list(lisp, base);
	if (c == '"')
		return read_string(lisp, source);
	lisp_push(lisp, in_flash(c == '(' ? &open_mark : &quote_mark));
	return NULL;
}

struct slate_object *lisp_read(struct lisp *lisp, struct source *source)
{
	size_t base = lisp->values.len;
	struct slate_object *value;

	while (!lisp->error) {
		value = read_one(lisp, source, base);
		while (value && lisp->values.len > base &&
		       is_mark(lisp, lisp->values.len - 1, &quote_mark))
			value = quote(lisp, value);
		if (value && lisp->values.len == base)
			return value;
		if (value)
			lisp_push(lisp, value);
	}
	lisp_cut(lisp, base);
	return NULL;
}
