/* SPDX-License-Identifier: MIT */
/* The machine below: where text comes from and goes to, and the memory. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stddef.h>

/* The command line, in words; at most @most of them. */
int console_words(int argc, char **argv, const char **words, int most);

/* Read from a file from now on; 0, or -1 if there is no such. */
int console_open(const char *name);

/* The next byte of the file, or of the terminal; -1 at the end. */
int console_get(void);

void console_put(const char *text, size_t len);

/* Write out what was put; before waiting for input, and at the end. */
void console_flush(void);

/* The memory for a heap: at least *@size bytes, or NULL; *@size is set. */
void *console_memory(size_t *size);

#endif /* CONSOLE_H */
