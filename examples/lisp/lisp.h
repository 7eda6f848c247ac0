/* SPDX-License-Identifier: MIT */
/*
 * A small Lisp whose values are slate objects: what its files share.
 *
 *	value.c		the types, and how values of them are made
 *	symbol.c	names: the program's, and built-in ones in flash
 *	table.c		hash tables
 *	read.c		text to values
 *	print.c		values to text
 *	eval.c		the evaluator: a machine with stacks of its own
 *	form.c		what each special form does with that machine
 *	builtin.c	the functions that are built in
 *	lisp.c		beginning, end, and running a text
 *
 * Who owns what, as in object.h: functions borrow their arguments, and return
 * a reference that the caller owns. One that returns NULL, or false, has
 * failed, and has left the reason in lisp->error.
 *
 * The C stack stays bounded whatever a program does: calls, special forms and
 * unfinished lists are on two stacks in the heap, whose end is an error of the
 * language like any other.
 */
#ifndef LISP_H
#define LISP_H

#include <slate/slate.h>

#define NSYMBOL_SLOTS	16

struct frame;

/**
 * struct lisp - an interpreter
 * @objects: its objects; first, so that a type's functions find the rest
 * @gc: collects cycles
 * @heap: where everything lies
 * @values: a stack of references: arguments, and lists while they are read
 * @frames: a stack of struct frame: what waits for a value
 * @expr: what is to be evaluated
 * @env: the bindings that hold for it, or NULL: the global ones alone
 * @value: what was evaluated
 * @error: why the last function failed; NULL otherwise
 * @symbols: lists of the program's symbols
 * @put: where text goes
 * @report: prints what the heap looks like
 */
struct lisp {
	struct slate_objects objects;
	struct slate_gc gc;
	struct slate_heap *heap;
	struct slate_array values;
	struct slate_array frames;
	struct slate_object *expr;
	struct slate_object *env;
	struct slate_object *value;
	struct slate_object *error;
	struct symbol *symbols[NSYMBOL_SLOTS];
	void (*put)(const char *text, size_t len);
	void (*report)(struct slate_heap *heap);
};

/* value.c: types. */

extern const struct slate_type nil_type, integer_type, string_type, pair_type,
	symbol_type, table_type, closure_type, builtin_type, form_type,
	error_type, binding_type;

struct integer {
	struct slate_object base;
	int32_t value;
};

struct string {
	struct slate_object base;
	size_t len;
	char text[];
};

/* Of these four all that follows the header is references. */
struct pair {
	struct slate_gc_object gc;
	struct slate_object *car;
	struct slate_object *cdr;
};

struct closure {
	struct slate_gc_object gc;
	struct slate_object *params;
	struct slate_object *body;
	struct slate_object *env;
};

struct error {
	struct slate_gc_object gc;
	struct slate_object *message;
	struct slate_object *about;
};

/* A variable, and those around it. */
struct binding {
	struct slate_gc_object gc;
	struct slate_object *name;
	struct slate_object *value;
	struct slate_object *outer;
};

/* @value is the global one, NULL if there is none; @next is symbol.c's. */
struct symbol {
	struct slate_gc_object gc;
	struct slate_object *value;
	struct symbol *next;
	size_t len;
	char name[];
};

/* A function written in C; @takes as in names.h; no @fn: eval.c does it. */
struct builtin {
	struct slate_object base;
	const char *name;
	const char *takes;
	struct slate_object *(*fn)(struct lisp *lisp,
				   struct slate_object **args, size_t n);
};

/* What the name of a special form stands for; see names.h. */
struct form {
	struct slate_object base;
	int (*begin)(struct lisp *lisp, struct slate_object *operands);
	int (*resume)(struct lisp *lisp, struct frame *frame);
	size_t least;
	size_t most;
};

/* The empty list, which is also what is false; and what is true. */
extern const struct slate_object nil_object;
extern const struct symbol true_symbol;
extern const struct error no_memory_error;
extern const struct builtin builtin_of_apply;

/* Objects in flash are never written to, so the const may go. */
#define in_flash(obj)	((struct slate_object *)(uintptr_t)(obj))
#define nil		in_flash(&nil_object)

static inline bool is(const struct slate_object *obj,
		      const struct slate_type *type)
{
	return obj->type == type;
}

static inline bool is_pair(const struct slate_object *obj)
{
	return is(obj, &pair_type);
}

static inline struct slate_object *car(struct slate_object *obj)
{
	return ((struct pair *)obj)->car;
}

static inline struct slate_object *cdr(struct slate_object *obj)
{
	return ((struct pair *)obj)->cdr;
}

static inline int32_t integer_of(const struct slate_object *obj)
{
	return ((const struct integer *)obj)->value;
}

/* One more reference, to hand on; one less. */
static inline struct slate_object *share(struct slate_object *obj)
{
	slate_incref(obj);
	return obj;
}

static inline void drop(struct lisp *lisp, struct slate_object *obj)
{
	slate_decref(&lisp->objects, obj);
}

/* value.c: values. */

struct slate_object *lisp_bool(bool is_true);
struct slate_object *lisp_integer(struct lisp *lisp, int32_t value);

/* @text NULL leaves the bytes to the caller. */
struct slate_object *lisp_string(struct lisp *lisp, const char *text,
				 size_t len);

/* Of one of the four types that are references; any of them may be NULL. */
struct slate_object *lisp_make(struct lisp *lisp, const struct slate_type *type,
			       struct slate_object *a, struct slate_object *b,
			       struct slate_object *c);

static inline struct slate_object *lisp_pair(struct lisp *lisp,
					     struct slate_object *first,
					     struct slate_object *rest)
{
	return lisp_make(lisp, &pair_type, first, rest, NULL);
}

/* Fail with a message, and the value that it is about, or NULL. */
struct slate_object *lisp_fail(struct lisp *lisp, const char *text,
			       struct slate_object *about);
struct slate_object *lisp_fail_memory(struct lisp *lisp);

/* symbol.c */

struct slate_object *lisp_symbol(struct lisp *lisp, const char *name,
				 size_t len);
bool lisp_define(struct lisp *lisp, struct slate_object *symbol,
		 struct slate_object *value);
void lisp_symbol_unlink(struct lisp *lisp, struct symbol *symbol);
void lisp_symbols_end(struct lisp *lisp);
uint32_t lisp_hash(const char *text, size_t len);

/* table.c: @key is an integer, a string or a symbol. */

bool lisp_equal(const struct slate_object *a, const struct slate_object *b);
struct slate_object *lisp_table(struct lisp *lisp);
bool lisp_table_set(struct lisp *lisp, struct slate_object *table,
		    struct slate_object *key, struct slate_object *value);
struct slate_object **lisp_table_get(struct slate_object *table,
				     struct slate_object *key);
size_t lisp_table_count(const struct slate_object *table);
struct slate_object *lisp_table_keys(struct lisp *lisp,
				     struct slate_object *table);

/* read.c */

/**
 * struct source - where text comes from
 * @get: the next byte, or -1 at the end
 * @ahead: read but not used yet; -2: none; -1: the end
 * @line: the line of the next byte
 */
struct source {
	int (*get)(void);
	int ahead;
	unsigned int line;
};

/* The next value; nil with @source->ahead -1 at the end. */
struct slate_object *lisp_read(struct lisp *lisp, struct source *source);

/* print.c; @quoted: strings as they are read. */

typedef void (*lisp_put_fn)(void *arg, const char *text, size_t len);

void lisp_print(struct slate_object *obj, bool quoted, lisp_put_fn put,
		void *arg);
void lisp_write(struct lisp *lisp, struct slate_object *obj, bool quoted);
void lisp_write_integer(struct lisp *lisp, int32_t value);
void lisp_write_text(struct lisp *lisp, const char *text);

/* eval.c */

struct slate_object *lisp_eval(struct lisp *lisp, struct slate_object *expr);

/* What the machine does next. */
enum {
	STEP_EVAL,	/* evaluate lisp->expr in lisp->env */
	STEP_RETURN,	/* hand lisp->value to the last frame */
	STEP_FAIL	/* lisp->error is set: look for who catches it */
};

/**
 * struct frame - an evaluation that waits for a value
 * @resume: called with the value in lisp->value; the frame is the last one
 * @base: number of values on the stack when it began
 * @expr: what is left to do, as @resume has it
 * @env: its bindings, or NULL
 */
struct frame {
	int (*resume)(struct lisp *lisp, struct frame *frame);
	size_t base;
	struct slate_object *expr;
	struct slate_object *env;
};

/* A new frame with @expr and lisp->env; NULL without memory. */
struct frame *lisp_wait(struct lisp *lisp,
			int (*resume)(struct lisp *lisp, struct frame *frame),
			struct slate_object *expr);

/* The last frame goes. */
void lisp_done(struct lisp *lisp);

/* Next: evaluate; or return a value, whose reference is taken over. */
int lisp_go(struct lisp *lisp, struct slate_object *expr,
	    struct slate_object *env);
int lisp_give(struct lisp *lisp, struct slate_object *value);

/* The stack of values; push takes a reference over, also when it fails. */
bool lisp_push(struct lisp *lisp, struct slate_object *obj);
struct slate_object **lisp_values(struct lisp *lisp, size_t base);
void lisp_cut(struct lisp *lisp, size_t base);

/* The values from @base on become a list. */
struct slate_object *lisp_gather(struct lisp *lisp, size_t base);

/* form.c */

/* A list of @least to @most values? If not, it fails. */
bool lisp_want(struct lisp *lisp, struct slate_object *list, size_t least,
	       size_t most);

/* (begin A B ...), whose operands a function's body is, too. */
int form_begin(struct lisp *lisp, struct slate_object *operands);
int lisp_resume_try(struct lisp *lisp, struct frame *frame);

/* lisp.c */

void lisp_begin(struct lisp *lisp, struct slate_heap *heap, size_t size);

/* Everything goes: what is left in the heap afterwards was lost. */
void lisp_end(struct lisp *lisp);

/* Evaluate all of a text; false after an error, which was printed. */
bool lisp_run(struct lisp *lisp, struct source *source, const char *name);

/* Read, evaluate, print, until the end of the input. */
void lisp_repl(struct lisp *lisp, struct source *source);

#endif /* LISP_H */
