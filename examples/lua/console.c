// SPDX-License-Identifier: MIT
/*
 * stdin, stdout and stderr of the machine that runs QEMU, by semihosting.
 * picolibc's own put each character in a call; these have buffers. stdout is
 * put out when its buffer is full, before stderr, and at the end.
 */
#include <semihost.h>
#include <stdio.h>
#include <stdlib.h>

#include "console.h"

/* Names and modes that the semihosting specification gives to them. */
#define CONSOLE		":tt"
#define MODE_STDIN	0
#define MODE_STDOUT	4
#define MODE_STDERR	8

struct stream {
	int fd;
	size_t used;
	char buffer[256];
};

static struct stream out;
static struct stream err;
static int in;
static char command_line[384];

static int flush(struct stream *stream)
{
	const char *p = stream->buffer;
	size_t left = stream->used;

	stream->used = 0;
	while (left) {
		/* What it returns is what was not written. */
		uintptr_t rest = sys_semihost_write(stream->fd, p, left);

		if (rest >= left)
			return EOF;
		p += left - rest;
		left = rest;
	}
	return 0;
}

static int put(struct stream *stream, char c)
{
	stream->buffer[stream->used++] = c;
	if (stream->used < sizeof(stream->buffer))
		return (unsigned char)c;
	return flush(stream) ? EOF : (unsigned char)c;
}

static int put_out(char c, FILE *file)
{
	(void)file;
	return put(&out, c);
}

static int flush_out(FILE *file)
{
	(void)file;
	return flush(&out);
}

static int put_err(char c, FILE *file)
{
	(void)file;
	if (out.used)
		flush(&out);
	if (put(&err, c) == EOF)
		return EOF;
	return c == '\n' && flush(&err) ? EOF : (unsigned char)c;
}

static int flush_err(FILE *file)
{
	(void)file;
	return flush(&err);
}

static int get_in(FILE *file)
{
	unsigned char c;

	(void)file;
	if (out.used)
		flush(&out);
	return sys_semihost_read(in, &c, 1) ? EOF : c;
}

static FILE file_in =
	FDEV_SETUP_STREAM(NULL, get_in, NULL, _FDEV_SETUP_READ);
static FILE file_out =
	FDEV_SETUP_STREAM(put_out, NULL, flush_out, _FDEV_SETUP_WRITE);
static FILE file_err =
	FDEV_SETUP_STREAM(put_err, NULL, flush_err, _FDEV_SETUP_WRITE);

FILE *const stdin = &file_in;
FILE *const stdout = &file_out;
FILE *const stderr = &file_err;

static void console_end(void)
{
	flush(&out);
	flush(&err);
}

void console_init(void)
{
	in = sys_semihost_open(CONSOLE, MODE_STDIN);
	out.fd = sys_semihost_open(CONSOLE, MODE_STDOUT);
	err.fd = sys_semihost_open(CONSOLE, MODE_STDERR);
	atexit(console_end);
}

char *console_command_line(void)
{
	if (sys_semihost_get_cmdline(command_line, sizeof(command_line)))
		command_line[0] = '\0';
	return command_line;
}

/* os.rename() wants it, and picolibc has none. */
int rename(const char *from, const char *to)
{
	return sys_semihost_rename(from, to) ? -1 : 0;
}
