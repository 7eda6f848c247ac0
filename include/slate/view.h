/* SPDX-License-Identifier: MIT */
/*
 * Layer 6: how a wrapper of slate's that adds bytes to each block, or keeps
 * blocks which the program has freed, shows them as the program knows them. A
 * heap has one view at most; the functions are called with no lock held.
 */
#ifndef SLATE_VIEW_H
#define SLATE_VIEW_H

#include <slate/heap.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_view - what a heap asks such a wrapper
 * @show: make an engine's block the program's; false: it is not to be seen
 * @find: the program's block at @ptr; false: there is none, and that has been
 *	reported
 * @count: correct what the engines have counted
 * @relieve: a request fails: give back one block that is kept, true; or false
 * @profile: hooks on or off: 0, or what slate_heap_set_profile() returns
 * @debug: it is that of the debug hooks
 */
struct slate_view {
	bool (*show)(const struct slate_view *view, struct slate_block *block);
	bool (*find)(const struct slate_view *view, const void *ptr,
		     struct slate_block *block);
	void (*count)(const struct slate_view *view, struct slate_stats *stats);
	bool (*relieve)(const struct slate_view *view);
	int (*profile)(const struct slate_view *view, bool on);
	bool debug;
};

SLATE_END_DECLS

#endif /* SLATE_VIEW_H */
