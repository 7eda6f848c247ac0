// SPDX-License-Identifier: MIT
/* malloc_stats(), apart from the rest because it needs stdio. */
#include <stdio.h>

#include "libc_entry.h"

struct mallinfo _mallinfo_r(struct _reent *reent);
void _malloc_stats_r(struct _reent *reent);

void _malloc_stats_r(struct _reent *reent)
{
	struct mallinfo info = _mallinfo_r(reent);

	fprintf(stderr, "system bytes     = %10lu\n"
		"in use bytes     = %10lu\n"
		"peak in use      = %10lu\n",
		(unsigned long)info.arena, (unsigned long)info.uordblks,
		(unsigned long)info.usmblks);
}

void malloc_stats(void)
{
	_malloc_stats_r(LIBC_REENT);
}
