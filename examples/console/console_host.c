// SPDX-License-Identifier: MIT
/* A host with a C library. */
#include <stdio.h>
#include <stdlib.h>

#include "console.h"

#define USUAL	((size_t)1 << 20)

static FILE *input;

int console_words(int argc, char **argv, const char **words, int most)
{
	int n;

	for (n = 0; n < argc && n < most; n++)
		words[n] = argv[n];
	return n;
}

int console_open(const char *name)
{
	input = fopen(name, "rb");
	return input ? 0 : -1;
}

int console_get(void)
{
	console_flush();
	return getc(input ? input : stdin);
}

void console_put(const char *text, size_t len)
{
	fwrite(text, 1, len, stdout);
}

void console_flush(void)
{
	if (!input)
		fflush(stdout);
}

void *console_memory(size_t *size)
{
	if (!*size)
		*size = USUAL;
	return malloc(*size);
}
