// SPDX-License-Identifier: MIT
#include <string.h>

#include "ktap.h"

/* A loop that fails at each turn says so no more often than this. */
#define FAILURES_SHOWN	8

static void put(const char *s)
{
	ktap_write(s, strlen(s));
}

static void put_number(uintmax_t number)
{
	char digits[sizeof(number) * 3];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	ktap_write(digits + at, sizeof(digits) - at);
}

bool ktap_expect_(struct ktap *t, bool cond, const char *file, int line,
		  const char *text)
{
	if (cond)
		return true;
	if (++t->failures > FAILURES_SHOWN)
		return false;
	put("  # ");
	put(file);
	put(":");
	put_number((uintmax_t)line);
	put(": expected ");
	put(text);
	put("\n");
	return false;
}

void ktap_note(const char *text, uintmax_t number)
{
	put("  # ");
	put(text);
	put(" ");
	put_number(number);
	put("\n");
}

static void put_result(const char *indent, bool ok, size_t number,
		       const char *name, const char *skip)
{
	put(indent);
	put(ok ? "ok " : "not ok ");
	put_number(number);
	put(" ");
	put(name);
	if (skip) {
		put(" # SKIP ");
		put(skip);
	}
	put("\n");
}

static void put_plan(const char *indent, size_t n)
{
	put(indent);
	put("KTAP version 1\n");
	put(indent);
	put("1..");
	put_number(n);
	put("\n");
}

int ktap_run(const struct ktap_suite *const *suites, size_t n,
	     void (*before)(struct ktap *t), void (*after)(struct ktap *t))
{
	bool failed = false;
	size_t ran = 0;
	size_t i;
	size_t j;

	put_plan("", n);
	for (i = 0; i < n; i++) {
		const struct ktap_suite *suite = suites[i];
		bool suite_ok = true;

		put_plan("  ", suite->ncases);
		for (j = 0; j < suite->ncases; j++) {
			struct ktap t = { NULL, 0 };

			if (before)
				before(&t);
			suite->cases[j].run(&t);
			if (after)
				after(&t);
			if (t.failures)
				t.skip = NULL;
			put_result("  ", !t.failures, j + 1,
				   suite->cases[j].name, t.skip);
			suite_ok = suite_ok && !t.failures;
			ran += !t.skip;
		}
		put_result("", suite_ok, i + 1, suite->name, NULL);
		failed = failed || !suite_ok;
	}
	return failed || !ran;
}
