/* SPDX-License-Identifier: MIT */
/*
 * A small Lisp whose values are slate objects: what its files share.
 *
 *	value.c		the types, and how values of them are made
 *	read.c		text to values
 *	print.c		values to text
 *	eval.c		the evaluator: a machine with a stack of its own
 *	form.c		what each special form does with that machine
 *	builtin.c	the functions that are built in
 *	lisp.c		beginning, end, and running a text
 *
 * Who owns what, as in object.h: functions borrow their arguments, and return
 * a reference that the caller owns. One that returns NULL, or false, has
 * failed, and has left the reason in lisp->error.
 *
 * The C stack stays bounded whatever a program does: what waits for a value is
 * on a stack in the heap, whose end is an error of the language like any other.
 */
#ifndef LISP_H
#define LISP_H

#include <slate/slate.h>

struct integer {
	struct slate_object base;
	int32_t value;
};

struct string {
	struct slate_object base;
	size_t len;
	char text[];
};

/* A pair; also a function: (PARAMS BODY...), and the scope around it. */
struct pair {
	struct slate_gc_object gc;
	struct slate_object *car;
	struct slate_object *cdr;
};

/*
 * A list of keys, and one of their values. A scope is a table too: its keys are
 * names, perhaps more than values, and @outer is the scope around it, or nil:
 * there are the globals, which symbols have themselves.
 */
struct table {
	struct slate_gc_object gc;
	struct slate_object *keys;
	struct slate_object *values;
	struct slate_object *outer;
	struct slate_weakref *weak;
};

/* A name that was read, its global value or NULL, and the one read before. */
struct symbol {
	struct slate_gc_object gc;
	struct slate_object *name;
	struct slate_object *value;
	struct slate_object *next;
};

/* An interpreter. */
struct lisp {
	struct slate_objects objects;
	struct slate_gc gc;		/* collects cycles of them */
	struct slate_heap *heap;	/* where everything lies */
	struct slate_array frames;	/* a stack of struct frame */
	struct slate_array text;	/* a word or string while it is read */
	struct slate_object *symbols;	/* all names that were read */
	struct slate_object *expr;	/* a list that is to be evaluated */
	struct slate_object *env;	/* the scope that holds for it */
	struct slate_object *value;	/* what was evaluated */
	struct slate_object *error;	/* a list, or NULL while all is well */
	int (*get)(void);		/* the next byte of text, or -1 */
	int ahead;			/* one that was read, or -2 */
	int line;
	void (*put)(const char *text, size_t len);
};

struct frame;
typedef struct slate_object *(*lisp_resume_fn)(struct lisp *lisp,
					       struct frame *frame);

/* An evaluation that waits for a value, which will be in lisp->value. */
struct frame {
	lisp_resume_fn resume;		/* goes on with it */
	struct slate_object *left;	/* what is left to do then */
	struct slate_object *done;	/* of a call: (... ARG2 ARG1 . FN) */
	struct slate_object *env;	/* the scope that holds for it */
};

/*
 * What a built-in name is read as. Of @types the last one is for all arguments
 * from the third on, and NULL is any. @fn finds itself in args[0], then three
 * arguments, nil for those that there are not, and all of them in @list.
 * A form has @begin, and some have @resume.
 */
struct builtin {
	struct slate_object base;	/* of type true, form or built-in */
	const char *name;
	uint16_t least;			/* so many arguments or operands */
	uint16_t most;
	const struct slate_type *types[3];
	struct slate_object *(*fn)(struct lisp *lisp,
				   struct slate_object **args,
				   struct slate_object *list);
	struct slate_object *(*begin)(struct lisp *lisp,
				      struct slate_object *operands);
	lisp_resume_fn resume;
};

#define MANY	UINT16_MAX

extern const struct slate_type integer_type, string_type, pair_type,
	closure_type, table_type, symbol_type, true_type, form_type,
	builtin_type;

/* In flash. */
extern const struct builtin *const lisp_builtins[];
extern const struct builtin form_quote, form_begin, form_lambda, form_define,
	form_set, form_let, form_if, form_and, form_or, form_try, lisp_true;
extern const struct pair lisp_nil;

/* Objects in flash are never written to, so the const may go. */
#define in_flash(obj)	((struct slate_object *)(uintptr_t)(obj))

/* The empty list, which is what is false, and a pair of itself. */
#define nil		in_flash(&lisp_nil)

static inline bool is(const struct slate_object *obj,
		      const struct slate_type *type)
{
	return obj->type == type;
}

static inline bool is_pair(const struct slate_object *obj)
{
	return is(obj, &pair_type) && obj != nil;
}

/* Nil of what is no list: a program can change lists that are evaluated. */
static inline struct slate_object *car(struct slate_object *obj)
{
	return is(obj, &pair_type) ? ((struct pair *)obj)->car : nil;
}

static inline struct slate_object *cdr(struct slate_object *obj)
{
	return is(obj, &pair_type) ? ((struct pair *)obj)->cdr : nil;
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
	slate_xdecref(&lisp->objects, obj);
}

static inline void set(struct lisp *lisp, struct slate_object **place,
		       struct slate_object *value)
{
	slate_set_ref(&lisp->objects, place, value);
}

/* value.c */

struct slate_object *lisp_integer(struct lisp *lisp, int32_t value);

/* @text NULL leaves the bytes to the caller. */
struct slate_object *lisp_string(struct lisp *lisp, const void *text,
				 size_t len);

/* Of a type that is two or three references; any of them may be NULL. */
struct slate_object *lisp_make(struct lisp *lisp, const struct slate_type *type,
			       struct slate_object *a, struct slate_object *b,
			       struct slate_object *c);
struct slate_object *lisp_pair(struct lisp *lisp, struct slate_object *first,
			       struct slate_object *rest);

/* Put @value in front of *@list; false, and that is as it was. */
bool lisp_prepend(struct lisp *lisp, struct slate_object **list,
		  struct slate_object *value);

/* Turn a list around in place, which has one owner; it ended with *@end. */
struct slate_object *lisp_reverse(struct slate_object *list,
				  struct slate_object **end);
int32_t lisp_length(struct slate_object *list);
bool lisp_equal(const struct slate_object *a, const struct slate_object *b);

/* Where the value of a key is, or NULL; give it one. */
struct slate_object **lisp_get(struct slate_object *table,
			       const struct slate_object *key);
bool lisp_put(struct lisp *lisp, struct slate_object *table,
	      struct slate_object *key, struct slate_object *value);

/* Fail with a message, and the value that it is about; nil: with none. */
struct slate_object *lisp_fail(struct lisp *lisp, const char *text,
			       struct slate_object *about);
struct slate_object *lisp_fail_memory(struct lisp *lisp);

/* read.c: the next value; at the end NULL, and no error. */

struct slate_object *lisp_read(struct lisp *lisp);

/* print.c; @quoted: strings as they are read. */

typedef void (*lisp_put_fn)(void *arg, const char *text, size_t len);

void lisp_print(struct slate_object *obj, bool quoted, lisp_put_fn put,
		void *arg);
void lisp_put_out(void *lisp, const char *text, size_t len);

/* Put out a list, and a newline. */
void lisp_write(struct lisp *lisp, struct slate_object *list,
		const char *between);

/*
 * eval.c, which says what the first three return: evaluate @expr; and then
 * resume a frame that has @left; evaluate the first of what a frame has left.
 */

struct slate_object *lisp_go(struct lisp *lisp, struct slate_object *expr,
			     struct slate_object *env);
struct slate_object *lisp_wait(struct lisp *lisp, struct slate_object *expr,
			       lisp_resume_fn resume,
			       struct slate_object *left);
struct slate_object *lisp_next(struct lisp *lisp, struct frame *frame);
struct slate_object *lisp_eval(struct lisp *lisp, struct slate_object *expr);

/* The last frame goes. */
void lisp_leave(struct lisp *lisp);

/* Where the value of a variable is, or NULL. */
struct slate_object **lisp_place(struct slate_object *env,
				 struct slate_object *name);

/* One more item at the end of an array: that is worth a collection. */
bool lisp_append(struct lisp *lisp, struct slate_array *array,
		 const void *item);

/* form.c; these return what eval.c says, too. */

struct slate_object *lisp_body(struct lisp *lisp, struct slate_object *body);
struct slate_object *lisp_bind(struct lisp *lisp, struct frame *frame,
			       struct slate_object *body);

/* lisp.c; after the end, what is left in the heap was lost. */

void lisp_begin(struct lisp *lisp, struct slate_heap *heap, size_t size);
void lisp_end(struct lisp *lisp);

/*
 * Evaluate all of a text, up to an error: that is printed, and false returned.
 * Without a @name it is a terminal's: print all values, and go on after errors.
 */
bool lisp_run(struct lisp *lisp, int (*get)(void), const char *name);

#endif /* LISP_H */
