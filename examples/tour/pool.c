// SPDX-License-Identifier: MIT
/* A pool of objects that are used again instead of made anew. */
#include "tour.h"

#define BUFFERS	4

struct buffer {
	uintptr_t used;
	uintptr_t data[7];
};

static _Alignas(16) unsigned char memory[SLATE_OBJPOOL_BYTES(BUFFERS,
				sizeof(struct buffer), 16)];
static unsigned int resets;

static void reset(void *object)
{
	struct buffer *buffer = object;

	buffer->used = 0;
	resets++;
}

static void use_pool(struct slate_objpool *pool)
{
	struct buffer *buffers[BUFFERS];
	unsigned int i;

	for (i = 0; i < BUFFERS; i++) {
		buffers[i] = slate_objpool_acquire(pool);
		buffers[i]->used = i;
	}
	printf("  %u acquired, one more: %s\n", BUFFERS,
	       slate_objpool_acquire(pool) ? "yes" : "no");
	slate_objpool_release(pool, buffers[2]);
	printf("  the one released is used again: %s\n",
	       slate_objpool_acquire(pool) == buffers[2] ? "yes" : "no");
	for (i = 0; i < BUFFERS; i++)
		slate_objpool_release(pool, buffers[i]);
	slate_objpool_release(pool, buffers[0]);
	slate_objpool_release(pool, &pool);
	printf("  resets %u, reported: released twice, not of the pool: %u\n",
	       resets, faults);
}

void tour_pool(void)
{
	struct slate_objpool pool;

	printf("An object pool\n");
	if (slate_objpool_init(&pool, memory, sizeof(memory), BUFFERS,
			       sizeof(struct buffer), 16, 0)) {
		printf("  too little memory\n");
		return;
	}
	slate_objpool_prepare(&pool, NULL, reset);
	use_pool(&pool);
}
