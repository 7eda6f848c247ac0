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

/* The model's references to an object. */
static unsigned int count_of(unsigned int i)
{
	unsigned int n = graph.v[i].outside;
	unsigned int j;

	for (j = 0; j < GRAPH_MOST; j++) {
		if (!graph.v[j].ptr)
			continue;
		n += graph.v[j].edge[0] == (int)i;
		n += graph.v[j].edge[1] == (int)i;
	}
	return n;
}

static void model_finalize(struct graph_vertex *v)
{
	v->finalized = true;
	v->outside += v->act == GRAPH_STAY;
	if (v->act == GRAPH_BREAK)
		v->edge[0] = -1;
}

static void model_kill(struct graph_vertex *v)
{
	v->ptr = NULL;
	v->weak_dead = true;
}

/* One whose count is 0 is finalized or goes; until there is none. */
static void model_settle(void)
{
	bool changed = true;
	unsigned int i;

	while (changed) {
		changed = false;
		for (i = 0; i < GRAPH_MOST; i++) {
			struct graph_vertex *v = &graph.v[i];

			if (!v->ptr || count_of(i))
				continue;
			if (v->act != GRAPH_PLAIN && !v->finalized)
				model_finalize(v);
			else
				model_kill(v);
			changed = true;
		}
	}
}

/* Mark what can be reached from outside. */
static void model_reach(bool *reached)
{
	bool changed = true;
	unsigned int i;
	unsigned int k;

	for (i = 0; i < GRAPH_MOST; i++)
		reached[i] = graph.v[i].ptr && graph.v[i].outside;
	while (changed) {
		changed = false;
		for (i = 0; i < GRAPH_MOST; i++) {
			for (k = 0; reached[i] && k < GRAPH_EDGES; k++) {
				int to = graph.v[i].edge[k];

				if (to < 0 || reached[to])
					continue;
				reached[to] = true;
				changed = true;
			}
		}
	}
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
	model_settle();
	compare(t);
}

/* A full collection has run; @found objects, or -1 if that is not known. */
static void model_collect(struct ktap *t, ptrdiff_t found)
{
	bool reached[GRAPH_MOST];
	bool has_broken = false;
	ptrdiff_t n = 0;
	unsigned int i;

	model_reach(reached);
	for (i = 0; i < GRAPH_MOST; i++) {
		struct graph_vertex *v = &graph.v[i];

		if (!v->ptr || reached[i])
			continue;
		v->weak_dead = true;
		if (v->act == GRAPH_PLAIN || v->finalized)
			continue;
		model_finalize(v);
		has_broken |= v->act == GRAPH_BREAK;
	}
	model_reach(reached);
	for (i = 0; i < GRAPH_MOST; i++) {
		if (!graph.v[i].ptr || reached[i])
			continue;
		model_kill(&graph.v[i]);
		n++;
	}
	/* Objects that go by their counts on the way are not counted. */
	if (found >= 0)
		ktap_expect(t, has_broken ? found <= n : found == n);
}

/* A collection of some has run: what happened may be only what can. */
static void model_follow(struct ktap *t)
{
	bool reached[GRAPH_MOST];
	unsigned int i;

	model_reach(reached);
	for (i = 0; i < GRAPH_MOST; i++) {
		struct graph_vertex *v = &graph.v[i];

		if (!v->ptr)
			continue;
		if (reached[i]) {
			ktap_expect(t, !v->ran && !v->died);
			continue;
		}
		if (v->weak && !v->weak->obj)
			v->weak_dead = true;
		if (v->ran)
			model_finalize(v);
	}
	for (i = 0; i < GRAPH_MOST; i++) {
		if (graph.v[i].ptr && graph.v[i].died)
			model_kill(&graph.v[i]);
	}
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
		model_follow(t);
	else
		model_collect(t, -1);
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
		model_collect(t, found);
	else
		model_follow(t);
	settle(t);
}

void graph_poll(struct ktap *t)
{
	begin();
	ktap_expect(t, slate_gc_poll(&world.gc) >= 0);
	model_follow(t);
	settle(t);
}

static void check_vertex(struct ktap *t, unsigned int i)
{
	const struct graph_vertex *v = &graph.v[i];
	const struct vertex *vertex = v->ptr;
	unsigned int k;

	ktap_expect(t, vertex->id == i);
	ktap_expect(t, slate_object_refs(&vertex->gc.base) == count_of(i));
	ktap_expect(t, slate_gc_is_tracked(&vertex->gc.base));
	ktap_expect(t, slate_object_is_finalized(&vertex->gc.base) ==
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
