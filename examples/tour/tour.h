/* SPDX-License-Identifier: MIT */
/*
 * A tour of what slate has for objects, in six chapters. Sizes are in words,
 * of 4 or 8 bytes, so that every machine prints the same.
 */
#ifndef TOUR_H
#define TOUR_H

#include <stdio.h>

#include <slate/slate.h>

/* Bytes as words, for printf. */
#define WORDS(bytes)	((unsigned long)((bytes) / sizeof(void *)))

/**
 * struct node - an object that may be part of a tree, or of a cycle
 * @gc: the header
 * @weak: where weak references to it begin
 * @first: what it refers to, owned
 * @second: the same
 * @parent: a weak reference, owned, or NULL
 */
struct node {
	struct slate_gc_object gc;
	struct slate_weakref *weak;
	struct slate_object *first;
	struct slate_object *second;
	struct slate_object *parent;
};

/* A number: an object without references. */
struct number {
	struct slate_object base;
	intptr_t value;
	intptr_t unit;
};

extern const struct slate_type node_type;
extern const struct slate_type number_type;

/* Everything lives in one heap. */
extern struct slate_heap *heap;
extern struct slate_objects objects;
extern struct slate_gc gc;

/* How often slate_port_fault() was called. */
extern unsigned int faults;

struct node *node_new(void);
struct number *number_new(intptr_t value);

/* Drop a reference. */
void node_drop(struct node *node);

void tour_sizes(void);
void tour_tracing(void);
void tour_cycles(void);
void tour_pool(void);
void tour_parents(void);
void tour_memory(void);

#endif /* TOUR_H */
