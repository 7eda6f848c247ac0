// SPDX-License-Identifier: MIT
/*
 * The special forms. A form_ function begins one, whose operands are as many as
 * names.h says; a resume function goes on with it, when the value is there that
 * it waits for.
 */
#include "lisp.h"
#include "names.h"

bool lisp_want(struct lisp *lisp, struct slate_object *list, size_t least,
	       size_t most)
{
	struct slate_object *at = list;
	size_t n = 0;

	for (; is_pair(at) && n <= most; at = cdr(at))
		n++;
	if (at == nil && n >= least && n <= most)
		return true;
	lisp_fail(lisp, "bad form", list);
	return false;
}

static int fail(struct lisp *lisp, const char *text,
		struct slate_object *about)
{
	lisp_fail(lisp, text, about);
	return STEP_FAIL;
}

static bool is_true(const struct lisp *lisp)
{
	return lisp->value != nil;
}

/* Evaluate @expr as the last thing that the frame has to do. */
static int go_last(struct lisp *lisp, struct frame *frame,
		   struct slate_object *expr)
{
	lisp_go(lisp, expr, frame->env);
	lisp_done(lisp);
	return STEP_EVAL;
}

static int go_last_body(struct lisp *lisp, struct frame *frame,
			struct slate_object *body)
{
	lisp_go(lisp, body, frame->env);
	lisp_done(lisp);
	return form_begin(lisp, lisp->expr);
}

/* The value stays what it is, and is what the frame waited to return. */
static int go_back(struct lisp *lisp)
{
	lisp_done(lisp);
	return STEP_RETURN;
}

int form_quote(struct lisp *lisp, struct slate_object *operands)
{
	return lisp_give(lisp, share(car(operands)));
}

int form_lambda(struct lisp *lisp, struct slate_object *operands)
{
	struct slate_object *at;

	if (!lisp_want(lisp, car(operands), 0, MANY))
		return STEP_FAIL;
	for (at = car(operands); is_pair(at); at = cdr(at)) {
		if (!is(car(at), &symbol_type))
			return fail(lisp, "not a name", car(at));
	}
	return lisp_give(lisp, lisp_make(lisp, &closure_type, car(operands),
					 cdr(operands), lisp->env));
}

/* (begin A B C): the frame has what is left, at least one. */
static int resume_begin(struct lisp *lisp, struct frame *frame)
{
	if (!is_pair(cdr(frame->expr)))
		return go_last(lisp, frame, car(frame->expr));
	lisp_go(lisp, car(frame->expr), frame->env);
	slate_set_ref(&lisp->objects, &frame->expr, cdr(frame->expr));
	return STEP_EVAL;
}

int form_begin(struct lisp *lisp, struct slate_object *operands)
{
	if (operands == nil)
		return lisp_give(lisp, nil);
	if (cdr(operands) != nil &&
	    !lisp_wait(lisp, resume_begin, cdr(operands)))
		return STEP_FAIL;
	return lisp_go(lisp, car(operands), lisp->env);
}

/* (if TEST THEN ELSE): the frame has (THEN ELSE). */
int resume_if(struct lisp *lisp, struct frame *frame)
{
	struct slate_object *rest = cdr(frame->expr);

	if (is_true(lisp))
		return go_last(lisp, frame, car(frame->expr));
	return go_last(lisp, frame, is_pair(rest) ? car(rest) : nil);
}

/* (and A B C): the frame has what is left. */
int resume_and(struct lisp *lisp, struct frame *frame)
{
	if (!is_true(lisp) || !is_pair(frame->expr))
		return go_back(lisp);
	return resume_begin(lisp, frame);
}

int resume_or(struct lisp *lisp, struct frame *frame)
{
	if (is_true(lisp) || !is_pair(frame->expr))
		return go_back(lisp);
	return resume_begin(lisp, frame);
}

/* (cond (TEST BODY...) ...): the frame has the clauses from this one on. */
static int next_clause(struct lisp *lisp, struct frame *frame)
{
	if (!is_pair(frame->expr))
		return go_last(lisp, frame, nil);
	if (!lisp_want(lisp, car(frame->expr), 1, MANY))
		return STEP_FAIL;
	return lisp_go(lisp, car(car(frame->expr)), frame->env);
}

static int resume_cond(struct lisp *lisp, struct frame *frame)
{
	struct slate_object *body = cdr(car(frame->expr));

	if (is_true(lisp))
		return is_pair(body) ? go_last_body(lisp, frame, body) :
				       go_back(lisp);
	slate_set_ref(&lisp->objects, &frame->expr, cdr(frame->expr));
	return next_clause(lisp, frame);
}

int form_cond(struct lisp *lisp, struct slate_object *operands)
{
	struct frame *frame = lisp_wait(lisp, resume_cond, operands);

	return frame ? next_clause(lisp, frame) : STEP_FAIL;
}

/* (define NAME VALUE): the frame has NAME; all names are global. */
static int resume_define(struct lisp *lisp, struct frame *frame)
{
	if (!lisp_define(lisp, frame->expr, lisp->value))
		return STEP_FAIL;
	return go_back(lisp);
}

int form_define(struct lisp *lisp, struct slate_object *operands)
{
	struct slate_object *what = car(operands);
	struct slate_object *lambda;
	int step;

	if (!is_pair(what)) {
		if (!lisp_want(lisp, operands, 2, 2) ||
		    !lisp_wait(lisp, resume_define, what))
			return STEP_FAIL;
		return lisp_go(lisp, car(cdr(operands)), lisp->env);
	}
	/* (define (NAME PARAM...) BODY...) */
	lambda = lisp_pair(lisp, cdr(what), cdr(operands));
	step = lambda ? form_lambda(lisp, lambda) : STEP_FAIL;
	slate_xdecref(&lisp->objects, lambda);
	if (step == STEP_RETURN && !lisp_define(lisp, car(what), lisp->value))
		return STEP_FAIL;
	return step;
}

/* (set! NAME VALUE): the frame has NAME. */
static int resume_set(struct lisp *lisp, struct frame *frame)
{
	struct binding *binding = (struct binding *)frame->env;
	struct slate_object *name = frame->expr;

	while (binding && binding->name != name)
		binding = (struct binding *)binding->outer;
	if (binding)
		slate_set_ref(&lisp->objects, &binding->value, lisp->value);
	else if (!((struct symbol *)name)->value)
		return fail(lisp, "undefined", name);
	else if (!lisp_define(lisp, name, lisp->value))
		return STEP_FAIL;
	return go_back(lisp);
}

int form_set(struct lisp *lisp, struct slate_object *operands)
{
	if (!is(car(operands), &symbol_type))
		return fail(lisp, "not a name", car(operands));
	if (!lisp_wait(lisp, resume_set, car(operands)))
		return STEP_FAIL;
	return lisp_go(lisp, car(cdr(operands)), lisp->env);
}

/*
 * (let ((NAME VALUE) ...) BODY...): each value sees the names before it. The
 * frame has the pairs from this one on, in its env the bindings so far; the
 * body is on the stack, at its base.
 */
static int next_binding(struct lisp *lisp, struct frame *frame)
{
	struct slate_object *pair;

	if (!is_pair(frame->expr)) {
		lisp_go(lisp, *lisp_values(lisp, frame->base), frame->env);
		lisp_cut(lisp, frame->base);
		lisp_done(lisp);
		return form_begin(lisp, lisp->expr);
	}
	pair = car(frame->expr);
	if (!lisp_want(lisp, pair, 2, 2))
		return STEP_FAIL;
	if (!is(car(pair), &symbol_type))
		return fail(lisp, "not a name", car(pair));
	return lisp_go(lisp, car(cdr(pair)), frame->env);
}

static int resume_let(struct lisp *lisp, struct frame *frame)
{
	struct slate_object *env;

	env = lisp_make(lisp, &binding_type, car(car(frame->expr)),
			lisp->value, frame->env);
	if (!env)
		return STEP_FAIL;
	slate_move_ref(&lisp->objects, &frame->env, env);
	slate_set_ref(&lisp->objects, &frame->expr, cdr(frame->expr));
	return next_binding(lisp, frame);
}

int form_let(struct lisp *lisp, struct slate_object *operands)
{
	struct frame *frame;

	if (!lisp_want(lisp, car(operands), 0, MANY))
		return STEP_FAIL;
	frame = lisp_wait(lisp, resume_let, car(operands));
	if (!frame || !lisp_push(lisp, share(cdr(operands))))
		return STEP_FAIL;
	return next_binding(lisp, frame);
}

/*
 * (try EXPR HANDLER): HANDLER first, whose value waits at the frame's base
 * for an error; the frame has (EXPR HANDLER).
 */
static int resume_handler(struct lisp *lisp, struct frame *frame)
{
	if (!lisp_push(lisp, share(lisp->value)))
		return STEP_FAIL;
	frame->resume = lisp_resume_try;
	return lisp_go(lisp, car(frame->expr), frame->env);
}

/* No error came. */
int lisp_resume_try(struct lisp *lisp, struct frame *frame)
{
	lisp_cut(lisp, frame->base);
	return go_back(lisp);
}

int form_try(struct lisp *lisp, struct slate_object *operands)
{
	if (!lisp_wait(lisp, resume_handler, operands))
		return STEP_FAIL;
	return lisp_go(lisp, car(cdr(operands)), lisp->env);
}
