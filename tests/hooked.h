/* SPDX-License-Identifier: MIT */
/* What the suites on debug hooks share: a heap with them, and their reports. */
#ifndef HOOKED_H
#define HOOKED_H

#include "testing.h"

/* Bytes before and behind a block that the layout takes. */
#define HOOKED_HEAD	SLATE_GRANULE
#define HOOKED_TAIL	(3 * sizeof(size_t))

/**
 * struct hooked - what debug hooks reported since the last look
 * @count: reports
 * @last: the last one
 */
struct hooked {
	unsigned int count;
	struct slate_debug_report last;
};

extern struct slate_debug hooked_state;

/*
 * test_heap() with debug hooks, whose handler writes reports down; NULL, and
 * the case is skipped, in a configuration without hooks.
 */
struct slate_heap *hooked_heap(struct ktap *t);

/* What was reported since the last look; forgets it. */
struct hooked hooked_take(void);

/* Was there exactly one report since the last look: this, of this block? */
bool hooked_one(enum slate_fault kind, const void *address, const void *block);

/* Set the policy, with the handler that writes down. */
void hooked_policy(struct slate_heap *heap, enum slate_debug_policy policy);

/* Nothing live and nothing kept, all free memory in one piece. */
bool hooked_is_empty(struct slate_heap *heap);

#endif /* HOOKED_H */
