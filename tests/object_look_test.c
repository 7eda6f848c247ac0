// SPDX-License-Identifier: MIT
/* Looking at live objects: the tracer, their sizes, and walks by type. */
#include "objects.h"

static void trace(void *ctx, struct slate_object *obj, bool made)
{
	(void)obj;
	world_log(made ? 1 : 2);
	ktap_expect(ctx, obj->type);
}

static void tracer_hears_of_every_object(struct ktap *t)
{
	world_open(t);
	slate_objects_set_tracer(&world.objects, trace, t);
	leaf_drop(leaf_new(1));
	node_drop(node_new(2));
	slate_objects_set_tracer(&world.objects, NULL, NULL);
	leaf_drop(leaf_new(3));
	ktap_expect(t, world_logged("1212"));
	world_close(t);
}

static size_t extra_300(const struct slate_object *obj)
{
	(void)obj;
	return 300;
}

static void size_counts_header_items_and_buffers(struct ktap *t)
{
	static const struct slate_type holder_type = {
		.name = "holder",
		.size = sizeof(struct slate_object),
		.extra = extra_300,
	};
	struct slate_object *obj;
	struct node *node;

	world_open(t);
	node = node_new(1);
	ktap_expect(t, slate_object_size(obj_of_node(node)) == sizeof(*node));
	ktap_expect(t, slate_object_block_size(&world.objects,
					       obj_of_node(node)) >=
		       sizeof(*node));
	obj = slate_object_new(&world.objects, &holder_type);
	ktap_expect(t, slate_object_size(obj) == sizeof(*obj) + 300);
	ktap_expect(t, slate_object_size((const void *)&seven) ==
		       sizeof(seven));
	slate_decref(&world.objects, obj);
	node_drop(node);
	world_close(t);
}

static void deep_size_counts_each_object_once(struct ktap *t)
{
	struct slate_objects *objects = &world.objects;
	struct node *a;
	struct node *b;
	struct leaf *leaf;
	size_t sum;
	unsigned int i;

	world_open(t);
	a = node_new(1);
	b = node_new(2);
	leaf = leaf_new(3);
	node_link(a, b);
	node_link(b, a);
	slate_set_ref(objects, &a->ref[1], obj_of_leaf(leaf));
	slate_set_ref(objects, &b->ref[1], obj_of_leaf(leaf));
	slate_gc_untrack(&world.gc, obj_of_node(b));
	sum = 2 * sizeof(*a) + sizeof(*leaf);
	for (i = 0; i < 2; i++) {
		ktap_expect(t, slate_object_deep_size(objects,
					obj_of_node(a)) == sum);
		ktap_expect(t, slate_object_deep_size(objects,
					obj_of_node(b)) == sum);
		ktap_expect(t, slate_object_deep_size(objects,
					obj_of_leaf(leaf)) == sizeof(*leaf));
	}
	ktap_expect(t, !slate_gc_is_tracked(obj_of_node(b)));
	ktap_expect(t, slate_object_refs(obj_of_leaf(leaf)) == 3);
	slate_gc_track(&world.gc, obj_of_node(b));
	leaf_drop(leaf);
	node_drop(a);
	node_drop(b);
	ktap_expect(t, slate_gc_collect(&world.gc, SLATE_GC_FULL) == 2);
	world_close(t);
}

/* The collector's lists are whole again: an object can be taken out. */
static void deep_size_leaves_the_lists_whole(struct ktap *t)
{
	struct node *nodes[3];
	unsigned int i;

	world_open(t);
	for (i = 0; i < 3; i++)
		nodes[i] = node_new(i);
	for (i = 0; i < 2; i++)
		node_link(nodes[i], nodes[i + 1]);
	ktap_expect(t, slate_object_deep_size(&world.objects,
			obj_of_node(nodes[0])) == 3 * sizeof(struct node));
	node_drop(nodes[2]);
	node_drop(nodes[1]);
	node_drop(nodes[0]);
	ktap_expect(t, world.deallocs == 3);
	world_close(t);
}

static int count(void *arg, struct slate_object *obj)
{
	unsigned int *n = arg;

	(void)obj;
	++*n;
	return 0;
}

static int stop(void *arg, struct slate_object *obj)
{
	count(arg, obj);
	return -7;
}

static void walk_finds_live_objects_by_type(struct ktap *t)
{
	const struct slate_type *const types[] = { &leaf_type, &node_type };
	const void *fake[4] = { &leaf_type };
	struct node *node;
	struct leaf *leaf;
	unsigned int n = 0;
	void *buffer;

	world_open(t);
	leaf_drop(leaf_new(0));
	buffer = slate_mem_malloc(world.heap, sizeof(*leaf));
	leaf = leaf_new(1);
	node = node_new(2);
	slate_objects_walk(&world.objects, types, 2, count, &n);
	ktap_expect(t, n == 2);
	n = 0;
	slate_objects_walk(&world.objects, types, 1, count, &n);
	ktap_expect(t, n == 1);
	n = 0;
	ktap_expect(t, slate_objects_walk(&world.objects, types, 2, stop,
					  &n) == -7 && n == 1);
	/* Begins like an object, and has no count. */
	memcpy(buffer, fake, sizeof(fake) < sizeof(*leaf) ? sizeof(fake) :
				 sizeof(*leaf));
	n = 0;
	slate_objects_walk(&world.objects, types, 2, count, &n);
	ktap_expect(t, n == 2);
	slate_mem_free(world.heap, buffer);
	leaf_drop(leaf);
	node_drop(node);
	world_close(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(tracer_hears_of_every_object),
	KTAP_CASE(size_counts_header_items_and_buffers),
	KTAP_CASE(deep_size_counts_each_object_once),
	KTAP_CASE(deep_size_leaves_the_lists_whole),
	KTAP_CASE(walk_finds_live_objects_by_type),
};

KTAP_SUITE(slate_object_look, cases);
