// SPDX-License-Identifier: MIT
/*
 * The port contract on Windows: one SRW lock, arenas from VirtualAlloc, faults
 * printed to stderr before the program stops. Needs kernel32 only.
 *
 * What is weak in other ports has another name here, and stands in where a
 * program has none of its own: src/weak.h says why.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <slate/arena.h>
#include <slate/port.h>

#define ARENA_SIZE	((size_t)1 << 20)

/* VirtualAlloc aligns what it reserves to this, on every Windows. */
#define RESERVE_ALIGN	((size_t)1 << 16)

void slate_port_write_default_(const char *text, size_t len);
void slate_port_fault_default_(enum slate_fault kind, struct slate_heap *heap,
			       const void *where);
__asm__(".weak slate_port_write\n\t"
	".set slate_port_write, slate_port_write_default_");

static SRWLOCK lock = SRWLOCK_INIT;

slate_port_key slate_port_lock(void)
{
	AcquireSRWLockExclusive(&lock);
	return 0;
}

void slate_port_unlock(slate_port_key key)
{
	(void)key;
	ReleaseSRWLockExclusive(&lock);
}

void slate_port_write_default_(const char *text, size_t len)
{
	HANDLE to = GetStdHandle(STD_ERROR_HANDLE);

	while (len) {
		DWORD part = len > ARENA_SIZE ? (DWORD)ARENA_SIZE : (DWORD)len;
		DWORD done = 0;

		if (!WriteFile(to, text, part, &done, NULL) || !done)
			return;
		text += done;
		len -= done;
	}
}

static char *put(char *to, const char *text)
{
	while (*text)
		*to++ = *text++;
	return to;
}

static char *put_hex(char *to, uintptr_t value)
{
	unsigned int shift = sizeof(value) * 8;

	to = put(to, "0x");
	while (shift) {
		shift -= 4;
		*to++ = "0123456789abcdef"[value >> shift & 15];
	}
	return to;
}

void slate_port_fault_default_(enum slate_fault kind, struct slate_heap *heap,
			       const void *where)
{
	char line[160];
	char *to = line;

	to = put(to, "slate: ");
	to = put(to, slate_fault_name(kind));
	to = put(to, ": ");
	to = put_hex(to, (uintptr_t)where);
	to = put(to, " in heap ");
	to = put_hex(to, (uintptr_t)heap);
	to = put(to, "\r\n");
	slate_port_write(line, (size_t)(to - line));
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

/*
 * Address space is reserved beyond the arena, so that it holds an aligned one
 * wherever it comes to lie; memory is committed for the arena only.
 */
static void *arena_alloc(void *ctx, size_t size)
{
	size_t whole = size + ARENA_SIZE - RESERVE_ALIGN;
	char *start;
	char *p;

	(void)ctx;
	if (whole < size)
		return NULL;
	start = VirtualAlloc(NULL, whole, MEM_RESERVE, PAGE_NOACCESS);
	if (!start)
		return NULL;
	p = start + (-(uintptr_t)start & (ARENA_SIZE - 1));
	if (VirtualAlloc(p, size, MEM_COMMIT, PAGE_READWRITE))
		return p;
	VirtualFree(start, 0, MEM_RELEASE);
	return NULL;
}

/* What was reserved is released in one piece, from where it began. */
static void arena_free(void *ctx, void *ptr, size_t size)
{
	MEMORY_BASIC_INFORMATION info;

	(void)ctx;
	(void)size;
	if (VirtualQuery(ptr, &info, sizeof(info)))
		VirtualFree(info.AllocationBase, 0, MEM_RELEASE);
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
