// SPDX-License-Identifier: MIT
/*
 * lisp [-h BYTES] [SCRIPT]: run a script in a heap of so many bytes, or read
 * from the terminal. Exit status: 0; 1 after an error of the script; 2 if
 * it cannot be begun; 3 if something of the heap was lost in the end.
 */
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "heap_report.h"
#include "lisp.h"

/* Not on the stack, which is small. */
static struct lisp lisp;

static void put_report(void *arg, const char *text, size_t len)
{
	(void)arg;
	console_put(text, len);
}

static void report(struct slate_heap *heap)
{
	heap_report(heap, NULL, put_report, NULL);
}

static void say(const char *text)
{
	console_put(text, strlen(text));
}

static int refuse(const char *text)
{
	say("lisp: ");
	say(text);
	say("\n");
	console_flush();
	return 2;
}

/* A bug of this program: say so, and go on to show what follows from it. */
void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)heap;
	(void)where;
	say("lisp: slate reports: ");
	say(slate_fault_name(kind));
	say("\n");
}

/* Nothing may be live, and nothing be broken. */
static bool all_is_back(struct slate_heap *heap)
{
	struct slate_stats stats;

	slate_heap_stats(heap, &stats);
	return !stats.live && slate_heap_valid(heap);
}

static int run(struct slate_heap *heap, size_t size, const char *script)
{
	struct source source = { console_get, -2, 1 };
	int status = 0;

	lisp_begin(&lisp, heap, size);
	lisp.put = console_put;
	lisp.report = report;
	if (!script)
		lisp_repl(&lisp, &source);
	else if (!lisp_run(&lisp, &source, script))
		status = 1;
	lisp_end(&lisp);
	if (!all_is_back(heap)) {
		refuse("something of the heap was lost");
		status = 3;
	}
	console_flush();
	return status;
}

int main(int argc, char **argv)
{
	const char *words[4] = { NULL };
	int n = console_words(argc, argv, words, 4);
	const char *script = n > 1 ? words[n - 1] : NULL;
	struct slate_heap *heap;
	size_t size = 0;
	void *memory;

	if (n > 2 && !strcmp(words[1], "-h"))
		size = strtoul(words[2], NULL, 0);
	if (n == 3)
		script = NULL;
	memory = console_memory(&size);
	heap = memory ? slate_heap_create(memory, size) : NULL;
	if (!heap)
		return refuse("no memory for such a heap");
	if (script && console_open(script))
		return refuse("cannot read the script");
	return run(heap, size, script);
}
