/* SPDX-License-Identifier: MIT */
/*
 * A naive model of what a program may expect of a heap: an array of the live
 * blocks with their sizes and a key for their bytes, and the spans of memory
 * that the heap was given. Every question is answered by a loop over all. A
 * heap that lives from a source has no spans here; its own map is believed.
 */
#ifndef MODEL_H
#define MODEL_H

#include "testing.h"

#if TEST_MEMORY < 65536
#define MODEL_BLOCKS	40
#else
#define MODEL_BLOCKS	160
#endif
#define MODEL_SPANS	8

struct model_block {
	unsigned char *ptr;
	size_t size;
	size_t usable;
	unsigned int key;
};

struct model {
	struct slate_heap *heap;
	struct model_block blocks[MODEL_BLOCKS];
	unsigned int nlive;
	struct {
		unsigned char *start;
		size_t size;
		unsigned int caps;
		bool gone;
	} spans[MODEL_SPANS];
	unsigned int nspans;
};

/* Begin with a heap and the span that it was made of. */
void model_start(struct model *model, struct slate_heap *heap, void *start,
		 size_t size, unsigned int caps);

/* The same for a heap that takes arenas from a source. */
void model_start_source(struct model *model, struct slate_heap *heap);

void model_add_span(struct model *model, void *start, size_t size,
		    unsigned int caps);

/* A new block @i: not NULL, aligned, in memory of ours, over no other one. */
void model_take(struct ktap *t, struct model *model, unsigned int i,
		void *ptr, size_t size, size_t align, unsigned int caps);

/* Block @i is about to be freed: its bytes must be as they were. */
void model_drop(struct ktap *t, struct model *model, unsigned int i);

/* Block @i became @ptr of @size bytes, or was left alone if that is NULL. */
void model_resize(struct ktap *t, struct model *model, unsigned int i,
		  void *ptr, size_t size);

/* Is any block in this span live? */
bool model_span_is_busy(const struct model *model, unsigned int span);

/* What slate has to say of any address; false if it is a live block. */
bool model_judge(const struct model *model, const void *ptr,
		 enum slate_fault *kind);

/* Are the bytes of all blocks, and the heap's figures, as they should be? */
void model_check(struct ktap *t, const struct model *model);

#endif /* MODEL_H */
