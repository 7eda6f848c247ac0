// SPDX-License-Identifier: MIT
/*
 * An interpreter's beginning and end, and texts: read a value, evaluate it,
 * and so on. Between two of them the stacks are empty, and give back the
 * memory that a deep call took.
 */
#include <string.h>

#include "lisp.h"

void lisp_begin(struct lisp *lisp, struct slate_heap *heap, size_t size)
{
	memset(lisp, 0, sizeof(*lisp));
	lisp->heap = heap;
	slate_objects_init(&lisp->objects, heap);
	slate_gc_init(&lisp->gc, &lisp->objects);
	/* Look for cycles well before they fill a small heap. */
	slate_gc_set_byte_threshold(&lisp->gc, size / 4);
	slate_array_init(&lisp->values, heap, sizeof(struct slate_object *));
	slate_array_init(&lisp->frames, heap, sizeof(struct frame));
}

void lisp_end(struct lisp *lisp)
{
	slate_clear_ref(&lisp->objects, &lisp->error);
	lisp_symbols_end(lisp);
	slate_gc_collect(&lisp->gc, SLATE_GC_FULL);
	slate_array_fini(&lisp->values);
	slate_array_fini(&lisp->frames);
}

/* NULL after an error, and at the end of the text. */
static struct slate_object *read_and_eval(struct lisp *lisp,
					  struct source *source)
{
	struct slate_object *expr = lisp_read(lisp, source);
	struct slate_object *value;

	if (!expr || source->ahead == -1)
		return NULL;
	value = lisp_eval(lisp, expr);
	drop(lisp, expr);
	slate_array_trim(&lisp->values);
	slate_array_trim(&lisp->frames);
	return value;
}

static void write_error(struct lisp *lisp)
{
	lisp_write_text(lisp, "error: ");
	lisp_write(lisp, lisp->error, false);
	lisp_write_text(lisp, "\n");
	slate_clear_ref(&lisp->objects, &lisp->error);
}

bool lisp_run(struct lisp *lisp, struct source *source, const char *name)
{
	struct slate_object *value;

	while ((value = read_and_eval(lisp, source)))
		drop(lisp, value);
	if (!lisp->error)
		return true;
	lisp_write_text(lisp, name);
	lisp_write_text(lisp, ":");
	lisp_write_integer(lisp, (int32_t)source->line);
	lisp_write_text(lisp, ": ");
	write_error(lisp);
	return false;
}

/* After an error: not what is left of the line. */
static void skip_line(struct source *source)
{
	while (source->ahead != -1 && source->ahead != '\n')
		source->ahead = source->get();
}

void lisp_repl(struct lisp *lisp, struct source *source)
{
	struct slate_object *value;

	while (source->ahead != -1) {
		lisp_write_text(lisp, "> ");
		value = read_and_eval(lisp, source);
		if (value) {
			lisp_write(lisp, value, true);
			lisp_write_text(lisp, "\n");
			drop(lisp, value);
		} else if (lisp->error) {
			write_error(lisp);
			skip_line(source);
		}
	}
	lisp_write_text(lisp, "\n");
}
