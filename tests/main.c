// SPDX-License-Identifier: MIT
/* All suites: the port's first, then in layer order. */
#include "testing.h"

#define PART_1(x) \
	x(slate_port) \
	x(slate_word) \
	x(slate_check) \
	x(slate_arena) \
	x(slate_chunk) \
	x(slate_resize) \
	x(slate_level) \
	x(slate_pool) \
	x(slate_flip) \
	x(slate_heap) \
	x(slate_region) \
	x(slate_caps) \
	x(slate_places) \
	x(slate_reserve) \
	x(slate_drain) \
	x(slate_clear) \
	x(slate_tier) \
	x(slate_realloc) \
	x(slate_aligned) \
	x(slate_content)

#define PART_2(x) \
	x(slate_table) \
	x(slate_profile) \
	x(slate_limit) \
	x(slate_misuse) \
	x(slate_walk) \
	x(slate_stats) \
	x(slate_corrupt) \
	x(slate_link) \
	x(slate_unlink) \
	x(slate_end) \
	x(slate_forged)

#define PART_3(x) \
	x(slate_source) \
	x(slate_set_source) \
	x(slate_chain) \
	x(slate_many) \
	x(slate_far) \
	x(slate_nomemory) \
	x(slate_random) \
	x(slate_default)

#define PART_4(x) \
	x(slate_survey) \
	x(slate_count) \
	x(slate_owner) \
	x(slate_budget) \
	x(slate_trace) \
	x(slate_trace_site) \
	x(slate_trace_limit) \
	x(slate_record) \
	x(slate_record_block) \
	x(slate_stack) \
	x(slate_cache) \
	x(slate_objpool) \
	x(slate_scope) \
	x(slate_intern) \
	x(slate_small)

#define PART_5(x) \
	x(slate_object) \
	x(slate_object_refs) \
	x(slate_object_look) \
	x(slate_object_end) \
	x(slate_gc) \
	x(slate_gc_end) \
	x(slate_gc_control) \
	x(slate_gc_look) \
	x(slate_weakref) \
	x(slate_weak_callback) \
	x(slate_weak_end) \
	x(slate_weak_map) \
	x(slate_graph)

#define PART_6(x) \
	x(slate_site) \
	x(slate_rescue) \
	x(slate_debug) \
	x(slate_hooked)

#define PART_7(x) \
	x(slate_guard) \
	x(slate_freed) \
	x(slate_quarantine) \
	x(slate_report)

/* In each part is a suite that runs everywhere. */
#define PART_8(x) \
	x(slate_inject) \
	x(slate_fence)

/*
 * With debug hooks from the start: what does not ask where blocks lie, or free
 * through other tiers than it took them from.
 */
#define WITH_DEBUG(x) \
	PART_6(x) \
	PART_7(x) \
	x(slate_inject) \
	x(slate_objpool) \
	x(slate_scope) \
	x(slate_intern) \
	x(slate_object_end) \
	x(slate_gc) \
	x(slate_gc_end) \
	x(slate_gc_look) \
	x(slate_weakref) \
	x(slate_weak_callback) \
	x(slate_weak_end)

/* A machine with little memory runs them in programs of their own. */
#if SLATE_CONFIG_DEBUG
#define SUITES		WITH_DEBUG
#elif defined(TEST_PART)
#define PASTE(n)	PART_##n
#define PART(n)		PASTE(n)
#define SUITES		PART(TEST_PART)
#else
#define SUITES(x) \
	PART_1(x) PART_2(x) PART_3(x) PART_4(x) PART_5(x) PART_6(x) \
	PART_7(x) PART_8(x)
#endif

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
