// SPDX-License-Identifier: MIT
/* Memory that nobody may touch, on Linux: pages, by mprotect. */
#include <limits.h>
#include <sys/mman.h>
#include <unistd.h>

#include <slate/guards.h>

#include <arch.h>

static unsigned int count(void)
{
	return UINT_MAX;
}

static size_t step(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static int close_end(unsigned int i, void *base, size_t size, size_t closed)
{
	char *end = (char *)base + (size - closed);

	(void)i;
	if (closed < size &&
	    mprotect(base, size - closed, PROT_READ | PROT_WRITE))
		return -1;
	return closed ? mprotect(end, closed, PROT_NONE) : 0;
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
