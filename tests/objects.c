// SPDX-License-Identifier: MIT
#include "objects.h"

const struct slate_type number_type = {
	.name = "number",
	.size = sizeof(struct number),
};

const struct number seven = { SLATE_OBJECT_STATIC(&number_type), 7 };

struct objects_world world;

/* Where the next letter goes, as long as there is a 0; a 1 ends the room. */
static char *writer;

/* The test program's own: what is written is kept for a look at it. */
void slate_port_write(const char *text, size_t len)
{
	while (len-- && writer && !*writer)
		*writer++ = *text++;
}

bool world_said(const char *text)
{
	return !strcmp(world.said, text);
}

struct node *node_of(struct slate_object *obj)
{
	return SLATE_CONTAINER_OF(obj, struct node, gc.base);
}

static int node_traverse(struct slate_object *obj, slate_visit_fn visit,
			 void *arg)
{
	struct node *node = node_of(obj);
	unsigned int i;

	for (i = 0; i < NODE_REFS; i++) {
		int result = slate_visit(node->ref[i], visit, arg);

		if (result)
			return result;
	}
	return 0;
}

static void drop_all(struct slate_objects *objects, struct node *node)
{
	unsigned int i;

	for (i = 0; i < NODE_REFS; i++)
		slate_clear_ref(objects, &node->ref[i]);
}

static void node_clear(struct slate_objects *objects,
		       struct slate_object *obj)
{
	world.cleared++;
	drop_all(objects, node_of(obj));
}

static void node_dealloc(struct slate_objects *objects,
			 struct slate_object *obj)
{
	world.deallocs++;
	drop_all(objects, node_of(obj));
}

static void leaf_dealloc(struct slate_objects *objects,
			 struct slate_object *obj)
{
	(void)objects;
	(void)obj;
	world.deallocs++;
}

static void any_finalize(struct slate_objects *objects,
			 struct slate_object *obj)
{
	world.finalized++;
	if (world.finalizer)
		world.finalizer(objects, obj);
}

const struct slate_type node_type = {
	.name = "node",
	.size = sizeof(struct node),
	.weak_offset = offsetof(struct node, weak),
	.flags = SLATE_TYPE_COLLECTED,
	.dealloc = node_dealloc,
	.traverse = node_traverse,
	.clear = node_clear,
};

const struct slate_type final_node_type = {
	.name = "node with finalizer",
	.size = sizeof(struct node),
	.weak_offset = offsetof(struct node, weak),
	.flags = SLATE_TYPE_COLLECTED,
	.dealloc = node_dealloc,
	.traverse = node_traverse,
	.clear = node_clear,
	.finalize = any_finalize,
};

const struct slate_type leaf_type = {
	.name = "leaf",
	.size = sizeof(struct leaf),
	.weak_offset = offsetof(struct leaf, weak),
	.dealloc = leaf_dealloc,
};

const struct slate_type final_leaf_type = {
	.name = "leaf with finalizer",
	.size = sizeof(struct leaf),
	.weak_offset = offsetof(struct leaf, weak),
	.dealloc = leaf_dealloc,
	.finalize = any_finalize,
};

void world_open(struct ktap *t)
{
	static const struct objects_world none;

	world = none;
	world.said[sizeof(world.said) - 1] = 1;
	writer = world.said;
	world.heap = test_heap();
	if (!ktap_expect(t, world.heap))
		return;
	slate_objects_init(&world.objects, world.heap);
	slate_gc_init(&world.gc, &world.objects);
}

void world_close(struct ktap *t)
{
	slate_gc_set_flags(&world.gc, 0);
	slate_gc_unfreeze(&world.gc);
	slate_gc_drop_garbage(&world.gc);
	ktap_expect(t, world_collect() >= 0);
	ktap_expect(t, slate_objects_live(&world.objects) == 0);
	ktap_expect(t, slate_heap_valid(world.heap));
	ktap_expect(t, test_is_empty(world.heap));
	slate_heap_destroy(world.heap);
}

ptrdiff_t world_collect(void)
{
	return slate_gc_collect(&world.gc, SLATE_GC_FULL);
}

void world_log(unsigned int id)
{
	if (world.nlog < sizeof(world.log) / sizeof(world.log[0]))
		world.log[world.nlog] = id;
	world.nlog++;
}

bool world_logged(const char *digits)
{
	unsigned int i;

	for (i = 0; i < world.nlog; i++) {
		if (digits[i] != (char)('0' + world.log[i]))
			return false;
	}
	return !digits[i];
}

static struct node *new_node(const struct slate_type *type, unsigned int id)
{
	struct node *node = slate_object_new(&world.objects, type);

	if (node)
		node->id = id;
	return node;
}

struct node *node_new(unsigned int id)
{
	return new_node(&node_type, id);
}

struct node *final_node_new(unsigned int id)
{
	return new_node(&final_node_type, id);
}

struct leaf *leaf_new(unsigned int id)
{
	struct leaf *leaf = slate_object_new(&world.objects, &leaf_type);

	if (leaf)
		leaf->id = id;
	return leaf;
}

int object_is(void *arg, struct slate_object *obj)
{
	return obj == arg;
}

bool node_is_in(unsigned int list, struct node *node)
{
	return slate_gc_objects(&world.gc, list, object_is, obj_of_node(node));
}

void node_link(struct node *from, struct node *to)
{
	unsigned int i = 0;

	while (i < NODE_REFS - 1 && from->ref[i])
		i++;
	slate_set_ref(&world.objects, &from->ref[i], obj_of_node(to));
}

void node_drop(struct node *node)
{
	slate_decref(&world.objects, obj_of_node(node));
}

void leaf_drop(struct leaf *leaf)
{
	slate_decref(&world.objects, obj_of_leaf(leaf));
}

void node_cycle(unsigned int n, bool with_finalizers)
{
	const struct slate_type *type = with_finalizers ? &final_node_type :
					&node_type;
	struct node *first = new_node(type, 0);
	struct node *last = first;
	unsigned int i;

	for (i = 1; i < n; i++) {
		struct node *node = new_node(type, i);

		slate_move_ref(&world.objects, &last->ref[0],
			       obj_of_node(node));
		last = node;
	}
	slate_move_ref(&world.objects, &last->ref[0], obj_of_node(first));
}
