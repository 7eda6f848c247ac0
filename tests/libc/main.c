// SPDX-License-Identifier: MIT
/*
 * The test program of the libc drop-in: one image with a C library's printf
 * and libstdc++, and slate behind both. Each case leaves as many bytes live
 * as it found, and a valid heap.
 */
#include "libc_test.h"

volatile size_t too_much = PTRDIFF_MAX;
unsigned int faults_seen;
enum slate_fault faults_last;

static size_t live_before;

/* The tests misuse on purpose; each looks at what it caused. */
void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)heap;
	(void)where;
	faults_seen++;
	faults_last = kind;
}

static size_t live(void)
{
	struct slate_stats stats;

	slate_heap_stats(slate_libc_heap(), &stats);
	return stats.live;
}

static void before(struct ktap *t)
{
	faults_seen = 0;
	live_before = live();
	ktap_expect(t, locks.depth == 0);
}

static void after(struct ktap *t)
{
	ktap_expect(t, slate_heap_valid(slate_libc_heap()));
	ktap_expect(t, live() == live_before);
	ktap_expect(t, locks.depth == 0);
	ktap_expect(t, locks.port_depth == 0);
}

int main(void)
{
	static const struct ktap_suite *const suites[] = {
		&libc_suite, &stdio_suite, &lock_suite, &stack_suite,
		&cxx_suite,
	};

	stdio_warm_up();
	return ktap_run(suites, sizeof(suites) / sizeof(suites[0]), before,
			after);
}
