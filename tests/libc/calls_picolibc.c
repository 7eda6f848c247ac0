// SPDX-License-Identifier: MIT
/* picolibc's streams: what goes to stdout is kept, for stdout_take(). */
#include <stdio.h>

#include "libc_test.h"

static char out[512];
static size_t used;

const char *stdout_take(void)
{
	out[used] = '\0';
	used = 0;
	return out;
}

static int put(char c, FILE *file)
{
	(void)file;
	if (used < sizeof(out) - 1)
		out[used++] = c;
	return (unsigned char)c;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);

FILE *const stdin = &console;
FILE *const stdout = &console;
FILE *const stderr = &console;
