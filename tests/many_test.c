// SPDX-License-Identifier: MIT
/*
 * So many arenas that the table which finds them grows twice, and heaps of
 * arenas that a walk empties.
 */
#include "sources.h"

/* Hosts have memory for it; a board has not. */
#if defined(__linux__) || defined(_WIN32)

#define MANY	1300u
#define SPACE	(MANY + 100)

static _Alignas(4096) unsigned char space[SPACE][SOURCE_SIZE];

/**
 * struct strip - a source that takes one slot after another
 * @used: slots that are out
 * @next: the slot behind those that were ever out
 * @out: how many are
 * @larger: how often more than one was asked for
 * @bad: frees of what was not out
 */
struct strip {
	unsigned char used[SPACE];
	unsigned int next;
	unsigned int out;
	unsigned int larger;
	unsigned int bad;
};

static struct strip strip;

static void *strip_alloc(void *ctx, size_t size)
{
	unsigned int n = (unsigned int)(size / SOURCE_SIZE);
	unsigned int at = strip.next;

	(void)ctx;
	if (n > SPACE - at)
		return NULL;
	strip.larger += n > 1;
	strip.next += n;
	strip.out += n;
	memset(strip.used + at, 1, n);
	return space[at];
}

static void strip_free(void *ctx, void *ptr, size_t size)
{
	size_t off = (uintptr_t)ptr - (uintptr_t)space;
	size_t n = size / SOURCE_SIZE;
	size_t at = off / SOURCE_SIZE;

	(void)ctx;
	while (n--) {
		strip.bad += at >= SPACE || !strip.used[at];
		if (at < SPACE)
			strip.used[at++] = 0;
		strip.out--;
	}
}

static const struct slate_arena_source strip_source = {
	.size = SOURCE_SIZE,
	.alloc = strip_alloc,
	.free = strip_free,
};

#define LARGE	((size_t)2000)	/* one to an arena */

/* All blocks of the list, number @n the first, still hold their pattern. */
static void expect_filled(struct ktap *t, const struct test_node *node,
			  unsigned int n)
{
	bool filled = true;

	for (; node; node = node->next)
		filled &= test_filled(node + 1, LARGE - sizeof(*node), n--);
	ktap_expect(t, filled && n == 0);
}

/* Free every other one, then the others: every address has to be found. */
static void free_all(struct slate_heap *heap, struct test_node *list)
{
	struct test_node *kept = NULL;

	while (list) {
		struct test_node *node = list;
		struct test_node *other = node->next;

		list = other ? other->next : NULL;
		if (other) {
			other->next = kept;
			kept = other;
		}
		slate_raw_free(heap, node);
	}
	test_drain(heap, &test_tiers[SLATE_TIER_RAW], &kept);
}

static void table_of_arenas_grows_twice(struct ktap *t)
{
	struct test_node *list = NULL;
	struct slate_heap *heap;
	unsigned int n;

	if (!SLATE_CONFIG_SOURCE) {
		t->skip = "no sources in this configuration";
		return;
	}
	memset(&strip, 0, sizeof(strip));
	heap = slate_heap_create_from(&strip_source);
	for (n = 0; n < MANY; n++) {
		struct test_node *node = slate_raw_malloc(heap, LARGE);

		if (!ktap_expect(t, node))
			break;
		test_fill(node + 1, LARGE - sizeof(*node), n + 1);
		node->next = list;
		list = node;
	}
	ktap_expect(t, test_stats(heap).arenas >= MANY);
	/* All that is out is arenas and the table; it has had two sizes. */
	ktap_expect(t, strip.larger > 0);
	ktap_expect(t, test_stats(heap).size == strip.out * SOURCE_SIZE);
	ktap_expect(t, slate_heap_valid(heap));
	expect_filled(t, list, n);
	free_all(heap, list);
	ktap_expect(t, faults_none());
	ktap_expect(t, test_stats(heap).live == 0);
	ktap_expect(t, test_stats(heap).arenas <= 2);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
	ktap_expect(t, strip.out == 0 && strip.bad == 0);
}

#else

static void table_of_arenas_grows_twice(struct ktap *t)
{
	t->skip = "memory too small for so many arenas";
}

#endif /* defined(__linux__) || defined(_WIN32) */

struct visit {
	struct slate_heap *heap;
	const struct test_tier *tier;
	size_t calls;
};

static int free_block(void *arg, const struct slate_block *block)
{
	struct visit *visit = arg;

	visit->calls++;
	visit->tier->free(visit->heap, block->ptr);
	return 0;
}

/* Allocate in arenas until none is left, and free all in a walk. */
static void empty_by_walk(struct ktap *t, struct test_source *source,
			  const struct test_tier *tier, size_t size)
{
	struct slate_heap *heap = slate_heap_create_from(&source->source);
	struct visit visit = { .heap = heap, .tier = tier };
	struct test_node *list;
	size_t n;

	n = test_exhaust(heap, tier, size, &list);
	ktap_expect(t, source->out + 4 > source->most);
	ktap_expect(t, slate_heap_walk(heap, free_block, &visit) == 0);
	ktap_expect(t, visit.calls == n);
	ktap_expect(t, faults_none());
	ktap_expect(t, test_stats(heap).live == 0);
	ktap_expect(t, test_stats(heap).blocks == 0);
	/* Arenas that are empty went back, but for one or two. */
	ktap_expect(t, test_stats(heap).arenas <= 2);
	ktap_expect(t, test_stats(heap).size == source->out * SOURCE_SIZE);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
	ktap_expect(t, source->out == 0 && source->bad == 0);
}

static void walk_lets_the_callback_empty_arenas(struct ktap *t)
{
	static const size_t sizes[] = { 24, 500, 3000, 5000, 9000 };
	struct test_source *source = sources_make(t);
	const struct test_tier *tier;
	size_t i;

	if (!source)
		return;
	for_each_tier(tier) {
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			empty_by_walk(t, source, tier, sizes[i]);
	}
}

static const struct ktap_case cases[] = {
	KTAP_CASE(table_of_arenas_grows_twice),
	KTAP_CASE(walk_lets_the_callback_empty_arenas),
};

KTAP_SUITE(slate_many, cases);
