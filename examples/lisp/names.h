/* SPDX-License-Identifier: MIT */
/*
 * All names that are built in. A special form has a function form_ID(), which
 * begins it, and takes from its first to its second number of operands. A test
 * has a function resume_ID(), which goes on when its first operand has a value.
 *
 * A function has builtin_ID(). Behind its name stands what it takes, a letter
 * for each argument: i integer, s string, p pair, l list, t table, e error, w
 * weak reference, . anything; the last one as often as you like if * follows,
 * or not at all if ? does. The evaluator itself does the two CALLs.
 */
#ifndef NAMES_H
#define NAMES_H

#define MANY	10000

#define FORMS(x) \
	x(quote, "quote", 1, 1) x(begin, "begin", 0, MANY) \
	x(cond, "cond", 0, MANY) x(let, "let", 1, MANY) \
	x(lambda, "lambda", 1, MANY) x(define, "define", 1, MANY) \
	x(set, "set!", 2, 2) x(try, "try", 2, 2)

#define TESTS(x) \
	x(if, "if", 2, 3) x(and, "and", 1, MANY) x(or, "or", 1, MANY)

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
