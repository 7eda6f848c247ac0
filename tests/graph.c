// SPDX-License-Identifier: MIT
#include "graph.h"

struct graph graph;

static struct vertex *vertex_of(struct slate_object *obj)
{
	return SLATE_CONTAINER_OF(obj, struct vertex, gc.base);
}

static int vertex_traverse(struct slate_object *obj, slate_visit_fn visit,
			   void *arg)
{
	struct vertex *vertex = vertex_of(obj);
	int result = slate_visit(vertex->ref[0], visit, arg);

	return result ? result : slate_visit(vertex->ref[1], visit, arg);
}

static void vertex_clear(struct slate_objects *objects,
			 struct slate_object *obj)
{
	slate_clear_ref(objects, &vertex_of(obj)->ref[0]);
	slate_clear_ref(objects, &vertex_of(obj)->ref[1]);
}

static void vertex_dealloc(struct slate_objects *objects,
			   struct slate_object *obj)
{
	graph.v[vertex_of(obj)->id].died = true;
	vertex_clear(objects, obj);
}

static void vertex_finalize(struct slate_objects *objects,
			    struct slate_object *obj)
{
	struct vertex *vertex = vertex_of(obj);
	struct graph_vertex *v = &graph.v[vertex->id];

	v->ran = true;
	if (v->act == GRAPH_STAY)
		slate_incref(obj);
	else if (v->act == GRAPH_BREAK)
		slate_clear_ref(objects, &vertex->ref[0]);
}

static const struct slate_type plain_type = {
	.name = "vertex",
	.size = sizeof(struct vertex),
	.weak_offset = offsetof(struct vertex, weak),
	.flags = SLATE_TYPE_COLLECTED,
	.dealloc = vertex_dealloc,
	.traverse = vertex_traverse,
	.clear = vertex_clear,
};

static const struct slate_type final_type = {
	.name = "vertex with finalizer",
	.size = sizeof(struct vertex),
	.weak_offset = offsetof(struct vertex, weak),
	.flags = SLATE_TYPE_COLLECTED,
	.dealloc = vertex_dealloc,
	.traverse = vertex_traverse,
	.clear = vertex_clear,
	.finalize = vertex_finalize,
};

void graph_start(void)
{
	static const struct graph none;

	graph = none;
}

/* The model of before the call that is being compared. */
static struct graph before;

/* All has happened as the model says; and forget what did. */
static void compare(struct ktap *t)
{
	unsigned int i;

	for (i = 0; i < GRAPH_MOST; i++) {
		struct graph_vertex *v = &graph.v[i];
		bool died = before.v[i].ptr && !v->ptr;
		bool ran = v->finalized && !before.v[i].finalized;

		ktap_expect(t, v->died == died);
		ktap_expect(t, v->ran == ran);
		v->died = false;
		v->ran = false;
	}
	ktap_expect(t, faults_none());
}

static void begin(void)
{
	before = graph;
}

static void settle(struct ktap *t)
{
	graph_model_settle();
	compare(t);
}

static size_t collections(void)
{
	struct slate_gc_totals stats;

	if (slate_gc_stats(&world.gc, SLATE_GC_FULL, &stats))
		return 0;
	return stats.collections;
}

/* A collection may have run inside a call, of all but what is frozen. */
static void follow_since(struct ktap *t, size_t n)
{
	if (collections() == n)
		return;
	if (graph.frozen)
		graph_model_follow(t);
	else
		graph_model_collect(t, -1);
}

void graph_make(struct ktap *t, unsigned int i, enum graph_act act)
{
	const struct slate_type *type = act == GRAPH_PLAIN ? &plain_type :
					&final_type;
	struct graph_vertex *v = &graph.v[i];
	size_t n = collections();
	struct vertex *vertex;

	begin();
	vertex = slate_object_new(&world.objects, type);
	follow_since(t, n);
	settle(t);
	if (!vertex)
		return;
	vertex->id = i;
	v->ptr = vertex;
	v->edge[0] = -1;
	v->edge[1] = -1;
	v->outside = 1;
	v->act = (unsigned char)act;
	v->finalized = false;
	v->weak_dead = false;
}

void graph_take(struct ktap *t, unsigned int i)
{
	begin();
	slate_incref(&graph.v[i].ptr->gc.base);
	graph.v[i].outside++;
	settle(t);
}

void graph_give(struct ktap *t, unsigned int i)
{
	begin();
	slate_decref(&world.objects, &graph.v[i].ptr->gc.base);
	graph.v[i].outside--;
	settle(t);
}

void graph_connect(struct ktap *t, unsigned int i, unsigned int edge, int to)
{
	struct graph_vertex *v = &graph.v[i];

	begin();
	if (to < 0)
		slate_clear_ref(&world.objects, &v->ptr->ref[edge]);
	else
		slate_set_ref(&world.objects, &v->ptr->ref[edge],
			      &graph.v[to].ptr->gc.base);
	v->edge[edge] = (signed char)to;
	settle(t);
}

static void on_gone(struct slate_objects *objects, struct slate_weakref *ref,
		    struct slate_object *arg)
{
	unsigned int i;

	(void)objects;
	(void)arg;
	for (i = 0; i < GRAPH_MOST; i++) {
		if (graph.v[i].weak == ref)
			graph.v[i].called = true;
	}
}

void graph_weaken(struct ktap *t, unsigned int i, bool with_callback)
{
	struct graph_vertex *v = &graph.v[i];
	size_t n = collections();
	struct slate_weakref *ref;

	begin();
	/* So that it stays, if making the reference collects. */
	slate_incref(&v->ptr->gc.base);
	v->outside++;
	ref = slate_weakref_new(&world.objects, &v->ptr->gc.base,
				with_callback ? on_gone : NULL, NULL);
	follow_since(t, n);
	v->weak = ref;
	v->weak_dead = false;
	v->called = false;
	settle(t);
	graph_give(t, i);
}

static bool has_callback(const struct slate_weakref *ref)
{
	return ref->gc.base.type == &slate_weakref_callback_type;
}

/* Is the weak reference alive as long as it should be, and no longer? */
void graph_look(struct ktap *t, unsigned int i)
{
	struct graph_vertex *v = &graph.v[i];
	struct slate_object *obj = slate_weakref_get(v->weak);

	ktap_expect(t, obj == (v->weak_dead ? NULL : &v->ptr->gc.base));
	ktap_expect(t, v->called == (v->weak_dead && has_callback(v->weak)));
	if (obj)
		graph_take(t, i);
	slate_xdecref(&world.objects, obj);
	if (obj)
		graph_give(t, i);
}

void graph_drop_weak(struct ktap *t, unsigned int i)
{
	graph_look(t, i);
	begin();
	slate_decref(&world.objects, &graph.v[i].weak->gc.base);
	graph.v[i].weak = NULL;
	settle(t);
}

void graph_collect(struct ktap *t, unsigned int generation)
{
	bool is_full = generation == SLATE_GC_FULL && !graph.frozen;
	ptrdiff_t found;

	begin();
	found = slate_gc_collect(&world.gc, generation);
	ktap_expect(t, found >= 0);
	if (is_full)
		graph_model_collect(t, found);
	else
		graph_model_follow(t);
	settle(t);
}

void graph_poll(struct ktap *t)
{
	begin();
	ktap_expect(t, slate_gc_poll(&world.gc) >= 0);
	graph_model_follow(t);
	settle(t);
}

static void check_vertex(struct ktap *t, unsigned int i)
{
	const struct graph_vertex *v = &graph.v[i];
	const struct vertex *vertex = v->ptr;
	unsigned int k;

	ktap_expect(t, vertex->id == i);
	ktap_expect(t,
		    slate_object_refs(&vertex->gc.base) == graph_count_of(i));
	ktap_expect(t, slate_gc_is_tracked(&vertex->gc.base));
	ktap_expect(t,
		    slate_object_is_finalized(&vertex->gc.base) ==
			    v->finalized);
	for (k = 0; k < GRAPH_EDGES; k++) {
		const struct slate_object *to = v->edge[k] < 0 ? NULL :
					&graph.v[v->edge[k]].ptr->gc.base;

		ktap_expect(t, vertex->ref[k] == to);
	}
}

void graph_check(struct ktap *t)
{
	size_t live = 0;
	unsigned int i;

	for (i = 0; i < GRAPH_MOST; i++) {
		live += graph.v[i].weak != NULL;
		if (!graph.v[i].ptr)
			continue;
		live++;
		check_vertex(t, i);
	}
	ktap_expect(t, slate_objects_live(&world.objects) == live);
	ktap_expect(t, slate_heap_valid(world.heap));
}

static void give_all(struct ktap *t)
{
	unsigned int i;

	for (i = 0; i < GRAPH_MOST; i++) {
		while (graph.v[i].ptr && graph.v[i].outside)
			graph_give(t, i);
	}
}

void graph_finish(struct ktap *t)
{
	unsigned int i;

	slate_gc_unfreeze(&world.gc);
	graph.frozen = false;
	for (i = 0; i < GRAPH_MOST; i++) {
		if (graph.v[i].weak)
			graph_drop_weak(t, i);
	}
	/* Each time finalizers may bring one back that keeps others. */
	for (i = 0; i <= GRAPH_MOST; i++) {
		give_all(t);
		graph_collect(t, SLATE_GC_FULL);
	}
	graph_check(t);
}
