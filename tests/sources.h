/* SPDX-License-Identifier: MIT */
/*
 * A source of arenas for tests: 4096-byte slots of test_memory, behind the
 * first TEST_HEAP bytes, with failure on demand and every misuse counted.
 */
#ifndef SOURCES_H
#define SOURCES_H

#include "testing.h"

#define SOURCE_SIZE	((size_t)4096)
#define SOURCE_SLOTS	(TEST_MEMORY < 262144 ? 1 : 200)

/**
 * struct test_source - a source and what was done with it
 * @source: to be handed to a heap
 * @from: the first of its slots
 * @used: which slots are out
 * @out: how many are
 * @most: how many there may be
 * @calls: calls of alloc
 * @fail_at: the call that brings nothing, from 1; 0 for none
 * @skew: added to the address that alloc returns
 * @bad: frees that do not fit what was allocated
 */
struct test_source {
	struct slate_arena_source source;
	size_t from;
	unsigned char used[SOURCE_SLOTS];
	unsigned int out;
	unsigned int most;
	unsigned int calls;
	unsigned int fail_at;
	unsigned int skew;
	unsigned int bad;
};

extern struct test_source test_source;

/* A second one, which shares the first one's slots; see sources_make_two(). */
extern struct test_source test_source_2;

/* A fresh one; NULL and the case is skipped if there is no room for it. */
struct test_source *sources_make(struct ktap *t);

/*
 * Two in a chain, a third of the slots the first's, the second's arenas of
 * two slots each; or NULL.
 */
struct test_source *sources_make_two(struct ktap *t);

/* All is back where it came from. */
bool sources_are_whole(void);

#endif /* SOURCES_H */
