// SPDX-License-Identifier: MIT
/*
 * The end of objects: finalizers, resurrection, chains of any length in
 * bounded stack.
 */
#include "objects.h"

static void keep(struct slate_objects *objects, struct slate_object *obj)
{
	(void)objects;
	slate_incref(obj);
	world.keep = obj;
}

static void finalizer_runs_once(struct ktap *t)
{
	struct slate_object *obj;

	world_open(t);
	world.finalizer = keep;
	obj = slate_object_new(&world.objects, &final_leaf_type);
	ktap_expect(t, !slate_object_is_finalized(obj));
	slate_decref(&world.objects, obj);
	ktap_expect(t, world.finalized == 1 && world.deallocs == 0);
	ktap_expect(t, world.keep == obj && slate_object_is_finalized(obj));
	ktap_expect(t, slate_object_refs(obj) == 1);
	slate_clear_ref(&world.objects, &world.keep);
	ktap_expect(t, world.finalized == 1 && world.deallocs == 1);
	world_close(t);
}

static void resurrected_object_stays_tracked(struct ktap *t)
{
	struct node *node;

	world_open(t);
	world.finalizer = keep;
	node = final_node_new(1);
	node_link(node, node);
	slate_clear_ref(&world.objects, &node->ref[0]);
	node_drop(node);
	ktap_expect(t, world.keep == obj_of_node(node));
	ktap_expect(t, slate_gc_is_tracked(world.keep));
	node_link(node, node);
	slate_clear_ref(&world.objects, &world.keep);
	ktap_expect(t, slate_gc_collect(&world.gc, SLATE_GC_FULL) == 1);
	ktap_expect(t, world.finalized == 1 && world.deallocs == 1);
	world_close(t);
}

/* Takes and drops references to the object itself, and makes another. */
static void busy(struct slate_objects *objects, struct slate_object *obj)
{
	slate_incref(obj);
	slate_incref(obj);
	leaf_drop(leaf_new(7));
	slate_decref(objects, obj);
	slate_decref(objects, obj);
	world_log(slate_object_refs(obj) == 1);
}

static void finalizer_may_count_and_make_objects(struct ktap *t)
{
	struct slate_object *obj;

	world_open(t);
	world.finalizer = busy;
	obj = slate_object_new(&world.objects, &final_leaf_type);
	slate_decref(&world.objects, obj);
	ktap_expect(t, world_logged("1") && world.deallocs == 2);
	world_close(t);
}

/* A dealloc that counts the object that it ends. */
static void counting_dealloc(struct slate_objects *objects,
			     struct slate_object *obj)
{
	slate_incref(obj);
	slate_decref(objects, obj);
	slate_decref(objects, obj);
	world.deallocs++;
}

static void counting_in_dealloc_is_harmless(struct ktap *t)
{
	static const struct slate_type type = {
		.name = "counting",
		.size = sizeof(struct slate_object),
		.dealloc = counting_dealloc,
	};

	world_open(t);
	slate_decref(&world.objects,
		     slate_object_new(&world.objects, &type));
	ktap_expect(t, world.deallocs == 1);
	world_close(t);
}

static void untracking_dealloc(struct slate_objects *objects,
			       struct slate_object *obj)
{
	slate_gc_untrack(objects->gc, obj);
	world.deallocs++;
}

/* As CPython's deallocs have to. */
static void dealloc_may_untrack(struct ktap *t)
{
	struct slate_type type = node_type;
	struct node *nodes[3];
	unsigned int i;

	world_open(t);
	type.dealloc = untracking_dealloc;
	for (i = 0; i < 3; i++)
		nodes[i] = slate_object_new(&world.objects, &type);
	slate_decref(&world.objects, obj_of_node(nodes[1]));
	slate_decref(&world.objects, obj_of_node(nodes[0]));
	slate_decref(&world.objects, obj_of_node(nodes[2]));
	ktap_expect(t, world.deallocs == 3);
	world_close(t);
}

static void clear_stands_in_for_dealloc(struct ktap *t)
{
	struct slate_type type = node_type;
	struct node *node;

	world_open(t);
	type.dealloc = NULL;
	node = slate_object_new(&world.objects, &type);
	slate_move_ref(&world.objects, &node->ref[0], obj_of_leaf(leaf_new(1)));
	node_drop(node);
	ktap_expect(t, world.cleared == 1 && world.deallocs == 1);
	world_close(t);
}

/* Links of a chain, collected or not; the stack that their deallocs take. */
struct link {
	struct slate_object base;
	struct slate_object *next;
};

static uintptr_t lowest;
static uintptr_t highest;

static void measure_stack(void)
{
	volatile unsigned char here = 0;
	uintptr_t at = (uintptr_t)&here;

	if (!lowest || at < lowest)
		lowest = at;
	if (at > highest)
		highest = at;
}

static void link_dealloc(struct slate_objects *objects,
			 struct slate_object *obj)
{
	struct link *link = SLATE_CONTAINER_OF(obj, struct link, base);

	measure_stack();
	world.deallocs++;
	slate_clear_ref(objects, &link->next);
}

static const struct slate_type link_type = {
	.name = "link",
	.size = sizeof(struct link),
	.dealloc = link_dealloc,
};

/* As many links as there is memory for, but at most @most; how many. */
static unsigned int make_chain(struct slate_object **head, unsigned int most)
{
	unsigned int n = 0;
	struct link *link;

	*head = NULL;
	while (n < most) {
		link = slate_object_new(&world.objects, &link_type);
		if (!link)
			break;
		link->next = *head;
		*head = &link->base;
		n++;
	}
	return n;
}

static void expect_little_stack(struct ktap *t)
{
	const size_t most = (size_t)SLATE_CONFIG_OBJECT_DEPTH *
			    (sizeof(void *) == 8 ? 1024 : 256);

	ktap_expect(t, highest - lowest < most);
	lowest = 0;
	highest = 0;
}

static void long_chain_ends_in_little_stack(struct ktap *t)
{
	struct slate_object *head;
	unsigned int n;

	world_open(t);
	n = make_chain(&head, 1000000);
	ktap_expect(t, n > SLATE_CONFIG_OBJECT_DEPTH * 4);
	slate_clear_ref(&world.objects, &head);
	ktap_expect(t, world.deallocs == n);
	expect_little_stack(t);
	world_close(t);
}

static void million_deep_chain_ends_in_little_stack(struct ktap *t)
{
	struct slate_object *head;
	unsigned int n;

	world_open(t);
	if (!SLATE_CONFIG_SOURCE || !slate_port_source() ||
	    SLATE_CONFIG_CHECK > 3) {
		t->skip = "no memory or no time for a million objects";
		return;
	}
	ktap_expect(t, slate_heap_set_source(world.heap,
					     slate_port_source()) == 0);
	n = make_chain(&head, 1000000);
	ktap_expect(t, n == 1000000);
	slate_clear_ref(&world.objects, &head);
	ktap_expect(t, world.deallocs == n);
	expect_little_stack(t);
	slate_heap_destroy(world.heap);
}

/* The end of a cycle that is a long chain, with finalizers. */
static void long_cycle_ends_in_little_stack(struct ktap *t)
{
	struct node *first;
	struct node *last;
	struct node *node;
	unsigned int n = 1;

	world_open(t);
	first = final_node_new(0);
	last = first;
	while (n < 10000 && (node = final_node_new(n))) {
		slate_move_ref(&world.objects, &last->ref[0],
			       obj_of_node(node));
		last = node;
		n++;
	}
	slate_move_ref(&world.objects, &last->ref[0], obj_of_node(first));
	ktap_expect(t, n > 20);
	ktap_expect(t, slate_gc_collect(&world.gc, SLATE_GC_FULL) ==
		       (ptrdiff_t)n);
	ktap_expect(t, world.deallocs == n && world.finalized == n);
	world_close(t);
}

static unsigned int nested;
static unsigned int deepest;

static void nesting_dealloc(struct slate_objects *objects,
			    struct slate_object *obj)
{
	struct link *link = SLATE_CONTAINER_OF(obj, struct link, base);

	nested++;
	if (nested > deepest)
		deepest = nested;
	slate_clear_ref(objects, &link->next);
	nested--;
}

static void deallocs_nest_as_deep_as_configured(struct ktap *t)
{
	static const struct slate_type type = {
		.name = "nesting",
		.size = sizeof(struct link),
		.dealloc = nesting_dealloc,
	};
	struct slate_object *head = NULL;
	unsigned int i;

	world_open(t);
	nested = 0;
	deepest = 0;
	for (i = 0; i < 20; i++) {
		struct link *link = slate_object_new(&world.objects, &type);

		link->next = head;
		head = &link->base;
	}
	slate_clear_ref(&world.objects, &head);
	ktap_expect(t, deepest == SLATE_CONFIG_OBJECT_DEPTH);
	world_close(t);
}

/* Waiting objects are finalized, and may be resurrected, too. */
static void waiting_object_may_be_resurrected(struct ktap *t)
{
	struct slate_object *head;
	struct slate_object *last;
	struct link *link;

	world_open(t);
	world.finalizer = keep;
	make_chain(&head, SLATE_CONFIG_OBJECT_DEPTH + 1);
	link = SLATE_CONTAINER_OF(head, struct link, base);
	while (link->next)
		link = SLATE_CONTAINER_OF(link->next, struct link, base);
	last = obj_of_node(final_node_new(1));
	link->next = last;
	slate_clear_ref(&world.objects, &head);
	ktap_expect(t, world.keep == last && slate_object_refs(last) == 1);
	ktap_expect(t, slate_gc_is_tracked(last));
	slate_clear_ref(&world.objects, &world.keep);
	ktap_expect(t, world.finalized == 1);
	world_close(t);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(finalizer_runs_once),
	KTAP_CASE(resurrected_object_stays_tracked),
	KTAP_CASE(finalizer_may_count_and_make_objects),
	KTAP_CASE(counting_in_dealloc_is_harmless),
	KTAP_CASE(dealloc_may_untrack),
	KTAP_CASE(clear_stands_in_for_dealloc),
	KTAP_CASE(long_chain_ends_in_little_stack),
	KTAP_CASE(million_deep_chain_ends_in_little_stack),
	KTAP_CASE(long_cycle_ends_in_little_stack),
	KTAP_CASE(deallocs_nest_as_deep_as_configured),
	KTAP_CASE(waiting_object_may_be_resurrected),
};

KTAP_SUITE(slate_object_end, cases);
