// SPDX-License-Identifier: MIT
/* All suites, in layer order. */
#include "testing.h"

#define SUITES(x) \
	x(slate_word) \
	x(slate_check) \
	x(slate_arena) \
	x(slate_chunk) \
	x(slate_resize) \
	x(slate_pool) \
	x(slate_flip) \
	x(slate_heap) \
	x(slate_region) \
	x(slate_caps) \
	x(slate_tier) \
	x(slate_realloc) \
	x(slate_aligned) \
	x(slate_table) \
	x(slate_profile) \
	x(slate_limit) \
	x(slate_misuse) \
	x(slate_walk) \
	x(slate_stats) \
	x(slate_corrupt) \
	x(slate_link) \
	x(slate_source) \
	x(slate_set_source) \
	x(slate_nomemory) \
	x(slate_random) \
	x(slate_default)

#define DECLARE(name)	extern const struct ktap_suite name##_suite;
#define LIST(name)	&name##_suite,

SUITES(DECLARE)

static const struct ktap_suite *const suites[] = { SUITES(LIST) };

/* Every case starts from the same random numbers. */
static void before(struct ktap *t)
{
	(void)t;
	test_seed = 2463534242u;
}

static void after(struct ktap *t)
{
	bool no_report_is_left = faults_none();

	ktap_expect(t, no_report_is_left);
}

int main(void)
{
	return ktap_run(suites, sizeof(suites) / sizeof(suites[0]), before,
			after);
}
