// SPDX-License-Identifier: MIT
/*
 * Instead of what a call took: the longest stretch of it with interrupts off.
 * The linker leads slate_port_lock() and slate_port_unlock() through here. A
 * stretch is what runs between the instruction that masks interrupts and the
 * one that unmasks them, both of them in the port, the latter included.
 */
#include <slate/port.h>

#include "count.h"

slate_port_key __real_slate_port_lock(void);
void __real_slate_port_unlock(slate_port_key key);
slate_port_key __wrap_slate_port_lock(void);
void __wrap_slate_port_unlock(slate_port_key key);

/* Return from the lock, call of the unlock, its first instruction. */
#define IN_THE_PORT	3

static uint32_t start;
static uint32_t longest;
static uint32_t nothing;	/* of a stretch in which nothing is done */
static bool is_known;

slate_port_key __wrap_slate_port_lock(void)
{
	slate_port_key key = __real_slate_port_lock();

	start = TIMER_VALUE;
	return key;
}

void __wrap_slate_port_unlock(slate_port_key key)
{
	uint32_t took = start - TIMER_VALUE;

	if (took > longest)
		longest = took;
	__real_slate_port_unlock(key);
}

static void measure_nothing(void)
{
	longest = 0;
	__wrap_slate_port_unlock(__wrap_slate_port_lock());
	nothing = instructions(longest);
	is_known = true;
	longest = 0;
}

uint32_t figure(const struct span *span)
{
	uint32_t took = longest;

	(void)span;
	if (!is_known) {
		measure_nothing();
		return 0;	/* the first call of all is not measured */
	}
	longest = 0;
	return took ? instructions(took) - nothing + IN_THE_PORT : 0;
}
