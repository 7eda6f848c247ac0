/* SPDX-License-Identifier: MIT */
/*
 * What the suites on objects share: a heap with objects and a collector in it,
 * a type that is collected, one that is not, and a log of what their functions
 * were called for.
 */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "testing.h"

#define NODE_REFS	2

/**
 * struct node - a collected object
 * @gc: the header
 * @weak: where weak references begin
 * @ref: what it refers to
 * @id: its number
 */
struct node {
	struct slate_gc_object gc;
	struct slate_weakref *weak;
	struct slate_object *ref[NODE_REFS];
	unsigned int id;
};

/* A plain object. */
struct leaf {
	struct slate_object base;
	struct slate_weakref *weak;
	unsigned int id;
};

extern const struct slate_type node_type;

/* The same with a finalizer, which calls objects_world.finalizer. */
extern const struct slate_type final_node_type;
extern const struct slate_type leaf_type;
extern const struct slate_type final_leaf_type;

/* In flash, where there is one. */
struct number {
	struct slate_object base;
	int value;
};

extern const struct slate_type number_type;
extern const struct number seven;

/**
 * struct objects_world - a heap with objects
 * @heap: the heap
 * @objects: its objects
 * @gc: its collector
 * @finalizer: what finalizers do besides being logged; may be NULL
 * @keep: where they may put a reference
 * @deallocs: how many deallocs were called
 * @finalized: how many finalizers
 * @cleared: how many clear functions
 * @log: ids, in the order of what the case wants to see
 * @nlog: how many
 * @said: what was written to slate_port_write()
 */
struct objects_world {
	struct slate_heap *heap;
	struct slate_objects objects;
	struct slate_gc gc;
	void (*finalizer)(struct slate_objects *objects,
			  struct slate_object *obj);
	struct slate_object *keep;
	unsigned int deallocs;
	unsigned int finalized;
	unsigned int cleared;
	unsigned int log[16];
	unsigned int nlog;
	char said[64];
};

extern struct objects_world world;

/* Begin anew: an empty heap, collections only when asked for. */
void world_open(struct ktap *t);

/* All references dropped and a collection later, nothing is left. */
void world_close(struct ktap *t);

/* A full collection, as slate_gc_collect(). */
ptrdiff_t world_collect(void);

void world_log(unsigned int id);

/* Was exactly this logged, as decimal digits? */
bool world_logged(const char *digits);

/* Did slate_port_write() say this since world_open()? */
bool world_said(const char *text);

/* New objects, with one reference. */
struct node *node_new(unsigned int id);
struct node *final_node_new(unsigned int id);
struct leaf *leaf_new(unsigned int id);

/* The object of a node, or a leaf. */
#define obj_of_node(node)	(&(node)->gc.base)
#define obj_of_leaf(leaf)	(&(leaf)->base)

struct node *node_of(struct slate_object *obj);

/* For visits: is this the object @arg? */
int object_is(void *arg, struct slate_object *obj);

/* Is the node in this list of the collector's? */
bool node_is_in(unsigned int list, struct node *node);

/* Let a node refer to another, by its first free field. */
void node_link(struct node *from, struct node *to);

void node_drop(struct node *node);
void leaf_drop(struct leaf *leaf);

/* A cycle of @n nodes that only they refer to. */
void node_cycle(unsigned int n, bool with_finalizers);

#endif /* OBJECTS_H */
