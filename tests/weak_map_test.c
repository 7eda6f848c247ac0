// SPDX-License-Identifier: MIT
/* The weak map: against a plain array, and what it refuses. */
#include "objects.h"

#define PLACES	8

static struct slate_weak_entry entries[PLACES];
static struct slate_weak_map map;

static void open_map(struct ktap *t)
{
	world_open(t);
	ktap_expect(t, slate_weak_map_init(&map, &world.objects, entries,
					   PLACES) == 0);
}

static void close_map(struct ktap *t)
{
	slate_weak_map_clear(&map);
	world_close(t);
}

static int set(uintptr_t key, struct leaf *leaf)
{
	return slate_weak_map_set(&map, key, obj_of_leaf(leaf));
}

/* The number of the object that a key gives, or 0. */
static unsigned int get(uintptr_t key)
{
	struct slate_object *obj = slate_weak_map_get(&map, key);
	unsigned int id = 0;

	if (obj)
		id = SLATE_CONTAINER_OF(obj, struct leaf, base)->id;
	slate_xdecref(&world.objects, obj);
	return id;
}

static void map_wants_a_power_of_two(struct ktap *t)
{
	world_open(t);
	ktap_expect(t, slate_weak_map_init(&map, &world.objects, entries, 0) ==
		       -SLATE_EINVAL);
	ktap_expect(t, slate_weak_map_init(&map, &world.objects, entries, 6) ==
		       -SLATE_EINVAL);
	ktap_expect(t, slate_weak_map_init(&map, &world.objects, entries, 1) ==
		       0);
	world_close(t);
}

static void map_gives_what_is_alive(struct ktap *t)
{
	struct leaf *a;
	struct leaf *b;

	open_map(t);
	a = leaf_new(1);
	b = leaf_new(2);
	ktap_expect(t, set(10, a) == 0 && set(20, b) == 0);
	ktap_expect(t, get(10) == 1 && get(20) == 2 && get(30) == 0);
	ktap_expect(t, slate_weak_map_live(&map) == 2);
	ktap_expect(t, set(10, b) == 0 && get(10) == 2);
	leaf_drop(a);
	leaf_drop(b);
	ktap_expect(t, get(10) == 0 && get(20) == 0);
	ktap_expect(t, slate_weak_map_live(&map) == 0);
	close_map(t);
}

static void full_map_refuses_until_something_has_gone(struct ktap *t)
{
	struct leaf *leaves[PLACES];
	struct leaf *more;
	unsigned int i;

	open_map(t);
	for (i = 0; i < PLACES; i++) {
		leaves[i] = leaf_new(i + 1);
		ktap_expect(t, set(i * 3, leaves[i]) == 0);
	}
	more = leaf_new(9);
	ktap_expect(t, set(100, more) == -SLATE_ENOSPC);
	ktap_expect(t, slate_weakref_count(obj_of_leaf(more)) == 0);
	ktap_expect(t, set(6, more) == 0 && get(6) == 9);
	leaf_drop(leaves[5]);
	ktap_expect(t, set(100, more) == 0 && get(100) == 9);
	for (i = 0; i < PLACES; i++) {
		if (i != 5)
			leaf_drop(leaves[i]);
	}
	leaf_drop(more);
	ktap_expect(t, slate_weak_map_live(&map) == 0);
	close_map(t);
}

static void map_refuses_what_cannot_be_weak(struct ktap *t)
{
	static const struct slate_type type = {
		.name = "slotless",
		.size = sizeof(struct slate_object),
	};
	struct slate_object *obj;
	struct leaf *leaf;

	open_map(t);
	obj = slate_object_new(&world.objects, &type);
	ktap_expect(t, slate_weak_map_set(&map, 1, obj) == -SLATE_EINVAL);
	slate_decref(&world.objects, obj);
	leaf = leaf_new(1);
	slate_object_make_immortal(obj_of_leaf(leaf));
	ktap_expect(t, set(1, leaf) == -SLATE_EINVAL);
	leaf->base.refs = SLATE_REF_ONE;
	ktap_expect(t, set(1, leaf) == 0);
	leaf_drop(leaf);
	leaf = leaf_new(2);
	while (slate_raw_malloc(world.heap, 1))
		continue;
	ktap_expect(t, set(2, leaf) == -SLATE_ENOMEM && get(2) == 0);
	slate_heap_destroy(world.heap);
}

static void random_calls_agree_with_an_array(struct ktap *t)
{
	struct leaf *have[PLACES * 2] = { NULL };
	unsigned int n = 0;
	unsigned int i;

	open_map(t);
	for (i = 0; i < 2000 && !t->failures; i++) {
		unsigned int key = test_below(PLACES * 2);

		ktap_expect(t, get(key * 17) == (have[key] ? key + 1 : 0));
		if (!have[key] && n < PLACES) {
			have[key] = leaf_new(key + 1);
			ktap_expect(t, set(key * 17, have[key]) == 0);
			n++;
		} else if (have[key]) {
			if (test_below(2))
				slate_weak_map_remove(&map, key * 17);
			leaf_drop(have[key]);
			have[key] = NULL;
			n--;
		} else {
			slate_weak_map_remove(&map, key * 17);
		}
		ktap_expect(t, slate_weak_map_live(&map) == n);
	}
	for (i = 0; i < PLACES * 2; i++) {
		if (have[i])
			leaf_drop(have[i]);
	}
	close_map(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(map_wants_a_power_of_two),
	KTAP_CASE(map_gives_what_is_alive),
	KTAP_CASE(full_map_refuses_until_something_has_gone),
	KTAP_CASE(map_refuses_what_cannot_be_weak),
	KTAP_CASE(random_calls_agree_with_an_array),
};

KTAP_SUITE(slate_weak_map, cases);
