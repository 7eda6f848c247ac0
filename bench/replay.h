/* SPDX-License-Identifier: MIT */
/* Traces in memory, and how one is read and replayed; see replay.c. */
#ifndef REPLAY_H
#define REPLAY_H

#include <slate/slate.h>

/* One operation; @kind is the letter that stands in the trace. */
struct op {
	char kind;
	unsigned int slot;
	size_t size;
};

/**
 * struct trace - a trace in memory
 * @path: where it was read from
 * @name: that without folders and endings
 * @nslots: blocks that may live at once
 * @word: pointer size of the program that made it, in bits
 * @peak: the most bytes that are live at once
 * @nops: operations at @ops
 * @ops: the operations; each has been tested against the slots
 */
struct trace {
	const char *path;
	char name[64];
	unsigned int nslots;
	unsigned int word;
	size_t peak;
	size_t nops;
	struct op *ops;
};

/* A tier's calls. */
struct tier {
	const char *name;
	void *(*malloc)(struct slate_heap *heap, size_t size);
	void *(*calloc)(struct slate_heap *heap, size_t nmemb, size_t size);
	void *(*realloc)(struct slate_heap *heap, void *ptr, size_t size);
	void (*free)(struct slate_heap *heap, void *ptr);
};

/* Where a replay ended, and why; NULL if all operations went well. */
struct outcome {
	size_t op;
	const char *why;
};

/* Read a trace; false and a message with the line if that cannot be done. */
bool trace_load(struct trace *trace, const char *path);

/* Replay a trace in a heap of @size bytes. */
struct outcome replay_run(const struct trace *trace, const struct tier *tier,
			  size_t size);

#endif /* REPLAY_H */
