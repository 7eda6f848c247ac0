// SPDX-License-Identifier: MIT
/*
 * The evaluator: a machine that takes one step after another, so that nesting
 * in a program is no nesting of C functions.
 *
 * What takes a step returns a value; or NULL, and then lisp->error says that
 * it failed, or else the list in lisp->expr is to be evaluated next, in
 * lisp->env. A value goes to the last frame that waits, whose resume function
 * takes the next step. A frame that is done goes before its last expression is
 * evaluated, so a call in that place needs none: loops by calls run in constant
 * memory. An error gives frames up until one is a try.
 *
 * What the frames and the registers hold they own, so the collector sees it
 * as references from outside: there are no roots to register.
 */
#include "lisp.h"

bool lisp_append(struct lisp *lisp, struct slate_array *array, const void *item)
{
	if (!slate_array_push(array, item))
		return true;
	if (slate_objects_reclaim(&lisp->objects) &&
	    !slate_array_push(array, item))
		return true;
	lisp_fail_memory(lisp);
	return false;
}

static struct frame *last_frame(struct lisp *lisp)
{
	return (struct frame *)(void *)lisp->frames.items +
	       lisp->frames.len - 1;
}

void lisp_leave(struct lisp *lisp)
{
	struct frame frame;

	if (!slate_array_pop(&lisp->frames, &frame))
		return;
	drop(lisp, frame.left);
	drop(lisp, frame.done);
	drop(lisp, frame.env);
}

struct slate_object **lisp_place(struct slate_object *env,
				 struct slate_object *name)
{
	struct symbol *symbol = (struct symbol *)name;
	struct slate_object **place;

	for (; env != nil; env = ((struct table *)env)->outer) {
		place = lisp_get(env, name);
		if (place)
			return place;
	}
	return is(name, &symbol_type) && symbol->value ? &symbol->value : NULL;
}

/* What is no list has its value at once. */
struct slate_object *lisp_go(struct lisp *lisp, struct slate_object *expr,
			     struct slate_object *env)
{
	struct slate_object **place;

	if (is(expr, &symbol_type)) {
		place = lisp_place(env, expr);
		return place ? share(*place) :
			       lisp_fail(lisp, "undefined", expr);
	}
	if (!is_pair(expr))
		return share(expr);
	set(lisp, &lisp->expr, expr);
	set(lisp, &lisp->env, env);
	return NULL;
}

struct slate_object *lisp_next(struct lisp *lisp, struct frame *frame)
{
	struct slate_object *value;

	value = lisp_go(lisp, car(frame->left), frame->env);
	set(lisp, &frame->left, cdr(frame->left));
	return value;
}

struct slate_object *lisp_wait(struct lisp *lisp, struct slate_object *expr,
			       lisp_resume_fn resume, struct slate_object *left)
{
	struct frame frame = { resume, left, NULL, lisp->env };

	if (!lisp_append(lisp, &lisp->frames, &frame))
		return NULL;
	slate_incref(frame.left);
	slate_incref(frame.env);
	return lisp_go(lisp, expr, lisp->env);
}

/* The arguments are not what the function takes. */
static struct slate_object *refuse(struct lisp *lisp, struct slate_object *fn,
				   struct slate_object *args)
{
	struct slate_object *call = lisp_pair(lisp, fn, args);

	if (call)
		lisp_fail(lisp, "wrong arguments", call);
	drop(lisp, call);
	return NULL;
}

static struct slate_object *call_closure(struct lisp *lisp,
					 struct pair *closure,
					 struct slate_object *args)
{
	struct slate_object *params = car(closure->car);
	struct slate_object *scope;

	slate_gc_poll(&lisp->gc);
	if (lisp_length(params) != lisp_length(args))
		return refuse(lisp, &closure->gc.base, args);
	scope = lisp_make(lisp, &table_type, params, args, closure->cdr);
	if (!scope)
		return NULL;
	slate_move_ref(&lisp->objects, &lisp->env, scope);
	return lisp_body(lisp, cdr(closure->car));
}

static struct slate_object *call_builtin(struct lisp *lisp,
					 struct builtin *builtin,
					 struct slate_object *list)
{
	struct slate_object *args[4] = { &builtin->base, nil, nil, nil };
	struct slate_object *left = list;
	size_t n;

	for (n = 0; left != nil; n++, left = cdr(left)) {
		size_t i = n < 3 ? n : 2;

		if (builtin->types[i] && !is(car(left), builtin->types[i]))
			break;
		args[i + 1] = car(left);
	}
	if (left != nil || n < builtin->least || n > builtin->most)
		return refuse(lisp, &builtin->base, list);
	return builtin->fn(lisp, args, list);
}

/* (F A B ...): F is evaluated first, then the arguments. */
static struct slate_object *resume_call(struct lisp *lisp, struct frame *frame)
{
	struct slate_object *fn, *args, *value;

	if (frame->done) {
		if (!lisp_prepend(lisp, &frame->done, lisp->value))
			return NULL;
	} else {
		if (!is(lisp->value, &closure_type) &&
		    !is(lisp->value, &builtin_type))
			return lisp_fail(lisp, "not a function", lisp->value);
		frame->done = share(lisp->value);
	}
	if (frame->left != nil)
		return lisp_next(lisp, frame);
	args = lisp_reverse(frame->done, &fn);
	frame->done = NULL;
	lisp_leave(lisp);
	if (is(fn, &closure_type))
		value = call_closure(lisp, (struct pair *)fn, args);
	else
		value = call_builtin(lisp, (struct builtin *)fn, args);
	drop(lisp, args);
	drop(lisp, fn);
	return value;
}

/* The list in lisp->expr: a special form if its first is one, else a call. */
static struct slate_object *eval_list(struct lisp *lisp)
{
	struct slate_object *first = car(lisp->expr);
	struct slate_object *left = cdr(lisp->expr);
	const struct builtin *form = (struct builtin *)first;
	int32_t n;

	if (!is(first, &form_type))
		return lisp_wait(lisp, first, resume_call, left);
	n = lisp_length(left);
	if (n < form->least || n > form->most)
		return lisp_fail(lisp, "bad form", lisp->expr);
	return form->begin(lisp, left);
}

/* Give up frames until one is a try: its BODY sees the error by the NAME. */
static struct slate_object *unwind(struct lisp *lisp)
{
	while (lisp->frames.len && last_frame(lisp)->resume != form_try.resume)
		lisp_leave(lisp);
	if (!lisp->frames.len)
		return NULL;
	slate_move_ref(&lisp->objects, &lisp->value, lisp->error);
	lisp->error = NULL;
	/* The memory that deep calls took is needed now. */
	slate_array_trim(&lisp->frames);
	return lisp_bind(lisp, last_frame(lisp), cdr(last_frame(lisp)->left));
}

struct slate_object *lisp_eval(struct lisp *lisp, struct slate_object *expr)
{
	struct slate_object *value = lisp_go(lisp, expr, nil);

	while (lisp->frames.len || !(value || lisp->error)) {
		if (lisp->error) {
			value = unwind(lisp);
		} else if (!value) {
			value = eval_list(lisp);
		} else {
			slate_move_ref(&lisp->objects, &lisp->value, value);
			value = last_frame(lisp)->resume(lisp,
							 last_frame(lisp));
		}
	}
	set(lisp, &lisp->value, nil);
	set(lisp, &lisp->expr, nil);
	set(lisp, &lisp->env, nil);
	return value;
}
