/* SPDX-License-Identifier: MIT */
/*
 * A test bench of one page: suites of cases, results as nested KTAP version 1.
 * It needs ktap_write() from the platform and nothing else.
 */
#ifndef KTAP_H
#define KTAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct ktap - a case while it runs
 * @skip: set by a case that cannot run here, to the reason
 * @failures: expectations that did not hold
 */
struct ktap {
	const char *skip;
	unsigned int failures;
};

struct ktap_case {
	const char *name;
	void (*run)(struct ktap *t);
};

struct ktap_suite {
	const char *name;
	const struct ktap_case *cases;
	size_t ncases;
};

#define KTAP_CASE(fn)	{ #fn, fn }

#define KTAP_SUITE(suite, list) \
	const struct ktap_suite suite##_suite = { \
		#suite, list, sizeof(list) / sizeof((list)[0]) \
	}

/* An expression: is @cond true? If not, the case fails and goes on. */
#define ktap_expect(t, cond) \
	ktap_expect_(t, cond, __FILE__, __LINE__, #cond)

bool ktap_expect_(struct ktap *t, bool cond, const char *file, int line,
		  const char *text);

/* A line of text for a person, with a number. */
void ktap_note(const char *text, uintmax_t number);

/**
 * ktap_run() - run suites and print their results
 * @suites: which
 * @n: how many
 * @before: called before each case, or NULL
 * @after: called after each case, which it may still fail, or NULL
 *
 * Return: 0 if no case failed and at least one ran, else 1.
 */
int ktap_run(const struct ktap_suite *const *suites, size_t n,
	     void (*before)(struct ktap *t), void (*after)(struct ktap *t));

/* From the platform: put out @len bytes. */
void ktap_write(const char *s, size_t len);

#endif /* KTAP_H */
