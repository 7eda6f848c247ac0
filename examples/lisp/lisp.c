// SPDX-License-Identifier: MIT
/*
 * An interpreter's beginning and end, and texts: read a value, evaluate it,
 * and so on. Between two of them there are no frames, and the memory that those
 * of a deep call took is given back.
 */
#include <string.h>

#include "lisp.h"

void lisp_begin(struct lisp *lisp, struct slate_heap *heap, size_t size)
{
	memset(lisp, 0, sizeof(*lisp));
	lisp->heap = heap;
	slate_objects_init(&lisp->objects, heap);
	slate_gc_init(&lisp->gc, &lisp->objects);
	/* In a small heap cycles matter before there are many objects. */
	slate_gc_set_byte_threshold(&lisp->gc, size);
	slate_array_init(&lisp->frames, heap, sizeof(struct frame));
	slate_array_init(&lisp->text, heap, 1);
	lisp->value = nil;
	lisp->expr = nil;
	lisp->env = nil;
}

/* Functions know the symbols that have them: the collector sees to that. */
void lisp_end(struct lisp *lisp)
{
	slate_clear_ref(&lisp->objects, &lisp->error);
	slate_clear_ref(&lisp->objects, &lisp->symbols);
	slate_gc_collect(&lisp->gc, SLATE_GC_FULL);
	slate_array_fini(&lisp->frames);
}

/* NULL after an error, and at the end of the text. */
static struct slate_object *read_and_eval(struct lisp *lisp)
{
	struct slate_object *expr = lisp_read(lisp);
	struct slate_object *value = expr ? lisp_eval(lisp, expr) : NULL;

	drop(lisp, expr);
	slate_array_trim(&lisp->frames);
	return value;
}

static void write_error(struct lisp *lisp, const char *name)
{
	/* Not in the heap, which may be full. */
	struct integer line = {
		SLATE_OBJECT_STATIC(&integer_type), lisp->line
	};

	if (name) {
		lisp->put(name, strlen(name));
		lisp->put(":", 1);
		lisp_print(&line.base, false, lisp_put_out, lisp);
		lisp->put(": ", 2);
	}
	lisp->put("error: ", 7);
	lisp_write(lisp, lisp->error, ": ");
	slate_clear_ref(&lisp->objects, &lisp->error);
}

static void write_value(struct lisp *lisp, struct slate_object *value)
{
	lisp_print(value, true, lisp_put_out, lisp);
	lisp->put("\n", 1);
}

bool lisp_run(struct lisp *lisp, int (*get)(void), const char *name)
{
	struct slate_object *value;

	lisp->get = get;
	lisp->ahead = -2;
	lisp->line = 1;
	while (lisp->ahead != -1) {
		if (!name)
			lisp->put("> ", 2);
		value = read_and_eval(lisp);
		if (value && !name)
			write_value(lisp, value);
		drop(lisp, value);
		if (!lisp->error)
			continue;
		write_error(lisp, name);
		if (name)
			return false;
		/* Not what is left of the line. */
		while (lisp->ahead != -1 && lisp->ahead != '\n')
			lisp->ahead = get();
	}
	return true;
}
