// SPDX-License-Identifier: MIT
/*
 * The heap of a FreeRTOS kernel, in the place of heap_1.c to heap_5.c.
 *
 * Its memory is the array ucHeap of configTOTAL_HEAP_SIZE bytes, as with
 * heap_4, to which vPortDefineHeapRegions() adds; or, with
 * configSLATE_HEAP_REGIONS 1 in FreeRTOSConfig.h, only what that call brings,
 * as with heap_5.
 *
 * The first call that needs the heap makes it, so nothing is to be called
 * before. All zero is the state of a kernel that has just been reset;
 * @own.heap is NULL in it. @own.room is what can be live at once, known when
 * the heap is made and whenever a region joins; free bytes are @own.room less
 * what is live. All of @own is touched with slate_port_lock() held, but for
 * @own.heap, which is read without: it is set once, last of all.
 *
 * Scheduling is never suspended here: the engine's lock is held for bounded
 * stretches, and clearing is done outside of it.
 */
#include <string.h>

/* The kernel's own names here, not its wrappers for unprivileged tasks. */
#define MPU_WRAPPERS_INCLUDED_FROM_API_FILE

#include "FreeRTOS.h"
#include "task.h"

#undef MPU_WRAPPERS_INCLUDED_FROM_API_FILE

#include "heap_slate.h"

#ifndef configSLATE_HEAP_REGIONS
#define configSLATE_HEAP_REGIONS	0
#endif

#ifndef configHEAP_CLEAR_MEMORY_ON_FREE
#define configHEAP_CLEAR_MEMORY_ON_FREE	0
#endif

SLATE_STATIC_ASSERT(SLATE_CONFIG_LOCK == 1,
		    "tasks share this heap: SLATE_CONFIG_LOCK is 1");
SLATE_STATIC_ASSERT(portBYTE_ALIGNMENT <= SLATE_CONFIG_GRANULE,
		    "the kernel's port wants SLATE_CONFIG_GRANULE 16");

static struct {
	struct slate_heap *heap;
	size_t room;
	size_t allocations;
	size_t frees;
} own;

#if configSLATE_HEAP_REGIONS

static void *first_memory(size_t *size)
{
	*size = 0;
	return NULL;
}

#else

#if defined(configAPPLICATION_ALLOCATED_HEAP) && \
	configAPPLICATION_ALLOCATED_HEAP
extern uint8_t ucHeap[configTOTAL_HEAP_SIZE];
#else
static uint8_t ucHeap[configTOTAL_HEAP_SIZE]
	__attribute__((aligned(SLATE_CONFIG_GRANULE)));
#endif

static void *first_memory(size_t *size)
{
	*size = sizeof(ucHeap);
	return ucHeap;
}

#endif

#if configUSE_MALLOC_FAILED_HOOK

static void failed(void)
{
	vApplicationMallocFailedHook();
}

#else

static void failed(void)
{
}

#endif

/* What can be live at once. O(heap), as slate_heap_stats(). */
static size_t room(struct slate_heap *heap)
{
	struct slate_stats stats;
	size_t peak;

	slate_heap_stats(heap, &stats);
	return slate_heap_live(heap, &peak) + stats.free;
}

/*
 * Lock held, which nests. Tasks and interrupts that come meanwhile wait, once
 * in the life of a program, for O(size / 64).
 */
static void make(void *start, size_t size, unsigned int caps)
{
	struct slate_heap *heap;

	if (own.heap || !start)
		return;
	heap = slate_heap_create_caps(start, size, caps);
	if (!heap)
		return;
	own.room = room(heap);
	own.heap = heap;
}

struct slate_heap *slate_freertos_heap(void)
{
	slate_port_key key;
	size_t size;
	void *start;

	if (SLATE_LIKELY(own.heap != NULL))
		return own.heap;
	start = first_memory(&size);
	key = slate_port_lock();
	make(start, size, 0);
	slate_port_unlock(key);
	return own.heap;
}

int slate_freertos_add_region(void *start, size_t size, unsigned int caps)
{
	struct slate_heap *heap = slate_freertos_heap();
	slate_port_key key;
	size_t now;
	int err;

	if (!heap) {
		key = slate_port_lock();
		make(start, size, caps);
		slate_port_unlock(key);
		return own.heap ? 0 : -SLATE_EINVAL;
	}
	err = slate_heap_add_region(heap, start, size, caps);
	if (err)
		return err;
	now = room(heap);
	key = slate_port_lock();
	own.room = now;
	slate_port_unlock(key);
	return 0;
}

void vPortDefineHeapRegions(const HeapRegion_t *const pxHeapRegions)
{
	const HeapRegion_t *region;
	int err;

	for (region = pxHeapRegions; region->xSizeInBytes; region++) {
		err = slate_freertos_add_region(region->pucStartAddress,
						region->xSizeInBytes, 0);
		configASSERT(!err);
		(void)err;
	}
}

/* Count a call, tell the trace and, if it failed, the hook. */
static void *done(void *ptr, size_t size)
{
	slate_port_key key;

	if (ptr) {
		key = slate_port_lock();
		own.allocations++;
		slate_port_unlock(key);
	}
	traceMALLOC(ptr, size);
	(void)size;
	if (!ptr)
		failed();
	return ptr;
}

void *pvPortMalloc(size_t xWantedSize)
{
	struct slate_heap *heap = slate_freertos_heap();

	return done(heap ? slate_mem_malloc(heap, xWantedSize) : NULL,
		    xWantedSize);
}

void *pvPortCalloc(size_t xNum, size_t xSize)
{
	struct slate_heap *heap = slate_freertos_heap();

	return done(heap ? slate_mem_calloc(heap, xNum, xSize) : NULL,
		    xNum * xSize);
}

void *slate_freertos_alloc(size_t align, size_t size, unsigned int caps)
{
	struct slate_heap *heap = slate_freertos_heap();

	return done(heap ? slate_raw_alloc(heap, align, size, caps) : NULL,
		    size);
}

/* A pointer that is no live block is reported once, by the first look at it. */
void vPortFree(void *pv)
{
	struct slate_heap *heap = slate_freertos_heap();
	slate_port_key key;
	size_t size;

	if (!pv || !heap)
		return;
	size = slate_heap_usable_size(heap, pv);
	if (!size)
		return;
	if (configHEAP_CLEAR_MEMORY_ON_FREE)
		memset(pv, 0, size);
	traceFREE(pv, size);
	slate_mem_free(heap, pv);
	key = slate_port_lock();
	own.frees++;
	slate_port_unlock(key);
}

/* The heap needs no call before the first; whoever makes it early may. */
void vPortInitialiseBlocks(void)
{
	slate_freertos_heap();
}

/* For a scheduler that is started again: all blocks and regions are gone. */
void vPortHeapResetState(void)
{
	slate_port_key key = slate_port_lock();

	memset(&own, 0, sizeof(own));
	slate_port_unlock(key);
}

size_t xPortGetFreeHeapSize(void)
{
	struct slate_heap *heap = slate_freertos_heap();
	size_t peak;

	return heap ? own.room - slate_heap_live(heap, &peak) : 0;
}

size_t xPortGetMinimumEverFreeHeapSize(void)
{
	struct slate_heap *heap = slate_freertos_heap();
	size_t peak;

	if (!heap)
		return 0;
	slate_heap_live(heap, &peak);
	return own.room - peak;
}

void xPortResetHeapMinimumEverFreeHeapSize(void)
{
	struct slate_heap *heap = slate_freertos_heap();

	if (heap)
		slate_heap_reset_peak(heap);
}

static void add_free(HeapStats_t *stats, size_t size, size_t blocks)
{
	if (!blocks)
		return;
	stats->xNumberOfFreeBlocks += blocks;
	if (size > stats->xSizeOfLargestFreeBlockInBytes)
		stats->xSizeOfLargestFreeBlockInBytes = size;
	if (!stats->xSizeOfSmallestFreeBlockInBytes ||
	    size < stats->xSizeOfSmallestFreeBlockInBytes)
		stats->xSizeOfSmallestFreeBlockInBytes = size;
}

static int see_span(void *arg, const struct slate_span *span)
{
	if (span->kind == SLATE_SPAN_FREE)
		add_free(arg, span->size, 1);
	if (span->kind == SLATE_SPAN_POOL)
		add_free(arg, span->block_size, span->nblocks - span->nlive);
	return 0;
}

/* O(heap), in bounded steps: a task that allocates meanwhile is seen or not. */
void vPortGetHeapStats(HeapStats_t *pxHeapStats)
{
	struct slate_heap *heap = slate_freertos_heap();
	slate_port_key key;

	memset(pxHeapStats, 0, sizeof(*pxHeapStats));
	if (!heap)
		return;
	slate_heap_map(heap, see_span, pxHeapStats);
	pxHeapStats->xAvailableHeapSpaceInBytes = xPortGetFreeHeapSize();
	pxHeapStats->xMinimumEverFreeBytesRemaining =
		xPortGetMinimumEverFreeHeapSize();
	key = slate_port_lock();
	pxHeapStats->xNumberOfSuccessfulAllocations = own.allocations;
	pxHeapStats->xNumberOfSuccessfulFrees = own.frees;
	slate_port_unlock(key);
}
