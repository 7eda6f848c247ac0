// SPDX-License-Identifier: MIT
/* What the C library itself allocates: streams, numbers, strings, lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libc_test.h"

static void printf_with_floats(struct ktap *t)
{
	static const char text[] = "3.14159 1e+100 -2.500000e-03 0.1\n";
	char line[64];

	snprintf(line, sizeof(line), "%.5f %g %e %.1f\n", 3.14159265, 1e100,
		 -0.0025, 0.1);
	ktap_expect(t, !strcmp(line, text));
	stdout_take();
	printf("%.5f %g %e %.1f\n", 3.14159265, 1e100, -0.0025, 0.1);
	fflush(stdout);
	ktap_expect(t, !strcmp(stdout_take(), text));
	ktap_expect(t, strtod("6.25e2", NULL) == 625.0);
}

static void asprintf_allocates(struct ktap *t)
{
	char *text = NULL;
	int n = asprintf(&text, "%s and %d and %.2f", "text", 42, 2.5);

	ktap_expect(t, n == 20);
	ktap_expect(t, text && !strcmp(text, "text and 42 and 2.50"));
	free(text);
}

static void strdup_allocates(struct ktap *t)
{
	char *copy = strdup("a string");

	ktap_expect(t, copy && !strcmp(copy, "a string"));
	ktap_expect(t, slate_heap_usable_size(slate_libc_heap(), copy) >= 9);
	free(copy);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void qsort_of_strings(struct ktap *t)
{
	char **list = calloc(100, sizeof(*list));
	char name[12];
	size_t i;

	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%02u",
			 (unsigned int)(i * 37 % 100));
		list[i] = strdup(name);
	}
	qsort(list, 100, sizeof(*list), by_text);
	for (i = 0; i < 100; i++) {
		ktap_expect(t, strtoul(list[i], NULL, 10) == i);
		free(list[i]);
	}
	free(list);
}

/* Where the library has buffers of its own, this one is taken from the heap. */
static void setvbuf_and_a_stream(struct ktap *t)
{
	static char memory[300];
	FILE *file = fmemopen(memory, sizeof(memory), "w");
	int i;

	if (!ktap_expect(t, file != NULL))
		return;
	ktap_expect(t, !setvbuf(file, NULL, _IOFBF, 128));
	for (i = 0; i < 50; i++)
		fprintf(file, "%4d,", i);
	ktap_expect(t, !fclose(file));
	ktap_expect(t, !strncmp(memory, "   0,   1,", 10));
	ktap_expect(t, !strncmp(memory + 245, "  49,", 5));
}

#ifdef __PICOLIBC__

static void getline_grows_its_buffer(struct ktap *t)
{
	t->skip = "picolibc 1.8 has no getline";
}

#else

/* newlib 3.3 has it under this name only. */
#ifndef getline
#define getline	__getline
#endif

static void getline_grows_its_buffer(struct ktap *t)
{
	static char memory[3000];
	char *line = NULL;
	size_t room = 0;
	size_t at = 0;
	size_t n;
	FILE *file;

	for (n = 1; at + n + 1 < sizeof(memory); n = n * 3 / 2 + 1) {
		memset(memory + at, 'a' + (int)(n % 26), n);
		memory[at + n] = '\n';
		at += n + 1;
	}
	file = fmemopen(memory, at, "r");
	if (!ktap_expect(t, file != NULL))
		return;
	for (n = 1; at; n = n * 3 / 2 + 1) {
		ktap_expect(t, getline(&line, &room, file) == (int)n + 1);
		ktap_expect(t, line && line[n - 1] == 'a' + (int)(n % 26));
		ktap_expect(t, room > n);
		at -= n + 1;
	}
	ktap_expect(t, getline(&line, &room, file) == -1);
	free(line);
	fclose(file);
}

#endif

/* newlib keeps the first buffer of stdout, and numbers that printf needs. */
void stdio_warm_up(void)
{
	static char memory[16];
	FILE *file = fmemopen(memory, sizeof(memory), "w");

	printf("%g %.5f\n", 1e100, 3.14159265);
	fflush(stdout);
	fprintf(file, "%d", 1);
	fclose(file);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(printf_with_floats),
	KTAP_CASE(asprintf_allocates),
	KTAP_CASE(strdup_allocates),
	KTAP_CASE(qsort_of_strings),
	KTAP_CASE(setvbuf_and_a_stream),
	KTAP_CASE(getline_grows_its_buffer),
};

KTAP_SUITE(stdio, cases);
