// SPDX-License-Identifier: MIT
/*
 * Out of memory everywhere: a script is run again and again, and each time
 * another of its allocations fails: the Nth alone, then all from the Nth on,
 * for every N. The interpreter must answer a small script after it, and when
 * it has ended nothing may be live and the heap be whole.
 */
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "lisp.h"

/* A small heap: one function calls itself until that is full. */
#define ENOUGH	(2500 * sizeof(void *))

static const char script[] =
	"(define (add a b) (+ a b))"
	"(define big 100000)"
	"(define (build n)"
	"  (if (= n 0) nil (cons (* n big) (build (- n 1)))))"
	"(define (try-it f) (try (f) e (str \"caught: \" e)))"
	"(let t (table) (define l (build 4)) (define k \"key\")"
	"  (put! t k l) (put! t 'other \"x\\ny\") (put! t 300 t)"
	"  (put! t 301 (weak t)) (remove! t 300) (put! t 302 (keys t))"
	"  (put! t 303 t) (put! t 304 (substr (str k l) 1 3))"
	"  (print (length t) (get t k) (weak-get (get t 301))))"
	"(print (try-it (lambda () (car big))) (try-it (lambda () (build -1))))"
	"(print (try-it (lambda () (error \"no\" (list 1 2 3)))))"
	"(print (if (equal? 1 2) 'a (and 1 (or nil (add 1 big)))))"
	"(print '(a (b \"c\")))"
	"(define (counter)"
	"  (define n 0) (define (next) (set! n (+ n big)) n) next)"
	"(let next (counter) (next) (print (next)))";

static const char small_script[] =
	"(define l (list 1 big-name 2)) (print (eval '(length l)) (str l))";

static struct lisp lisp;
static const char *at;
static unsigned int nprinted;
static unsigned int nfaults;

static int get(void)
{
	return *at ? (unsigned char)*at++ : -1;
}

/* There must be none. */
void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)kind;
	(void)heap;
	(void)where;
	nfaults++;
}

static void count(const char *text, size_t len)
{
	(void)text;
	nprinted += len > 0;
}

static bool run(const char *text)
{
	at = text;
	return lisp_run(&lisp, get, "script");
}

static void say(const char *text)
{
	console_put(text, strlen(text));
}

static void say_number(unsigned int n)
{
	const char digit = (char)('0' + n % 10);

	if (n > 9)
		say_number(n / 10);
	console_put(&digit, 1);
}

/* Is all as it should be, with these requests failing? */
static bool survives(void *memory, size_t size,
		     const struct slate_inject_rule *rule, bool *ran_through)
{
	struct slate_heap *heap = slate_heap_create(memory, size);
	struct slate_inject inject;
	struct slate_stats stats;
	bool answers;

	if (slate_inject_start(heap, &inject, rule))
		return false;
	lisp_begin(&lisp, heap, size);
	lisp.put = count;
	*ran_through = run(script);
	*ran_through = *ran_through && !inject.failed;
	if (slate_inject_stop(&inject))
		return false;
	answers = run("(define big-name 1)") && run(small_script);
	lisp_end(&lisp);
	slate_heap_stats(heap, &stats);
	return answers && !nfaults && !stats.blocks && slate_heap_valid(heap);
}

/* Every N, until none fails; how many there were, 0 if one was too much. */
static unsigned int try_all(void *memory, size_t size, bool alone)
{
	bool ran_through = false;
	unsigned int n;

	for (n = 1; !ran_through; n++) {
		const struct slate_inject_rule rule = {
			.first = n, .last = alone ? n : 0,
		};

		if (!survives(memory, size, &rule, &ran_through)) {
			say("nomemory: not survived: ");
			say_number(n);
			say("\n");
			return 0;
		}
	}
	return n - 2;
}

int main(int argc, char **argv)
{
	const char *words[1];
	size_t size = 0;
	void *memory;
	unsigned int n;

	console_words(argc, argv, words, 1);
	memory = console_memory(&size);
	if (size > ENOUGH)
		size = ENOUGH;
	n = try_all(memory, size, true);
	if (n < 100 || try_all(memory, size, false) != n)
		return 1;
	say("nomemory: each of ");
	say_number(n);
	say(" allocations failed alone, and with all behind it; nothing lost\n");
	console_flush();
	return 0;
}
