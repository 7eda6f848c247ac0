/* SPDX-License-Identifier: MIT */
/*
 * A naive model of objects that refer to each other: which there are, what
 * each refers to, who outside has a reference; what is reachable is found by
 * going over all of them until nothing changes. The real objects tell when
 * they are finalized and when they go, and the two are compared.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include "objects.h"

#if TEST_MEMORY < 65536
#define GRAPH_MOST	20
#else
#define GRAPH_MOST	32
#endif

#define GRAPH_EDGES	2

/* What a finalizer does: nothing, take a reference, drop one of its own. */
enum graph_act { GRAPH_PLAIN, GRAPH_NOTHING, GRAPH_STAY, GRAPH_BREAK };

struct vertex {
	struct slate_gc_object gc;
	struct slate_weakref *weak;
	struct slate_object *ref[GRAPH_EDGES];
	unsigned int id;
};

/**
 * struct graph_vertex - what the model knows of an object
 * @ptr: the object; NULL if there is none
 * @weak: a weak reference to it, or to one that was here before
 * @edge: to which it refers, -1 for none
 * @outside: references from outside
 * @act: what its finalizer does; GRAPH_PLAIN without one
 * @finalized: it has run
 * @weak_dead: @weak must be dead
 * @ran: it really ran since the last comparison
 * @died: the object really went since then
 * @called: the callback of @weak was called
 */
struct graph_vertex {
	struct vertex *ptr;
	struct slate_weakref *weak;
	signed char edge[GRAPH_EDGES];
	unsigned char outside;
	unsigned char act;
	bool finalized;
	bool weak_dead;
	bool ran;
	bool died;
	bool called;
};

struct graph {
	struct graph_vertex v[GRAPH_MOST];
	bool frozen;
};

extern struct graph graph;

void graph_start(void);

/* Each does it to the objects, and to the model, and compares. */
void graph_make(struct ktap *t, unsigned int i, enum graph_act act);
void graph_take(struct ktap *t, unsigned int i);
void graph_give(struct ktap *t, unsigned int i);
void graph_connect(struct ktap *t, unsigned int i, unsigned int edge, int to);
void graph_weaken(struct ktap *t, unsigned int i, bool with_callback);
void graph_drop_weak(struct ktap *t, unsigned int i);
void graph_look(struct ktap *t, unsigned int i);
void graph_collect(struct ktap *t, unsigned int generation);
void graph_poll(struct ktap *t);

/* Are all objects, counts and references as the model has them? */
void graph_check(struct ktap *t);

/* Drop every reference from outside, and collect: nothing may be left. */
void graph_finish(struct ktap *t);

/* The model alone: references to an object. */
unsigned int graph_count_of(unsigned int i);

/* One whose count is 0 is finalized or goes; until there is none. */
void graph_model_settle(void);

/* A full collection has run; @found objects, or -1 if that is not known. */
void graph_model_collect(struct ktap *t, ptrdiff_t found);

/* A collection of some has run: what happened may be only what can. */
void graph_model_follow(struct ktap *t);

#endif /* GRAPH_H */
