// SPDX-License-Identifier: MIT
/*
 * Objects beside a naive model of them, under random calls; and a shorter run
 * in which the Nth allocation fails, for every N, once or for good.
 */
#include "graph.h"
#include "spies.h"

/* Steps in one heap. */
#define ROUND	1000

/* One of those with an object if @with; GRAPH_MOST if there is none. */
static unsigned int any(bool with)
{
	unsigned int start = test_below(GRAPH_MOST);
	unsigned int k;

	for (k = 0; k < GRAPH_MOST; k++) {
		unsigned int i = (start + k) % GRAPH_MOST;

		if (!graph.v[i].ptr == !with)
			return i;
	}
	return GRAPH_MOST;
}

static void make_one(struct ktap *t)
{
	unsigned int i = any(false);

	if (i < GRAPH_MOST && graph.v[i].weak)
		graph_drop_weak(t, i);
	else if (i < GRAPH_MOST)
		graph_make(t, i, (enum graph_act)test_below(4));
}

static void connect_one(struct ktap *t, unsigned int i)
{
	unsigned int to = any(true);
	unsigned int edge = test_below(GRAPH_EDGES);

	graph_connect(t, i, edge, test_below(4) ? (int)to : -1);
}

static void weak_one(struct ktap *t, unsigned int i)
{
	if (!graph.v[i].weak)
		graph_weaken(t, i, test_below(2));
	else if (test_below(2))
		graph_drop_weak(t, i);
	else
		graph_look(t, i);
}

static void collect_one(struct ktap *t)
{
	switch (test_below(8)) {
	case 0:
		slate_gc_freeze(&world.gc);
		graph.frozen = true;
		break;
	case 1:
	case 2:
		slate_gc_unfreeze(&world.gc);
		graph.frozen = false;
		break;
	case 3:
		graph_collect(t, test_below(SLATE_CONFIG_GENERATIONS));
		break;
	case 4:
		graph_poll(t);
		break;
	default:
		graph_collect(t, SLATE_GC_FULL);
		break;
	}
}

static void step(struct ktap *t)
{
	unsigned int pick = test_below(64);
	unsigned int i = any(true);

	if (pick < 16 || i == GRAPH_MOST)
		make_one(t);
	else if (pick < 36)
		connect_one(t, i);
	else if (pick < 40 && graph.v[i].outside < 200)
		graph_take(t, i);
	else if (pick < 56 && graph.v[i].outside)
		graph_give(t, i);
	else if (pick < 61)
		weak_one(t, i);
	else
		collect_one(t);
}

static unsigned int run_round(struct ktap *t, unsigned int steps)
{
	unsigned int i;

	graph_start();
	if (slate_gc_set_threshold(&world.gc, 0, 1 + test_below(8)))
		return 0;
	slate_gc_set_most(&world.gc, test_below(2) * test_below(12));
	for (i = 0; i < steps && !t->failures; i++) {
		step(t);
		if (i % 32 == 0)
			graph_check(t);
	}
	if (!t->failures)
		graph_finish(t);
	return i;
}

static void random_graphs_agree_with_a_naive_model(struct ktap *t)
{
	uint32_t steps = 0;
	uint32_t rounds = 0;

	while (steps < TEST_STEPS && !t->failures) {
		test_seed = (20250703u + rounds++) * 2654435761u | 1;
		world_open(t);
		steps += run_round(t, ROUND);
		world_close(t);
		if (t->failures)
			ktap_note("failed in round", rounds - 1);
	}
}

/* A wrapper that fails the Nth malloc, or that and the one after it. */
static struct spy spy;
static unsigned int fail_at;
static unsigned int fail_last;

static void *failing_malloc(void *ctx, size_t size)
{
	spy.calls++;
	(void)ctx;
	if (spy.calls >= fail_at && spy.calls <= fail_last)
		return NULL;
	return spy.below->malloc(spy.below->ctx, size);
}

/* The same calls each time; how many allocations they made. */
static unsigned int run_failing(struct ktap *t, unsigned int at,
				unsigned int n)
{
	struct slate_allocator table = spies_table(&spy);

	world_open(t);
	memset(&spy, 0, sizeof(spy));
	table.malloc = failing_malloc;
	fail_at = at;
	fail_last = at + n - 1;
	ktap_expect(t, slate_tier_get(world.heap, SLATE_TIER_OBJ,
				      &spy.below) == 0);
	ktap_expect(t, slate_tier_set(world.heap, SLATE_TIER_OBJ,
				      &table) == 0);
	test_seed = 77 + n;
	run_round(t, 150);
	ktap_expect(t, slate_tier_set(world.heap, SLATE_TIER_OBJ, NULL) == 0);
	world_close(t);
	return spy.calls;
}

static void nth_allocation_fails_for_every_n(struct ktap *t)
{
	unsigned int times;
	unsigned int n;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return;
	}
	for (times = 1; times <= 3 && !t->failures; times++) {
		n = 1;
		while (run_failing(t, n, times) >= n && !t->failures)
			n++;
		ktap_expect(t, n > 20);
	}
}

static const struct ktap_case cases[] = {
	KTAP_CASE(random_graphs_agree_with_a_naive_model),
	KTAP_CASE(nth_allocation_fails_for_every_n),
};

KTAP_SUITE(slate_graph, cases);
