// SPDX-License-Identifier: MIT
/*
 * A board under a debugger or in QEMU: files and terminal of the machine that
 * it is connected to, by semihosting, with small buffers.
 */
#include <semihost.h>
#include <slate/arena.h>
#include <slate/port.h>

#include "console.h"

/* Names and modes that the semihosting specification gives to them. */
#define TERMINAL	":tt"
#define MODE_READ	1
#define MODE_WRITE	4

static char command_line[160];
static char output[64];
static size_t nout;
static char input[64];
static size_t nin;
static size_t at;
static int in_file;
static int out_file;

/* Split in place, at spaces. */
int console_words(int argc, char **argv, const char **words, int most)
{
	char *p = command_line;
	int n = 0;

	(void)argc;
	(void)argv;
	out_file = sys_semihost_open(TERMINAL, MODE_WRITE);
	in_file = sys_semihost_open(TERMINAL, 0);
	if (sys_semihost_get_cmdline(command_line, sizeof(command_line)))
		return 0;
	while (*p && n < most) {
		words[n++] = p;
		while (*p && *p != ' ')
			p++;
		if (*p)
			*p++ = '\0';
	}
	return n;
}

int console_open(const char *name)
{
	in_file = sys_semihost_open(name, MODE_READ);
	return in_file < 0 ? -1 : 0;
}

int console_get(void)
{
	if (at < nin)
		return (unsigned char)input[at++];
	console_flush();
	/* What it returns is what was not read. */
	nin = sizeof(input) - sys_semihost_read(in_file, input, sizeof(input));
	at = 0;
	return nin ? (unsigned char)input[at++] : -1;
}

void console_put(const char *text, size_t len)
{
	while (len--) {
		output[nout++] = *text++;
		if (nout == sizeof(output))
			console_flush();
	}
}

void console_flush(void)
{
	if (nout)
		sys_semihost_write(out_file, output, nout);
	nout = 0;
}

/* What the linker left over. */
void *console_memory(size_t *size)
{
	size_t room;
	void *memory = slate_port_region(&room);

	if (*size > room)
		return NULL;
	if (!*size)
		*size = room;
	return memory;
}
