/* SPDX-License-Identifier: MIT */
/* What the suites on weak references share. */
#ifndef WEAKREFS_H
#define WEAKREFS_H

#include "objects.h"

/* One without a callback. */
struct slate_weakref *weak_new(struct slate_object *obj);

/* One whose callback, weak_log_arg(), logs @id, or 9 if it is not dead. */
struct slate_weakref *weak_log(struct slate_object *obj, unsigned int id);

/* The callback; @arg is a leaf. */
void weak_log_arg(struct slate_objects *objects, struct slate_weakref *ref,
		  struct slate_object *arg);

void weak_drop(struct slate_weakref *ref);

/* Is it dead? Leaves no reference behind. */
bool weak_is_dead(struct slate_weakref *ref);

#endif /* WEAKREFS_H */
