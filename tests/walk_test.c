// SPDX-License-Identifier: MIT
/* Walk, map and statistics: three views of one heap that must agree. */
#include "testing.h"

/*
 * A heap of two regions with blocks of all kinds, some of them freed again;
 * the live ones are listed through their first bytes.
 */
static struct slate_heap *start(struct ktap *t, struct test_node **live)
{
	struct test_node *freed = NULL;
	struct slate_heap *heap;
	unsigned int i;

	memset(test_memory, 0xa5, TEST_HEAP);
	heap = slate_heap_create(test_memory, TEST_HALF);
	if (SLATE_CONFIG_REGIONS > 1)
		ktap_expect(t, !slate_heap_add_region(heap, test_memory +
						      TEST_HALF + 3,
						      TEST_HALF - 8,
						      SLATE_CAP_FAST));
	*live = NULL;
	for (i = 0; i < 600; i++) {
		size_t size = i % 7 ? sizeof(void *) * (1 + i % 4) : i * 3;
		struct test_node *node = test_tiers[i % 3].malloc(heap, size +
							sizeof(*node));
		struct test_node **list = i % 3 && i % 5 ? live : &freed;

		if (!node)
			break;
		node->next = *list;
		*list = node;
	}
	ktap_expect(t, i > 20);
	test_drain(heap, &test_tiers[SLATE_TIER_MEM], &freed);
	ktap_expect(t, slate_heap_valid(heap));
	return heap;
}

struct visit {
	struct slate_heap *heap;
	const void *wanted;
	unsigned int found;
	unsigned int calls;
	unsigned int stop_at;
	unsigned int bad;
	size_t bytes;
	uintptr_t last;
	unsigned int turns;
};

static int visit_block(void *arg, const struct slate_block *block)
{
	struct visit *visit = arg;

	visit->calls++;
	visit->found += block->ptr == visit->wanted;
	visit->bytes += block->size;
	visit->turns += (uintptr_t)block->ptr <= visit->last;
	visit->last = (uintptr_t)block->ptr;
	return visit->calls == visit->stop_at ? -42 : 0;
}

static void walk_visits_each_live_block_once(struct ktap *t)
{
	struct test_node *live;
	struct test_node *node;
	struct slate_heap *heap = start(t, &live);
	unsigned int n = 0;

	for (node = live; node; node = node->next, n++) {
		struct visit visit = { .heap = heap, .wanted = node };

		ktap_expect(t, slate_heap_walk(heap, visit_block, &visit) ==
			    0);
		ktap_expect(t, visit.found == 1);
	}
	ktap_expect(t, n > 5);
	ktap_expect(t, test_stats(heap).blocks == n);
	slate_heap_destroy(heap);
}

static void walk_agrees_with_the_statistics(struct ktap *t)
{
	struct test_node *live;
	struct slate_heap *heap = start(t, &live);
	struct visit visit = { .heap = heap };
	struct slate_stats stats = test_stats(heap);

	ktap_expect(t, slate_heap_walk(heap, visit_block, &visit) == 0);
	ktap_expect(t, visit.calls == stats.blocks);
	ktap_expect(t, visit.bytes == stats.live);
	/* Rising addresses in each region. */
	ktap_expect(t, visit.turns < SLATE_CONFIG_REGIONS);
	slate_heap_destroy(heap);
}

static int compare_size(void *arg, const struct slate_block *block)
{
	struct visit *visit = arg;
	const unsigned char *p = block->ptr;
	bool second = p >= test_memory + TEST_HALF;

	visit->calls++;
	visit->bad += slate_heap_usable_size(visit->heap, p) != block->size;
	visit->bad += block->caps != (second ? SLATE_CAP_FAST : 0u);
	visit->found += block->pooled;
	return 0;
}

static void walk_shows_what_usable_size_says(struct ktap *t)
{
	struct test_node *live;
	struct slate_heap *heap = start(t, &live);
	struct visit visit = { .heap = heap };

	slate_heap_walk(heap, compare_size, &visit);
	ktap_expect(t, visit.bad == 0);
	ktap_expect(t, visit.calls > 5);
	ktap_expect(t, (visit.found > 0) == (test_stats(heap).pools > 0));
	slate_heap_destroy(heap);
}

static void walk_of_an_empty_heap_visits_nothing(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct visit visit = { .heap = heap };

	ktap_expect(t, slate_heap_walk(heap, visit_block, &visit) == 0);
	ktap_expect(t, visit.calls == 0);
	slate_heap_destroy(heap);
}

static void walk_stops_on_non_zero(struct ktap *t)
{
	struct test_node *live;
	struct slate_heap *heap = start(t, &live);
	struct visit visit = { .heap = heap, .stop_at = 3 };

	ktap_expect(t, slate_heap_walk(heap, visit_block, &visit) == -42);
	ktap_expect(t, visit.calls == 3);
	slate_heap_destroy(heap);
}

static int free_block(void *arg, const struct slate_block *block)
{
	struct visit *visit = arg;

	visit->calls++;
	slate_obj_free(visit->heap, block->ptr);
	return 0;
}

static void walk_lets_the_callback_free_the_block(struct ktap *t)
{
	struct test_node *live;
	struct slate_heap *heap = start(t, &live);
	struct visit visit = { .heap = heap };
	size_t blocks = test_stats(heap).blocks;

	ktap_expect(t, slate_heap_walk(heap, free_block, &visit) == 0);
	ktap_expect(t, visit.calls == blocks);
	ktap_expect(t, faults_none());
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static int free_and_take(void *arg, const struct slate_block *block)
{
	struct visit *visit = arg;

	visit->calls++;
	slate_obj_free(visit->heap, block->ptr);
	visit->found += slate_mem_malloc(visit->heap, 24) != NULL;
	return visit->calls >= visit->stop_at;
}

static void walk_lets_the_callback_allocate(struct ktap *t)
{
	struct test_node *live;
	struct slate_heap *heap = start(t, &live);
	struct visit visit = { .heap = heap, .stop_at = 3000 };

	slate_heap_walk(heap, free_and_take, &visit);
	ktap_expect(t, visit.calls > 5);
	ktap_expect(t, visit.found > 0);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

struct picture {
	const unsigned char *end;
	unsigned int gaps;
	unsigned int bad;
	unsigned int nfree;
	unsigned int npools;
	unsigned int nlive;
	size_t size;
	size_t live;
	size_t free;
	size_t tables;
	size_t stop_at;
};

static int draw(void *arg, const struct slate_span *span)
{
	struct picture *picture = arg;
	const unsigned char *p = span->ptr;
	size_t part = span->block_size * span->nlive;

	picture->gaps += p != picture->end;
	picture->end = p + span->size;
	picture->size += span->size;
	picture->bad += !span->size;
	switch (span->kind) {
	case SLATE_SPAN_TABLES:
		picture->tables += span->size;
		break;
	case SLATE_SPAN_LIVE:
		picture->live += span->size;
		picture->nlive++;
		break;
	case SLATE_SPAN_FREE:
		picture->free += span->size;
		picture->nfree++;
		break;
	case SLATE_SPAN_POOL:
		picture->live += part;
		picture->free += span->block_size * span->nblocks - part;
		picture->tables += span->size -
				   span->block_size * span->nblocks;
		picture->nlive += span->nlive;
		picture->npools++;
		picture->bad += span->nlive > span->nblocks;
		break;
	}
	if (span->kind != SLATE_SPAN_POOL)
		picture->bad += span->nblocks || span->block_size;
	return --picture->stop_at ? 0 : 17;
}

static void map_covers_every_byte_once(struct ktap *t)
{
	struct test_node *live;
	struct slate_heap *heap = start(t, &live);
	struct picture picture = { .end = test_memory };

	ktap_expect(t, slate_heap_map(heap, draw, &picture) == 0);
	/* One step from the first region to the second. */
	ktap_expect(t, picture.gaps ==
		    (SLATE_CONFIG_REGIONS > 1 ? 1u : 0u));
	ktap_expect(t, picture.bad == 0);
	ktap_expect(t, picture.size == test_stats(heap).size);
	slate_heap_destroy(heap);
}

static void map_agrees_with_the_statistics(struct ktap *t)
{
	struct test_node *live;
	struct slate_heap *heap = start(t, &live);
	struct picture picture = { .end = test_memory };
	struct slate_stats stats = test_stats(heap);

	slate_heap_map(heap, draw, &picture);
	ktap_expect(t, picture.live == stats.live);
	ktap_expect(t, picture.free == stats.free);
	ktap_expect(t, picture.tables == stats.overhead);
	ktap_expect(t, picture.nlive == stats.blocks);
	ktap_expect(t, picture.npools == stats.pools);
	ktap_expect(t, picture.nfree == stats.free_chunks);
	slate_heap_destroy(heap);
}

static void map_stops_on_non_zero(struct ktap *t)
{
	struct test_node *live;
	struct slate_heap *heap = start(t, &live);
	struct picture picture = { .end = test_memory, .stop_at = 3 };

	ktap_expect(t, slate_heap_map(heap, draw, &picture) == 17);
	ktap_expect(t, picture.stop_at == 0);
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(walk_visits_each_live_block_once),
	KTAP_CASE(walk_agrees_with_the_statistics),
	KTAP_CASE(walk_shows_what_usable_size_says),
	KTAP_CASE(walk_of_an_empty_heap_visits_nothing),
	KTAP_CASE(walk_stops_on_non_zero),
	KTAP_CASE(walk_lets_the_callback_free_the_block),
	KTAP_CASE(walk_lets_the_callback_allocate),
	KTAP_CASE(map_covers_every_byte_once),
	KTAP_CASE(map_agrees_with_the_statistics),
	KTAP_CASE(map_stops_on_non_zero),
};

KTAP_SUITE(slate_walk, cases);
