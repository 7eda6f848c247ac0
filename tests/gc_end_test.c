// SPDX-License-Identifier: MIT
/* How a collection ends what it found: finalizers, and clearing. */
#include "objects.h"

#define FULL	SLATE_GC_FULL

/* A finalizer that breaks the cycle itself: boom. */
static void break_cycle(struct slate_objects *objects,
			struct slate_object *obj)
{
	slate_clear_ref(objects, &node_of(obj)->ref[0]);
}

static void finalizer_may_break_the_cycle(struct ktap *t)
{
	world_open(t);
	world.finalizer = break_cycle;
	node_cycle(6, true);
	ktap_expect(t, world_collect() >= 0);
	ktap_expect(t, world.deallocs == 6 && world.finalized == 6);
	ktap_expect(t, slate_objects_live(&world.objects) == 0);
	world_close(t);
}

static void keep_first(struct slate_objects *objects,
		       struct slate_object *obj)
{
	(void)objects;
	if (!world.keep)
		world.keep = slate_newref(obj);
}

static void resurrection_happens_once_per_object(struct ktap *t)
{
	world_open(t);
	world.finalizer = keep_first;
	node_cycle(1, true);
	ktap_expect(t, world_collect() == 0);
	ktap_expect(t, world.keep && world.deallocs == 0);
	slate_clear_ref(&world.objects, &world.keep);
	ktap_expect(t, world_collect() == 1);
	ktap_expect(t, world.finalized == 1 && world.deallocs == 1);
	ktap_expect(t, !world.keep);
	world_close(t);
}

static void resurrection_is_transitive(struct ktap *t)
{
	struct node *node;

	world_open(t);
	world.finalizer = keep_first;
	node_cycle(5, true);
	ktap_expect(t, world_collect() == 0);
	ktap_expect(t, world.finalized == 5 && world.deallocs == 0);
	node = node_of(world.keep);
	ktap_expect(t, slate_gc_is_tracked(node->ref[0]));
	slate_clear_ref(&world.objects, &world.keep);
	ktap_expect(t, world_collect() == 5);
	ktap_expect(t, world.finalized == 5 && world.deallocs == 5);
	world_close(t);
}

static void resurrection_does_not_block_others(struct ktap *t)
{
	world_open(t);
	world.finalizer = keep_first;
	node_cycle(2, true);
	node_cycle(3, false);
	node_cycle(4, true);
	ktap_expect(t, world_collect() == 7);
	ktap_expect(t, world.deallocs == 7 && world.finalized == 6);
	slate_clear_ref(&world.objects, &world.keep);
	ktap_expect(t, world_collect() == 2);
	world_close(t);
}

/* While a finalizer runs, the others are whole. */
static void look_around(struct slate_objects *objects,
			struct slate_object *obj)
{
	struct node *next = node_of(node_of(obj)->ref[0]);

	(void)objects;
	world_log(next->ref[0] && next->gc.base.type == &final_node_type);
}

static void finalizers_see_whole_objects(struct ktap *t)
{
	world_open(t);
	world.finalizer = look_around;
	node_cycle(4, true);
	ktap_expect(t, world_collect() == 4);
	ktap_expect(t, world_logged("1111"));
	world_close(t);
}

static void collect_again(struct slate_objects *objects,
			  struct slate_object *obj)
{
	(void)objects;
	(void)obj;
	node_cycle(2, false);
	world_log(world_collect() == 0 && slate_gc_poll(&world.gc) == 0);
}

static void collection_inside_one_does_nothing(struct ktap *t)
{
	world_open(t);
	world.finalizer = collect_again;
	node_cycle(2, true);
	ktap_expect(t, world_collect() == 2);
	ktap_expect(t, world_logged("11"));
	ktap_expect(t, world_collect() == 4);
	world_close(t);
}

static void make_cycle(struct slate_objects *objects,
		       struct slate_object *obj)
{
	(void)objects;
	(void)obj;
	node_cycle(3, false);
}

static void finalizer_may_make_trash(struct ktap *t)
{
	world_open(t);
	world.finalizer = make_cycle;
	node_cycle(2, true);
	ktap_expect(t, world_collect() == 2);
	ktap_expect(t, slate_objects_live(&world.objects) == 6);
	ktap_expect(t, world_collect() == 6);
	world_close(t);
}

static void type_without_clear_is_uncollectable_alone(struct ktap *t)
{
	struct slate_type type = node_type;
	struct slate_gc_totals stats;
	struct node *node;

	world_open(t);
	type.clear = NULL;
	node = slate_object_new(&world.objects, &type);
	node_link(node, node);
	node_drop(node);
	ktap_expect(t, world_collect() == 1 && world_collect() == 1);
	ktap_expect(t, slate_gc_stats(&world.gc, FULL, &stats) == 0);
	ktap_expect(t, stats.uncollectable == 2 && world.deallocs == 0);
	slate_clear_ref(&world.objects, &node->ref[0]);
	ktap_expect(t, world.deallocs == 1);
	world_close(t);
}

static void cycle_with_one_clear_is_collected(struct ktap *t)
{
	struct slate_type type = node_type;
	struct slate_gc_totals stats;
	struct node *fixed;
	struct node *node;

	world_open(t);
	type.clear = NULL;
	fixed = slate_object_new(&world.objects, &type);
	node = node_new(1);
	node_link(fixed, node);
	node_link(node, fixed);
	node_drop(fixed);
	node_drop(node);
	ktap_expect(t, world_collect() == 2 && world.deallocs == 2);
	ktap_expect(t, slate_gc_stats(&world.gc, FULL, &stats) == 0);
	ktap_expect(t, stats.uncollectable == 0);
	world_close(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(finalizer_may_break_the_cycle),
	KTAP_CASE(resurrection_happens_once_per_object),
	KTAP_CASE(resurrection_is_transitive),
	KTAP_CASE(resurrection_does_not_block_others),
	KTAP_CASE(finalizers_see_whole_objects),
	KTAP_CASE(collection_inside_one_does_nothing),
	KTAP_CASE(finalizer_may_make_trash),
	KTAP_CASE(type_without_clear_is_uncollectable_alone),
	KTAP_CASE(cycle_with_one_clear_is_collected),
};

KTAP_SUITE(slate_gc_end, cases);
