// SPDX-License-Identifier: MIT
/* Objects: what makes and resizes them, with a collector and without. */
#include "objects.h"

/* A type with items, and one whose objects lie in memory of the test's. */
struct text {
	struct slate_object base;
	size_t length;
	unsigned char bytes[];
};

static const struct slate_type text_type = {
	.name = "text",
	.size = offsetof(struct text, bytes),
	.item_size = 1,
	.length_offset = offsetof(struct text, length),
};

static const struct slate_type wide_type = {
	.name = "wide",
	.size = sizeof(struct slate_object),
	.item_size = 24,
};

static const struct slate_type weak_list_type = {
	.name = "weak list",
	.size = sizeof(struct leaf),
	.weak_offset = offsetof(struct leaf, weak),
	.item_size = 8,
};

static int traverse_nothing(struct slate_object *obj, slate_visit_fn visit,
			    void *arg)
{
	(void)obj;
	(void)visit;
	(void)arg;
	return 0;
}

static const struct slate_type tracked_list_type = {
	.name = "tracked list",
	.size = sizeof(struct slate_gc_object),
	.item_size = 8,
	.flags = SLATE_TYPE_COLLECTED,
	.traverse = traverse_nothing,
};

static const struct slate_type bare_type = {
	.name = "bare",
	.size = sizeof(struct slate_object),
	.item_size = 1,
	.flags = SLATE_TYPE_UNCLEARED,
};

static unsigned int nfreed;

static void *no_alloc(struct slate_objects *objects,
		      const struct slate_type *type, size_t size)
{
	(void)objects;
	(void)type;
	(void)size;
	return NULL;
}

static void free_nothing(struct slate_objects *objects,
			 const struct slate_type *type, void *ptr)
{
	(void)objects;
	(void)type;
	(void)ptr;
	nfreed++;
}

static const struct slate_type placed_type = {
	.name = "placed",
	.size = sizeof(struct slate_object),
	.alloc = no_alloc,
	.free = free_nothing,
};

static void header_is_two_words_and_four_when_collected(struct ktap *t)
{
	ktap_expect(t, sizeof(struct slate_object) == 2 * sizeof(void *));
	ktap_expect(t, sizeof(struct slate_gc_object) == 4 * sizeof(void *));
}

static void new_object_is_zero_and_has_one_reference(struct ktap *t)
{
	struct node *node;

	world_open(t);
	node = node_new(0);
	ktap_expect(t, node->gc.base.type == &node_type);
	ktap_expect(t, slate_object_refs(obj_of_node(node)) == 1);
	ktap_expect(t, test_all(&node->weak, sizeof(*node) -
				offsetof(struct node, weak), 0));
	ktap_expect(t, slate_objects_live(&world.objects) == 1);
	node_drop(node);
	ktap_expect(t, slate_objects_live(&world.objects) == 0);
	world_close(t);
}

static void new_object_without_memory_is_null(struct ktap *t)
{
	struct test_state state;

	world_open(t);
	state = test_state(world.heap);
	ktap_expect(t, !slate_object_new_var(&world.objects, &text_type,
					     TEST_HEAP));
	ktap_expect(t, !slate_object_new(&world.objects, &placed_type));
	ktap_expect(t, test_same(&state, world.heap));
	ktap_expect(t, slate_objects_live(&world.objects) == 0);
	world_close(t);
}

static void new_var_counts_its_items(struct ktap *t)
{
	struct text *text;

	world_open(t);
	text = slate_object_new_var(&world.objects, &text_type, 21);
	ktap_expect(t, text && text->length == 21);
	ktap_expect(t, test_all(text->bytes, 21, 0));
	ktap_expect(t, slate_object_size(&text->base) ==
		       offsetof(struct text, bytes) + 21);
	slate_decref(&world.objects, &text->base);
	text = slate_object_new_var(&world.objects, &text_type, 0);
	ktap_expect(t, text && text->length == 0);
	slate_decref(&world.objects, &text->base);
	world_close(t);
}

static void new_var_refuses_what_overflows(struct ktap *t)
{
	const size_t sizes[] = {
		SIZE_MAX, SIZE_MAX / 24, SIZE_MAX / 24 + 1,
		SIZE_MAX - sizeof(struct slate_object),
		SIZE_MAX / 2, (SIZE_MAX - sizeof(struct slate_object)) / 24 + 1,
	};
	size_t i;

	world_open(t);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ktap_expect(t, !slate_object_new_var(&world.objects,
						     &wide_type, sizes[i]));
		ktap_expect(t, !slate_object_new_var(&world.objects,
						     &text_type, sizes[i]));
	}
	world_close(t);
}

static void uncleared_type_keeps_what_was_there(struct ktap *t)
{
	struct slate_object *obj;
	unsigned char *p;

	world_open(t);
	p = slate_obj_malloc(world.heap, 40);
	memset(p, 0x5a, 40);
	slate_obj_free(world.heap, p);
	obj = slate_object_new_var(&world.objects, &bare_type,
				   40 - sizeof(*obj));
	ktap_expect(t, obj && !test_all(obj + 1, 40 - sizeof(*obj), 0));
	slate_decref(&world.objects, obj);
	world_close(t);
}

static void init_makes_an_object_of_memory(struct ktap *t)
{
	static _Alignas(16) struct slate_object placed;

	world_open(t);
	nfreed = 0;
	ktap_expect(t, slate_object_init(&world.objects, &placed,
					 &placed_type) == &placed);
	ktap_expect(t, !slate_object_init(&world.objects, NULL,
					  &placed_type));
	ktap_expect(t, slate_objects_live(&world.objects) == 1);
	ktap_expect(t, slate_object_block_size(&world.objects, &placed) == 0);
	slate_decref(&world.objects, &placed);
	ktap_expect(t, nfreed == 1);
	world_close(t);
}

static void one_drop_too_many_is_reported(struct ktap *t)
{
	static _Alignas(16) struct slate_object placed;

	world_open(t);
	slate_object_init(&world.objects, &placed, &placed_type);
	slate_decref(&world.objects, &placed);
	slate_decref(&world.objects, &placed);
	ktap_expect(t, faults_one(SLATE_FAULT_REFCOUNT, world.heap, &placed));
	(slate_decref)(&world.objects, &placed);
	ktap_expect(t, faults_one(SLATE_FAULT_REFCOUNT, world.heap, &placed));
	world_close(t);
}

static void resize_keeps_the_items(struct ktap *t)
{
	struct text *text;
	struct text *moved;

	world_open(t);
	text = slate_object_new_var(&world.objects, &text_type, 10);
	test_fill(text->bytes, 10, 3);
	moved = slate_object_resize_var(&world.objects, &text->base, 200);
	ktap_expect(t, moved && moved->length == 200);
	ktap_expect(t, test_filled(moved->bytes, 10, 3));
	text = slate_object_resize_var(&world.objects, &moved->base, 4);
	ktap_expect(t, text && text->length == 4);
	ktap_expect(t, test_filled(text->bytes, 4, 3));
	slate_decref(&world.objects, &text->base);
	world_close(t);
}

static void resize_refuses_what_it_cannot_move(struct ktap *t)
{
	static _Alignas(16) struct slate_object placed;
	struct slate_objects *objects = &world.objects;
	struct slate_weakref *ref;
	struct slate_object *leaf;
	struct text *text;

	world_open(t);
	text = slate_object_new_var(objects, &text_type, 10);
	slate_incref(&text->base);
	ktap_expect(t, !slate_object_resize_var(objects, &text->base, 20));
	slate_decref(objects, &text->base);
	ktap_expect(t, !slate_object_resize_var(objects, &text->base,
						SIZE_MAX));
	ktap_expect(t, !slate_object_resize_var(objects, &text->base,
						TEST_HEAP));
	ktap_expect(t, text->length == 10);
	slate_decref(objects, &text->base);
	slate_object_init(objects, &placed, &placed_type);
	ktap_expect(t, !slate_object_resize_var(objects, &placed, 1));
	slate_decref(objects, &placed);
	leaf = obj_of_leaf(leaf_new(1));
	ktap_expect(t, !slate_object_resize_var(objects, leaf, 1));
	slate_decref(objects, leaf);
	leaf = slate_object_new_var(objects, &weak_list_type, 1);
	ref = slate_weakref_new(objects, leaf, NULL, NULL);
	ktap_expect(t, !slate_object_resize_var(objects, leaf, 2));
	slate_decref(objects, &ref->gc.base);
	leaf = slate_object_resize_var(objects, leaf, 2);
	ktap_expect(t, leaf && slate_weakref_count(leaf) == 0);
	slate_decref(objects, leaf);
	leaf = slate_object_new_var(objects, &tracked_list_type, 1);
	ktap_expect(t, !slate_object_resize_var(objects, leaf, 2));
	slate_gc_untrack(&world.gc, leaf);
	leaf = slate_object_resize_var(objects, leaf, 2);
	ktap_expect(t, leaf);
	slate_decref(objects, leaf);
	world_close(t);
}

/* Without one, objects of collected types go by their counts alone. */
static void objects_go_without_a_collector(struct ktap *t)
{
	struct node *a;
	struct node *b;

	world_open(t);
	slate_objects_init(&world.objects, world.heap);
	a = node_new(1);
	b = node_new(2);
	node_link(a, b);
	ktap_expect(t, !slate_gc_is_tracked(obj_of_node(a)));
	ktap_expect(t, slate_object_deep_size(&world.objects,
			obj_of_node(a)) == 2 * sizeof(struct node));
	ktap_expect(t, !slate_objects_reclaim(&world.objects));
	ktap_expect(t, !slate_object_new_var(&world.objects, &text_type,
					     TEST_HEAP));
	node_drop(b);
	node_drop(a);
	ktap_expect(t, world.deallocs == 2);
	world_close(t);
}

static void objects_end_with_their_heap(struct ktap *t)
{
	world_open(t);
	node_cycle(3, true);
	slate_heap_destroy(world.heap);
	ktap_expect(t, world.finalized == 0 && world.deallocs == 0);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(header_is_two_words_and_four_when_collected),
	KTAP_CASE(new_object_is_zero_and_has_one_reference),
	KTAP_CASE(new_object_without_memory_is_null),
	KTAP_CASE(new_var_counts_its_items),
	KTAP_CASE(new_var_refuses_what_overflows),
	KTAP_CASE(uncleared_type_keeps_what_was_there),
	KTAP_CASE(init_makes_an_object_of_memory),
	KTAP_CASE(one_drop_too_many_is_reported),
	KTAP_CASE(resize_keeps_the_items),
	KTAP_CASE(resize_refuses_what_it_cannot_move),
	KTAP_CASE(objects_go_without_a_collector),
	KTAP_CASE(objects_end_with_their_heap),
};

KTAP_SUITE(slate_object, cases);
