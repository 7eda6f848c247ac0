// SPDX-License-Identifier: MIT
/* Reading a trace, and testing each line of it. */
#define _POSIX_C_SOURCE 200809L	/* popen() */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"

static bool bad_line(const struct trace *trace, size_t line, const char *why)
{
	fprintf(stderr, "replay: %s: line %zu: %s\n", trace->path, line, why);
	return false;
}

static bool parse_header(struct trace *trace, const char *text)
{
	unsigned long long slots, peak, ops;
	unsigned int word;

	if (sscanf(text, "# slots %llu peak_live %llu ops %llu word %u",
		   &slots, &peak, &ops, &word) != 4)
		return bad_line(trace, 1, "no header '# slots N peak_live "
				"BYTES ops K word 32|64'");
	if (!slots || slots > 100000000 || ops > 1000000000 ||
	    peak > PTRDIFF_MAX / 64)
		return bad_line(trace, 1, "absurd number in the header");
	if (word != 32 && word != 64)
		return bad_line(trace, 1, "word is neither 32 nor 64");
	trace->nslots = (unsigned int)slots;
	trace->peak = (size_t)peak;
	trace->nops = (size_t)ops;
	trace->word = word;
	return true;
}

/* A decimal number behind one space; NULL if there is none. */
static const char *parse_number(const char *p, size_t *number)
{
	size_t n = 0;

	if (*p++ != ' ' || *p < '0' || *p > '9')
		return NULL;
	for (; *p >= '0' && *p <= '9'; p++) {
		if (n > (PTRDIFF_MAX - 9) / 10)
			return NULL;
		n = n * 10 + (size_t)(*p - '0');
	}
	*number = n;
	return p;
}

static bool parse_op(const struct trace *trace, size_t line, const char *p,
		     unsigned char *busy, struct op *op)
{
	size_t slot;
	bool wants_busy;

	op->kind = *p;
	op->size = 0;
	if (!*p || !strchr("acrf", *p++))
		return bad_line(trace, line, "operation is none of a, c, r, "
				"f");
	p = parse_number(p, &slot);
	if (p && op->kind != 'f')
		p = parse_number(p, &op->size);
	if (!p)
		return bad_line(trace, line, "not a slot, or not a size");
	if (strcmp(p, "\n"))
		return bad_line(trace, line, *p ? "garbage behind the "
				"operation" : "line is cut off");
	if (slot >= trace->nslots)
		return bad_line(trace, line, "slot is out of range");
	wants_busy = op->kind == 'r' || op->kind == 'f';
	if (wants_busy != busy[slot])
		return bad_line(trace, line, wants_busy ? "slot is free" :
				"slot is busy");
	busy[slot] = op->kind != 'f';
	op->slot = (unsigned int)slot;
	return true;
}

static bool read_ops(struct trace *trace, FILE *file, unsigned char *busy)
{
	char text[256];
	size_t n;

	for (n = 0; fgets(text, sizeof(text), file); n++) {
		if (n == trace->nops)
			return bad_line(trace, n + 2,
					"more operations than announced");
		if (!parse_op(trace, n + 2, text, busy, &trace->ops[n]))
			return false;
	}
	if (n != trace->nops)
		return bad_line(trace, n + 2, "end of file, but more "
				"operations were announced: truncated");
	return true;
}

static bool read_trace(struct trace *trace, FILE *file)
{
	char text[4096];
	unsigned char *busy;
	bool ok;

	if (!fgets(text, sizeof(text), file))
		return bad_line(trace, 1, "empty, or cannot be read");
	if (!parse_header(trace, text))
		return false;
	if (!strchr(text, '\n'))
		return bad_line(trace, 1, "header is too long or cut off");
	trace->ops = calloc(trace->nops + 1, sizeof(*trace->ops));
	busy = calloc(trace->nslots, 1);
	ok = trace->ops && busy;
	if (!ok)
		fprintf(stderr, "replay: %s: no memory\n", trace->path);
	ok = ok && read_ops(trace, file, busy);
	free(busy);
	return ok;
}

static bool ends_in_gz(const char *path)
{
	size_t len = strlen(path);

	return len > 3 && !strcmp(path + len - 3, ".gz");
}

/* popen() hands its string to a shell, so the path is quoted for that. */
static FILE *open_gzip(const char *path)
{
	char command[4096] = "gzip -dc < '";
	size_t at = strlen(command);

	for (; *path; path++) {
		if (at > sizeof(command) - 8)
			return NULL;
		if (*path == '\'') {
			memcpy(command + at, "'\\''", 4);
			at += 4;
		} else {
			command[at++] = *path;
		}
	}
	memcpy(command + at, "'", 2);
	return popen(command, "r");
}

static void name_trace(struct trace *trace, const char *path)
{
	const char *base = strrchr(path, '/');
	char *dot;

	trace->path = path;
	snprintf(trace->name, sizeof(trace->name), "%s",
		 base ? base + 1 : path);
	dot = strstr(trace->name, ".trace");
	if (dot)
		*dot = '\0';
}

bool trace_load(struct trace *trace, const char *path)
{
	bool zipped = ends_in_gz(path);
	FILE *file = fopen(path, "r");
	bool ok;

	memset(trace, 0, sizeof(*trace));
	name_trace(trace, path);
	if (!file) {
		fprintf(stderr, "replay: %s: %s\n", path, strerror(errno));
		return false;
	}
	if (zipped) {
		fclose(file);
		file = open_gzip(path);
	}
	if (!file) {
		fprintf(stderr, "replay: %s: cannot run gzip\n", path);
		return false;
	}
	ok = read_trace(trace, file);
	if (!zipped) {
		fclose(file);
	} else if (pclose(file) && ok) {
		fprintf(stderr, "replay: %s: gzip failed\n", path);
		ok = false;
	}
	return ok;
}
