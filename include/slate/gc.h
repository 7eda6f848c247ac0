/* SPDX-License-Identifier: MIT */
/*
 * Layer 9: the collector of cycles: objects that only refer to each other go,
 * though their counts are not 0.
 *
 * Objects of collected types are tracked in lists, one for each generation. A
 * collection copies the counts of the objects that it looks at into their
 * headers, takes off what they refer to among themselves, and so finds those
 * that nothing else refers to. It allocates nothing and does not recurse.
 * What is found is ended in this order: weak references to it are cleared, and
 * the callbacks of those outside it are called; finalizers run, once in each
 * object's life; what is referred to from outside by then lives on; the others
 * are cleared.
 *
 * A collection runs when the program says so: on demand (slate_gc_collect()),
 * at a point where a pause is fine if one is due (slate_gc_poll()), and when
 * making an object fails for want of memory. It runs inside the making of an
 * object only with SLATE_GC_IN_NEW. Nothing interrupts it, so
 * slate_gc_set_most() bounds what those at such points look at.
 *
 * Context of all calls: the owner, and with SLATE_CONFIG_OBJECT_ATOMIC while
 * no other thread or core touches objects.
 */
#ifndef SLATE_GC_H
#define SLATE_GC_H

#include <slate/object.h>

SLATE_BEGIN_DECLS

/* The oldest generation: a collection of it looks at everything. */
#define SLATE_GC_FULL		(SLATE_CONFIG_GENERATIONS - 1)

/* Beside the generations, for slate_gc_objects(). */
#define SLATE_GC_FROZEN		(SLATE_CONFIG_GENERATIONS + 0)
#define SLATE_GC_GARBAGE	(SLATE_CONFIG_GENERATIONS + 1)
#define SLATE_GC_LISTS		(SLATE_CONFIG_GENERATIONS + 2)

/* For slate_gc_set_flags(). */
#define SLATE_GC_IN_NEW		0x1u	/* collect inside slate_object_new() */
#define SLATE_GC_SAVEALL	0x2u	/* keep what is found, to look at it */

/**
 * struct slate_gc_info - one collection
 * @generation: which, and all younger ones
 * @examined: objects looked at
 * @collected: objects found that nothing outside refers to
 * @uncollectable: those of them that are still there: types without clear
 * @time: how long it took, as the clock has it; 0 without one
 */
struct slate_gc_info {
	unsigned int generation;
	size_t examined;
	size_t collected;
	size_t uncollectable;
	uint32_t time;
};

/**
 * struct slate_gc_totals - the collections of a generation since the beginning
 * @collections: how many
 * @examined: objects looked at, in all
 * @collected: objects found that nothing outside refers to, in all
 * @uncollectable: those of them that stayed, in all
 * @longest: the longest time of one, as the clock has it
 * @most: the most objects that one looked at
 */
struct slate_gc_totals {
	size_t collections;
	size_t examined;
	size_t collected;
	size_t uncollectable;
	uint32_t longest;
	size_t most;
};

/**
 * struct slate_gc_hooks - what a program may want to hear, or has to lend
 * @ctx: handed to the functions
 * @clock: the time, in any unit; it may wrap; may be NULL
 * @start: a collection begins; of the info the generation is set; may be NULL
 * @stop: it ends; may be NULL
 * @bad: an object of type @target has a count smaller than the references to
 *	it that were found, the last one in an object of type @owner: the
 *	traverse of @owner visits what it does not own, or a reference to
 *	@target was dropped too often. NULL: the names go to slate_port_write()
 */
struct slate_gc_hooks {
	void *ctx;
	uint32_t (*clock)(void *ctx);
	void (*start)(void *ctx, const struct slate_gc_info *info);
	void (*stop)(void *ctx, const struct slate_gc_info *info);
	void (*bad)(void *ctx, const struct slate_type *owner,
		    const struct slate_type *target);
};

/**
 * struct slate_gc_generation - what is kept of a generation
 * @count: of the youngest: objects made less objects gone since it was last
 *	collected; of others: collections of the next younger one since then
 * @threshold: a collection is due when @count is above; 0: never by this
 * @stats: its collections
 */
struct slate_gc_generation {
	size_t count;
	size_t threshold;
	struct slate_gc_totals stats;
};

/**
 * struct slate_gc - a collector; the fields are slate's
 * @objects: whose objects it collects
 * @lists: the tracked objects: generations, frozen ones, garbage
 * @generations: the generations
 * @bytes: of objects made since the last collection
 * @byte_threshold: a collection is due when @bytes is above; 0: never by this
 * @most: objects that a collection at a safe point looks at; 0: all
 * @old: objects that were left by the last full collection
 * @aged: objects that came to the oldest generation since
 * @flags: a set of SLATE_GC_*
 * @enabled: collections that nobody demanded may run
 * @collecting: one is running
 * @hooks: the program's; may be NULL
 * @collect: slate_gc_collect(); here, so that object.c does not need gc.c
 * @poll: slate_gc_poll()
 */
struct slate_gc {
	struct slate_objects *objects;
	struct slate_gc_link lists[SLATE_GC_LISTS];
	struct slate_gc_generation generations[SLATE_CONFIG_GENERATIONS];
	size_t bytes;
	size_t byte_threshold;
	size_t most;
	size_t old;
	size_t aged;
	unsigned int flags;
	bool enabled;
	bool collecting;
	const struct slate_gc_hooks *hooks;
	ptrdiff_t (*collect)(struct slate_gc *gc, unsigned int generation);
	ptrdiff_t (*poll)(struct slate_gc *gc);
};

/**
 * slate_gc_init() - begin to collect cycles among a heap's objects
 * @gc: filled; the caller's, as long as there are objects
 * @objects: the heap's objects; none of a collected type are there yet
 *
 * A collection is due after 700 objects, or, with more than one generation,
 * after 10 collections of the younger one.
 *
 * Context: the owner. O(1).
 */
void slate_gc_init(struct slate_gc *gc, struct slate_objects *objects);

/**
 * slate_gc_collect() - collect now
 * @gc: the collector
 * @generation: the oldest to look at; SLATE_GC_FULL for all objects
 *
 * Runs also when collections are disabled. Finalizers, callbacks, deallocs and
 * clear functions are called.
 *
 * Context: the owner; not from traverse functions. O(objects of the
 * generations and their references), plus what the called functions take.
 * Return: how many objects were found that nothing outside refers to; 0 also
 * when called from inside a collection; -SLATE_EINVAL for an unknown
 * generation; -SLATE_EUCLEAN if a count is too small, which is reported to
 * slate_port_fault() as SLATE_FAULT_TRAVERSE with the object: then nothing was
 * changed.
 */
ptrdiff_t slate_gc_collect(struct slate_gc *gc, unsigned int generation);

/**
 * slate_gc_poll() - collect if it is time to: a point where a pause is fine
 * @gc: the collector
 *
 * The oldest generation whose threshold is passed is collected; the oldest of
 * all only if a quarter as many objects have come since as were left then.
 *
 * Context: as slate_gc_collect(); O(1) if nothing is due.
 * Return: as slate_gc_collect(); 0 if nothing was due.
 */
ptrdiff_t slate_gc_poll(struct slate_gc *gc);

/* Is a collection due? O(1). */
bool slate_gc_is_due(const struct slate_gc *gc);

/**
 * slate_gc_enable() - let collections run that nobody demanded
 * @gc: the collector
 *
 * They may from the beginning.
 *
 * Context: the owner. O(1).
 */
void slate_gc_enable(struct slate_gc *gc);

/* None at slate_gc_poll() and slate_object_new(). */
void slate_gc_disable(struct slate_gc *gc);

bool slate_gc_is_enabled(const struct slate_gc *gc);

/**
 * slate_gc_set_threshold() - when a generation is to be collected
 * @gc: the collector
 * @generation: which
 * @count: due when its count is above; 0: never by this
 *
 * Context: the owner. O(1).
 * Return: 0, or -SLATE_EINVAL for an unknown generation.
 */
int slate_gc_set_threshold(struct slate_gc *gc, unsigned int generation,
			   size_t count);

/* As set; 0 for an unknown generation. */
size_t slate_gc_threshold(const struct slate_gc *gc, unsigned int generation);

/* A collection is due after @bytes of collected objects, too; 0: not so. */
void slate_gc_set_byte_threshold(struct slate_gc *gc, size_t bytes);

/* The count that the threshold is compared with; 0 for an unknown one. */
size_t slate_gc_count(const struct slate_gc *gc, unsigned int generation);

/**
 * slate_gc_set_most() - bound the pause at safe points
 * @gc: the collector
 * @objects: the most that slate_gc_poll() looks at; 0 for no bound
 *
 * Those that have waited longest are looked at; the others' turn comes at the
 * next poll. A cycle is found when all of it is looked at together, and in any
 * case by slate_gc_collect(), which has no bound.
 *
 * Context: the owner. O(1).
 */
void slate_gc_set_most(struct slate_gc *gc, size_t objects);

/* Choose among SLATE_GC_IN_NEW and SLATE_GC_SAVEALL; 0 for neither. */
void slate_gc_set_flags(struct slate_gc *gc, unsigned int flags);

/* @hooks: outlives the collector, or until replaced; NULL for none. */
void slate_gc_set_hooks(struct slate_gc *gc,
			const struct slate_gc_hooks *hooks);

/**
 * slate_gc_stats() - the collections of a generation in figures
 * @gc: the collector
 * @generation: which
 * @stats: filled; untouched on error
 *
 * Context: the owner. O(1).
 * Return: 0, or -SLATE_EINVAL for an unknown generation.
 */
int slate_gc_stats(const struct slate_gc *gc, unsigned int generation,
		   struct slate_gc_totals *stats);

/**
 * slate_gc_freeze() - leave alone what is there now
 * @gc: the collector
 *
 * For what a program builds at its start and keeps: all tracked objects are
 * put where no collection looks. They go by their counts as ever.
 *
 * Context: the owner. O(1).
 */
void slate_gc_freeze(struct slate_gc *gc);

/* Put them into the oldest generation. O(1). */
void slate_gc_unfreeze(struct slate_gc *gc);

/* How many objects are frozen. O(result). */
size_t slate_gc_frozen(const struct slate_gc *gc);

/**
 * slate_gc_drop_garbage() - give up what SLATE_GC_SAVEALL kept
 * @gc: the collector
 *
 * The objects are collected next time, if they are still not referred to.
 *
 * Context: the owner. O(1).
 */
void slate_gc_drop_garbage(struct slate_gc *gc);

/**
 * slate_gc_track() - let the collector know an object
 * @gc: the collector
 * @obj: an object of a collected type whose fields are valid
 *
 * slate_object_new() does it itself, except for SLATE_TYPE_FIXED; so this is
 * for those, for slate_object_init(), and after slate_gc_untrack().
 *
 * Context: the owner. O(1).
 * Return: 0; -SLATE_EEXIST if it is tracked already; -SLATE_EINVAL if its type
 * is not collected or it is for ever.
 */
int slate_gc_track(struct slate_gc *gc, struct slate_object *obj);

/**
 * slate_gc_untrack() - let the collector forget an object
 * @gc: the collector
 * @obj: an object; one that is not tracked is no error
 *
 * It goes by its count alone then, and keeps alive what it refers to.
 *
 * Context: the owner. O(1).
 */
void slate_gc_untrack(struct slate_gc *gc, struct slate_object *obj);

bool slate_gc_is_tracked(const struct slate_object *obj);

/**
 * slate_gc_objects() - visit tracked objects
 * @gc: the collector
 * @list: a generation, SLATE_GC_FROZEN, SLATE_GC_GARBAGE, or SLATE_GC_LISTS
 *	for all of them
 * @fn: called for each; not 0 ends the visit. It may make and drop objects,
 *	but not collect, freeze or untrack.
 * @arg: handed to @fn
 *
 * Context: the owner. O(objects).
 * Return: what the last @fn returned, 0 if there was none; -SLATE_EINVAL for
 * an unknown @list.
 */
int slate_gc_objects(struct slate_gc *gc, unsigned int list,
		     slate_visit_fn fn, void *arg);

/**
 * slate_gc_referents() - visit what an object refers to
 * @obj: an object
 * @fn: called for each reference; not 0 ends the visit
 * @arg: handed to @fn
 *
 * Context: the owner. O(references).
 * Return: what the last @fn returned, 0 if there was none.
 */
int slate_gc_referents(struct slate_object *obj, slate_visit_fn fn,
		       void *arg);

/**
 * slate_gc_referrers() - visit the tracked objects that refer to one
 * @gc: the collector
 * @obj: what they refer to
 * @fn: called for each, once; as in slate_gc_objects()
 * @arg: handed to @fn
 *
 * Context: the owner. O(tracked objects and their references).
 * Return: as slate_gc_referents().
 */
int slate_gc_referrers(struct slate_gc *gc, const struct slate_object *obj,
		       slate_visit_fn fn, void *arg);

SLATE_END_DECLS

#endif /* SLATE_GC_H */
