/* SPDX-License-Identifier: MIT */
/*
 * Layer 8: once-cells: a value that is made when it is first asked for, and
 * never again.
 */
#ifndef SLATE_ONCE_H
#define SLATE_ONCE_H

#include <slate/port.h>

SLATE_BEGIN_DECLS

/**
 * struct slate_once - a once-cell, all zero in the beginning
 * @state: slate's own
 * @value: the value, NULL before it is made
 */
struct slate_once {
	uintptr_t state;
	void *volatile value;
};

/**
 * slate_once_get() - the value of a cell, made if need be
 * @once: the cell
 * @make: makes the value; NULL says that it could not, and the next call
 *	tries again
 * @arg: handed to @make
 *
 * Context: any thread, any interrupt. O(1), plus @make in the call that gets
 * to make it. Waits for nobody.
 * Return: the value; NULL if it could not be made, or if somebody else, or a
 * caller of this very call, is just making it.
 */
void *slate_once_get(struct slate_once *once, void *(*make)(void *arg),
		     void *arg);

/**
 * slate_once_take() - empty a cell
 * @once: the cell
 *
 * Context: nobody else may use the cell. O(1).
 * Return: the value, now the caller's; NULL if there was none.
 */
void *slate_once_take(struct slate_once *once);

SLATE_END_DECLS

#endif /* SLATE_ONCE_H */
