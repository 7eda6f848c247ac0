/* SPDX-License-Identifier: MIT */
/*
 * What differs between the C libraries: their lock, their errno, and whether
 * there is a reentrancy struct. Only the two files beside this one see it.
 */
#ifndef LIBC_ENTRY_H
#define LIBC_ENTRY_H

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/lock.h>

#include "slate_libc.h"

#ifdef __PICOLIBC__

/* No reentrancy struct: the calls that take one ignore it. */
struct _reent;
#define LIBC_REENT	((struct _reent *)0)

/* Recursive, retargetable: __retarget_lock_acquire_recursive(). */
static inline void libc_lock(struct _reent *reent)
{
	(void)reent;
	__LIBC_LOCK();
}

static inline void libc_unlock(struct _reent *reent)
{
	(void)reent;
	__LIBC_UNLOCK();
}

static inline void libc_set_errno(struct _reent *reent, int error)
{
	(void)reent;
	errno = error;
}

#else

#include <reent.h>
#define LIBC_REENT	_REENT

/* Newer newlibs may keep errno elsewhere, and say where. */
#ifndef _REENT_ERRNO
#define _REENT_ERRNO(reent)	((reent)->_errno)
#endif

/* Recursive by contract; does nothing until a program brings its own. */
static inline void libc_lock(struct _reent *reent)
{
	__malloc_lock(reent);
}

static inline void libc_unlock(struct _reent *reent)
{
	__malloc_unlock(reent);
}

static inline void libc_set_errno(struct _reent *reent, int error)
{
	_REENT_ERRNO(reent) = error;
}

#endif

/**
 * slate_libc_enter_() - begin a call: take the lock, look at the stack
 * @reent: whose call it is
 *
 * Context: the caller holds no lock, or the C library's, which nests.
 * Return: the heap, or NULL if the call must fail. Either way
 * slate_libc_leave_() follows.
 */
struct slate_heap *slate_libc_enter_(struct _reent *reent);

/* End a call: set errno to @error if that is not 0, release the lock. */
void slate_libc_leave_(struct _reent *reent, int error);

#endif /* LIBC_ENTRY_H */
