// SPDX-License-Identifier: MIT
/* Failure on demand: which requests fail, and how. */
#include "testing.h"

static struct slate_inject inject;

static struct slate_heap *start(struct ktap *t,
				const struct slate_inject_rule *rule)
{
	struct slate_heap *heap = test_heap();

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return NULL;
	}
	ktap_expect(t, !slate_inject_start(heap, &inject, rule));
	return heap;
}

/* One bit for each of @n requests, the first is bit 0: set where it failed. */
static uint32_t failures(struct slate_heap *heap, unsigned int n)
{
	uint32_t failed = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		const struct test_tier *tier = &test_tiers[i % 3];
		void *p = i % 2 ? tier->malloc(heap, 8) :
			  tier->calloc(heap, 2, 4);

		if (!p)
			failed |= (uint32_t)1 << i;
		tier->free(heap, p);
	}
	return failed;
}

static void nth_request_fails(struct ktap *t)
{
	struct slate_inject_rule rule = { .first = 3, .last = 3 };
	struct slate_heap *heap = start(t, &rule);

	if (!heap)
		return;
	ktap_expect(t, failures(heap, 20) == 1u << 2);
	ktap_expect(t, inject.calls == 20 && inject.failed == 1);
	rule.first = rule.last = 1;
	ktap_expect(t, !slate_inject_set(&inject, &rule));
	ktap_expect(t, failures(heap, 20) == 1);
	slate_heap_destroy(heap);
}

static void every_nth_request_fails(struct ktap *t)
{
	const struct slate_inject_rule rule = { .first = 4, .every = 4 };
	struct slate_heap *heap = start(t, &rule);

	if (!heap)
		return;
	ktap_expect(t, failures(heap, 18) == 0x8888u);
	ktap_expect(t, inject.failed == 4);
	slate_heap_destroy(heap);
}

/* As CPython's test_set_nomemory: from, until, and it works again after. */
static void window_of_requests_fails(struct ktap *t)
{
	struct slate_inject_rule rule = { .first = 5 };
	struct slate_heap *heap = start(t, &rule);

	if (!heap)
		return;
	ktap_expect(t, failures(heap, 16) == 0xfff0u);
	rule.last = 9;
	ktap_expect(t, !slate_inject_set(&inject, &rule));
	ktap_expect(t, failures(heap, 16) == 0x01f0u);
	ktap_expect(t, failures(heap, 16) == 0);
	ktap_expect(t, !slate_inject_stop(&inject));
	ktap_expect(t, !slate_inject_stop(&inject));
	ktap_expect(t, failures(heap, 32) == 0 && inject.calls == 32);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void rule_of_zeros_lets_all_fail(struct ktap *t)
{
	const struct slate_inject_rule rule = { .first = 0 };
	struct slate_heap *heap = start(t, &rule);

	if (!heap)
		return;
	ktap_expect(t, failures(heap, 6) == 0x3f);
	ktap_expect(t, !slate_raw_aligned_alloc(heap, 32, 5));
	ktap_expect(t, !slate_mem_strdup(heap, "slate"));
	ktap_expect(t, !slate_mem_realloc(heap, NULL, 5));
	ktap_expect(t, !SLATE_CONFIG_STATS ||
		    test_stats(heap).failures == 9);
	slate_heap_destroy(heap);
}

/* The first random numbers by hand, from the sequence that is documented. */
static void chance_follows_the_stated_sequence(struct ktap *t)
{
	const struct slate_inject_rule rule = { .chance = 30000, .seed = 7 };
	struct slate_heap *heap = start(t, &rule);
	uint32_t expected = 0;
	unsigned int i;

	if (!heap)
		return;
	test_seed = 7;
	for (i = 0; i < 32; i++) {
		if (test_random() >> 16 < 30000)
			expected |= (uint32_t)1 << i;
	}
	ktap_expect(t, expected && expected != 0xffffffffu);
	ktap_expect(t, failures(heap, 32) == expected);
	ktap_expect(t, !slate_inject_set(&inject, &rule));
	ktap_expect(t, failures(heap, 32) == expected);
	slate_heap_destroy(heap);
}

static void chance_is_met_in_the_long_run(struct ktap *t)
{
	const struct slate_inject_rule rule = { .chance = 65536 / 8 };
	struct slate_heap *heap = start(t, &rule);
	unsigned int i;

	if (!heap)
		return;
	for (i = 0; i < 64; i++)
		failures(heap, 32);
	/* 256 are expected of 2048. */
	ktap_expect(t, inject.failed > 192 && inject.failed < 320);
	slate_heap_destroy(heap);
}

static void requests_above_a_size_fail(struct ktap *t)
{
	const struct slate_inject_rule rule = { .above = 100 };
	struct slate_heap *heap = start(t, &rule);
	void *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 100);
	ktap_expect(t, p && !inject.calls);
	ktap_expect(t, !slate_mem_malloc(heap, 101));
	ktap_expect(t, !slate_mem_calloc(heap, 3, 34));
	ktap_expect(t, !slate_mem_realloc(heap, p, 1000));
	ktap_expect(t, slate_mem_realloc(heap, p, 50));
	ktap_expect(t, inject.failed == 3 && inject.calls == 3);
	slate_heap_destroy(heap);
}

static void one_tier_fails(struct ktap *t)
{
	const struct slate_inject_rule rule = { .tiers = SLATE_WRAP_OBJ };
	struct slate_heap *heap = start(t, &rule);

	if (!heap)
		return;
	ktap_expect(t, failures(heap, 9) == 0x124);
	ktap_expect(t, slate_raw_aligned_alloc(heap, 32, 5));
	slate_heap_destroy(heap);
}

static unsigned int owner_of(void *ctx)
{
	return *(const unsigned int *)ctx;
}

static void one_owner_fails(struct ktap *t)
{
	unsigned int owner = 1;
	const struct slate_inject_rule rule = {
		.owner = owner_of, .ctx = &owner, .who = 2, .first = 2,
	};
	struct slate_heap *heap = start(t, &rule);

	if (!heap)
		return;
	ktap_expect(t, failures(heap, 4) == 0);
	owner = 2;
	ktap_expect(t, failures(heap, 3) == 6);
	owner = 3;
	ktap_expect(t, failures(heap, 3) == 0);
	ktap_expect(t, inject.calls == 3);
	slate_heap_destroy(heap);
}

static void realloc_fails_only_where_it_grows(struct ktap *t)
{
	const struct slate_inject_rule rule = { .first = 2 };
	struct slate_heap *heap = start(t, &rule);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		unsigned char *p;

		ktap_expect(t, !slate_inject_set(&inject, &rule));
		p = tier->malloc(heap, 70);
		test_fill(p, 70, 4);
		ktap_expect(t, !tier->realloc(heap, p, 400));
		ktap_expect(t, test_filled(p, 70, 4));
		p = tier->realloc(heap, p, 20);
		ktap_expect(t, p && test_filled(p, 20, 4));
		p = tier->realloc(heap, p, 0);
		ktap_expect(t, p);
		ktap_expect(t, inject.failed == 1);
		tier->free(heap, p);
		/* A bad pointer is reported, once, and not passed on. */
		ktap_expect(t, !tier->realloc(heap, p, 400));
		ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, heap, p));
	}
	ktap_expect(t, test_is_empty(heap) || inject.failed);
	slate_heap_destroy(heap);
}

struct told {
	unsigned int rescues;
	unsigned int events;
	bool releases;
};

static bool release(void *ctx, struct slate_heap *heap, size_t size)
{
	struct told *told = ctx;

	(void)heap;
	(void)size;
	told->rescues++;
	return told->releases;
}

static void on_low_memory(void *ctx, struct slate_heap *heap, size_t size)
{
	struct told *told = ctx;

	(void)heap;
	(void)size;
	told->events++;
}

static void failure_asks_the_handler_and_tells(struct ktap *t)
{
	struct slate_inject_rule rule = { .first = 2, .last = 2 };
	struct told told = { 0, 0, false };
	const struct slate_rescue rescue = { &told, release };
	const struct slate_events events = { &told, NULL, on_low_memory };
	struct slate_heap *heap = start(t, &rule);

	if (!heap)
		return;
	ktap_expect(t, !slate_heap_set_rescue(heap, &rescue));
	ktap_expect(t, !slate_heap_set_events(heap, &events));
	ktap_expect(t, failures(heap, 4) == 2);
	ktap_expect(t, told.rescues == 1 && told.events == 1);
	/* It released something: the request is tried again, as the third. */
	told.releases = true;
	ktap_expect(t, !slate_inject_set(&inject, &rule));
	ktap_expect(t, failures(heap, 4) == 0);
	ktap_expect(t, told.rescues == 2 && told.events == 1);
	ktap_expect(t, inject.failed == 1 && inject.calls == 5);
	/* Where all fail that does not help; it is asked once for each. */
	rule.last = 0;
	ktap_expect(t, !slate_inject_set(&inject, &rule));
	ktap_expect(t, failures(heap, 3) == 6);
	ktap_expect(t, told.rescues == 4 && told.events == 3);
	slate_heap_destroy(heap);
}

static void start_refuses_an_unknown_tier(struct ktap *t)
{
	const struct slate_inject_rule bad = { .tiers = 8 };
	const struct slate_inject_rule rule = { .above = 1000 };
	struct slate_heap *heap = start(t, &rule);

	if (!heap)
		return;
	ktap_expect(t, slate_inject_set(&inject, &bad) == -SLATE_EINVAL);
	ktap_expect(t, inject.rule.above == 1000);
	ktap_expect(t, !slate_inject_stop(&inject));
	ktap_expect(t, slate_inject_start(heap, &inject, &bad) ==
		    -SLATE_EINVAL);
	slate_heap_destroy(heap);
}

static void inject_is_not_supported_without_hooks(struct ktap *t)
{
	const struct slate_inject_rule rule = { .first = 1 };
	struct slate_heap *heap = test_heap();

	if (SLATE_CONFIG_HOOKS) {
		t->skip = "hooks in this configuration";
		return;
	}
	ktap_expect(t, slate_inject_start(heap, &inject, &rule) ==
		    -SLATE_ENOTSUP);
	ktap_expect(t, slate_mem_malloc(heap, 5));
}

static const struct ktap_case cases[] = {
	KTAP_CASE(nth_request_fails),
	KTAP_CASE(every_nth_request_fails),
	KTAP_CASE(window_of_requests_fails),
	KTAP_CASE(rule_of_zeros_lets_all_fail),
	KTAP_CASE(chance_follows_the_stated_sequence),
	KTAP_CASE(chance_is_met_in_the_long_run),
	KTAP_CASE(requests_above_a_size_fail),
	KTAP_CASE(one_tier_fails),
	KTAP_CASE(one_owner_fails),
	KTAP_CASE(realloc_fails_only_where_it_grows),
	KTAP_CASE(failure_asks_the_handler_and_tells),
	KTAP_CASE(start_refuses_an_unknown_tier),
	KTAP_CASE(inject_is_not_supported_without_hooks),
};

KTAP_SUITE(slate_inject, cases);
