// SPDX-License-Identifier: MIT
/*
 * The special forms. What begins one finds its operands, which belong to
 * lisp->expr, and leaves a frame if it needs a value; with that its resume
 * function goes on. All return what eval.c says.
 */
#include "lisp.h"

#define BEGIN(id) \
	static struct slate_object *begin_##id(struct lisp *lisp, \
					       struct slate_object *operands)
#define RESUME(id) \
	static struct slate_object *resume_##id(struct lisp *lisp, \
						struct frame *frame)

/* Most wait for the value of their first operand, or of their second one. */
BEGIN(first)
{
	return lisp_wait(lisp, car(operands),
			 ((struct builtin *)car(lisp->expr))->resume,
			 cdr(operands));
}

BEGIN(second)
{
	return lisp_wait(lisp, car(cdr(operands)),
			 ((struct builtin *)car(lisp->expr))->resume, operands);
}

/* Evaluate @expr as the last thing that the frame has to do. */
static struct slate_object *go_last(struct lisp *lisp, struct frame *frame,
				    struct slate_object *expr)
{
	struct slate_object *value = lisp_go(lisp, expr, frame->env);

	lisp_leave(lisp);
	return value;
}

/* The value is what the frame waited to return. */
static struct slate_object *go_back(struct lisp *lisp, struct frame *frame)
{
	(void)frame;
	lisp_leave(lisp);
	return share(lisp->value);
}

BEGIN(quote)
{
	(void)lisp;
	return share(car(operands));
}

/* (begin A B ...): the frame has what is left; it goes if that is the last. */
RESUME(begin)
{
	if (cdr(frame->left) == nil)
		return go_last(lisp, frame, car(frame->left));
	return lisp_next(lisp, frame);
}

struct slate_object *lisp_body(struct lisp *lisp, struct slate_object *body)
{
	if (cdr(body) == nil)
		return lisp_go(lisp, car(body), lisp->env);
	return lisp_wait(lisp, car(body), resume_begin, cdr(body));
}

/* (if TEST A TEST B ... ELSE) */
RESUME(if)
{
	if (lisp->value != nil)
		return go_last(lisp, frame, car(frame->left));
	set(lisp, &frame->left, cdr(frame->left));
	return resume_begin(lisp, frame);
}

RESUME(and)
{
	if (lisp->value == nil || frame->left == nil)
		return go_back(lisp, frame);
	return resume_begin(lisp, frame);
}

RESUME(or)
{
	if (lisp->value != nil || frame->left == nil)
		return go_back(lisp, frame);
	return resume_begin(lisp, frame);
}

/* (lambda (PARAM...) BODY...) */
BEGIN(lambda)
{
	struct slate_object *params;

	for (params = car(operands); params != nil; params = cdr(params)) {
		if (!is(car(params), &symbol_type))
			return lisp_fail(lisp, "not a name", car(params));
	}
	return lisp_make(lisp, &closure_type, operands, lisp->env, NULL);
}

/* Give @name a value in the scope @env, and only there. */
static bool define(struct lisp *lisp, struct slate_object *env,
		   struct slate_object *name, struct slate_object *value)
{
	if (!is(name, &symbol_type))
		return lisp_fail(lisp, "not a name", name);
	if (env != nil)
		return lisp_put(lisp, env, name, value);
	set(lisp, &((struct symbol *)name)->value, value);
	return true;
}

/* (define NAME VALUE): the frame has that. */
RESUME(define)
{
	if (!define(lisp, frame->env, car(frame->left), lisp->value))
		return NULL;
	return go_back(lisp, frame);
}

/* That, or (define (NAME PARAM...) BODY...). */
BEGIN(define)
{
	struct slate_object *what = car(operands);
	struct slate_object *code, *value;

	if (!is_pair(what))
		return begin_second(lisp, operands);
	code = lisp_pair(lisp, cdr(what), cdr(operands));
	if (!code)
		return NULL;
	value = begin_lambda(lisp, code);
	drop(lisp, code);
	if (value && !define(lisp, lisp->env, car(what), value))
		slate_clear_ref(&lisp->objects, &value);
	return value;
}

/* (set! NAME VALUE): the frame has that. */
RESUME(set)
{
	struct slate_object *name = car(frame->left);
	struct slate_object **place = lisp_place(frame->env, name);

	if (!place)
		return lisp_fail(lisp, "undefined", name);
	set(lisp, place, lisp->value);
	return go_back(lisp, frame);
}

/* The frame goes; @body sees the value by the first name in what was left. */
struct slate_object *lisp_bind(struct lisp *lisp, struct frame *frame,
			       struct slate_object *body)
{
	struct slate_object *scope;

	set(lisp, &lisp->expr, frame->left);
	set(lisp, &lisp->env, frame->env);
	lisp_leave(lisp);
	scope = lisp_make(lisp, &table_type, nil, nil, lisp->env);
	if (!scope)
		return NULL;
	slate_move_ref(&lisp->objects, &lisp->env, scope);
	if (!define(lisp, scope, car(lisp->expr), lisp->value))
		return NULL;
	return lisp_body(lisp, body);
}

/* (let NAME VALUE BODY...): the frame has that. */
RESUME(let)
{
	return lisp_bind(lisp, frame, cdr(cdr(frame->left)));
}

#define FORM(id, name, least, most, begin, resume) \
	const struct builtin form_##id = { \
		SLATE_OBJECT_STATIC(&form_type), name, least, most, { NULL }, \
		NULL, begin, resume \
	};

FORM(quote, "quote", 1, 1, begin_quote, NULL)
FORM(begin, "begin", 1, MANY, lisp_body, NULL)
FORM(lambda, "lambda", 2, MANY, begin_lambda, NULL)
FORM(define, "define", 2, MANY, begin_define, resume_define)
FORM(set, "set!", 2, 2, begin_second, resume_set)
FORM(let, "let", 3, MANY, begin_second, resume_let)
FORM(if, "if", 2, MANY, begin_first, resume_if)
FORM(and, "and", 1, MANY, begin_first, resume_and)
FORM(or, "or", 1, MANY, begin_first, resume_or)

/* (try EXPR NAME BODY...): what is left is for eval.c, if an error comes. */
FORM(try, "try", 3, MANY, begin_first, go_back)
