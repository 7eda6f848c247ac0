// SPDX-License-Identifier: MIT
/* Objects and their counts: what makes them, what can be asked of them. */
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

/* In flash, where there is one. */
struct number {
	struct slate_object base;
	int value;
};

static const struct slate_type number_type = {
	.name = "number",
	.size = sizeof(struct number),
};

static const struct number seven = { SLATE_OBJECT_STATIC(&number_type), 7 };

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

static void object_ends_with_its_last_reference(struct ktap *t)
{
	struct slate_object *obj;
	unsigned int i;

	world_open(t);
	obj = obj_of_leaf(leaf_new(1));
	for (i = 0; i < 100; i++)
		slate_incref(obj);
	(slate_incref)(obj);
	slate_xincref(obj);
	slate_xincref(NULL);
	ktap_expect(t, slate_newref(obj) == obj && !slate_newref(NULL));
	ktap_expect(t, slate_object_refs(obj) == 104);
	slate_xdecref(&world.objects, obj);
	slate_xdecref(&world.objects, NULL);
	(slate_decref)(&world.objects, obj);
	for (i = 0; i < 101; i++)
		slate_decref(&world.objects, obj);
	ktap_expect(t, world.deallocs == 0);
	slate_decref(&world.objects, obj);
	ktap_expect(t, world.deallocs == 1);
	world_close(t);
}

static void static_object_is_never_written(struct ktap *t)
{
	struct slate_object *obj = (struct slate_object *)(uintptr_t)&seven;
	unsigned int i;

	world_open(t);
	for (i = 0; i < 10; i++)
		slate_decref(&world.objects, obj);
	for (i = 0; i < 10; i++)
		slate_incref(obj);
	slate_object_make_immortal(obj);
	ktap_expect(t, slate_object_is_immortal(obj));
	ktap_expect(t, slate_object_refs(obj) == SIZE_MAX);
	ktap_expect(t, slate_object_deep_size(&world.objects, obj) == 0);
	ktap_expect(t, seven.base.refs == SLATE_REF_IMMORTAL);
	world_close(t);
}

static void overflowing_count_stays(struct ktap *t)
{
	struct slate_object *obj;
	unsigned int i;

	world_open(t);
	obj = obj_of_leaf(leaf_new(1));
	obj->refs = ((uintptr_t)1 << (SLATE_WORD_BITS - 1)) - SLATE_REF_ONE;
	ktap_expect(t, !slate_object_is_immortal(obj));
	slate_decref(&world.objects, obj);
	slate_incref(obj);
	ktap_expect(t, !slate_object_is_immortal(obj));
	slate_incref(obj);
	ktap_expect(t, slate_object_is_immortal(obj));
	for (i = 0; i < 5; i++)
		slate_decref(&world.objects, obj);
	ktap_expect(t, slate_object_is_immortal(obj));
	ktap_expect(t, slate_object_refs(obj) == SIZE_MAX);
	obj->refs = SLATE_REF_ONE;
	slate_decref(&world.objects, obj);
	world_close(t);
}

static void immortal_object_outlives_its_references(struct ktap *t)
{
	struct slate_object *obj;

	world_open(t);
	obj = obj_of_leaf(leaf_new(1));
	slate_object_make_immortal(obj);
	slate_decref(&world.objects, obj);
	slate_decref(&world.objects, obj);
	ktap_expect(t, world.deallocs == 0);
	ktap_expect(t, slate_object_block_size(&world.objects, obj) == 0);
	obj->refs = SLATE_REF_ONE;
	slate_decref(&world.objects, obj);
	world_close(t);
}

static struct slate_object *slot;

/* The setters store before they drop. */
static void sees_no_dead_object(struct slate_objects *objects,
				struct slate_object *obj)
{
	(void)objects;
	world_log(slot != obj);
}

static void setters_store_before_they_drop(struct ktap *t)
{
	struct slate_object *old;
	struct slate_object *new;

	world_open(t);
	world.finalizer = sees_no_dead_object;
	old = slate_object_new(&world.objects, &final_leaf_type);
	new = obj_of_leaf(leaf_new(1));
	slot = old;
	slate_set_ref(&world.objects, &slot, new);
	ktap_expect(t, slot == new && slate_object_refs(new) == 2);
	slate_move_ref(&world.objects, &slot,
		       slate_object_new(&world.objects, &final_leaf_type));
	ktap_expect(t, slate_object_refs(new) == 1);
	slate_move_ref(&world.objects, &slot, new);
	slate_set_ref(&world.objects, &slot,
		      slate_object_new(&world.objects, &final_leaf_type));
	slate_decref(&world.objects, slot);
	slate_clear_ref(&world.objects, &slot);
	slate_clear_ref(&world.objects, &slot);
	ktap_expect(t, !slot && world_logged("111"));
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
	KTAP_CASE(object_ends_with_its_last_reference),
	KTAP_CASE(static_object_is_never_written),
	KTAP_CASE(overflowing_count_stays),
	KTAP_CASE(immortal_object_outlives_its_references),
	KTAP_CASE(setters_store_before_they_drop),
	KTAP_CASE(resize_keeps_the_items),
	KTAP_CASE(resize_refuses_what_it_cannot_move),
	KTAP_CASE(tracer_hears_of_every_object),
	KTAP_CASE(size_counts_header_items_and_buffers),
	KTAP_CASE(deep_size_counts_each_object_once),
	KTAP_CASE(deep_size_leaves_the_lists_whole),
	KTAP_CASE(walk_finds_live_objects_by_type),
	KTAP_CASE(objects_go_without_a_collector),
	KTAP_CASE(objects_end_with_their_heap),
};

KTAP_SUITE(slate_object, cases);
