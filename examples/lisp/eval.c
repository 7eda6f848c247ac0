// SPDX-License-Identifier: MIT
/*
 * The evaluator: a machine that takes one step after another, so that nesting
 * in a program is no nesting of C functions.
 *
 * A step evaluates lisp->expr in lisp->env (STEP_EVAL), or hands lisp->value
 * to the last frame that waits (STEP_RETURN), or gives frames up until one is
 * a try (STEP_FAIL). A frame's resume function says what the next step is. A
 * frame that is done goes before its last expression is evaluated, so a call
 * in that place needs none: loops by calls run in constant memory.
 *
 * What the stacks and the registers hold they own, so the collector sees it
 * as references from outside: there are no roots to register.
 */
#include <string.h>

#include "lisp.h"

/* One more item; that is worth a collection. */
static bool push(struct lisp *lisp, struct slate_array *array, const void *item)
{
	if (!slate_array_push(array, item))
		return true;
	if (slate_objects_reclaim(&lisp->objects) &&
	    !slate_array_push(array, item))
		return true;
	lisp_fail_memory(lisp);
	return false;
}

bool lisp_push(struct lisp *lisp, struct slate_object *obj)
{
	if (push(lisp, &lisp->values, &obj))
		return true;
	drop(lisp, obj);
	return false;
}

struct slate_object **lisp_values(struct lisp *lisp, size_t base)
{
	return (struct slate_object **)(void *)lisp->values.items + base;
}

void lisp_cut(struct lisp *lisp, size_t base)
{
	struct slate_object *obj;

	while (lisp->values.len > base && slate_array_pop(&lisp->values, &obj))
		drop(lisp, obj);
}

struct slate_object *lisp_gather(struct lisp *lisp, size_t base)
{
	struct slate_object *list = nil;
	struct slate_object *pair;

	while (lisp->values.len > base) {
		size_t last = lisp->values.len - 1;

		pair = lisp_pair(lisp, *lisp_values(lisp, last), list);
		drop(lisp, list);
		if (!pair)
			return NULL;
		list = pair;
		lisp_cut(lisp, last);
	}
	return list;
}

static struct frame *last_frame(struct lisp *lisp)
{
	return slate_array_at(&lisp->frames, lisp->frames.len - 1);
}

struct frame *lisp_wait(struct lisp *lisp,
			int (*resume)(struct lisp *lisp, struct frame *frame),
			struct slate_object *expr)
{
	struct frame frame = { resume, lisp->values.len, expr, lisp->env };

	if (!push(lisp, &lisp->frames, &frame))
		return NULL;
	slate_xincref(frame.expr);
	slate_xincref(frame.env);
	return last_frame(lisp);
}

void lisp_done(struct lisp *lisp)
{
	struct frame frame;

	if (!slate_array_pop(&lisp->frames, &frame))
		return;
	slate_xdecref(&lisp->objects, frame.expr);
	slate_xdecref(&lisp->objects, frame.env);
}

int lisp_go(struct lisp *lisp, struct slate_object *expr,
	    struct slate_object *env)
{
	slate_set_ref(&lisp->objects, &lisp->expr, expr);
	slate_set_ref(&lisp->objects, &lisp->env, env);
	return STEP_EVAL;
}

int lisp_give(struct lisp *lisp, struct slate_object *value)
{
	slate_move_ref(&lisp->objects, &lisp->value, value);
	return value ? STEP_RETURN : STEP_FAIL;
}

static struct slate_object *look_up(struct lisp *lisp,
				    struct slate_object *name)
{
	struct binding *binding = (struct binding *)lisp->env;

	for (; binding; binding = (struct binding *)binding->outer) {
		if (binding->name == name)
			return share(binding->value);
	}
	if (!((struct symbol *)name)->value)
		return lisp_fail(lisp, "undefined", name);
	return share(((struct symbol *)name)->value);
}

static bool fits(char takes, const struct slate_object *obj)
{
	static const struct {
		char letter;
		const struct slate_type *type;
	} types[] = {
		{ 'i', &integer_type }, { 's', &string_type },
		{ 'p', &pair_type }, { 'l', &pair_type }, { 't', &table_type },
		{ 'e', &error_type }, { 'w', &slate_weakref_type },
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (types[i].letter == takes)
			return is(obj, types[i].type) ||
			       (takes == 'l' && obj == nil);
	}
	return true;
}

static bool fail_in(struct lisp *lisp, const struct builtin *builtin,
		    const char *text, struct slate_object *about)
{
	char message[40];

	strcpy(message, builtin->name);
	strcat(message, ": ");
	strcat(message, text);
	lisp_fail(lisp, message, about);
	return false;
}

/* Are these @n arguments what @builtin takes? See names.h. */
static bool fit(struct lisp *lisp, const struct builtin *builtin,
		struct slate_object **args, size_t n)
{
	const char *takes = builtin->takes;
	size_t i;

	for (i = 0; i < n && *takes; i++) {
		if (!fits(*takes, args[i]))
			return fail_in(lisp, builtin, "wrong type", args[i]);
		takes += takes[1] != '*';
		takes += *takes == '?';
	}
	if (i < n)
		return fail_in(lisp, builtin, "too many arguments", NULL);
	if (*takes && takes[1] != '?' && takes[1] != '*')
		return fail_in(lisp, builtin, "too few arguments", NULL);
	return true;
}

/* Bind @name in front of lisp->env. */
static bool bind(struct lisp *lisp, struct slate_object *name,
		 struct slate_object *value)
{
	struct slate_object *env;

	env = lisp_make(lisp, &binding_type, name, value, lisp->env);
	if (env)
		slate_move_ref(&lisp->objects, &lisp->env, env);
	return env;
}

static bool is_rest(const struct slate_object *name)
{
	const struct symbol *symbol = (const struct symbol *)name;

	return symbol->len == 1 && symbol->name[0] == '&';
}

/* Bind the parameters of values[base] to the values above it. */
static bool bind_all(struct lisp *lisp, size_t base)
{
	struct slate_object *fn = *lisp_values(lisp, base);
	struct slate_object *params = ((struct closure *)fn)->params;

	for (; is_pair(params); params = cdr(params)) {
		if (is_rest(car(params)) && is_pair(cdr(params))) {
			struct slate_object *rest = lisp_gather(lisp, base + 1);

			params = cdr(params);
			if (!rest || !lisp_push(lisp, rest))
				return false;
		}
		if (++base == lisp->values.len) {
			lisp_fail(lisp, "too few arguments", fn);
			return false;
		}
		if (!bind(lisp, car(params), *lisp_values(lisp, base)))
			return false;
	}
	if (base + 1 == lisp->values.len)
		return true;
	lisp_fail(lisp, "too many arguments", fn);
	return false;
}

static int call_closure(struct lisp *lisp, size_t base)
{
	struct slate_object *fn = share(*lisp_values(lisp, base));
	struct closure *closure = (struct closure *)fn;
	int step = STEP_FAIL;

	slate_gc_poll(&lisp->gc);
	lisp_go(lisp, closure->body, closure->env);
	if (bind_all(lisp, base)) {
		lisp_cut(lisp, base);
		step = form_begin(lisp, lisp->expr);
	}
	drop(lisp, fn);
	return step;
}

/* (apply F LIST): F and the values of LIST take its place. */
static bool spread(struct lisp *lisp, size_t base)
{
	struct slate_object *fn = share(lisp_values(lisp, base)[1]);
	struct slate_object *list = share(lisp_values(lisp, base)[2]);
	struct slate_object *at;
	bool done;

	lisp_cut(lisp, base);
	done = lisp_push(lisp, fn);
	for (at = list; done && is_pair(at); at = cdr(at))
		done = lisp_push(lisp, share(car(at)));
	drop(lisp, list);
	return done;
}

/* Call values[base] with those above it, and consume them. */
static int call(struct lisp *lisp, size_t base)
{
	for (;;) {
		struct slate_object **values = lisp_values(lisp, base);
		struct builtin *builtin = (struct builtin *)values[0];
		size_t n = lisp->values.len - base - 1;
		struct slate_object *value;

		if (is(values[0], &closure_type))
			return call_closure(lisp, base);
		if (!is(values[0], &builtin_type)) {
			lisp_fail(lisp, "not a function", values[0]);
			return STEP_FAIL;
		}
		if (!fit(lisp, builtin, values + 1, n))
			return STEP_FAIL;
		if (builtin->fn) {
			value = builtin->fn(lisp, values + 1, n);
			lisp_cut(lisp, base);
			return lisp_give(lisp, value);
		}
		if (builtin != (struct builtin *)in_flash(&builtin_of_apply)) {
			lisp_go(lisp, values[1], NULL);
			lisp_cut(lisp, base);
			return STEP_EVAL;
		}
		if (!spread(lisp, base))
			return STEP_FAIL;
	}
}

/* (F A B ...); the frame has what is left to evaluate. */
static int resume_call(struct lisp *lisp, struct frame *frame)
{
	size_t base = frame->base;

	if (!lisp_push(lisp, share(lisp->value)))
		return STEP_FAIL;
	if (frame->expr == nil) {
		lisp_done(lisp);
		return call(lisp, base);
	}
	if (!is_pair(frame->expr)) {
		lisp_fail(lisp, "bad form", frame->expr);
		return STEP_FAIL;
	}
	lisp_go(lisp, car(frame->expr), frame->env);
	slate_set_ref(&lisp->objects, &frame->expr, cdr(frame->expr));
	return STEP_EVAL;
}

static int begin_form(struct lisp *lisp, const struct form *form,
		      struct slate_object *operands)
{
	if (!lisp_want(lisp, operands, form->least, form->most))
		return STEP_FAIL;
	if (form->begin)
		return form->begin(lisp, operands);
	if (!lisp_wait(lisp, form->resume, cdr(operands)))
		return STEP_FAIL;
	return lisp_go(lisp, car(operands), lisp->env);
}

/* A special form, if its first is the name of one, else a call. */
static int eval_list(struct lisp *lisp)
{
	struct slate_object *list = share(lisp->expr);
	struct slate_object *first = car(list);
	int step = STEP_FAIL;

	if (is(first, &symbol_type))
		first = ((struct symbol *)first)->value;
	if (first && is(first, &form_type))
		step = begin_form(lisp, (struct form *)first, cdr(list));
	else if (lisp_wait(lisp, resume_call, cdr(list)))
		step = lisp_go(lisp, car(list), lisp->env);
	drop(lisp, list);
	return step;
}

static int eval_step(struct lisp *lisp)
{
	if (is_pair(lisp->expr))
		return eval_list(lisp);
	if (is(lisp->expr, &symbol_type))
		return lisp_give(lisp, look_up(lisp, lisp->expr));
	return lisp_give(lisp, share(lisp->expr));
}

/* Give up frames, down to @floor; -1 if none of them is a try. */
static int unwind(struct lisp *lisp, size_t floor)
{
	while (lisp->frames.len > floor) {
		struct frame *frame = last_frame(lisp);
		bool catches = frame->resume == lisp_resume_try;
		size_t base = frame->base;
		struct slate_object *error = lisp->error;

		lisp_done(lisp);
		lisp_cut(lisp, base + catches);
		if (!catches)
			continue;
		/* What deep calls took is what a handler needs. */
		slate_array_trim(&lisp->values);
		slate_array_trim(&lisp->frames);
		/* The handler is there; it is called with the error. */
		lisp->error = NULL;
		if (lisp_push(lisp, error))
			return call(lisp, base);
	}
	return -1;
}

struct slate_object *lisp_eval(struct lisp *lisp, struct slate_object *expr)
{
	size_t floor = lisp->frames.len;
	size_t base = lisp->values.len;
	int step = lisp_go(lisp, expr, NULL);
	struct slate_object *value;

	while (step >= 0 && (step != STEP_RETURN || lisp->frames.len > floor)) {
		if (step == STEP_EVAL)
			step = eval_step(lisp);
		else if (step == STEP_FAIL)
			step = unwind(lisp, floor);
		else
			step = last_frame(lisp)->resume(lisp, last_frame(lisp));
	}
	lisp_cut(lisp, base);
	value = step < 0 ? NULL : share(lisp->value);
	slate_clear_ref(&lisp->objects, &lisp->value);
	slate_clear_ref(&lisp->objects, &lisp->expr);
	slate_clear_ref(&lisp->objects, &lisp->env);
	return value;
}
