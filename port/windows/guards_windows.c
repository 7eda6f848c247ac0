// SPDX-License-Identifier: MIT
/* Memory that nobody may touch, on Windows: pages, by VirtualProtect. */
#define WIN32_LEAN_AND_MEAN
#include <limits.h>
#include <windows.h>

#include <slate/guards.h>

#include <arch.h>

static unsigned int count(void)
{
	return UINT_MAX;
}

static size_t step(void)
{
	SYSTEM_INFO info;

	GetSystemInfo(&info);
	return info.dwPageSize;
}

static int close_end(unsigned int i, void *base, size_t size, size_t closed)
{
	char *end = (char *)base + (size - closed);
	DWORD before;

	(void)i;
	if (closed < size &&
	    !VirtualProtect(base, size - closed, PAGE_READWRITE, &before))
		return -1;
	if (closed && !VirtualProtect(end, closed, PAGE_NOACCESS, &before))
		return -1;
	return 0;
}

static const struct slate_guards guards = {
	.count = count,
	.step = step,
	.close = close_end,
};

const struct slate_guards *slate_port_guards(void)
{
	return &guards;
}
