// SPDX-License-Identifier: MIT
/*
 * The locks: the linker leads both the C library's and the port's through
 * here (--wrap), where they are counted. Every entry takes the C library's
 * once and gives it back, errors included; it nests; and what looks at tables
 * does so with the port's.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>

#include "libc_test.h"

#define CALL(name, expression) \
	static void name(void *ptr) { (void)ptr; (void)(expression); }

struct locks locks;

slate_port_key __real_slate_port_lock(void);
void __real_slate_port_unlock(slate_port_key key);
slate_port_key __wrap_slate_port_lock(void);
void __wrap_slate_port_unlock(slate_port_key key);
void *reallocarray(void *ptr, size_t nmemb, size_t size);
void *aligned_alloc(size_t align, size_t size);
int posix_memalign(void **place, size_t align, size_t size);

slate_port_key __wrap_slate_port_lock(void)
{
	slate_port_key key = __real_slate_port_lock();

	locks.port++;
	locks.port_depth++;
	return key;
}

void __wrap_slate_port_unlock(slate_port_key key)
{
	locks.port_depth--;
	__real_slate_port_unlock(key);
}

static void count_in(void)
{
	locks.libc++;
	if (++locks.depth > locks.deepest)
		locks.deepest = locks.depth;
}

#ifdef __PICOLIBC__

void __real___retarget_lock_acquire_recursive(_LOCK_T lock);
void __real___retarget_lock_release_recursive(_LOCK_T lock);
void __wrap___retarget_lock_acquire_recursive(_LOCK_T lock);
void __wrap___retarget_lock_release_recursive(_LOCK_T lock);

void __wrap___retarget_lock_acquire_recursive(_LOCK_T lock)
{
	count_in();
	__real___retarget_lock_acquire_recursive(lock);
}

void __wrap___retarget_lock_release_recursive(_LOCK_T lock)
{
	locks.depth--;
	__real___retarget_lock_release_recursive(lock);
}

static void hold(void)
{
	__LIBC_LOCK();
}

static void let_go(void)
{
	__LIBC_UNLOCK();
}

#else

#include <reent.h>

void __real___malloc_lock(struct _reent *reent);
void __real___malloc_unlock(struct _reent *reent);
void __wrap___malloc_lock(struct _reent *reent);
void __wrap___malloc_unlock(struct _reent *reent);

void __wrap___malloc_lock(struct _reent *reent)
{
	count_in();
	__real___malloc_lock(reent);
}

void __wrap___malloc_unlock(struct _reent *reent)
{
	locks.depth--;
	__real___malloc_unlock(reent);
}

static void hold(void)
{
	__malloc_lock(_REENT);
}

static void let_go(void)
{
	__malloc_unlock(_REENT);
}

#endif

/* The most bytes that were copied or cleared with the port's lock held. */
static size_t most_inside;

void *__real_memcpy(void *to, const void *from, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
void *__real_memset(void *to, int byte, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size);
void *__wrap_memset(void *to, int byte, size_t size);

static void see_bytes(size_t size)
{
	if (locks.port_depth && size > most_inside)
		most_inside = size;
}

void *__wrap_memcpy(void *to, const void *from, size_t size)
{
	see_bytes(size);
	return __real_memcpy(to, from, size);
}

void *__wrap_memmove(void *to, const void *from, size_t size)
{
	see_bytes(size);
	return __real_memmove(to, from, size);
}

void *__wrap_memset(void *to, int byte, size_t size)
{
	see_bytes(size);
	return __real_memset(to, byte, size);
}

static void *result;
static int number;

/* Calls that succeed: each gets a block, and leaves one in result. */
CALL(do_malloc, (free(ptr), locks.libc = 0, result = malloc(20)))
CALL(do_calloc, (free(ptr), locks.libc = 0, result = calloc(2, 20)))
CALL(do_memalign, (free(ptr), locks.libc = 0, result = memalign(32, 20)))
CALL(do_aligned, (free(ptr), locks.libc = 0, result = aligned_alloc(32, 32)))
CALL(do_posix, (free(ptr), locks.libc = 0,
		number = posix_memalign(&result, 32, 32)))
CALL(do_valloc, (free(ptr), locks.libc = 0, result = pvalloc(20)))
CALL(do_realloc, result = realloc(ptr, 3000))
CALL(do_shrink, result = realloc(ptr, 1))
CALL(do_array, result = reallocarray(ptr, 30, 3))
CALL(do_usable, (result = ptr, malloc_usable_size(ptr)))
CALL(do_mallinfo, (result = ptr, number = (int)mallinfo().arena))
CALL(do_mallopt, (result = ptr, mallopt(1, 1)))
CALL(do_trim, (result = ptr, malloc_trim(0)))

/* Calls that fail, or have nothing to do. */
CALL(fail_malloc, (result = ptr, number = malloc(too_much) != NULL))
CALL(fail_calloc, (result = ptr, number = calloc(too_much, 3) != NULL))
CALL(fail_realloc, (result = ptr, number = realloc(ptr, too_much) != NULL))
CALL(fail_array, (result = ptr,
		  number = reallocarray(ptr, too_much, 3) != NULL))
CALL(fail_memalign, (result = ptr, number = memalign(32, too_much) != NULL))
CALL(fail_align, (result = ptr, number = memalign(33, 8) != NULL))
CALL(fail_posix, (result = ptr,
		  number = !posix_memalign(&ptr, 32, too_much)))
CALL(fail_posix_align, (result = ptr, number = !posix_memalign(&ptr, 3, 3)))
CALL(fail_usable, (result = ptr, number = malloc_usable_size(&number) != 0))
CALL(fail_bad_realloc, (result = ptr, number = realloc(&result, 3) != NULL))

static void fail_free(void *ptr)
{
	void *volatile bad = &result;

	result = ptr;
	number = 0;
	free(bad);
}

static void free_nothing(void *ptr)
{
	void *volatile nothing = NULL;

	result = ptr;
	number = 0;
	free(nothing);
}

/* Once taken and given back; not deeper than one. */
static void counts_one(struct ktap *t, void (*const *calls)(void *ptr),
		       size_t n, bool fails)
{
	size_t i;
	void *ptr;

	for (i = 0; i < n; i++) {
		ptr = malloc(100);
		result = NULL;
		locks.libc = 0;
		locks.deepest = 0;
		number = 0;
		calls[i](ptr);
		if (!ktap_expect(t, locks.libc == 1))
			ktap_note("call", i);
		ktap_expect(t, locks.depth == 0);
		ktap_expect(t, locks.deepest == 1);
		ktap_expect(t, result != NULL);
		ktap_expect(t, !(fails && number));
		free(result);
	}
}

static void entries_take_the_lock(struct ktap *t)
{
	static void (*const calls[])(void *ptr) = {
		do_malloc, do_calloc, do_memalign, do_aligned, do_posix,
		do_valloc, do_realloc, do_shrink, do_array, do_usable,
		do_mallinfo, do_mallopt, do_trim, free_nothing,
	};

	counts_one(t, calls, sizeof(calls) / sizeof(calls[0]), false);
}

static void entries_that_fail_take_the_lock(struct ktap *t)
{
	static void (*const calls[])(void *ptr) = {
		fail_malloc, fail_calloc, fail_realloc, fail_array,
		fail_memalign, fail_align, fail_posix, fail_posix_align,
		fail_usable, fail_bad_realloc, fail_free,
	};

	counts_one(t, calls, sizeof(calls) / sizeof(calls[0]), true);
	ktap_expect(t, faults_seen == 3);
}

/* A program may hold the lock itself, over several calls. */
static void the_lock_nests(struct ktap *t)
{
	void *ptr;

	hold();
	locks.deepest = 0;
	ptr = malloc(10);
	ptr = realloc(ptr, 20);
	free(ptr);
	ktap_expect(t, locks.depth == 1);
	ktap_expect(t, locks.deepest == 2);
	let_go();
	ktap_expect(t, locks.depth == 0);
}

/* Those of the engine: at least one for each call that looks at tables. */
static void tables_are_locked_by_the_port(struct ktap *t)
{
	void *ptr;

	locks.port = 0;
	ptr = malloc(10);
	ktap_expect(t, locks.port >= 1);
	locks.port = 0;
	ptr = realloc(ptr, 2000);
	ktap_expect(t, locks.port >= 1);
	locks.port = 0;
	ktap_expect(t, malloc_usable_size(ptr) >= 2000);
	ktap_expect(t, locks.port >= 1);
	locks.port = 0;
	free(ptr);
	ktap_expect(t, locks.port >= 1);
	ktap_expect(t, locks.port_depth == 0);
}

/* A few words of the tables may be copied inside; a caller's block is not. */
static void copies_and_clears_run_with_interrupts_on(struct ktap *t)
{
	slate_port_key key;
	void *ptr[3];

	most_inside = 0;
	ptr[0] = calloc(1, 5000);
	ptr[1] = malloc(10);
	ptr[0] = realloc(ptr[0], 9000);
	ptr[2] = malloc(10);
	ptr[0] = realloc(ptr[0], 20000);
	ktap_expect(t, most_inside < 256);
	/* It would be seen. */
	key = slate_port_lock();
	memset(ptr[0], 0, 5000);
	slate_port_unlock(key);
	ktap_expect(t, most_inside == 5000);
	free(ptr[0]);
	free(ptr[1]);
	free(ptr[2]);
}

static unsigned int primask(void)
{
	unsigned int mask;

	__asm__ volatile("mrs %0, primask" : "=r"(mask));
	return mask;
}

static void interrupts_stay_as_they_were(struct ktap *t)
{
	ktap_expect(t, primask() == 0);
	free(malloc(10));
	ktap_expect(t, primask() == 0);
	__asm__ volatile("cpsid i");
	free(malloc(10));
	ktap_expect(t, primask() == 1);
	__asm__ volatile("cpsie i");
}

static const struct ktap_case cases[] = {
	KTAP_CASE(entries_take_the_lock),
	KTAP_CASE(entries_that_fail_take_the_lock),
	KTAP_CASE(the_lock_nests),
	KTAP_CASE(tables_are_locked_by_the_port),
	KTAP_CASE(copies_and_clears_run_with_interrupts_on),
	KTAP_CASE(interrupts_stay_as_they_were),
};

KTAP_SUITE(lock, cases);
