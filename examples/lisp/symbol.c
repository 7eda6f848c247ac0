// SPDX-License-Identifier: MIT
/*
 * Names. The built-in ones, and what they stand for, are static objects in
 * flash: they cost no memory, are never written to, and cannot be defined
 * anew. A symbol of the program is an object in a list of its slot; the list
 * holds no reference, so a symbol goes when nothing uses it, unless it has a
 * global value: then there is one reference for that.
 */
#include <string.h>

#include "lisp.h"
#include "names.h"

#define SYMBOL(text, value) { \
	SLATE_GC_OBJECT_STATIC(&symbol_type), in_flash(value), NULL, \
	sizeof(text) - 1, text \
}

#define DECLARE(id, text, begin, resume, least, most) \
	static const struct form form_of_##id = { \
		SLATE_OBJECT_STATIC(&form_type), begin, resume, least, most \
	}; \
	static const struct symbol name_##id = SYMBOL(text, &form_of_##id);

#define DECLARE_FORM(id, text, least, most) \
	int form_##id(struct lisp *lisp, struct slate_object *operands); \
	DECLARE(id, text, form_##id, NULL, least, most)

#define DECLARE_TEST(id, text, least, most) \
	int resume_##id(struct lisp *lisp, struct frame *frame); \
	DECLARE(id, text, NULL, resume_##id, least, most)

#define DECLARE_BUILTIN(id, text, takes) \
	struct slate_object *builtin_##id(struct lisp *lisp, \
					  struct slate_object **args, \
					  size_t n); \
	static const struct builtin builtin_of_##id = { \
		SLATE_OBJECT_STATIC(&builtin_type), text, takes, builtin_##id \
	}; \
	static const struct symbol name_##id = \
		SYMBOL(text, &builtin_of_##id);

#define DECLARE_CALL(id, text, takes) \
	extern const struct builtin builtin_of_##id; \
	const struct builtin builtin_of_##id = { \
		SLATE_OBJECT_STATIC(&builtin_type), text, takes, NULL \
	}; \
	static const struct symbol name_##id = \
		SYMBOL(text, &builtin_of_##id);

FORMS(DECLARE_FORM)
TESTS(DECLARE_TEST)
BUILTINS(DECLARE_BUILTIN)
CALLS(DECLARE_CALL)

const struct symbol true_symbol = SYMBOL("true", &true_symbol);
static const struct symbol else_symbol = SYMBOL("else", &true_symbol);
static const struct symbol nil_symbol = SYMBOL("nil", &nil_object);

#define LIST(id, text, ...)	&name_##id,

static const struct symbol *const builtin_symbols[] = {
	FORMS(LIST) TESTS(LIST) BUILTINS(LIST) CALLS(LIST)
	&true_symbol, &else_symbol, &nil_symbol, NULL
};

uint32_t lisp_hash(const char *text, size_t len)
{
	uint32_t hash = 2166136261u;

	while (len--)
		hash = (hash ^ (unsigned char)*text++) * 16777619u;
	return hash ^ hash >> 16;
}

static bool is_named(const struct symbol *symbol, const char *name, size_t len)
{
	return symbol->len == len && !memcmp(symbol->name, name, len);
}

static struct symbol **slot_of(struct lisp *lisp, const char *name, size_t len)
{
	return &lisp->symbols[lisp_hash(name, len) % NSYMBOL_SLOTS];
}

struct slate_object *lisp_symbol(struct lisp *lisp, const char *name,
				 size_t len)
{
	struct symbol **slot = slot_of(lisp, name, len);
	const struct symbol *const *builtin;
	struct symbol *symbol;

	for (builtin = builtin_symbols; *builtin; builtin++) {
		if (is_named(*builtin, name, len))
			return in_flash(*builtin);
	}
	for (symbol = *slot; symbol; symbol = symbol->next) {
		if (is_named(symbol, name, len))
			return share(&symbol->gc.base);
	}
	symbol = slate_object_new_var(&lisp->objects, &symbol_type, len);
	if (!symbol)
		return lisp_fail_memory(lisp);
	memcpy(symbol->name, name, len);
	symbol->next = *slot;
	*slot = symbol;
	return &symbol->gc.base;
}

void lisp_symbol_unlink(struct lisp *lisp, struct symbol *symbol)
{
	struct symbol **link = slot_of(lisp, symbol->name, symbol->len);

	while (*link != symbol)
		link = &(*link)->next;
	*link = symbol->next;
}

bool lisp_define(struct lisp *lisp, struct slate_object *obj,
		 struct slate_object *value)
{
	struct symbol *symbol = (struct symbol *)obj;

	if (!is(obj, &symbol_type) || slate_object_is_immortal(obj)) {
		lisp_fail(lisp, "cannot be defined", obj);
		return false;
	}
	if (!symbol->value)
		share(obj);
	slate_set_ref(&lisp->objects, &symbol->value, value);
	return true;
}

/* Take all global values away, and with them most symbols. */
void lisp_symbols_end(struct lisp *lisp)
{
	struct symbol *symbol;
	size_t i;

	for (i = 0; i < NSYMBOL_SLOTS; i++) {
		symbol = lisp->symbols[i];
		while (symbol) {
			if (!symbol->value) {
				symbol = symbol->next;
				continue;
			}
			slate_clear_ref(&lisp->objects, &symbol->value);
			drop(lisp, &symbol->gc.base);
			symbol = lisp->symbols[i];
		}
	}
}
