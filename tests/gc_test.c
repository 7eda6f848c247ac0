// SPDX-License-Identifier: MIT
/* What a collection finds, and what it leaves. */
#include "objects.h"

static void object_that_refers_to_itself_is_collected(struct ktap *t)
{
	struct node *node;

	world_open(t);
	node = node_new(1);
	node_link(node, node);
	node_link(node, node);
	ktap_expect(t, world_collect() == 0);
	node_drop(node);
	ktap_expect(t, world.deallocs == 0);
	ktap_expect(t, world_collect() == 1);
	ktap_expect(t, world.deallocs == 1 && world_collect() == 0);
	world_close(t);
}

static void ring_of_any_length_is_collected(struct ktap *t)
{
	unsigned int n;

	world_open(t);
	for (n = 1; n <= 20; n++) {
		node_cycle(n, n & 1);
		ktap_expect(t, world_collect() == (ptrdiff_t)n);
		ktap_expect(t, slate_objects_live(&world.objects) == 0);
	}
	world_close(t);
}

/* A list that is in itself, as items of a var object. */
struct list {
	struct slate_gc_object gc;
	size_t length;
	struct slate_object *items[];
};

static int list_traverse(struct slate_object *obj, slate_visit_fn visit,
			 void *arg)
{
	struct list *list = SLATE_CONTAINER_OF(obj, struct list, gc.base);
	int result = 0;
	size_t i;

	for (i = 0; i < list->length && !result; i++)
		result = slate_visit(list->items[i], visit, arg);
	return result;
}

static void list_clear(struct slate_objects *objects,
		       struct slate_object *obj)
{
	struct list *list = SLATE_CONTAINER_OF(obj, struct list, gc.base);
	size_t i;

	for (i = 0; i < list->length; i++)
		slate_clear_ref(objects, &list->items[i]);
}

static const struct slate_type list_type = {
	.name = "list",
	.size = offsetof(struct list, items),
	.item_size = sizeof(struct slate_object *),
	.length_offset = offsetof(struct list, length),
	.flags = SLATE_TYPE_COLLECTED,
	.traverse = list_traverse,
	.clear = list_clear,
};

static void list_in_itself_is_collected(struct ktap *t)
{
	struct list *list;
	unsigned int i;

	world_open(t);
	list = slate_object_new_var(&world.objects, &list_type, 8);
	for (i = 0; i < 7; i++)
		slate_set_ref(&world.objects, &list->items[i], &list->gc.base);
	slate_move_ref(&world.objects, &list->items[7],
		       obj_of_leaf(leaf_new(1)));
	slate_decref(&world.objects, &list->gc.base);
	ktap_expect(t, world_collect() == 1 && world.deallocs == 1);
	world_close(t);
}

static void cycle_with_a_reference_from_outside_stays(struct ktap *t)
{
	struct slate_object *outside;
	struct node *a;
	struct node *b;

	world_open(t);
	a = node_new(1);
	b = node_new(2);
	node_link(a, b);
	node_link(b, a);
	outside = slate_newref(obj_of_node(b));
	node_drop(a);
	node_drop(b);
	ktap_expect(t, world_collect() == 0 && world_collect() == 0);
	ktap_expect(t, a->ref[0] == obj_of_node(b));
	slate_clear_ref(&world.objects, &outside);
	ktap_expect(t, world_collect() == 2);
	world_close(t);
}

/* What hangs on a cycle goes with it; what a live object needs stays. */
static void only_what_is_unreachable_goes(struct ktap *t)
{
	struct node *live;
	struct node *both;
	struct node *cycle;

	world_open(t);
	live = node_new(1);
	both = node_new(2);
	cycle = node_new(3);
	node_link(live, both);
	node_link(cycle, cycle);
	node_link(cycle, both);
	node_drop(both);
	node_drop(cycle);
	ktap_expect(t, world_collect() == 1);
	ktap_expect(t, slate_object_refs(obj_of_node(both)) == 1);
	node_drop(live);
	ktap_expect(t, world.deallocs == 3);
	world_close(t);
}

/* Objects made before what refers to them, and after: both directions. */
static void order_of_making_does_not_matter(struct ktap *t)
{
	struct node *nodes[6];
	unsigned int i;

	world_open(t);
	for (i = 0; i < 6; i++)
		nodes[i] = node_new(i);
	for (i = 0; i < 5; i++)
		node_link(nodes[i + 1], nodes[i]);
	for (i = 0; i < 5; i++)
		node_drop(nodes[i]);
	ktap_expect(t, world_collect() == 0);
	node_link(nodes[0], nodes[5]);
	node_drop(nodes[5]);
	ktap_expect(t, world_collect() == 6);
	world_close(t);
}

static int refs_of(void *arg, struct slate_object *obj)
{
	size_t *sum = arg;

	*sum = *sum * 31 + slate_object_refs(obj);
	return 0;
}

static void collection_leaves_live_objects_as_they_were(struct ktap *t)
{
	struct node *nodes[5];
	size_t before = 0;
	size_t after = 0;
	unsigned int i;

	world_open(t);
	for (i = 0; i < 5; i++)
		nodes[i] = node_new(i);
	for (i = 0; i < 5; i++) {
		node_link(nodes[i], nodes[(i * 3 + 1) % 5]);
		node_link(nodes[i], nodes[0]);
	}
	slate_gc_objects(&world.gc, SLATE_GC_LISTS, refs_of, &before);
	ktap_expect(t, world_collect() == 0);
	slate_gc_objects(&world.gc, SLATE_GC_LISTS, refs_of, &after);
	ktap_expect(t, before == after);
	for (i = 0; i < 5; i++)
		node_drop(nodes[i]);
	ktap_expect(t, world_collect() == 5);
	world_close(t);
}

static void collection_allocates_nothing(struct ktap *t)
{
	struct slate_stats before;
	struct slate_stats after;
	void *block;

	world_open(t);
	node_cycle(4, true);
	while ((block = slate_raw_malloc(world.heap, 1)))
		world.nlog++;
	before = test_stats(world.heap);
	ktap_expect(t, world_collect() == 4);
	after = test_stats(world.heap);
	ktap_expect(t, after.failures == before.failures);
	ktap_expect(t, world.deallocs == 4);
	slate_heap_destroy(world.heap);
}

static void immortal_object_is_not_collected(struct ktap *t)
{
	struct slate_object *obj;
	struct node *node;

	world_open(t);
	node = node_new(1);
	obj = obj_of_node(node);
	node_link(node, node);
	slate_object_make_immortal(obj);
	slate_decref(&world.objects, obj);
	ktap_expect(t, world_collect() == 0);
	obj->refs = SLATE_REF_ONE;
	ktap_expect(t, world_collect() == 1);
	world_close(t);
}

static void fixed_object_is_left_alone_once_settled(struct ktap *t)
{
	struct slate_type type = list_type;
	struct list *leaves;
	struct list *nodes;

	world_open(t);
	type.flags |= SLATE_TYPE_FIXED;
	leaves = slate_object_new_var(&world.objects, &type, 1);
	nodes = slate_object_new_var(&world.objects, &type, 1);
	ktap_expect(t, !slate_gc_is_tracked(&leaves->gc.base));
	leaves->items[0] = obj_of_leaf(leaf_new(1));
	nodes->items[0] = obj_of_node(node_new(2));
	ktap_expect(t, slate_gc_track(&world.gc, &leaves->gc.base) == 0);
	ktap_expect(t, slate_gc_track(&world.gc, &nodes->gc.base) == 0);
	node_link(node_of(nodes->items[0]), node_of(&nodes->gc.base));
	ktap_expect(t, world_collect() == 0);
	ktap_expect(t, !slate_gc_is_tracked(&leaves->gc.base));
	ktap_expect(t, slate_gc_is_tracked(&nodes->gc.base));
	slate_decref(&world.objects, &leaves->gc.base);
	slate_decref(&world.objects, &nodes->gc.base);
	ktap_expect(t, world_collect() == 2);
	world_close(t);
}

/* Fixed objects at both ends of the list and side by side. */
static void all_of_a_list_may_settle(struct ktap *t)
{
	struct slate_type type = list_type;
	struct list *lists[4];
	unsigned int i;

	world_open(t);
	type.flags |= SLATE_TYPE_FIXED;
	for (i = 0; i < 4; i++) {
		lists[i] = slate_object_new_var(&world.objects, &type, 1);
		slate_gc_track(&world.gc, &lists[i]->gc.base);
	}
	ktap_expect(t, world_collect() == 0);
	for (i = 0; i < 4; i++)
		ktap_expect(t, !slate_gc_is_tracked(&lists[i]->gc.base));
	node_cycle(2, false);
	ktap_expect(t, world_collect() == 2);
	for (i = 0; i < 4; i++)
		slate_decref(&world.objects, &lists[i]->gc.base);
	world_close(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(object_that_refers_to_itself_is_collected),
	KTAP_CASE(ring_of_any_length_is_collected),
	KTAP_CASE(list_in_itself_is_collected),
	KTAP_CASE(cycle_with_a_reference_from_outside_stays),
	KTAP_CASE(only_what_is_unreachable_goes),
	KTAP_CASE(order_of_making_does_not_matter),
	KTAP_CASE(collection_leaves_live_objects_as_they_were),
	KTAP_CASE(collection_allocates_nothing),
	KTAP_CASE(immortal_object_is_not_collected),
	KTAP_CASE(fixed_object_is_left_alone_once_settled),
	KTAP_CASE(all_of_a_list_may_settle),
};

KTAP_SUITE(slate_gc, cases);
