/* SPDX-License-Identifier: MIT */
/* What the collector's files have of each other. */
#ifndef SLATE_GC_STATE_H
#define SLATE_GC_STATE_H

#include "gc_list.h"

/**
 * slate_gc_judge_() - find what nothing outside a list refers to
 * @gc: the collector
 * @list: the objects to judge; those that are reachable are left in it
 * @trash: an empty list, for the others, in state GC_TRASH
 * @info: examined and collected are raised by what was looked at and found
 *
 * Return: 0, or -SLATE_EUCLEAN if a count is too small: it was reported, and
 * all is in @list.
 */
int slate_gc_judge_(struct slate_gc *gc, struct slate_gc_link *list,
		    struct slate_gc_link *trash, struct slate_gc_info *info);

/**
 * slate_gc_sweep_() - end what was found
 * @gc: the collector
 * @trash: the objects, in state GC_TRASH; empty afterwards
 * @old: where those go that live on
 * @info: collected and uncollectable are set
 */
void slate_gc_sweep_(struct slate_gc *gc, struct slate_gc_link *trash,
		     struct slate_gc_link *old, struct slate_gc_info *info);

#endif /* SLATE_GC_STATE_H */
