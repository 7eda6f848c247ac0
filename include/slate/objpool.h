/* SPDX-License-Identifier: MIT */
/*
 * Layer 8: object pools: a fixed number of equal objects in memory of the
 * caller's, or in one block of a heap, acquired and released in bounded time.
 *
 * Nothing is written between or into free objects: which are free stands in a
 * bitmap in front of them. So a release is judged exactly, and what an
 * object's initializer and reset function left in it is there when it is
 * acquired.
 */
#ifndef SLATE_OBJPOOL_H
#define SLATE_OBJPOOL_H

#include <slate/tier.h>

SLATE_BEGIN_DECLS

/* The most objects of a pool: 1024 on 32-bit, 4096 on 64-bit. */
#define SLATE_OBJPOOL_MAX	(SLATE_WORD_BITS * SLATE_WORD_BITS)

/* For slate_objpool_init(): take the port's lock whatever SLATE_CONFIG_LOCK. */
#define SLATE_OBJPOOL_LOCK	0x1u

/**
 * struct slate_objpool - an object pool
 * @heap: where its memory is from, NULL for memory of the caller's
 * @bits: one for each object, set while it is free
 * @objects: the first object
 * @stride: bytes from one object to the next
 * @top: the highest bit of @capacity
 * @flags: SLATE_OBJPOOL_*
 * @reset: called with each object released, or NULL
 * @summary: a bit for each word of @bits, set while one of its bits is
 * @capacity: how many objects there are
 * @used: how many are acquired
 * @peak: the most that @used has been
 * @failures: acquisitions that found none
 *
 * The struct is the caller's; the last four fields may be read at any time,
 * nothing is for writing.
 *
 * Invariant: a bit of @summary is set if and only if its word is not 0;
 * @capacity - @used bits of @bits are set.
 */
struct slate_objpool {
	struct slate_heap *heap;
	uintptr_t *bits;
	unsigned char *objects;
	size_t stride;
	unsigned int top;
	unsigned int flags;
	void (*reset)(void *object);
	uintptr_t summary;
	size_t capacity;
	size_t used;
	size_t peak;
	size_t failures;
};

/* Bytes from one of an array of objects to the next. */
#define SLATE_OBJPOOL_STRIDE(size, align) \
	(((size) + (align) - 1) & ~((size_t)(align) - 1))

/* Bytes that are enough for a pool, wherever they start. */
#define SLATE_OBJPOOL_BYTES(n, size, align) \
	((n) * SLATE_OBJPOOL_STRIDE(size, align) + (align) + \
	 ((n) + SLATE_WORD_BITS - 1) / SLATE_WORD_BITS * sizeof(uintptr_t) + \
	 sizeof(uintptr_t))

/**
 * slate_objpool_init() - make a pool in memory of the caller's
 * @pool: filled
 * @memory: first byte; any alignment
 * @bytes: at @memory; SLATE_OBJPOOL_BYTES(@n, @size, @align) are enough
 * @n: how many objects, 1 to SLATE_OBJPOOL_MAX
 * @size: bytes of an object, at least 1
 * @align: a power of two, in bytes
 * @flags: 0 or SLATE_OBJPOOL_LOCK
 *
 * Context: Any; nobody may use @pool. O(@n / 32).
 * Return: 0, or -SLATE_EINVAL for a number out of range or too few @bytes,
 * and then @pool and the memory are untouched.
 */
int slate_objpool_init(struct slate_objpool *pool, void *memory, size_t bytes,
		       size_t n, size_t size, size_t align, unsigned int flags)
		       SLATE_MUST_CHECK;

/**
 * slate_objpool_create() - make a pool in a block of a heap
 * @pool: filled
 * @heap: gives one block of its mem tier
 * @n: as slate_objpool_init()
 * @size: as slate_objpool_init()
 * @align: as slate_objpool_init()
 * @flags: as slate_objpool_init()
 *
 * Context: where @heap may be called from. O(@n / 32).
 * Return: 0, -SLATE_EINVAL for a number out of range, or -SLATE_ENOMEM.
 */
int slate_objpool_create(struct slate_objpool *pool, struct slate_heap *heap,
			 size_t n, size_t size, size_t align,
			 unsigned int flags) SLATE_MUST_CHECK;

/**
 * slate_objpool_prepare() - bring all objects into their first state
 * @pool: a pool of which no object is acquired
 * @init: called with each object; NULL for none
 * @reset: from now on called with each object that is released, with no lock
 *	held, before others can acquire it; NULL for none
 *
 * Context: nobody else may use @pool. O(objects).
 */
void slate_objpool_prepare(struct slate_objpool *pool,
			   void (*init)(void *object),
			   void (*reset)(void *object));

/**
 * slate_objpool_acquire() - take an object
 * @pool: the pool
 *
 * Context: one user at a time; with the lock any thread, and any interrupt
 * that the port's lock masks. O(1).
 * Return: the free object with the lowest address, or NULL if none is free.
 */
void *slate_objpool_acquire(struct slate_objpool *pool) SLATE_MUST_CHECK;

/**
 * slate_objpool_release() - give an object back
 * @pool: the pool
 * @object: what slate_objpool_acquire() returned; NULL does nothing
 *
 * A pointer that is not into the pool, into an object, or to an object that
 * is free already is reported to slate_port_fault() as SLATE_FAULT_FOREIGN,
 * _INTERIOR or _DOUBLE_FREE, and dropped.
 *
 * Context: as slate_objpool_acquire(). O(1): a step for each bit of the
 * object's number; plus the reset function.
 */
void slate_objpool_release(struct slate_objpool *pool, void *object);

/**
 * slate_objpool_destroy() - end a pool
 * @pool: the pool
 *
 * A block of a heap goes back to it; other memory is the caller's again.
 *
 * Context: nobody may use the pool. O(1).
 * Return: 0, or -SLATE_EBUSY while objects are acquired, and then it stays.
 */
int slate_objpool_destroy(struct slate_objpool *pool);

SLATE_END_DECLS

#endif /* SLATE_OBJPOOL_H */
