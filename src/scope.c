// SPDX-License-Identifier: MIT
/*
 * Scopes: chunks from the mem tier, pieces cut from them one behind the other.
 *
 * A chunk starts with a link to the one taken before it; pieces follow from
 * the next granule on. A request that an ordinary chunk is too small for gets
 * one of its own, linked behind the current one, which stays in use. The links
 * lie in front of the caller's bytes, so each is judged by the heap before it
 * is followed.
 */
#include <slate/scope.h>

#include "mem_calls.h"

struct slate_scope_chunk {
	struct slate_scope_chunk *older;
};

struct slate_scope_task {
	struct slate_scope_task *older;
	void (*fn)(void *arg);
	void *arg;
};

/* Where pieces start in a chunk. */
#define FRONT		SLATE_CONFIG_GRANULE

#define ORDINARY	(32 * (size_t)SLATE_CONFIG_GRANULE)

SLATE_STATIC_ASSERT(sizeof(struct slate_scope_chunk) <= 8,
		    "a chunk's link fits in front of its pieces");

void slate_scope_enter(struct slate_scope *scope, struct slate_heap *heap,
		       struct slate_scope *outer, size_t size)
{
	while (outer && outer->inner)
		outer = outer->inner;
	memset(scope, 0, sizeof(*scope));
	scope->heap = heap;
	scope->outer = outer;
	scope->size = size ? size : ORDINARY;
	if (outer)
		outer->inner = scope;
}

/* A chunk with room for @size bytes behind its link. */
static struct slate_scope_chunk *take_chunk(struct slate_scope *scope,
					    size_t size)
{
	struct slate_scope_chunk *chunk;

	chunk = slate_mem_malloc(scope->heap, FRONT + size);
	if (chunk)
		chunk->older = NULL;
	return chunk;
}

static void *front_of(struct slate_scope_chunk *chunk)
{
	return (unsigned char *)chunk + FRONT;
}

/* A piece in a chunk of its own. */
static void *alloc_large(struct slate_scope *scope, size_t size)
{
	struct slate_scope_chunk *chunk = take_chunk(scope, size);

	if (!chunk)
		return NULL;
	if (scope->chunk) {
		chunk->older = scope->chunk->older;
		scope->chunk->older = chunk;
	} else {
		scope->chunk = chunk;
	}
	return front_of(chunk);
}

static bool refill(struct slate_scope *scope)
{
	struct slate_scope_chunk *chunk;

	chunk = take_chunk(scope, scope->size - FRONT);
	if (!chunk)
		return false;
	chunk->older = scope->chunk;
	scope->chunk = chunk;
	scope->next = front_of(chunk);
	scope->left = (scope->size - FRONT) & ~(size_t)(FRONT - 1);
	return true;
}

void *slate_scope_alloc(struct slate_scope *scope, size_t size)
{
	size_t rounded = (size + !size + FRONT - 1) & ~(size_t)(FRONT - 1);
	void *ptr;

	if (size > PTRDIFF_MAX - 2 * FRONT)
		return NULL;
	if (rounded > scope->left) {
		if (scope->size < 2 * FRONT || rounded > scope->size - FRONT)
			return alloc_large(scope, size);
		if (!refill(scope))
			return alloc_large(scope, size);
	}
	ptr = scope->next;
	scope->next += rounded;
	scope->left -= rounded;
	return ptr;
}

void *slate_scope_promote(struct slate_scope *scope, const void *ptr,
			  size_t size)
{
	void *copy;

	if (scope->outer)
		copy = slate_scope_alloc(scope->outer, size);
	else
		copy = slate_mem_malloc(scope->heap, size);
	if (copy)
		memcpy(copy, ptr, size);
	return copy;
}

int slate_scope_defer(struct slate_scope *scope, void (*fn)(void *arg),
		      void *arg)
{
	struct slate_scope_task *task;

	task = slate_scope_alloc(scope, sizeof(*task));
	if (!task)
		return -SLATE_ENOMEM;
	task->older = scope->tasks;
	task->fn = fn;
	task->arg = arg;
	scope->tasks = task;
	return 0;
}

bool slate_scope_dismiss(struct slate_scope *scope, void (*fn)(void *arg),
			 const void *arg)
{
	struct slate_scope_task **link;

	for (link = &scope->tasks; *link; link = &(*link)->older) {
		if ((*link)->fn == fn && (*link)->arg == arg) {
			*link = (*link)->older;
			return true;
		}
	}
	return false;
}

/* This one alone: nothing is open in it. */
static void leave_one(struct slate_scope *scope)
{
	struct slate_scope_chunk *chunk;
	struct slate_scope_task *task;

	while ((task = scope->tasks)) {
		scope->tasks = task->older;
		task->fn(task->arg);
	}
	while ((chunk = scope->chunk)) {
		if (!slate_heap_usable_size(scope->heap, chunk))
			break;
		scope->chunk = chunk->older;
		slate_mem_free(scope->heap, chunk);
	}
	if (scope->outer)
		scope->outer->inner = NULL;
	memset(scope, 0, sizeof(*scope));
}

void slate_scope_leave(struct slate_scope *scope)
{
	struct slate_scope *last;

	do {
		for (last = scope; last->inner; last = last->inner)
			;
		leave_one(last);
	} while (last != scope);
}
