// SPDX-License-Identifier: MIT
/* Objects and their counts. */
#include "objects.h"

static void object_is_made_and_goes(struct ktap *t)
{
	struct leaf *leaf;

	world_open(t);
	leaf = leaf_new(1);
	ktap_expect(t, leaf);
	ktap_expect(t, slate_object_refs(obj_of_leaf(leaf)) == 1);
	slate_incref(obj_of_leaf(leaf));
	ktap_expect(t, slate_object_refs(obj_of_leaf(leaf)) == 2);
	leaf_drop(leaf);
	ktap_expect(t, world.deallocs == 0);
	leaf_drop(leaf);
	ktap_expect(t, world.deallocs == 1);
	world_close(t);
}

static void cycle_is_collected(struct ktap *t)
{
	world_open(t);
	node_cycle(5, false);
	ktap_expect(t, slate_objects_live(&world.objects) == 5);
	ktap_expect(t, slate_gc_collect(&world.gc, SLATE_GC_FULL) == 5);
	ktap_expect(t, world.deallocs == 5);
	world_close(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(object_is_made_and_goes),
	KTAP_CASE(cycle_is_collected),
};

KTAP_SUITE(slate_object, cases);
