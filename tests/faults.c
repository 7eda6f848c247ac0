// SPDX-License-Identifier: MIT
#include "faults.h"

static struct faults seen;

void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	seen.count++;
	seen.corrupt += kind == SLATE_FAULT_CORRUPT;
	seen.kind = kind;
	seen.heap = heap;
	seen.where = where;
}

struct faults faults_take(void)
{
	static const struct faults none;
	struct faults taken = seen;

	seen = none;
	return taken;
}

bool faults_one(enum slate_fault kind, const struct slate_heap *heap,
		const void *where)
{
	struct faults taken = faults_take();

	if (taken.count != 1 || taken.kind != kind)
		return false;
	return taken.heap == heap && taken.where == where;
}

bool faults_corrupt(void)
{
	struct faults taken = faults_take();

	return taken.count && taken.count == taken.corrupt;
}

bool faults_none(void)
{
	return faults_take().count == 0;
}
