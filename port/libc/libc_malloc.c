// SPDX-License-Identifier: MIT
/*
 * malloc and its family, under their C names and under newlib's reentrant
 * ones. All in one file, because a C library keeps several of these names in
 * one object of its archive: whoever finds one here must find them all here,
 * or that object comes along with a second allocator.
 *
 * Each call enters, does its work, and leaves, whether it succeeds or not.
 * free(NULL), too: a lock that is there for its side effects sees every call.
 * What the calls promise is what slate's mem tier promises: size 0 is a real
 * block, realloc to 0 does not free, a bad pointer is reported and dropped.
 */
#include "libc_entry.h"

#define PAGE	4096u	/* of valloc() and pvalloc(); nothing here has pages */

/* The names that no header of one or the other library declares. */
void *_malloc_r(struct _reent *reent, size_t size);
void *_calloc_r(struct _reent *reent, size_t nmemb, size_t size);
void *_realloc_r(struct _reent *reent, void *ptr, size_t size);
void _free_r(struct _reent *reent, void *ptr);
void _cfree_r(struct _reent *reent, void *ptr);
void *_memalign_r(struct _reent *reent, size_t align, size_t size);
void *_valloc_r(struct _reent *reent, size_t size);
void *_pvalloc_r(struct _reent *reent, size_t size);
size_t _malloc_usable_size_r(struct _reent *reent, void *ptr);
struct mallinfo _mallinfo_r(struct _reent *reent);
int _mallopt_r(struct _reent *reent, int option, int value);
int _malloc_trim_r(struct _reent *reent, size_t pad);
void *reallocarray(void *ptr, size_t nmemb, size_t size);
void *aligned_alloc(size_t align, size_t size);
int posix_memalign(void **place, size_t align, size_t size);
void *valloc(size_t size);
void cfree(void *ptr);

static void *leave(struct _reent *reent, void *ptr)
{
	slate_libc_leave_(reent, ptr ? 0 : ENOMEM);
	return ptr;
}

void *_malloc_r(struct _reent *reent, size_t size)
{
	struct slate_heap *heap = slate_libc_enter_(reent);

	return leave(reent, heap ? slate_mem_malloc(heap, size) : NULL);
}

void *_calloc_r(struct _reent *reent, size_t nmemb, size_t size)
{
	struct slate_heap *heap = slate_libc_enter_(reent);

	return leave(reent, heap ? slate_mem_calloc(heap, nmemb, size) : NULL);
}

void *_realloc_r(struct _reent *reent, void *ptr, size_t size)
{
	struct slate_heap *heap = slate_libc_enter_(reent);

	return leave(reent, heap ? slate_mem_realloc(heap, ptr, size) : NULL);
}

void _free_r(struct _reent *reent, void *ptr)
{
	struct slate_heap *heap = slate_libc_enter_(reent);

	if (heap)
		slate_mem_free(heap, ptr);
	slate_libc_leave_(reent, 0);
}

void _cfree_r(struct _reent *reent, void *ptr)
{
	_free_r(reent, ptr);
}

void *_memalign_r(struct _reent *reent, size_t align, size_t size)
{
	struct slate_heap *heap = slate_libc_enter_(reent);
	void *ptr = NULL;

	if (!slate_is_power_of_two(align)) {
		slate_libc_leave_(reent, EINVAL);
		return NULL;
	}
	if (heap)
		ptr = slate_raw_alloc(heap, align, size, 0);
	return leave(reent, ptr);
}

void *_valloc_r(struct _reent *reent, size_t size)
{
	return _memalign_r(reent, PAGE, size);
}

/* Whole pages; the block is rounded up to its alignment anyway. */
void *_pvalloc_r(struct _reent *reent, size_t size)
{
	return _memalign_r(reent, PAGE, size);
}

size_t _malloc_usable_size_r(struct _reent *reent, void *ptr)
{
	struct slate_heap *heap = slate_libc_enter_(reent);
	size_t size = heap ? slate_heap_usable_size(heap, ptr) : 0;

	slate_libc_leave_(reent, 0);
	return size;
}

/* O(heap), as slate_heap_stats(); usmblks is the peak of uordblks. */
struct mallinfo _mallinfo_r(struct _reent *reent)
{
	struct slate_heap *heap = slate_libc_enter_(reent);
	struct mallinfo info = { .arena = 0 };
	struct slate_stats stats;

	if (heap) {
		slate_heap_stats(heap, &stats);
		info.arena = stats.size;
		info.ordblks = stats.free_chunks;
		info.usmblks = stats.peak;
		info.uordblks = stats.live;
		info.fordblks = stats.free;
	}
	slate_libc_leave_(reent, 0);
	return info;
}

/* There is nothing to tune: 0 says that the option was not taken. */
int _mallopt_r(struct _reent *reent, int option, int value)
{
	(void)option;
	(void)value;
	slate_libc_enter_(reent);
	slate_libc_leave_(reent, 0);
	return 0;
}

/* Nor anything to give back. */
int _malloc_trim_r(struct _reent *reent, size_t pad)
{
	return _mallopt_r(reent, 0, (int)(pad & 1));
}

void *malloc(size_t size)
{
	return _malloc_r(LIBC_REENT, size);
}

void *calloc(size_t nmemb, size_t size)
{
	return _calloc_r(LIBC_REENT, nmemb, size);
}

void *realloc(void *ptr, size_t size)
{
	return _realloc_r(LIBC_REENT, ptr, size);
}

void *reallocarray(void *ptr, size_t nmemb, size_t size)
{
	size_t bytes;

	if (!slate_size_product(nmemb, size, &bytes))
		bytes = SIZE_MAX;	/* more than there ever is */
	return _realloc_r(LIBC_REENT, ptr, bytes);
}

void free(void *ptr)
{
	_free_r(LIBC_REENT, ptr);
}

void cfree(void *ptr)
{
	_free_r(LIBC_REENT, ptr);
}

void *memalign(size_t align, size_t size)
{
	return _memalign_r(LIBC_REENT, align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return _memalign_r(LIBC_REENT, align, size);
}

/* Leaves errno alone, and *@place unless it succeeds. */
int posix_memalign(void **place, size_t align, size_t size)
{
	struct _reent *reent = LIBC_REENT;
	struct slate_heap *heap = slate_libc_enter_(reent);
	int error = EINVAL;
	void *ptr;

	if (slate_is_power_of_two(align) && align >= sizeof(void *)) {
		ptr = heap ? slate_raw_alloc(heap, align, size, 0) : NULL;
		error = ptr ? 0 : ENOMEM;
		if (ptr)
			*place = ptr;
	}
	slate_libc_leave_(reent, 0);
	return error;
}

void *valloc(size_t size)
{
	return _valloc_r(LIBC_REENT, size);
}

void *pvalloc(size_t size)
{
	return _pvalloc_r(LIBC_REENT, size);
}

size_t malloc_usable_size(void *ptr)
{
	return _malloc_usable_size_r(LIBC_REENT, ptr);
}

struct mallinfo mallinfo(void)
{
	return _mallinfo_r(LIBC_REENT);
}

int mallopt(int option, int value)
{
	return _mallopt_r(LIBC_REENT, option, value);
}

int malloc_trim(size_t pad)
{
	return _malloc_trim_r(LIBC_REENT, pad);
}
