// SPDX-License-Identifier: MIT
/*
 * replay TIER FACTOR [options] TRACE...: run recorded traces of real programs
 * through a heap of FACTOR x their peak, with every block's contents tested.
 * -s searches the smallest heap in which each completes instead.
 *
 * A trace is text, one operation a line behind one header line
 *
 *	# slots N peak_live BYTES ops K word 32|64 ...
 *	a SLOT SIZE	malloc, kept in SLOT
 *	c SLOT SIZE	calloc, SIZE bytes in total
 *	r SLOT SIZE	realloc of the block in SLOT
 *	f SLOT		free
 *
 * Slots are free at the start; a and c want a free one, r and f a busy one.
 * A name that ends in .gz is read through gzip. One line of result per trace;
 * the status is 0 if all were replayed, 1 if one failed, 2 if one could not
 * be read or the command is wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"

/* The smallest heap is searched in steps of this, and so far below it. */
#define STEP		32u
#define SCAN		64u

static const struct tier tiers[] = {
	{ "raw", slate_raw_malloc, slate_raw_calloc, slate_raw_realloc,
	  slate_raw_free },
	{ "mem", slate_mem_malloc, slate_mem_calloc, slate_mem_realloc,
	  slate_mem_free },
	{ "obj", slate_obj_malloc, slate_obj_calloc, slate_obj_realloc,
	  slate_obj_free },
};

struct options {
	const struct tier *tier;
	double factor;
	bool search;
	bool any_word;
};

static int usage(const char *why)
{
	fprintf(stderr, "replay: %s\n", why);
	fputs("usage: replay raw|mem|obj FACTOR [-s] [-f] TRACE...\n"
	      "  FACTOR  size of the heap as a multiple of the peak\n"
	      "  -s      search the smallest heap of at most that size\n"
	      "  -f      take traces of programs of another word size\n",
	      stderr);
	return 2;
}

static const struct tier *find_tier(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(tiers) / sizeof(tiers[0]); i++) {
		if (!strcmp(tiers[i].name, name))
			return &tiers[i];
	}
	return NULL;
}

static bool works(const struct trace *trace, const struct tier *tier,
		  size_t size)
{
	return !replay_run(trace, tier, size).why;
}

/*
 * The smallest heap in which the trace completes, in steps of STEP bytes; 0 if
 * it does not in @most. A smaller heap may do where a larger one does not, so
 * bisection alone may end too high: once it ends, the SCAN next smaller sizes
 * are tried, anew from each that does. What lies below that is not found.
 */
static size_t smallest(const struct trace *trace, const struct tier *tier,
		       size_t most)
{
	size_t bad = trace->peak / STEP;
	size_t good = most / STEP;
	size_t at;

	if (!works(trace, tier, good * STEP))
		return 0;
	while (good - bad > 1) {
		at = bad + (good - bad) / 2;
		if (works(trace, tier, at * STEP))
			good = at;
		else
			bad = at;
	}
	for (at = good - 1; at && at + SCAN >= good; at--) {
		if (works(trace, tier, at * STEP))
			good = at;
	}
	return good * STEP;
}

/* ln x and e^x for the geometric mean, without the mathematics library. */
static double log_of(double x)
{
	double sum = 0;
	double y;
	double power;
	int i;

	for (; x > 1.5; x /= 2)
		sum += 0.693147180559945309;
	for (; x < 0.75; x *= 2)
		sum -= 0.693147180559945309;
	y = (x - 1) / (x + 1);
	power = y;
	for (i = 1; i < 40; i += 2, power *= y * y)
		sum += 2 * power / i;
	return sum;
}

static double exp_of(double x)
{
	double sum = 1;
	double term = 1;
	int i;

	for (i = 1; i < 60; i++) {
		term *= x / i;
		sum += term;
	}
	return sum;
}

static bool print_search(const struct trace *trace,
			 const struct options *options, double *logs)
{
	size_t most = (size_t)((double)trace->peak * options->factor);
	size_t size = smallest(trace, options->tier, most);
	double ratio = (double)size / (double)trace->peak;

	if (!size) {
		printf("%-24s FAIL in %zu bytes, %.3f x peak\n", trace->name,
		       most, options->factor);
		return false;
	}
	printf("%-24s %9zu bytes %7.3f x peak\n", trace->name, size, ratio);
	*logs += log_of(ratio);
	return true;
}

static bool print_replay(const struct trace *trace,
			 const struct options *options)
{
	size_t size = (size_t)((double)trace->peak * options->factor);
	struct outcome outcome = replay_run(trace, options->tier, size);

	if (!outcome.why) {
		printf("%-24s ok\n", trace->name);
		return true;
	}
	printf("%-24s FAIL at op %zu line %zu: %s\n", trace->name,
	       outcome.op + 1, outcome.op + 2, outcome.why);
	return false;
}

static bool has_our_word(const struct trace *trace,
			 const struct options *options)
{
	if (options->any_word || trace->word == sizeof(void *) * 8)
		return true;
	fprintf(stderr, "replay: %s: made by a program of %u bits, this one "
		"has %u; -f takes it all the same\n", trace->path,
		trace->word, (unsigned int)sizeof(void *) * 8);
	return false;
}

static int one_trace(const char *path, const struct options *options,
		     double *logs)
{
	struct trace trace;
	bool ok = trace_load(&trace, path) && has_our_word(&trace, options);
	int status = ok ? 0 : 2;

	if (ok && options->search)
		status = !print_search(&trace, options, logs);
	else if (ok)
		status = !print_replay(&trace, options);
	fflush(stdout);
	free(trace.ops);
	return status;
}

int main(int argc, char **argv)
{
	struct options options = { NULL, 0, false, false };
	unsigned int found = 0;
	double logs = 0;
	int status = 0;
	char *end;
	int i;

	if (argc < 4)
		return usage("too few arguments");
	options.tier = find_tier(argv[1]);
	if (!options.tier)
		return usage("the tier is raw, mem or obj");
	options.factor = strtod(argv[2], &end);
	if (*end || !(options.factor > 0 && options.factor <= 1000))
		return usage("the factor is a number above 0, up to 1000");
	for (i = 3; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "-s"))
			options.search = true;
		else if (!strcmp(argv[i], "-f"))
			options.any_word = true;
		else
			return usage("unknown option");
	}
	if (i == argc)
		return usage("no trace");
	for (; i < argc; i++) {
		int result = one_trace(argv[i], &options, &logs);

		found += !result;
		if (result > status)
			status = result;
	}
	if (options.search && found)
		printf("%-24s %7.3f x peak of %u\n", "geometric mean",
		       exp_of(logs / found), found);
	return status;
}
