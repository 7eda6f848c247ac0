// SPDX-License-Identifier: MIT
#include <unwind.h>

#include "backtrace.h"

struct walk {
	uintptr_t site;
	uintptr_t *frames;
	unsigned int n;
	unsigned int found;
};

/*
 * The unwinder leaves out bit 0, which is set in an address of Thumb code. The
 * frames below the one that returns to the site are slate's.
 */
static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *arg)
{
	struct walk *walk = arg;
	const uintptr_t thumb = walk->site & 1;
	uintptr_t ip = _Unwind_GetIP(context);

	if (!ip)
		return _URC_END_OF_STACK;
	if (walk->found || (ip | thumb) == walk->site)
		walk->frames[walk->found++] = ip | thumb;
	return walk->found == walk->n ? _URC_END_OF_STACK : _URC_NO_REASON;
}

unsigned int backtrace_frames(void *arg, const void *site, uintptr_t *frames,
			      unsigned int n)
{
	struct walk walk = { (uintptr_t)site, frames, n, 0 };

	(void)arg;
	if (n)
		_Unwind_Backtrace(step, &walk);
	return walk.found;
}
