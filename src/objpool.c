// SPDX-License-Identifier: MIT
/*
 * Object pools: a bitmap of free objects, then the objects.
 *
 * The summary word says which words of the bitmap have a bit set, so two
 * counts of trailing zeros find the first free object. An address becomes the
 * number of an object by subtracting the stride shifted by each bit of that
 * number in turn: at most 12 steps, no division; what remains is how far the
 * address is inside the object.
 */
#include <slate/objpool.h>

#include "mem_calls.h"
#include "weak.h"

static size_t bitmap_words(size_t n)
{
	return (n + SLATE_WORD_MASK) >> SLATE_WORD_SHIFT;
}

static uintptr_t align_up(uintptr_t address, size_t align)
{
	return (address + align - 1) & ~(uintptr_t)(align - 1);
}

/* The bytes of all objects; false for numbers that no pool can have. */
static bool layout(size_t n, size_t size, size_t align, size_t *stride,
		   size_t *bytes)
{
	if (!n || n > SLATE_OBJPOOL_MAX)
		return false;
	if (!size || size > PTRDIFF_MAX / 2)
		return false;
	if (!slate_is_power_of_two(align) || align > PTRDIFF_MAX / 2)
		return false;
	*stride = SLATE_OBJPOOL_STRIDE(size, align);
	return slate_size_product(n, *stride, bytes);
}

/* Every bit set that stands for an object. */
static void all_free(struct slate_objpool *pool)
{
	size_t words = bitmap_words(pool->capacity);
	size_t last = pool->capacity & SLATE_WORD_MASK;
	size_t i;

	for (i = 0; i < words; i++)
		pool->bits[i] = UINTPTR_MAX;
	if (last)
		pool->bits[words - 1] = slate_word_below(last);
	pool->summary = words == SLATE_WORD_BITS ? UINTPTR_MAX :
						   slate_word_below(words);
}

/* Where the objects begin, behind a bitmap at @bits. */
static uintptr_t behind(uintptr_t bits, size_t n, size_t align)
{
	return align_up(bits + bitmap_words(n) * sizeof(uintptr_t), align);
}

static void set_up(struct slate_objpool *pool, uintptr_t bits,
		   uintptr_t objects, size_t n, size_t stride)
{
	memset(pool, 0, sizeof(*pool));
	pool->bits = (uintptr_t *)bits;
	pool->objects = (unsigned char *)objects;
	pool->stride = stride;
	pool->top = slate_word_log2(n);
	pool->capacity = n;
	all_free(pool);
}

int slate_objpool_init(struct slate_objpool *pool, void *memory, size_t bytes,
		       size_t n, size_t size, size_t align, unsigned int flags)
{
	uintptr_t start = (uintptr_t)memory;
	uintptr_t bits = align_up(start, sizeof(uintptr_t));
	uintptr_t objects;
	size_t stride;
	size_t room;

	if (!layout(n, size, align, &stride, &room))
		return -SLATE_EINVAL;
	objects = behind(bits, n, align);
	if (objects < start || objects - start > bytes)
		return -SLATE_EINVAL;
	if (room > bytes - (objects - start))
		return -SLATE_EINVAL;
	set_up(pool, bits, objects, n, stride);
	pool->flags = flags;
	return 0;
}

int slate_objpool_create(struct slate_objpool *pool, struct slate_heap *heap,
			 size_t n, size_t size, size_t align,
			 unsigned int flags)
{
	uintptr_t bits;
	size_t stride;
	size_t bytes;

	if (!layout(n, size, align, &stride, &bytes))
		return -SLATE_EINVAL;
	/* Each term is at most half of what a size may be. */
	bytes += bitmap_words(n) * sizeof(uintptr_t) + align;
	bits = (uintptr_t)slate_mem_malloc(heap, bytes);
	if (!bits)
		return -SLATE_ENOMEM;
	set_up(pool, bits, behind(bits, n, align), n, stride);
	pool->flags = flags;
	pool->heap = heap;
	return 0;
}

static slate_port_key pool_lock(const struct slate_objpool *pool)
{
	if (SLATE_CONFIG_LOCK || pool->flags & SLATE_OBJPOOL_LOCK)
		return slate_port_lock();
	return (slate_port_key)0;
}

static void pool_unlock(const struct slate_objpool *pool, slate_port_key key)
{
	if (SLATE_CONFIG_LOCK || pool->flags & SLATE_OBJPOOL_LOCK)
		slate_port_unlock(key);
}

void slate_objpool_prepare(struct slate_objpool *pool,
			   void (*init)(void *object),
			   void (*reset)(void *object))
{
	size_t i;

	pool->reset = reset;
	for (i = 0; init && i < pool->capacity; i++)
		init(pool->objects + i * pool->stride);
}

/* With the lock held: the number of an object, now taken. One is free. */
static size_t take(struct slate_objpool *pool)
{
	size_t word = slate_word_ctz(pool->summary);
	size_t bit = slate_word_ctz(pool->bits[word]);

	pool->bits[word] &= pool->bits[word] - 1;
	if (!pool->bits[word])
		pool->summary &= pool->summary - 1;
	pool->used++;
	if (pool->used > pool->peak)
		pool->peak = pool->used;
	return word * SLATE_WORD_BITS + bit;
}

void *slate_objpool_acquire(struct slate_objpool *pool)
{
	slate_port_key key = pool_lock(pool);
	void *object = NULL;

	if (pool->summary)
		object = pool->objects + take(pool) * pool->stride;
	else
		pool->failures++;
	pool_unlock(pool, key);
	return object;
}

/* The number of the object at an address; false with the fault if none. */
static bool number_of(const struct slate_objpool *pool, const void *object,
		      size_t *number, enum slate_fault *fault)
{
	size_t rest = (uintptr_t)object - (uintptr_t)pool->objects;
	unsigned int bit = pool->top + 1;

	*number = 0;
	*fault = SLATE_FAULT_FOREIGN;
	if (rest >= pool->capacity * pool->stride)
		return false;
	while (bit--) {
		if (rest >= pool->stride << bit) {
			rest -= pool->stride << bit;
			*number |= slate_word_bit(bit);
		}
	}
	*fault = SLATE_FAULT_INTERIOR;
	return !rest;
}

static bool is_free(const struct slate_objpool *pool, size_t number)
{
	return pool->bits[number >> SLATE_WORD_SHIFT] &
	       slate_word_bit(number & SLATE_WORD_MASK);
}

/* False if it is free already. */
static bool put(struct slate_objpool *pool, size_t number)
{
	size_t word = number >> SLATE_WORD_SHIFT;
	slate_port_key key = pool_lock(pool);
	bool live = !is_free(pool, number);

	if (live) {
		pool->bits[word] |= slate_word_bit(number & SLATE_WORD_MASK);
		pool->summary |= slate_word_bit(word);
		pool->used--;
	}
	pool_unlock(pool, key);
	return live;
}

void slate_objpool_release(struct slate_objpool *pool, void *object)
{
	enum slate_fault fault;
	size_t number;

	if (!object)
		return;
	if (!number_of(pool, object, &number, &fault)) {
		slate_port_fault(fault, pool->heap, object);
		return;
	}
	if (pool->reset && !is_free(pool, number))
		pool->reset(object);
	if (!put(pool, number))
		slate_port_fault(SLATE_FAULT_DOUBLE_FREE, pool->heap, object);
}

int slate_objpool_destroy(struct slate_objpool *pool)
{
	if (pool->used)
		return -SLATE_EBUSY;
	/* A block is aligned for its bitmap, which is where it starts. */
	if (pool->heap)
		slate_mem_free(pool->heap, pool->bits);
	pool->heap = NULL;
	return 0;
}
