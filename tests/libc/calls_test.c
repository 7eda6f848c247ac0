// SPDX-License-Identifier: MIT
/* malloc and its family by their contracts, the reentrant names included. */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "libc_test.h"

struct _reent;

void *_malloc_r(struct _reent *reent, size_t size);
void *_calloc_r(struct _reent *reent, size_t nmemb, size_t size);
void *_realloc_r(struct _reent *reent, void *ptr, size_t size);
void _free_r(struct _reent *reent, void *ptr);
void *_memalign_r(struct _reent *reent, size_t align, size_t size);
size_t _malloc_usable_size_r(struct _reent *reent, void *ptr);
void *reallocarray(void *ptr, size_t nmemb, size_t size);
void *aligned_alloc(size_t align, size_t size);
int posix_memalign(void **place, size_t align, size_t size);

static char *early[3];

static char *take_early(char tag)
{
	char *ptr = malloc(40);

	if (ptr)
		memset(ptr, tag, 40);
	return ptr;
}

static void before_constructors(void)
{
	early[0] = take_early('p');
}

__attribute__((used, section(".preinit_array")))
static void (*const preinit)(void) = before_constructors;

__attribute__((constructor(101))) static void first_constructor(void)
{
	early[1] = take_early('c');
}

__attribute__((constructor)) static void last_constructor(void)
{
	early[2] = take_early('d');
}

/* They stay: what is live before a case is live after it. */
static void serves_before_constructors(struct ktap *t)
{
	size_t i;

	for (i = 0; i < 3; i++) {
		if (!ktap_expect(t, early[i] != NULL))
			continue;
		ktap_expect(t, early[i][0] == "pcd"[i]);
		ktap_expect(t, early[i][39] == "pcd"[i]);
	}
}

static void blocks_are_aligned_for_any_type(struct ktap *t)
{
	void *ptr[40];
	size_t i;

	for (i = 0; i < 40; i++) {
		ptr[i] = malloc(i);
		ktap_expect(t, ptr[i] != NULL);
		ktap_expect(t, !((uintptr_t)ptr[i] % _Alignof(max_align_t)));
	}
	while (i--)
		free(ptr[i]);
}

static void calloc_clears(struct ktap *t)
{
	unsigned char *ptr = malloc(200);
	size_t i;

	memset(ptr, 0xff, 200);
	free(ptr);
	ptr = calloc(20, 10);
	for (i = 0; ptr && i < 200; i++)
		ktap_expect(t, !ptr[i]);
	ktap_expect(t, ptr != NULL);
	free(ptr);
}

static void realloc_keeps_what_was_there(struct ktap *t)
{
	char *ptr = realloc(NULL, 10);
	char *array;

	strcpy(ptr, "123456789");
	ptr = realloc(ptr, 3000);
	ktap_expect(t, ptr && !strcmp(ptr, "123456789"));
	array = reallocarray(ptr, 4, 3);
	ktap_expect(t, array && !strcmp(array, "123456789"));
	free(array);
}

static void running_out_sets_errno(struct ktap *t)
{
	void *ptr = malloc(16);

	errno = 0;
	ktap_expect(t, !malloc(too_much));
	ktap_expect(t, errno == ENOMEM);
	errno = 0;
	ktap_expect(t, !calloc(too_much, 3));
	ktap_expect(t, errno == ENOMEM);
	errno = 0;
	ktap_expect(t, !realloc(ptr, too_much));
	ktap_expect(t, errno == ENOMEM);
	errno = 0;
	ktap_expect(t, !reallocarray(ptr, too_much, 3));
	ktap_expect(t, errno == ENOMEM);
	errno = 0;
	ktap_expect(t, !memalign(64, too_much));
	ktap_expect(t, errno == ENOMEM);
	errno = 0;
	free(ptr);
	ktap_expect(t, !errno);
}

static void aligned_blocks(struct ktap *t)
{
	size_t align;
	void *ptr;

	for (align = 4; align <= 1024; align *= 2) {
		ptr = aligned_alloc(align, align * 2);
		ktap_expect(t, ptr && !((uintptr_t)ptr % align));
		free(ptr);
		ptr = memalign(align, 10);
		ktap_expect(t, ptr && !((uintptr_t)ptr % align));
		free(ptr);
		ptr = NULL;
		ktap_expect(t, !posix_memalign(&ptr, align, 10));
		ktap_expect(t, ptr && !((uintptr_t)ptr % align));
		free(ptr);
	}
	errno = 0;
	ktap_expect(t, !aligned_alloc(24, 48));
	ktap_expect(t, errno == EINVAL);
	errno = 0;
	ptr = &align;
	ktap_expect(t, posix_memalign(&ptr, 2, 8) == EINVAL);
	ktap_expect(t, posix_memalign(&ptr, 24, 8) == EINVAL);
	ktap_expect(t, posix_memalign(&ptr, 64, too_much) == ENOMEM);
	ktap_expect(t, ptr == &align);
	ktap_expect(t, !errno);
}

static void figures_add_up(struct ktap *t)
{
	struct mallinfo before = mallinfo();
	void *ptr = malloc(1000);
	struct mallinfo after = mallinfo();
	size_t size = malloc_usable_size(ptr);

	ktap_expect(t, size >= 1000 && size < 1100);
	ktap_expect(t, !malloc_usable_size(NULL));
	ktap_expect(t, after.uordblks == before.uordblks + size);
	ktap_expect(t, after.arena == before.arena);
	ktap_expect(t, after.uordblks + after.fordblks <= after.arena);
	free(ptr);
	ktap_expect(t, mallinfo().uordblks == before.uordblks);
}

static void everything_can_be_taken_and_given_back(struct ktap *t)
{
	struct mallinfo before = mallinfo();
	void **list = NULL;
	void **next;
	size_t most;

	while ((next = malloc(5000))) {
		*next = list;
		list = next;
	}
	ktap_expect(t, errno == ENOMEM);
	most = mallinfo().uordblks;
	ktap_expect(t, most > before.arena / 16 * 15);
	for (; list; list = next) {
		next = *list;
		free(list);
	}
	ktap_expect(t, mallinfo().fordblks == before.fordblks);
}

static void misuse_is_reported_and_dropped(struct ktap *t)
{
	char *ptr = malloc(100);
	char *again;
	char here;

	free(&here);
	ktap_expect(t, faults_seen == 1 && faults_last == SLATE_FAULT_FOREIGN);
	free(ptr + 8);
	ktap_expect(t, faults_seen == 2);
	ktap_expect(t, faults_last == SLATE_FAULT_INTERIOR);
	again = ptr;
	free(ptr);
	free(again);
	ktap_expect(t, faults_seen == 3);
	ktap_expect(t, faults_last == SLATE_FAULT_DOUBLE_FREE);
	ktap_expect(t, !realloc(again, 5));
	ktap_expect(t, faults_seen == 4);
}

#ifdef __PICOLIBC__

static void reentrant_calls(struct ktap *t)
{
	void *ptr = _malloc_r(NULL, 10);

	ktap_expect(t, ptr != NULL);
	ptr = _realloc_r(NULL, ptr, 20);
	ktap_expect(t, _malloc_usable_size_r(NULL, ptr) >= 20);
	_free_r(NULL, ptr);
	errno = 0;
	ktap_expect(t, !_calloc_r(NULL, too_much, 2));
	ktap_expect(t, errno == ENOMEM);
}

#else

#include <reent.h>

/* The error of a call goes where that call's struct is, nowhere else. */
static void reentrant_calls(struct ktap *t)
{
	struct _reent other = { ._errno = 0 };
	void *ptr = _malloc_r(&other, 10);

	ktap_expect(t, ptr != NULL);
	ptr = _realloc_r(&other, ptr, 20);
	ktap_expect(t, _malloc_usable_size_r(&other, ptr) >= 20);
	_free_r(&other, ptr);
	ptr = _memalign_r(&other, 32, 20);
	ktap_expect(t, ptr && !((uintptr_t)ptr % 32));
	_free_r(&other, ptr);
	ktap_expect(t, !other._errno);
	errno = 0;
	ktap_expect(t, !_calloc_r(&other, too_much, 2));
	ktap_expect(t, other._errno == ENOMEM);
	ktap_expect(t, !errno);
}

#endif

static const struct ktap_case cases[] = {
	KTAP_CASE(serves_before_constructors),
	KTAP_CASE(blocks_are_aligned_for_any_type),
	KTAP_CASE(calloc_clears),
	KTAP_CASE(realloc_keeps_what_was_there),
	KTAP_CASE(running_out_sets_errno),
	KTAP_CASE(aligned_blocks),
	KTAP_CASE(figures_add_up),
	KTAP_CASE(everything_can_be_taken_and_given_back),
	KTAP_CASE(misuse_is_reported_and_dropped),
	KTAP_CASE(reentrant_calls),
};

KTAP_SUITE(libc, cases);
