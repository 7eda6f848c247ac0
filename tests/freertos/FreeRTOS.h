/* SPDX-License-Identifier: MIT */
/*
 * Stands in for the kernel's headers where heap_slate.c is tested without a
 * kernel: the types and macros that it uses, by the kernel's names, and the
 * configuration of the test.
 */
#ifndef FREERTOS_H
#define FREERTOS_H

#include <stddef.h>
#include <stdint.h>

typedef long BaseType_t;
typedef unsigned long UBaseType_t;

#define pdFALSE		((BaseType_t)0)
#define pdTRUE		((BaseType_t)1)

#define portBYTE_ALIGNMENT	8

#ifndef configTOTAL_HEAP_SIZE
#define configTOTAL_HEAP_SIZE	65536
#endif
#define configUSE_MALLOC_FAILED_HOOK	1
#define configASSERT(x)		test_assert((int)(x))

#define traceMALLOC(ptr, size)	test_trace_malloc(ptr, size)
#define traceFREE(ptr, size)	test_trace_free(ptr, size)

typedef struct HeapRegion {
	uint8_t *pucStartAddress;
	size_t xSizeInBytes;
} HeapRegion_t;

typedef struct xHeapStats {
	size_t xAvailableHeapSpaceInBytes;
	size_t xSizeOfLargestFreeBlockInBytes;
	size_t xSizeOfSmallestFreeBlockInBytes;
	size_t xNumberOfFreeBlocks;
	size_t xMinimumEverFreeBytesRemaining;
	size_t xNumberOfSuccessfulAllocations;
	size_t xNumberOfSuccessfulFrees;
} HeapStats_t;

void *pvPortMalloc(size_t xWantedSize);
void *pvPortCalloc(size_t xNum, size_t xSize);
void vPortFree(void *pv);
void vPortInitialiseBlocks(void);
void vPortHeapResetState(void);
void vPortDefineHeapRegions(const HeapRegion_t *const pxHeapRegions);
size_t xPortGetFreeHeapSize(void);
size_t xPortGetMinimumEverFreeHeapSize(void);
void xPortResetHeapMinimumEverFreeHeapSize(void);
void vPortGetHeapStats(HeapStats_t *pxHeapStats);
void vApplicationMallocFailedHook(void);

/* Of the test: what the kernel's macros lead to. */
void test_assert(int holds);
void test_trace_malloc(void *ptr, size_t size);
void test_trace_free(void *ptr, size_t size);

#endif /* FREERTOS_H */
