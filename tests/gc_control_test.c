// SPDX-License-Identifier: MIT
/* When collections run, and on how much. */
#include "objects.h"

#define FULL	SLATE_GC_FULL

static void counts_rise_with_new_and_fall_with_gone(struct ktap *t)
{
	struct node *a;
	struct node *b;

	world_open(t);
	ktap_expect(t, slate_gc_count(&world.gc, 0) == 0);
	a = node_new(1);
	b = node_new(2);
	ktap_expect(t, slate_gc_count(&world.gc, 0) == 2);
	leaf_drop(leaf_new(1));
	ktap_expect(t, slate_gc_count(&world.gc, 0) == 2);
	node_drop(a);
	ktap_expect(t, slate_gc_count(&world.gc, 0) == 1);
	ktap_expect(t, world_collect() == 0);
	ktap_expect(t, slate_gc_count(&world.gc, 0) == 0);
	node_drop(b);
	ktap_expect(t, slate_gc_count(&world.gc, 0) == 0);
	ktap_expect(t, slate_gc_count(&world.gc, FULL + 1) == 0);
	world_close(t);
}

static void unknown_generation_is_refused(struct ktap *t)
{
	const unsigned int beyond = FULL + 1;
	struct slate_gc_totals stats = { .collections = 77 };
	unsigned int n = 0;

	world_open(t);
	ktap_expect(t, slate_gc_collect(&world.gc, beyond) == -SLATE_EINVAL);
	ktap_expect(t, slate_gc_set_threshold(&world.gc, beyond,
					      1) == -SLATE_EINVAL);
	ktap_expect(t, slate_gc_threshold(&world.gc, beyond) == 0);
	ktap_expect(t, slate_gc_stats(&world.gc, beyond,
				      &stats) == -SLATE_EINVAL &&
					      stats.collections == 77);
	ktap_expect(t, slate_gc_objects(&world.gc, SLATE_GC_LISTS + 1, NULL,
					&n) == -SLATE_EINVAL);
	world_close(t);
}

static void poll_collects_above_the_threshold(struct ktap *t)
{
	world_open(t);
	ktap_expect(t, slate_gc_threshold(&world.gc, 0) == 700);
	ktap_expect(t, slate_gc_set_threshold(&world.gc, 0, 10) == 0);
	node_cycle(10, false);
	ktap_expect(t, !slate_gc_is_due(&world.gc));
	ktap_expect(t, slate_gc_poll(&world.gc) == 0);
	node_cycle(1, false);
	ktap_expect(t, slate_gc_is_due(&world.gc));
	ktap_expect(t, world.deallocs == 0);
	ktap_expect(t, slate_gc_poll(&world.gc) == 11);
	ktap_expect(t, world.deallocs == 11);
	ktap_expect(t, !slate_gc_is_due(&world.gc));
	world_close(t);
}

static void threshold_of_0_is_none(struct ktap *t)
{
	world_open(t);
	ktap_expect(t, slate_gc_set_threshold(&world.gc, 0, 0) == 0);
	node_cycle(20, false);
	ktap_expect(t, !slate_gc_is_due(&world.gc));
	ktap_expect(t, slate_gc_poll(&world.gc) == 0);
	ktap_expect(t, world.deallocs == 0);
	world_close(t);
}

static void poll_collects_above_the_bytes(struct ktap *t)
{
	world_open(t);
	slate_gc_set_byte_threshold(&world.gc, 5 * sizeof(struct node));
	node_cycle(5, false);
	ktap_expect(t, slate_gc_poll(&world.gc) == 0);
	node_cycle(1, false);
	ktap_expect(t, slate_gc_poll(&world.gc) == 6);
	ktap_expect(t, slate_gc_poll(&world.gc) == 0);
	world_close(t);
}

static void disabled_collector_runs_on_demand_only(struct ktap *t)
{
	world_open(t);
	ktap_expect(t, slate_gc_is_enabled(&world.gc));
	slate_gc_disable(&world.gc);
	ktap_expect(t, !slate_gc_is_enabled(&world.gc));
	ktap_expect(t, slate_gc_set_threshold(&world.gc, 0, 1) == 0);
	node_cycle(5, false);
	ktap_expect(t, slate_gc_poll(&world.gc) == 0);
	ktap_expect(t, !slate_objects_reclaim(&world.objects));
	ktap_expect(t, world.deallocs == 0);
	ktap_expect(t, world_collect() == 5);
	node_cycle(5, false);
	slate_gc_enable(&world.gc);
	ktap_expect(t, slate_gc_poll(&world.gc) == 5);
	world_close(t);
}

/* Without a flag, no allocation collects as long as there is memory. */
static void making_objects_collects_when_asked_to(struct ktap *t)
{
	struct node *node;

	world_open(t);
	ktap_expect(t, slate_gc_set_threshold(&world.gc, 0, 3) == 0);
	node_cycle(4, false);
	node = node_new(1);
	ktap_expect(t, world.deallocs == 0);
	node_drop(node);
	slate_gc_set_flags(&world.gc, SLATE_GC_IN_NEW);
	node = node_new(1);
	ktap_expect(t, world.deallocs == 5);
	node_drop(node);
	world_close(t);
}

static void failing_allocation_collects_and_is_tried_again(struct ktap *t)
{
	struct slate_gc_totals stats;
	struct slate_object *chain = NULL;
	struct node *node;
	unsigned int n = 0;

	world_open(t);
	node_cycle(4, false);
	while (world.deallocs == 0 && (node = node_new(n))) {
		slate_move_ref(&world.objects, &node->ref[0], chain);
		chain = obj_of_node(node);
		n++;
	}
	ktap_expect(t, world.deallocs == 4 && n > 4);
	ktap_expect(t, slate_gc_stats(&world.gc, FULL, &stats) == 0);
	ktap_expect(t, stats.collections == 1);
	while ((node = node_new(n))) {
		slate_move_ref(&world.objects, &node->ref[0], chain);
		chain = obj_of_node(node);
	}
	ktap_expect(t, slate_gc_stats(&world.gc, FULL, &stats) == 0);
	ktap_expect(t, stats.collections == 2);
	slate_clear_ref(&world.objects, &chain);
	world_close(t);
}

/* One that is always full waits for a quarter of what was left. */
static void full_collection_waits_until_it_pays(struct ktap *t)
{
	struct node *nodes[20];
	unsigned int i;

	world_open(t);
	if (FULL) {
		t->skip = "several generations in this configuration";
		return;
	}
	ktap_expect(t, slate_gc_set_threshold(&world.gc, 0, 1) == 0);
	for (i = 0; i < 20; i++)
		nodes[i] = node_new(i);
	ktap_expect(t, world_collect() == 0);
	node_cycle(5, false);
	ktap_expect(t, !slate_gc_is_due(&world.gc));
	node_cycle(1, false);
	ktap_expect(t, slate_gc_poll(&world.gc) == 6);
	/* One that is bounded does not wait. */
	node_cycle(5, false);
	ktap_expect(t, !slate_gc_is_due(&world.gc));
	slate_gc_set_most(&world.gc, 100);
	ktap_expect(t, slate_gc_poll(&world.gc) == 5);
	for (i = 0; i < 20; i++)
		node_drop(nodes[i]);
	world_close(t);
}

static void pause_is_bounded_by_the_most(struct ktap *t)
{
	struct slate_gc_totals stats;
	struct node *live[10];
	unsigned int rounds;
	unsigned int i;

	world_open(t);
	if (FULL) {
		t->skip = "several generations in this configuration";
		return;
	}
	ktap_expect(t, slate_gc_set_threshold(&world.gc, 0, 2) == 0);
	slate_gc_set_most(&world.gc, 8);
	for (i = 0; i < 10; i++) {
		live[i] = node_new(i);
		node_cycle(2, false);
	}
	for (rounds = 0; slate_gc_is_due(&world.gc) && rounds < 10; rounds++)
		ktap_expect(t, slate_gc_poll(&world.gc) >= 0);
	ktap_expect(t, slate_gc_stats(&world.gc, FULL, &stats) == 0);
	ktap_expect(t, stats.most == 8 && stats.collections == rounds);
	ktap_expect(t, rounds == 4);
	/* Those that a bound cut in two are left. */
	ktap_expect(t, world.deallocs >= 10);
	world_collect();
	ktap_expect(t, world.deallocs == 20);
	for (i = 0; i < 10; i++)
		node_drop(live[i]);
	world_close(t);
}

/* A cycle larger than the most is found by a full collection alone. */
static void bound_may_miss_a_large_cycle(struct ktap *t)
{
	unsigned int i;

	world_open(t);
	ktap_expect(t, slate_gc_set_threshold(&world.gc, 0, 1) == 0);
	slate_gc_set_most(&world.gc, 4);
	node_cycle(12, false);
	for (i = 0; i < 8; i++)
		ktap_expect(t, slate_gc_poll(&world.gc) == 0);
	ktap_expect(t, world_collect() == 12);
	world_close(t);
}

static void survivors_grow_older(struct ktap *t)
{
	unsigned int i;
	struct node *node;

	world_open(t);
	node = node_new(1);
	node_link(node, node);
	for (i = 0; i != FULL; i++) {
		ktap_expect(t, node_is_in(i, node) && !node_is_in(i + 1, node));
		ktap_expect(t, slate_gc_collect(&world.gc, i) == 0);
		ktap_expect(t, slate_gc_count(&world.gc, i + 1) == 1);
	}
	ktap_expect(t, node_is_in(FULL, node) && world_collect() == 0);
	ktap_expect(t, node_is_in(FULL, node));
	node_drop(node);
	for (i = 0; i != FULL; i++)
		ktap_expect(t, slate_gc_collect(&world.gc, i) == 0);
	ktap_expect(t, world_collect() == 1);
	world_close(t);
}

static void poll_collects_the_oldest_that_is_due(struct ktap *t)
{
	struct slate_gc_totals stats;
	unsigned int i;

	world_open(t);
	if (!FULL) {
		t->skip = "one generation in this configuration";
		return;
	}
	ktap_expect(t, slate_gc_set_threshold(&world.gc, 0, 1) == 0);
	ktap_expect(t, slate_gc_set_threshold(&world.gc, 1, 2) == 0);
	for (i = 0; i < 8; i++) {
		node_cycle(2, false);
		ktap_expect(t, slate_gc_poll(&world.gc) == 2);
	}
	ktap_expect(t, slate_gc_stats(&world.gc, 0, &stats) == 0);
	ktap_expect(t, stats.collections == 6 && stats.collected == 12);
	ktap_expect(t, slate_gc_stats(&world.gc, 1, &stats) == 0);
	ktap_expect(t, stats.collections == 2 && stats.collected == 4);
	world_close(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(counts_rise_with_new_and_fall_with_gone),
	KTAP_CASE(unknown_generation_is_refused),
	KTAP_CASE(poll_collects_above_the_threshold),
	KTAP_CASE(threshold_of_0_is_none),
	KTAP_CASE(poll_collects_above_the_bytes),
	KTAP_CASE(disabled_collector_runs_on_demand_only),
	KTAP_CASE(making_objects_collects_when_asked_to),
	KTAP_CASE(failing_allocation_collects_and_is_tried_again),
	KTAP_CASE(full_collection_waits_until_it_pays),
	KTAP_CASE(pause_is_bounded_by_the_most),
	KTAP_CASE(bound_may_miss_a_large_cycle),
	KTAP_CASE(survivors_grow_older),
	KTAP_CASE(poll_collects_the_oldest_that_is_due),
};

KTAP_SUITE(slate_gc_control, cases);
