// SPDX-License-Identifier: MIT
/*
 * heap_slate.c on the host, without a kernel: tasks are threads, the kernel's
 * critical section is a recursive mutex, and what the kernel's macros lead to
 * is counted.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "FreeRTOS.h"
#include "task.h"
#include "heap_slate.h"
#include "ktap.h"

#ifndef configSLATE_HEAP_REGIONS
#define configSLATE_HEAP_REGIONS	0
#endif

/* 1: the critical section is none; the test must then fail. */
#ifndef TEST_NO_LOCK
#define TEST_NO_LOCK	0
#endif

#ifdef configHEAP_CLEAR_MEMORY_ON_FREE
#define TEST_CLEARS	configHEAP_CLEAR_MEMORY_ON_FREE
#else
#define TEST_CLEARS	0
#endif

#define TASKS	8
/* Without a lock it takes a while until two are in the tables at once. */
#define ROUNDS	(TEST_NO_LOCK ? 1000000 : 20000)

static pthread_mutex_t mutex;
static unsigned int taken;
static unsigned int asserted;
static unsigned int hook_calls;
static size_t traced_mallocs, traced_failures, traced_frees;

static unsigned char more[2][16384] __attribute__((aligned(16)));

void test_assert(int holds)
{
	asserted += !holds;
}

void test_trace_malloc(void *ptr, size_t size)
{
	(void)size;
	if (ptr)
		__atomic_add_fetch(&traced_mallocs, 1, __ATOMIC_RELAXED);
	else
		__atomic_add_fetch(&traced_failures, 1, __ATOMIC_RELAXED);
}

void test_trace_free(void *ptr, size_t size)
{
	(void)ptr;
	(void)size;
	__atomic_add_fetch(&traced_frees, 1, __ATOMIC_RELAXED);
}

void test_enter_critical(void)
{
	if (!TEST_NO_LOCK)
		pthread_mutex_lock(&mutex);
	taken++;
}

void test_exit_critical(void)
{
	if (!TEST_NO_LOCK)
		pthread_mutex_unlock(&mutex);
}

UBaseType_t test_mask(void)
{
	test_enter_critical();
	return 5;
}

void test_unmask(UBaseType_t mask)
{
	asserted += mask != 5;
	test_exit_critical();
}

void vApplicationMallocFailedHook(void)
{
	__atomic_add_fetch(&hook_calls, 1, __ATOMIC_RELAXED);
}

void ktap_write(const char *s, size_t len)
{
	fwrite(s, 1, len, stdout);
}

static void before(struct ktap *t)
{
	(void)t;
	vPortHeapResetState();
	asserted = 0;
	hook_calls = 0;
	traced_mallocs = traced_failures = traced_frees = 0;
}

static void after(struct ktap *t)
{
	struct slate_heap *heap = slate_freertos_heap();

	ktap_expect(t, !heap || slate_heap_valid(heap));
}

/* Memory for a case, where there is no array. */
static void provide(void)
{
	const HeapRegion_t regions[] = {
		{ more[0], sizeof(more[0]) }, { NULL, 0 },
	};

	if (configSLATE_HEAP_REGIONS)
		vPortDefineHeapRegions(regions);
}

static void malloc_and_free_count(struct ktap *t)
{
	HeapStats_t stats;
	size_t all;
	void *ptr;

	provide();
	all = xPortGetFreeHeapSize();
	ktap_expect(t, all > 12000);
	ktap_expect(t, xPortGetMinimumEverFreeHeapSize() == all);
	ptr = pvPortMalloc(1000);
	ktap_expect(t, ptr && !((uintptr_t)ptr % portBYTE_ALIGNMENT));
	ktap_expect(t, xPortGetFreeHeapSize() <= all - 1000);
	vPortFree(ptr);
	vPortFree(NULL);
	ktap_expect(t, xPortGetFreeHeapSize() == all);
	ktap_expect(t, xPortGetMinimumEverFreeHeapSize() <= all - 1000);
	xPortResetHeapMinimumEverFreeHeapSize();
	ktap_expect(t, xPortGetMinimumEverFreeHeapSize() == all);
	vPortGetHeapStats(&stats);
	ktap_expect(t, stats.xNumberOfSuccessfulAllocations == 1);
	ktap_expect(t, stats.xNumberOfSuccessfulFrees == 1);
	ktap_expect(t, stats.xAvailableHeapSpaceInBytes == all);
	ktap_expect(t, traced_mallocs == 1 && traced_frees == 1);
	ktap_expect(t, !hook_calls && !asserted);
}

static void a_size_of_0_is_a_block(struct ktap *t)
{
	void *ptr, *other;

	provide();
	ptr = pvPortMalloc(0);
	other = pvPortMalloc(0);
	ktap_expect(t, ptr && other && ptr != other);
	ktap_expect(t, !hook_calls);
	vPortFree(ptr);
	vPortFree(other);
}

static void calloc_clears(struct ktap *t)
{
	unsigned char *ptr;
	size_t i;

	provide();
	ptr = pvPortMalloc(500);
	memset(ptr, 0xff, 500);
	vPortFree(ptr);
	ptr = pvPortCalloc(50, 10);
	for (i = 0; ptr && i < 500; i++)
		ktap_expect(t, !ptr[i]);
	ktap_expect(t, ptr != NULL);
	vPortFree(ptr);
	ktap_expect(t, !pvPortCalloc(SIZE_MAX / 2, 3));
	ktap_expect(t, hook_calls == 1);
}

static void failing_calls_the_hook(struct ktap *t)
{
	provide();
	ktap_expect(t, !pvPortMalloc(10000000));
	ktap_expect(t, hook_calls == 1);
	ktap_expect(t, !slate_freertos_alloc(3, 8, 0));
	ktap_expect(t, hook_calls == 2);
	ktap_expect(t, traced_failures == 2 && !traced_mallocs);
}

/* The bytes of the block that was freed, as far as no list link needs them. */
static void free_clears_if_configured(struct ktap *t)
{
	unsigned char *volatile ptr;
	size_t left = 0;
	size_t i;

	if (!TEST_CLEARS) {
		t->skip = "configHEAP_CLEAR_MEMORY_ON_FREE is 0";
		return;
	}
	provide();
	ptr = pvPortMalloc(1000);
	memset(ptr, 0xab, 1000);
	vPortFree(ptr);
	for (i = 0; i < 1000; i++)
		left += ptr[i] == 0xab;
	ktap_expect(t, left < 8);
}

static void stats_know_the_free_blocks(struct ktap *t)
{
	HeapStats_t stats;
	void *ptr[3];
	size_t i;

	provide();
	for (i = 0; i < 3; i++)
		ptr[i] = pvPortMalloc(2000);
	vPortFree(ptr[1]);
	vPortGetHeapStats(&stats);
	ktap_expect(t, stats.xNumberOfFreeBlocks == 2);
	ktap_expect(t, stats.xSizeOfSmallestFreeBlockInBytes >= 2000);
	ktap_expect(t, stats.xSizeOfSmallestFreeBlockInBytes < 2032);
	ktap_expect(t, stats.xSizeOfLargestFreeBlockInBytes +
		    stats.xSizeOfSmallestFreeBlockInBytes ==
		    stats.xAvailableHeapSpaceInBytes);
	vPortFree(ptr[0]);
	vPortFree(ptr[2]);
	vPortGetHeapStats(&stats);
	ktap_expect(t, stats.xNumberOfFreeBlocks == 1);
}

static void misuse_asserts_once(struct ktap *t)
{
	char *ptr, *again;
	int here = 0;

	provide();
	ptr = pvPortMalloc(100);
	again = ptr;
	vPortFree(ptr);
	ktap_expect(t, !asserted);
	vPortFree(again);
	ktap_expect(t, asserted == 1);
	vPortFree(&here);
	ktap_expect(t, asserted == 2);
	ktap_expect(t, traced_frees == 1);
}

static void regions_join(struct ktap *t)
{
	const HeapRegion_t regions[] = {
		{ more[0], sizeof(more[0]) }, { more[1], sizeof(more[1]) },
		{ NULL, 0 },
	};
	size_t before_it = configSLATE_HEAP_REGIONS ? 0 :
			   xPortGetFreeHeapSize();
	void *ptr[2];

	vPortDefineHeapRegions(regions);
	ktap_expect(t, !asserted);
	ktap_expect(t, xPortGetFreeHeapSize() > before_it + 25000);
	ptr[0] = pvPortMalloc(12000);
	ptr[1] = pvPortMalloc(12000);
	ktap_expect(t, ptr[0] && ptr[1]);
	vPortFree(ptr[0]);
	vPortFree(ptr[1]);
	/* The same memory again is refused, loudly. */
	vPortDefineHeapRegions(regions);
	ktap_expect(t, asserted == 2);
}

static void regions_have_capabilities(struct ktap *t)
{
	unsigned char *ptr;

	provide();
	ktap_expect(t, !slate_freertos_add_region(more[1], sizeof(more[1]),
						  SLATE_CAP_DMA));
	ptr = slate_freertos_alloc(32, 100, SLATE_CAP_DMA);
	ktap_expect(t, ptr >= more[1] && ptr < more[1] + sizeof(more[1]));
	ktap_expect(t, !((uintptr_t)ptr % 32));
	ktap_expect(t, !slate_freertos_alloc(8, 100, SLATE_CAP_EXEC));
	ktap_expect(t, hook_calls == 1);
	vPortFree(ptr);
	ktap_expect(t, !asserted);
}

static void without_memory_all_calls_fail(struct ktap *t)
{
	HeapStats_t stats;

	if (!configSLATE_HEAP_REGIONS) {
		t->skip = "there is an array";
		return;
	}
	vPortInitialiseBlocks();
	ktap_expect(t, !pvPortMalloc(1));
	ktap_expect(t, !pvPortCalloc(1, 1));
	ktap_expect(t, hook_calls == 2);
	ktap_expect(t, !xPortGetFreeHeapSize());
	ktap_expect(t, !xPortGetMinimumEverFreeHeapSize());
	xPortResetHeapMinimumEverFreeHeapSize();
	vPortFree(NULL);
	vPortGetHeapStats(&stats);
	ktap_expect(t, !stats.xNumberOfFreeBlocks);
	ktap_expect(t, slate_freertos_add_region(more[0], 8, 0) ==
		    -SLATE_EINVAL);
}

/* Each round replaces one block of the task's; a block's bytes are its tag. */
static void *task(void *arg)
{
	unsigned char tag = (unsigned char)(uintptr_t)arg;
	uint32_t random = (uint32_t)(uintptr_t)arg * 2654435761u;
	unsigned char *held[8] = { NULL };
	size_t size[8] = { 0 };
	uintptr_t damage = 0;
	size_t i, at;

	for (i = 0; i < ROUNDS; i++) {
		random = random * 1664525u + 1013904223u;
		at = random >> 29;
		if (held[at]) {
			damage += held[at][0] != tag;
			damage += held[at][size[at] - 1] != tag;
			vPortFree(held[at]);
		}
		size[at] = 1 + (random >> 8) % 200;
		held[at] = random & 64 ? pvPortMalloc(size[at]) :
			   pvPortCalloc(1, size[at]);
		if (held[at])
			memset(held[at], tag, size[at]);
	}
	for (at = 0; at < 8; at++)
		vPortFree(held[at]);
	return (void *)damage;
}

/* The first call, which makes the heap, comes from several at once. */
static void many_tasks_at_once(struct ktap *t)
{
	pthread_t threads[TASKS];
	HeapStats_t stats;
	void *damage;
	size_t i;

	provide();
	taken = 0;
	for (i = 0; i < TASKS; i++)
		pthread_create(&threads[i], NULL, task, (void *)(i + 1));
	for (i = 0; i < TASKS; i++) {
		pthread_join(threads[i], &damage);
		ktap_expect(t, !damage);
	}
	vPortGetHeapStats(&stats);
	ktap_expect(t, stats.xNumberOfSuccessfulAllocations ==
		    stats.xNumberOfSuccessfulFrees);
	ktap_expect(t, stats.xNumberOfSuccessfulAllocations + hook_calls ==
		    (size_t)TASKS * ROUNDS);
	ktap_expect(t, traced_mallocs == stats.xNumberOfSuccessfulAllocations);
	ktap_expect(t, traced_frees == stats.xNumberOfSuccessfulFrees);
	ktap_expect(t, taken >= 2 * TASKS * ROUNDS);
	ktap_expect(t, !asserted);
	ktap_expect(t, stats.xNumberOfFreeBlocks == 1);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(malloc_and_free_count),
	KTAP_CASE(a_size_of_0_is_a_block),
	KTAP_CASE(calloc_clears),
	KTAP_CASE(failing_calls_the_hook),
	KTAP_CASE(free_clears_if_configured),
	KTAP_CASE(stats_know_the_free_blocks),
	KTAP_CASE(misuse_asserts_once),
	KTAP_CASE(regions_join),
	KTAP_CASE(regions_have_capabilities),
	KTAP_CASE(without_memory_all_calls_fail),
	KTAP_CASE(many_tasks_at_once),
};

static KTAP_SUITE(freertos, cases);

int main(void)
{
	static const struct ktap_suite *const suites[] = { &freertos_suite };
	pthread_mutexattr_t recursive;

	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&mutex, &recursive);
	return ktap_run(suites, 1, before, after);
}
