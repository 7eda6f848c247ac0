// SPDX-License-Identifier: MIT
/*
 * lisp [-h BYTES] [SCRIPT]: run a script in a heap of so many bytes, or read
 * from the terminal. Exit status: 0; 1 after an error of the script; 2 if
 * it cannot be begun; 3 if something of the heap was lost in the end.
 */
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "lisp.h"

/* Not on the stack, which is small. */
static struct lisp lisp;

static int end(int status, const char *text)
{
	console_put(text, strlen(text));
	console_flush();
	return status;
}

static int run(struct slate_heap *heap, size_t size, const char *script)
{
	struct slate_stats stats;
	bool done;

	lisp_begin(&lisp, heap, size);
	lisp.put = console_put;
	done = lisp_run(&lisp, console_get, script);
	lisp_end(&lisp);
	slate_heap_stats(heap, &stats);
	if (stats.live || !slate_heap_valid(heap))
		return end(3, "lisp: something of the heap was lost\n");
	return end(!done, script ? "" : "\n");
}

int main(int argc, char **argv)
{
	const char *words[4] = { NULL };
	int n = console_words(argc, argv, words, 4);
	bool sized = n > 2 && !strcmp(words[1], "-h");
	const char *script = words[sized ? 3 : 1];
	size_t size = sized ? strtoul(words[2], NULL, 0) : 0;
	void *memory = console_memory(&size);
	struct slate_heap *heap;

	heap = memory ? slate_heap_create(memory, size) : NULL;
	if (!heap)
		return end(2, "lisp: no memory for such a heap\n");
	if (script && console_open(script))
		return end(2, "lisp: cannot read the script\n");
	return run(heap, size, script);
}
