// SPDX-License-Identifier: MIT
/*
 * The port contract on Linux: one mutex, arenas from mmap, faults printed to
 * stderr before the program stops.
 */
#define _DEFAULT_SOURCE	/* MAP_ANONYMOUS, also with -std=c11 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <slate/arena.h>
#include <slate/port.h>

/* On 64-bit address space is plenty; memory is what has been touched. */
#define ARENA_SIZE	((size_t)1 << (sizeof(void *) == 8 ? 23 : 20))

/* Of arenas for large blocks; ARENA_SIZE is the least of any. */
#define HUGE_ALIGN	(ARENA_SIZE > SLATE_PORT_HUGE ? ARENA_SIZE : \
						       SLATE_PORT_HUGE)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

slate_port_key slate_port_lock(void)
{
	pthread_mutex_lock(&mutex);
	return 0;
}

void slate_port_unlock(slate_port_key key)
{
	(void)key;
	pthread_mutex_unlock(&mutex);
}

SLATE_WEAK void slate_port_write(const char *text, size_t len)
{
	while (len) {
		ssize_t done = write(STDERR_FILENO, text, len);

		if (done <= 0)
			return;
		text += done;
		len -= (size_t)done;
	}
}

SLATE_WEAK void slate_port_fault(enum slate_fault kind,
				 struct slate_heap *heap, const void *where)
{
	char line[128];
	int len = snprintf(line, sizeof(line), "slate: %s: %p in heap %p\n",
			   slate_fault_name(kind), where, (void *)heap);

	slate_port_write(line, (size_t)len);
	__builtin_trap();
}

uintptr_t slate_port_or(uintptr_t *word, uintptr_t bits)
{
	return __atomic_fetch_or(word, bits, __ATOMIC_ACQ_REL);
}

bool slate_port_cas(uintptr_t *word, uintptr_t old, uintptr_t value)
{
	return __atomic_compare_exchange_n(word, &old, value, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* As mmap(), which aligns to a page only: more is taken, the ends go back. */
static char *map_aligned(size_t size, size_t align)
{
	size_t whole = size + align;
	size_t head;
	char *p;

	if (whole < size)
		return NULL;
	p = mmap(NULL, whole, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	head = -(uintptr_t)p & (align - 1);
	if (head)
		munmap(p, head);
	if (head != align)
		munmap(p + head + size, align - head);
	return p + head;
}

/*
 * An arena for a large block starts with a huge page and is given them: the
 * block is walked with one entry of the TLB for 2 MiB, not for 4 KiB. Ordinary
 * arenas are not: a heap that is small stays small.
 */
static void *arena_alloc(void *ctx, size_t size)
{
	bool huge = size > ARENA_SIZE && size >= SLATE_PORT_HUGE;
	char *p = map_aligned(size, huge ? HUGE_ALIGN : ARENA_SIZE);

	(void)ctx;
	if (p && huge)
		madvise(p, size & ~(SLATE_PORT_HUGE - 1), MADV_HUGEPAGE);
	return p;
}

static void arena_free(void *ctx, void *ptr, size_t size)
{
	(void)ctx;
	munmap(ptr, size);
}

static const struct slate_arena_source source = {
	.ctx = NULL,
	.size = ARENA_SIZE,
	.alloc = arena_alloc,
	.free = arena_free,
	.zeroed = true,
};

const struct slate_arena_source *slate_port_source(void)
{
	return &source;
}

unsigned int slate_port_cpu(void)
{
	return 0;
}
