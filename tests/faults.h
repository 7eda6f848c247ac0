/* SPDX-License-Identifier: MIT */
/*
 * The fault recorder: the test program's own slate_port_fault(), which writes
 * down what it hears and returns. A report that no test asked for fails the
 * case in which it came.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <slate/slate.h>

/**
 * struct faults - what was reported since the last look
 * @count: reports of any kind
 * @corrupt: reports of SLATE_FAULT_CORRUPT among them
 * @kind: of the last one, with @heap and @where
 */
struct faults {
	unsigned int count;
	unsigned int corrupt;
	enum slate_fault kind;
	struct slate_heap *heap;
	const void *where;
};

/* What was reported since the last look; forgets it. */
struct faults faults_take(void);

/* Was there exactly one report since the last look, and this one? */
bool faults_one(enum slate_fault kind, const struct slate_heap *heap,
		const void *where);

/* Was there at least one report, and all of SLATE_FAULT_CORRUPT? */
bool faults_corrupt(void);

/* Was there none? */
bool faults_none(void);

#endif /* FAULTS_H */
