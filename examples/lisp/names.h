/* SPDX-License-Identifier: MIT */
/*
 * All names that are built in. A special form has a function form_ID(), a
 * function builtin_ID(). Behind a function's name stands what it takes, a
 * letter for each argument: i integer, s string, p pair, l list, t table,
 * e error, w weak reference, . anything; the last one as often as you like if *
 * follows, or not at all if ? does. The evaluator itself does the two CALLs.
 */
#ifndef NAMES_H
#define NAMES_H

#define FORMS(x) \
	x(quote, "quote") x(if, "if") x(cond, "cond") x(and, "and") \
	x(or, "or") x(begin, "begin") x(let, "let") x(lambda, "lambda") \
	x(define, "define") x(set, "set!") x(try, "try")

#define CALLS(x) \
	x(apply, "apply", ".l") x(eval, "eval", ".")

#define BUILTINS(x) \
	x(add, "+", "i*") x(sub, "-", "i*") x(mul, "*", "i*") \
	x(div, "/", "ii") x(rem, "%", "ii") x(equals, "=", "ii") \
	x(less, "<", "ii") x(more, ">", "ii") x(at_most, "<=", "ii") \
	x(at_least, ">=", "ii") \
	x(not, "not", ".") x(eq, "eq?", "..") x(equal, "equal?", "..") \
	x(type_of, "type", ".") \
	x(cons, "cons", "..") x(car, "car", "l") x(cdr, "cdr", "l") \
	x(set_car, "set-car!", "p.") x(set_cdr, "set-cdr!", "p.") \
	x(list, "list", ".*") x(reverse, "reverse", "l") \
	x(length, "length", ".") \
	x(str, "str", ".*") x(substr, "substr", "sii") x(code, "code", "si") \
	x(table, "table", "") x(get, "get", "t..?") x(put, "put!", "t..") \
	x(remove, "remove!", "t.") x(keys, "keys", "t") \
	x(error, "error", "..?") x(error_text, "error-text", "e") \
	x(error_about, "error-about", "e") \
	x(print, "print", ".*") x(write, "write", ".") \
	x(weak, "weak", "t") x(weak_get, "weak-get", "w") \
	x(collect, "collect", "") x(objects, "objects", "") \
	x(size, "size", ".") x(heap, "heap", "")

#endif /* NAMES_H */
