// SPDX-License-Identifier: MIT
#include "testing.h"

#define COUNT	70
#define SIZE	12
#define ALIGN	4

/* As much as they need, of memory that no heap has just now. */
#define BYTES	(SLATE_OBJPOOL_BYTES(COUNT, SIZE, ALIGN) + 1)

static unsigned char *const memory = test_memory;
static unsigned int nreset;

static void init(void *object)
{
	test_fill(object, SIZE, 1);
}

static void reset(void *object)
{
	test_fill(object, SIZE, 2);
	nreset++;
}

/* A pool at an odd address. */
static void start(struct ktap *t, struct slate_objpool *pool,
		  unsigned int flags)
{
	nreset = 0;
	ktap_expect(t, slate_objpool_init(pool, memory + 1, BYTES - 1,
					  COUNT, SIZE, ALIGN, flags) == 0);
}

static void objpool_init_refuses_what_it_cannot_hold(struct ktap *t)
{
	const size_t room = BYTES;
	struct slate_objpool p;

	memset(&p, 0x5a, sizeof(p));
	ktap_expect(t, slate_objpool_init(&p, memory, room, 0, 8, 8, 0) < 0);
	ktap_expect(t, slate_objpool_init(&p, memory, room,
					  SLATE_OBJPOOL_MAX + 1, 1, 1, 0) < 0);
	ktap_expect(t, slate_objpool_init(&p, memory, room, 4, 0, 8, 0) < 0);
	ktap_expect(t, slate_objpool_init(&p, memory, room, 4, 8, 12, 0) < 0);
	ktap_expect(t, slate_objpool_init(&p, memory, room, 4, 8, 0, 0) < 0);
	ktap_expect(t, slate_objpool_init(&p, memory, room, 4, room, 4, 0) < 0);
	ktap_expect(t, slate_objpool_init(&p, memory, room, 4,
					  PTRDIFF_MAX / 2, 4, 0) < 0);
	ktap_expect(t, slate_objpool_init(&p, memory, room, 4, SIZE_MAX, 4,
					  0) < 0);
	ktap_expect(t, slate_objpool_init(&p, memory, room, 4, 8,
					  SIZE_MAX / 2 + 1, 0) < 0);
	ktap_expect(t, slate_objpool_init(&p, (void *)(UINTPTR_MAX - 7), room,
					  4, 8, 8, 0) < 0);
	ktap_expect(t, slate_objpool_init(&p, memory, 3, 4, 8, 4, 0) < 0);
	ktap_expect(t, test_all(&p, sizeof(p), 0x5a));
}

static void objpool_hands_out_each_object_once(struct ktap *t)
{
	unsigned char *seen[COUNT];
	struct slate_objpool pool;
	size_t i;

	start(t, &pool, 0);
	slate_objpool_prepare(&pool, init, NULL);
	for (i = 0; i < COUNT; i++) {
		seen[i] = slate_objpool_acquire(&pool);
		ktap_expect(t, seen[i] && test_aligned(seen[i], ALIGN));
		ktap_expect(t, test_filled(seen[i], SIZE, 1));
		ktap_expect(t, !i || seen[i] == seen[i - 1] + SIZE);
	}
	ktap_expect(t, seen[0] >= memory && seen[COUNT - 1] + SIZE <=
		    memory + BYTES);
	ktap_expect(t, !slate_objpool_acquire(&pool));
	ktap_expect(t, pool.failures == 1 && pool.peak == COUNT);
	for (i = COUNT; i--; )
		slate_objpool_release(&pool, seen[i]);
	ktap_expect(t, pool.used == 0);
	ktap_expect(t, slate_objpool_acquire(&pool) == seen[0]);
}

static void objpool_resets_what_is_released(struct ktap *t)
{
	struct slate_objpool pool;
	void *a;

	start(t, &pool, SLATE_OBJPOOL_LOCK);
	slate_objpool_prepare(&pool, init, reset);
	a = slate_objpool_acquire(&pool);
	memset(a, 0, SIZE);
	slate_objpool_release(&pool, a);
	ktap_expect(t, nreset == 1);
	ktap_expect(t, slate_objpool_acquire(&pool) == a);
	ktap_expect(t, test_filled(a, SIZE, 2));
	slate_objpool_release(&pool, a);
	slate_objpool_release(&pool, NULL);
	ktap_expect(t, nreset == 2);
}

static void objpool_release_reports_a_double_release(struct ktap *t)
{
	struct slate_objpool pool;
	void *a;
	void *b;

	start(t, &pool, 0);
	slate_objpool_prepare(&pool, NULL, reset);
	a = slate_objpool_acquire(&pool);
	b = slate_objpool_acquire(&pool);
	slate_objpool_release(&pool, a);
	slate_objpool_release(&pool, a);
	ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, NULL, a));
	ktap_expect(t, nreset == 1 && pool.used == 1);
	slate_objpool_release(&pool, b);
	ktap_expect(t, pool.used == 0);
	ktap_expect(t, slate_objpool_destroy(&pool) == 0);
}

static void objpool_release_judges_every_address(struct ktap *t)
{
	struct slate_objpool pool;
	unsigned char *first;
	unsigned char *p;
	bool is_object;
	bool inside;

	start(t, &pool, 0);
	first = slate_objpool_acquire(&pool);
	while (slate_objpool_acquire(&pool))
		;
	for (p = memory; p < memory + BYTES; p++) {
		inside = p >= first && p < first + COUNT * SIZE;
		is_object = inside && (p - first) % SIZE == 0;
		slate_objpool_release(&pool, p);
		if (!is_object)
			ktap_expect(t, faults_one(inside ?
				SLATE_FAULT_INTERIOR : SLATE_FAULT_FOREIGN,
				NULL, p));
	}
	ktap_expect(t, pool.used == 0);
}

static void objpool_agrees_with_a_model(struct ktap *t)
{
	static bool live[COUNT];
	struct slate_objpool pool;
	unsigned char *first;
	unsigned int step;
	size_t n = 0;
	size_t i;

	start(t, &pool, 0);
	memset(live, 0, sizeof(live));
	first = slate_objpool_acquire(&pool);
	slate_objpool_release(&pool, first);
	for (step = 0; step < 2000; step++) {
		i = test_below(COUNT);
		if (live[i] && test_below(2)) {
			slate_objpool_release(&pool, first + i * SIZE);
			live[i] = false;
			n--;
		} else if (n < COUNT) {
			for (i = 0; live[i]; i++)
				;
			ktap_expect(t, slate_objpool_acquire(&pool) ==
				    first + i * SIZE);
			live[i] = true;
			n++;
		}
		ktap_expect(t, pool.used == n);
	}
}

static void objpool_of_a_heap_gives_its_block_back(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_objpool pool;
	void *a;

	ktap_expect(t, slate_objpool_create(&pool, heap, 5, 3, 3, 0) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_objpool_create(&pool, heap, 100, TEST_HEAP, 8,
					    0) == -SLATE_ENOMEM);
	ktap_expect(t, slate_objpool_create(&pool, heap, 5, 24, 64, 0) == 0);
	a = slate_objpool_acquire(&pool);
	ktap_expect(t, test_aligned(a, 64));
	test_fill(a, 24, 3);
	ktap_expect(t, slate_objpool_destroy(&pool) == -SLATE_EBUSY);
	slate_objpool_release(&pool, heap);
	ktap_expect(t, faults_one(SLATE_FAULT_FOREIGN, heap, heap));
	slate_objpool_release(&pool, a);
	ktap_expect(t, slate_objpool_destroy(&pool) == 0);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void objpool_may_have_the_most_objects(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_objpool pool;
	unsigned char *last = NULL;
	unsigned char *p;
	size_t n = 0;

	ktap_expect(t, slate_objpool_create(&pool, heap, SLATE_OBJPOOL_MAX, 1,
					    1, 0) == 0);
	while ((p = slate_objpool_acquire(&pool))) {
		ktap_expect(t, !last || p == last + 1);
		last = p;
		n++;
	}
	ktap_expect(t, n == SLATE_OBJPOOL_MAX);
	slate_objpool_release(&pool, last);
	ktap_expect(t, slate_objpool_acquire(&pool) == last);
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(objpool_init_refuses_what_it_cannot_hold),
	KTAP_CASE(objpool_hands_out_each_object_once),
	KTAP_CASE(objpool_resets_what_is_released),
	KTAP_CASE(objpool_release_reports_a_double_release),
	KTAP_CASE(objpool_release_judges_every_address),
	KTAP_CASE(objpool_agrees_with_a_model),
	KTAP_CASE(objpool_of_a_heap_gives_its_block_back),
	KTAP_CASE(objpool_may_have_the_most_objects),
};

KTAP_SUITE(slate_objpool, cases);
