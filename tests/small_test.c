// SPDX-License-Identifier: MIT
/* The small structures: packed arrays, ring queues, once-cells. */
#include "testing.h"

static void array_agrees_with_a_model(struct ktap *t)
{
	static uint16_t model[64];
	struct slate_heap *heap = test_heap();
	struct slate_array array;
	unsigned int step;
	uint16_t item;
	size_t n = 0;
	size_t i;

	slate_array_init(&array, heap, sizeof(item));
	for (step = 0; step < 2000; step++) {
		i = test_below((uint32_t)n + 1);
		item = (uint16_t)step;
		if (n < 64 && test_below(3)) {
			ktap_expect(t, !slate_array_insert(&array, i, &item));
			memmove(&model[i + 1], &model[i], (n - i) * 2);
			model[i] = item;
			n++;
		} else if (i < n) {
			ktap_expect(t, slate_array_remove(&array, i, &item));
			ktap_expect(t, item == model[i]);
			n--;
			memmove(&model[i], &model[i + 1], (n - i) * 2);
		}
		ktap_expect(t, array.len == n && array.len <= array.room);
		ktap_expect(t, !n || !memcmp(array.items, model, n * 2));
	}
	slate_array_fini(&array);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void array_push_and_pop_at_its_end(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_array array;
	char item[3] = "ab";

	slate_array_init(&array, heap, 3);
	ktap_expect(t, !slate_array_pop(&array, item));
	ktap_expect(t, !slate_array_reserve(&array, 5) && array.room == 5);
	ktap_expect(t, !slate_array_reserve(&array, 2) && array.room == 5);
	ktap_expect(t, !slate_array_push(&array, item));
	ktap_expect(t, !slate_array_push(&array, NULL));
	memcpy(slate_array_at(&array, 1), "cd", 3);
	ktap_expect(t, !slate_array_at(&array, 2));
	ktap_expect(t, slate_array_pop(&array, item));
	ktap_expect(t, !strcmp(item, "cd"));
	ktap_expect(t, slate_array_pop(&array, NULL) && !array.len);
	ktap_expect(t, !slate_array_insert(&array, 0, NULL));
	ktap_expect(t, slate_array_remove(&array, 0, NULL));
	ktap_expect(t, slate_array_insert(&array, 1, item) == -SLATE_EINVAL);
	ktap_expect(t, !slate_array_remove(&array, 0, item));
	slate_array_fini(&array);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void array_without_memory_stays_as_it_was(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_array array;
	size_t n;

	slate_array_init(&array, heap, sizeof(n));
	for (n = 0; !slate_array_push(&array, &n); n++)
		;
	/* To the last item that fits, not to the last half. */
	ktap_expect(t, n * sizeof(n) > TEST_HEAP / 3);
	ktap_expect(t, array.len == n);
	ktap_expect(t, slate_array_insert(&array, 0, &n) == -SLATE_ENOMEM);
	ktap_expect(t, *(size_t *)slate_array_at(&array, n - 1) == n - 1);
	ktap_expect(t, slate_array_reserve(&array, SIZE_MAX) == -SLATE_ENOMEM);
	array.len = 10;
	slate_array_trim(&array);
	ktap_expect(t, array.room == 10);
	ktap_expect(t, slate_heap_usable_size(heap, array.items) <=
		    10 * sizeof(n) + SLATE_GRANULE);
	array.len = 0;
	slate_array_trim(&array);
	ktap_expect(t, !array.items && test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void *no_realloc(void *ctx, void *ptr, size_t size)
{
	(void)ctx;
	(void)ptr;
	(void)size;
	return NULL;
}

static void array_keeps_its_block_if_a_table_cannot_shrink_it(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct slate_allocator *own;
	struct slate_allocator table;
	struct slate_array array;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		slate_heap_destroy(heap);
		return;
	}
	slate_array_init(&array, heap, 1);
	ktap_expect(t, !slate_array_push(&array, "x") && array.room == 4);
	ktap_expect(t, !slate_tier_get(heap, SLATE_TIER_MEM, &own));
	table = *own;
	table.realloc = no_realloc;
	ktap_expect(t, !slate_tier_set(heap, SLATE_TIER_MEM, &table));
	slate_array_trim(&array);
	ktap_expect(t, array.room == 4 && *array.items == 'x');
	ktap_expect(t, !slate_tier_set(heap, SLATE_TIER_MEM, NULL));
	slate_array_fini(&array);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void ring_agrees_with_a_model(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_ring ring;
	uint16_t model[7];
	unsigned int step;
	uint16_t item;
	size_t n = 0;

	ktap_expect(t, slate_ring_create(&ring, heap, 7, sizeof(item)) == 0);
	for (step = 0; step < 2000; step++) {
		item = (uint16_t)step;
		switch (test_below(4)) {
		case 0:
			ktap_expect(t, slate_ring_push(&ring, &item) ==
				    (n < 7));
			if (n < 7)
				model[n++] = item;
			break;
		case 1:
			ktap_expect(t, slate_ring_push_first(&ring, &item) ==
				    (n < 7));
			if (n == 7)
				break;
			memmove(model + 1, model, n++ * sizeof(item));
			model[0] = item;
			break;
		case 2:
			ktap_expect(t, slate_ring_pop(&ring, &item) == (n > 0));
			if (!n)
				break;
			ktap_expect(t, item == model[0]);
			memmove(model, model + 1, --n * sizeof(item));
			break;
		default:
			ktap_expect(t, slate_ring_pop_last(&ring, &item) ==
				    (n > 0));
			if (n)
				ktap_expect(t, item == model[--n]);
		}
		ktap_expect(t, ring.len == n && !slate_ring_at(&ring, n));
		if (n)
			ktap_expect(t, *(uint16_t *)slate_ring_at(&ring, n - 1)
				    == model[n - 1]);
	}
	slate_ring_destroy(&ring);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void ring_lies_where_the_caller_says(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_ring ring;
	char memory[6] = "......";

	slate_ring_init(&ring, memory, 2, 3);
	ktap_expect(t, slate_ring_push(&ring, "abc"));
	ktap_expect(t, slate_ring_push(&ring, "def"));
	ktap_expect(t, !slate_ring_push(&ring, "ghi"));
	ktap_expect(t, !memcmp(memory, "abcdef", 6));
	ktap_expect(t, slate_ring_pop(&ring, NULL));
	ktap_expect(t, slate_ring_pop_last(&ring, NULL) && !ring.len);
	slate_ring_destroy(&ring);
	ktap_expect(t, slate_ring_create(&ring, heap, 0, 8) == -SLATE_EINVAL);
	ktap_expect(t, slate_ring_create(&ring, heap, 8, 0) == -SLATE_EINVAL);
	ktap_expect(t, slate_ring_create(&ring, heap, SIZE_MAX, 8) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_ring_create(&ring, heap, TEST_HEAP, 1) ==
		    -SLATE_ENOMEM);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static struct slate_once cell;
static unsigned int attempts;

static void *make(void *arg)
{
	return ++attempts < 2 ? NULL : arg;
}

/* A value that asks for itself while it is made. */
static void *make_in_circles(void *arg)
{
	attempts++;
	return slate_once_get(&cell, make_in_circles, arg) ? NULL : arg;
}

static void once_makes_its_value_once(struct ktap *t)
{
	int value;

	memset(&cell, 0, sizeof(cell));
	attempts = 0;
	ktap_expect(t, !slate_once_get(&cell, make, &value));
	ktap_expect(t, slate_once_get(&cell, make, &value) == &value);
	ktap_expect(t, slate_once_get(&cell, make, &value) == &value);
	ktap_expect(t, attempts == 2);
	ktap_expect(t, slate_once_take(&cell) == &value);
	ktap_expect(t, !slate_once_take(&cell));
	ktap_expect(t, slate_once_get(&cell, make, &value) == &value);
	ktap_expect(t, attempts == 3);
}

static void once_gives_nothing_while_it_is_made(struct ktap *t)
{
	int value;

	memset(&cell, 0, sizeof(cell));
	attempts = 0;
	ktap_expect(t, slate_once_get(&cell, make_in_circles, &value) ==
		    &value);
	ktap_expect(t, attempts == 1);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(array_agrees_with_a_model),
	KTAP_CASE(array_push_and_pop_at_its_end),
	KTAP_CASE(array_without_memory_stays_as_it_was),
	KTAP_CASE(array_keeps_its_block_if_a_table_cannot_shrink_it),
	KTAP_CASE(ring_agrees_with_a_model),
	KTAP_CASE(ring_lies_where_the_caller_says),
	KTAP_CASE(once_makes_its_value_once),
	KTAP_CASE(once_gives_nothing_while_it_is_made),
};

KTAP_SUITE(slate_small, cases);
