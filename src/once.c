// SPDX-License-Identifier: MIT
/*
 * Once-cells. The one who sets BEGUN first makes the value. Setting READY
 * orders the value's bytes before the pointer to them; whoever reads the
 * pointer reads through it, so a reader needs no atomic step.
 */
#include <slate/once.h>

#define BEGUN	0x1u
#define READY	0x2u

void *slate_once_get(struct slate_once *once, void *(*make)(void *arg),
		     void *arg)
{
	void *value = once->value;

	if (value)
		return value;
	if (slate_port_or(&once->state, BEGUN) & BEGUN)
		return once->value;
	value = make(arg);
	if (!value) {
		*(volatile uintptr_t *)&once->state = 0;
		return NULL;
	}
	slate_port_or(&once->state, READY);
	once->value = value;
	return value;
}

void *slate_once_take(struct slate_once *once)
{
	void *value = once->value;

	once->value = NULL;
	once->state = 0;
	return value;
}
