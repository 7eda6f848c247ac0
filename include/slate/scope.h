/* SPDX-License-Identifier: MIT */
/*
 * Layer 8: scopes: memory with one lifetime. Enter, allocate, leave: all that
 * was allocated in between is gone at once, and what was deferred is done.
 *
 * Memory is taken from the heap in chunks and handed out one piece behind the
 * other, so a piece costs its bytes and about 30 instructions. Scopes nest:
 * an outer one may be used while inner ones are open. What must live longer
 * is promoted: bytes are copied out by slate_scope_promote(); a block, object
 * or lock that the scope was to give back is kept by slate_scope_dismiss().
 */
#ifndef SLATE_SCOPE_H
#define SLATE_SCOPE_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

struct slate_scope_chunk;
struct slate_scope_task;

/**
 * struct slate_scope - a scope
 * @heap: where chunks come from
 * @outer: the scope that this one is in, or NULL
 * @inner: the scope opened last in this one, or NULL
 * @chunk: the chunk that pieces are taken from, first of all chunks, or NULL
 * @tasks: what is deferred, newest first, or NULL
 * @next: where the next piece starts
 * @left: bytes of @chunk from @next on
 * @size: bytes of an ordinary chunk
 *
 * The struct is the caller's, on the stack as a rule; nothing is for writing.
 * It is valid from slate_scope_enter() to slate_scope_leave().
 */
struct slate_scope {
	struct slate_heap *heap;
	struct slate_scope *outer;
	struct slate_scope *inner;
	struct slate_scope_chunk *chunk;
	struct slate_scope_task *tasks;
	unsigned char *next;
	size_t left;
	size_t size;
};

/**
 * slate_scope_enter() - open a scope
 * @scope: filled; stays where it is until it is left
 * @heap: where its memory comes from
 * @outer: the scope that this one is to end with at the latest, and that
 *	promoted bytes go to; NULL for none
 * @size: bytes to take from the heap at a time; 0 for 32 granules
 *
 * If a scope is open in @outer already, the new one is put into that.
 *
 * Context: the owner of @heap. O(scopes open). Allocates nothing.
 */
void slate_scope_enter(struct slate_scope *scope, struct slate_heap *heap,
		       struct slate_scope *outer, size_t size);

/**
 * slate_scope_alloc() - take memory that ends with a scope
 * @scope: the scope
 * @size: bytes; 0 is a real request
 *
 * Context: the owner of the heap. O(1).
 * Return: the memory, aligned to a granule, not cleared; NULL if the heap has
 * none.
 */
void *slate_scope_alloc(struct slate_scope *scope, size_t size)
			SLATE_MUST_CHECK;

/**
 * slate_scope_promote() - copy bytes to where they outlive a scope
 * @scope: the scope
 * @ptr: the bytes
 * @size: how many
 *
 * Pointers to the bytes, or among them, stay as they are.
 *
 * Context: the owner of the heap. O(@size).
 * Return: the copy: in the outer scope, or, without one, a block of the
 * heap's mem tier that is the caller's to free. NULL if there is no memory.
 */
void *slate_scope_promote(struct slate_scope *scope, const void *ptr,
			  size_t size) SLATE_MUST_CHECK;

/**
 * slate_scope_defer() - have something done when a scope is left
 * @scope: the scope
 * @fn: called by slate_scope_leave(), the last deferred first; it may allocate
 *	from the heap, and from outer scopes
 * @arg: handed to @fn
 *
 * Context: the owner of the heap. O(1).
 * Return: 0, or -SLATE_ENOMEM, and then nothing is deferred.
 */
int slate_scope_defer(struct slate_scope *scope, void (*fn)(void *arg),
		      void *arg) SLATE_MUST_CHECK;

/**
 * slate_scope_dismiss() - forget what was deferred
 * @scope: the scope
 * @fn: as given to slate_scope_defer()
 * @arg: as given to slate_scope_defer()
 *
 * So that a block, say, which the scope was to free is the caller's again.
 *
 * Context: the owner of the heap. O(tasks deferred since).
 * Return: true; false if no such pair is deferred.
 */
bool slate_scope_dismiss(struct slate_scope *scope, void (*fn)(void *arg),
			 const void *arg);

/**
 * slate_scope_leave() - end a scope
 * @scope: the scope; scopes that are open in it are left before, the last one
 *	first
 *
 * A chunk whose link was overwritten is reported as by free, and those behind
 * it are lost to the heap.
 *
 * Context: the owner of the heap. O(chunks), plus what was deferred.
 */
void slate_scope_leave(struct slate_scope *scope);

SLATE_END_DECLS

#endif /* SLATE_SCOPE_H */
