/* SPDX-License-Identifier: MIT */
/*
 * A heap as a person likes to read it: figures, a table of its size classes
 * and a picture. Uses the public calls only and no libc, so that it runs where
 * slate runs.
 */
#ifndef HEAP_REPORT_H
#define HEAP_REPORT_H

#include <slate/slate.h>

/**
 * struct heap_report_counts - what a program counted in front of the heap
 * @mallocs: calls that gave a block
 * @reallocs: calls that resized one
 * @frees: calls that gave one back
 * @bytes: bytes asked for, by all of them
 */
struct heap_report_counts {
	uintmax_t mallocs;
	uintmax_t reallocs;
	uintmax_t frees;
	uintmax_t bytes;
};

/* Put out @len bytes of text; must not call the heap. */
typedef void (*heap_report_fn)(void *arg, const char *text, size_t len);

/**
 * heap_report() - print all there is to say about a heap
 * @heap: the heap
 * @counts: what the program counted, or NULL
 * @print: where the text goes
 * @arg: handed to @print
 *
 * Context: the owner. O(heap).
 */
void heap_report(struct slate_heap *heap,
		 const struct heap_report_counts *counts, heap_report_fn print,
		 void *arg);

#endif /* HEAP_REPORT_H */
