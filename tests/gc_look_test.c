// SPDX-License-Identifier: MIT
/*
 * What a collector tells: hooks, totals, its lists, who refers to whom, and
 * which objects are wrong.
 */
#include "objects.h"

#define FULL	SLATE_GC_FULL

static uint32_t ticks;

static uint32_t tick(void *ctx)
{
	(void)ctx;
	ticks += 5;
	return ticks;
}

static struct slate_gc_info last;

static void on_start(void *ctx, const struct slate_gc_info *info)
{
	(void)ctx;
	world_log(1);
	last = *info;
}

static void on_stop(void *ctx, const struct slate_gc_info *info)
{
	(void)ctx;
	world_log(2);
	last = *info;
}

static const struct slate_gc_hooks hooks = {
	.clock = tick,
	.start = on_start,
	.stop = on_stop,
};

static void hooks_hear_of_collections(struct ktap *t)
{
	world_open(t);
	slate_gc_set_hooks(&world.gc, &hooks);
	node_cycle(3, false);
	ktap_expect(t, world_collect() == 3);
	ktap_expect(t, world_logged("12"));
	ktap_expect(t, last.generation == FULL && last.collected == 3);
	ktap_expect(t, last.examined == 3 && last.uncollectable == 0);
	ktap_expect(t, last.time == 5);
	ktap_expect(t, slate_gc_collect(&world.gc, 0) == 0);
	ktap_expect(t, world_logged("1212") && last.generation == 0);
	slate_gc_set_hooks(&world.gc, NULL);
	ktap_expect(t, world_collect() == 0 && world_logged("1212"));
	world_close(t);
}

static void stats_add_up_by_generation(struct ktap *t)
{
	struct slate_gc_totals stats;
	unsigned int i;

	world_open(t);
	slate_gc_set_hooks(&world.gc, &hooks);
	for (i = 1; i <= 3; i++) {
		node_cycle(i * 2, false);
		ktap_expect(t, world_collect() == (ptrdiff_t)i * 2);
	}
	ktap_expect(t, slate_gc_stats(&world.gc, FULL, &stats) == 0);
	ktap_expect(t, stats.collections == 3 && stats.collected == 12);
	ktap_expect(t, stats.examined == 12 && stats.most == 6);
	ktap_expect(t, stats.longest == 5 && stats.uncollectable == 0);
	world_close(t);
}

static void frozen_objects_are_not_looked_at(struct ktap *t)
{
	struct node *node;

	world_open(t);
	node = node_new(1);
	node_cycle(3, false);
	slate_gc_freeze(&world.gc);
	ktap_expect(t, slate_gc_frozen(&world.gc) == 4);
	ktap_expect(t, slate_gc_count(&world.gc, 0) == 0);
	slate_gc_set_hooks(&world.gc, &hooks);
	ktap_expect(t, world_collect() == 0 && last.examined == 0);
	ktap_expect(t, node_is_in(SLATE_GC_FROZEN, node));
	node_drop(node);
	ktap_expect(t, slate_gc_frozen(&world.gc) == 3);
	slate_gc_unfreeze(&world.gc);
	ktap_expect(t, slate_gc_frozen(&world.gc) == 0);
	ktap_expect(t, world_collect() == 3);
	world_close(t);
}

static int count(void *arg, struct slate_object *obj)
{
	unsigned int *n = arg;

	(void)obj;
	++*n;
	return 0;
}

static void saveall_keeps_what_is_found(struct ktap *t)
{
	unsigned int n = 0;

	world_open(t);
	slate_gc_set_flags(&world.gc, SLATE_GC_SAVEALL);
	node_cycle(3, true);
	ktap_expect(t, world_collect() == 3);
	ktap_expect(t, world.deallocs == 0 && world.finalized == 3);
	slate_gc_objects(&world.gc, SLATE_GC_GARBAGE, count, &n);
	ktap_expect(t, n == 3 && world_collect() == 0);
	slate_gc_set_flags(&world.gc, 0);
	slate_gc_drop_garbage(&world.gc);
	ktap_expect(t, world_collect() == 3);
	ktap_expect(t, world.deallocs == 3 && world.finalized == 3);
	world_close(t);
}

static void tracking_twice_is_refused(struct ktap *t)
{
	struct leaf *leaf;
	struct node *node;

	world_open(t);
	node = node_new(1);
	leaf = leaf_new(2);
	ktap_expect(t, slate_gc_is_tracked(obj_of_node(node)));
	ktap_expect(t, !slate_gc_is_tracked(obj_of_leaf(leaf)));
	ktap_expect(t, slate_gc_track(&world.gc,
				      obj_of_node(node)) == -SLATE_EEXIST);
	ktap_expect(t, slate_gc_track(&world.gc,
				      obj_of_leaf(leaf)) == -SLATE_EINVAL);
	slate_gc_untrack(&world.gc, obj_of_node(node));
	slate_gc_untrack(&world.gc, obj_of_node(node));
	slate_gc_untrack(&world.gc, obj_of_leaf(leaf));
	ktap_expect(t, !slate_gc_is_tracked(obj_of_node(node)));
	node_link(node, node);
	node_drop(node);
	ktap_expect(t, world_collect() == 0);
	ktap_expect(t, slate_gc_track(&world.gc, obj_of_node(node)) == 0);
	ktap_expect(t, world_collect() == 1);
	leaf_drop(leaf);
	world_close(t);
}

static void static_object_is_not_tracked(struct ktap *t)
{
	static const struct slate_gc_object fixed =
			SLATE_GC_OBJECT_STATIC(&node_type);
	struct slate_object *obj = (struct slate_object *)(uintptr_t)&fixed;
	struct node *node;

	world_open(t);
	ktap_expect(t, slate_gc_track(&world.gc, obj) == -SLATE_EINVAL);
	node = node_new(1);
	slate_set_ref(&world.objects, &node->ref[0], obj);
	slate_set_ref(&world.objects, &node->ref[1], obj_of_node(node));
	node_drop(node);
	ktap_expect(t, world_collect() == 1);
	ktap_expect(t, fixed.base.refs == SLATE_REF_IMMORTAL);
	world_close(t);
}

static int drop_it(void *arg, struct slate_object *obj)
{
	(void)arg;
	slate_decref(&world.objects, obj);
	return 0;
}

static void visitor_may_drop_what_it_visits(struct ktap *t)
{
	unsigned int i;
	unsigned int n = 0;

	world_open(t);
	for (i = 0; i < 4; i++)
		ktap_expect(t, node_new(i));
	slate_gc_objects(&world.gc, SLATE_GC_LISTS, count, &n);
	ktap_expect(t, n == 4);
	ktap_expect(t, slate_gc_objects(&world.gc, SLATE_GC_LISTS, drop_it,
					NULL) == 0);
	ktap_expect(t, world.deallocs == 4);
	world_close(t);
}

/* The innermost dealloc looks around: a node waits, and is not shown. */
static void count_in_dealloc(struct slate_objects *objects,
			     struct slate_object *obj)
{
	unsigned int n = 0;

	slate_clear_ref(objects, &node_of(obj)->ref[0]);
	slate_gc_objects(objects->gc, SLATE_GC_LISTS, count, &n);
	world_log(n);
}

static void waiting_objects_are_not_visited(struct ktap *t)
{
	struct slate_object *chain;
	struct slate_type type = node_type;
	unsigned int i;

	world_open(t);
	type.dealloc = count_in_dealloc;
	chain = obj_of_node(node_new(0));
	for (i = 0; i < SLATE_CONFIG_OBJECT_DEPTH; i++) {
		struct node *node = slate_object_new(&world.objects, &type);

		node->ref[0] = chain;
		chain = obj_of_node(node);
	}
	slate_decref(&world.objects, chain);
	ktap_expect(t, world.nlog == SLATE_CONFIG_OBJECT_DEPTH);
	for (i = 0; i < world.nlog && i < 16; i++)
		ktap_expect(t, world.log[i] == 0);
	ktap_expect(t, world.deallocs == 1);
	world_close(t);
}

static void referents_and_referrers_are_found(struct ktap *t)
{
	struct slate_object *target;
	unsigned int n = 0;
	struct node *a;
	struct node *b;

	world_open(t);
	a = node_new(1);
	b = node_new(2);
	target = obj_of_leaf(leaf_new(3));
	slate_set_ref(&world.objects, &a->ref[0], target);
	slate_set_ref(&world.objects, &a->ref[1], target);
	slate_set_ref(&world.objects, &b->ref[1], target);
	slate_gc_referents(obj_of_node(a), count, &n);
	ktap_expect(t, n == 2);
	slate_gc_referents(target, count, &n);
	ktap_expect(t, n == 2);
	n = 0;
	slate_gc_referrers(&world.gc, target, count, &n);
	ktap_expect(t, n == 2);
	ktap_expect(t, slate_gc_referrers(&world.gc, target, object_is,
					  obj_of_node(b)) == 1);
	ktap_expect(t, slate_gc_referrers(&world.gc, obj_of_node(a), object_is,
					  obj_of_node(b)) == 0);
	slate_decref(&world.objects, target);
	node_drop(a);
	node_drop(b);
	world_close(t);
}

static const struct slate_type *bad_owner;
static const struct slate_type *bad_target;

static void note_bad(void *ctx, const struct slate_type *owner,
		     const struct slate_type *target)
{
	(void)ctx;
	bad_owner = owner;
	bad_target = target;
}

/* Visits its first reference twice. */
static int double_traverse(struct slate_object *obj, slate_visit_fn visit,
			   void *arg)
{
	struct node *node = node_of(obj);
	int result = slate_visit(node->ref[0], visit, arg);

	return result ? result : slate_visit(node->ref[0], visit, arg);
}

static void wrong_traverse_is_detected_and_named(struct ktap *t)
{
	static const struct slate_gc_hooks naming = { .bad = note_bad };
	static const struct slate_gc_hooks silent = { .ctx = NULL };
	struct slate_type type = node_type;
	struct slate_object *target;
	struct node *node;

	world_open(t);
	type.name = "visits twice";
	type.traverse = double_traverse;
	node = slate_object_new(&world.objects, &type);
	slate_move_ref(&world.objects, &node->ref[0],
		       obj_of_node(node_new(1)));
	target = node->ref[0];
	node_cycle(2, false);
	slate_gc_set_hooks(&world.gc, &naming);
	ktap_expect(t, world_collect() == -SLATE_EUCLEAN);
	ktap_expect(t, faults_one(SLATE_FAULT_TRAVERSE, world.heap, target));
	ktap_expect(t, bad_owner == &type && bad_target == &node_type);
	ktap_expect(t, world_said(""));
	slate_gc_set_hooks(&world.gc, &silent);
	ktap_expect(t, world_collect() == -SLATE_EUCLEAN);
	ktap_expect(t, faults_one(SLATE_FAULT_TRAVERSE, world.heap, target));
	ktap_expect(t, world_said("slate: count too small: node, "
				  "visited by visits twice\n"));
	ktap_expect(t, world.deallocs == 0);
	node_drop(node);
	ktap_expect(t, world.deallocs == 2 && world_collect() == 2);
	world_close(t);
}

/* Freed too early: a reference was dropped that was still in a field. */
static void dropped_too_often_is_detected(struct ktap *t)
{
	struct node *owner;
	struct node *target;

	world_open(t);
	owner = node_new(1);
	target = node_new(2);
	node_link(owner, target);
	node_link(owner, target);
	node_drop(target);
	node_drop(target);
	ktap_expect(t, world_collect() == -SLATE_EUCLEAN);
	ktap_expect(t, faults_one(SLATE_FAULT_TRAVERSE, world.heap, target));
	slate_incref(obj_of_node(target));
	node_drop(owner);
	world_close(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(hooks_hear_of_collections),
	KTAP_CASE(stats_add_up_by_generation),
	KTAP_CASE(frozen_objects_are_not_looked_at),
	KTAP_CASE(saveall_keeps_what_is_found),
	KTAP_CASE(tracking_twice_is_refused),
	KTAP_CASE(static_object_is_not_tracked),
	KTAP_CASE(visitor_may_drop_what_it_visits),
	KTAP_CASE(waiting_objects_are_not_visited),
	KTAP_CASE(referents_and_referrers_are_found),
	KTAP_CASE(wrong_traverse_is_detected_and_named),
	KTAP_CASE(dropped_too_often_is_detected),
};

KTAP_SUITE(slate_gc_look, cases);
