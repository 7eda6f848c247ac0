// SPDX-License-Identifier: MIT
#include "graph.h"

unsigned int graph_count_of(unsigned int i)
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

void graph_model_settle(void)
{
	bool changed = true;
	unsigned int i;

	while (changed) {
		changed = false;
		for (i = 0; i < GRAPH_MOST; i++) {
			struct graph_vertex *v = &graph.v[i];

			if (!v->ptr || graph_count_of(i))
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

void graph_model_collect(struct ktap *t, ptrdiff_t found)
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

void graph_model_follow(struct ktap *t)
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
