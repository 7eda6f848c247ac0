// SPDX-License-Identifier: MIT
#include "testing.h"

#define OBJECT		24

static unsigned int made;
static unsigned int ended;

static void make(void *object)
{
	test_fill(object, OBJECT, 7);
	made++;
}

static void end(void *object)
{
	memset(object, 0, OBJECT);
	ended++;
}

static struct slate_cache *cache_of(struct slate_heap *heap)
{
	made = 0;
	ended = 0;
	return slate_cache_create(heap, "thing", OBJECT, 0, make, end);
}

static struct slate_cache_info stats_of(struct slate_cache *cache)
{
	struct slate_cache_info stats;

	slate_cache_stats(cache, &stats);
	return stats;
}

/* Nothing is live and nothing is lost. */
static void finish(struct ktap *t, struct slate_heap *heap,
		   struct slate_cache *cache)
{
	ktap_expect(t, slate_cache_destroy(cache) == 0);
	ktap_expect(t, made == ended);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void cache_create_refuses_what_no_object_has(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_node *all;

	ktap_expect(t, !slate_cache_create(heap, "x", 0, 0, NULL, NULL));
	ktap_expect(t, !slate_cache_create(heap, "x", TEST_TOO_LARGE, 0, NULL,
					   NULL));
	ktap_expect(t, !slate_cache_create(heap, "x", 8, 24, NULL, NULL));
	ktap_expect(t, slate_cache_destroy(NULL) == 0);
	ktap_expect(t, test_is_empty(heap));
	test_exhaust(heap, &test_tiers[SLATE_TIER_MEM], sizeof(*all), &all);
	ktap_expect(t, !slate_cache_create(heap, "x", 8, 0, NULL, NULL));
	slate_heap_destroy(heap);
}

static void cache_alloc_hands_out_constructed_objects(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_cache *cache = cache_of(heap);
	unsigned int round;
	void *a[12];
	unsigned int i;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 12; i++) {
			a[i] = slate_cache_alloc(cache);
			ktap_expect(t, a[i] && test_filled(a[i], OBJECT, 7));
		}
		ktap_expect(t, stats_of(cache).live == 12);
		for (i = 0; i < 12; i++)
			slate_cache_free(cache, a[i]);
	}
	slate_cache_free(cache, NULL);
	ktap_expect(t, stats_of(cache).live == 0);
	ktap_expect(t, stats_of(cache).peak == 12);
	ktap_expect(t, stats_of(cache).allocs == 36);
	finish(t, heap, cache);
}

static void cache_keeps_up_to_its_cap_constructed(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_cache *cache = cache_of(heap);
	void *a[4];
	unsigned int i;

	slate_cache_set_cap(cache, 3);
	for (i = 0; i < 4; i++)
		a[i] = slate_cache_alloc(cache);
	for (i = 0; i < 4; i++)
		slate_cache_free(cache, a[i]);
	ktap_expect(t, stats_of(cache).kept == 3 && ended == 1);
	ktap_expect(t, slate_cache_alloc(cache) == a[2]);
	ktap_expect(t, made == 4 && stats_of(cache).hits == 1);
	slate_cache_free(cache, a[2]);
	slate_cache_set_cap(cache, 1);
	ktap_expect(t, stats_of(cache).kept == 1 && ended == 3);
	slate_cache_set_cap(cache, 1000);
	ktap_expect(t, stats_of(cache).cap == SLATE_CONFIG_CACHE);
	finish(t, heap, cache);
}

static void cache_keeps_nothing_when_freed_objects_are_poisoned(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_cache *cache = cache_of(heap);

	if (SLATE_CONFIG_CHECK < 3) {
		t->skip = "objects are kept at this check level";
		slate_heap_destroy(heap);
		return;
	}
	ktap_expect(t, stats_of(cache).cap == 0);
	slate_cache_free(cache, slate_cache_alloc(cache));
	ktap_expect(t, stats_of(cache).kept == 0 && ended == 1);
	finish(t, heap, cache);
}

static void cache_shrink_gives_kept_objects_back(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_cache *cache = cache_of(heap);
	size_t blocks = test_stats(heap).blocks;
	void *a[3];
	unsigned int i;

	slate_cache_set_cap(cache, 3);
	for (i = 0; i < 3; i++)
		a[i] = slate_cache_alloc(cache);
	for (i = 0; i < 3; i++)
		slate_cache_free(cache, a[i]);
	ktap_expect(t, slate_cache_shrink(cache) == 3 && ended == 3);
	ktap_expect(t, test_stats(heap).blocks == blocks);
	ktap_expect(t, slate_cache_shrink(cache) == 0);
	finish(t, heap, cache);
}

static void caches_of_a_list_give_back_together(struct ktap *t)
{
	struct slate_caches list = { NULL };
	struct slate_heap *heap = test_heap();
	struct slate_cache *a = cache_of(heap);
	struct slate_cache *b = slate_cache_create(heap, "b", 8, 0, NULL, NULL);
	struct slate_cache *c;

	slate_cache_set_cap(a, 2);
	slate_cache_set_cap(b, 2);
	ktap_expect(t, slate_caches_add(&list, a) == 0);
	ktap_expect(t, slate_caches_add(&list, b) == 0);
	ktap_expect(t, slate_caches_add(&list, b) == -SLATE_EBUSY);
	ktap_expect(t, slate_caches_next(&list, NULL) == b);
	ktap_expect(t, slate_caches_next(&list, b) == a);
	ktap_expect(t, !slate_caches_next(&list, a));
	slate_cache_free(a, slate_cache_alloc(a));
	slate_cache_free(b, slate_cache_alloc(b));
	ktap_expect(t, slate_caches_shrink(&list) == 2);
	/* From the end, to which a walk goes past another one. */
	c = slate_cache_create(heap, "c", 8, 0, NULL, NULL);
	ktap_expect(t, slate_caches_add(&list, c) == 0);
	ktap_expect(t, slate_cache_destroy(b) == 0);
	ktap_expect(t, slate_caches_next(&list, c) == a);
	ktap_expect(t, slate_cache_destroy(c) == 0);
	ktap_expect(t, slate_caches_next(&list, NULL) == a);
	finish(t, heap, a);
	ktap_expect(t, !list.first);
}

static void caches_give_back_before_a_request_fails(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_cache *cache = cache_of(heap);
	struct slate_caches list = { NULL };
	struct slate_rescue rescue = { &list, slate_caches_release };
	struct test_node *node;
	struct test_node *all;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		slate_heap_destroy(heap);
		return;
	}
	slate_cache_set_cap(cache, 1);
	ktap_expect(t, slate_caches_add(&list, cache) == 0);
	slate_cache_free(cache, slate_cache_alloc(cache));
	ktap_expect(t, stats_of(cache).kept == 1);
	test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], OBJECT, &all);
	ktap_expect(t, slate_heap_set_rescue(heap, &rescue) == 0);
	node = slate_obj_malloc(heap, OBJECT);
	ktap_expect(t, node && stats_of(cache).kept == 0);
	ktap_expect(t, !slate_obj_malloc(heap, OBJECT));
	slate_obj_free(heap, node);
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &all);
	finish(t, heap, cache);
}

static void cache_aligns_its_objects(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_cache *cache = slate_cache_create(heap, "dma", 20, 64,
						       NULL, NULL);
	void *a = slate_cache_alloc(cache);
	void *b = slate_cache_alloc(cache);

	ktap_expect(t, a && b && test_aligned(a, 64) && test_aligned(b, 64));
	ktap_expect(t, slate_heap_usable_size(heap, a) == 64);
	slate_cache_free(cache, a);
	slate_cache_free(cache, b);
	ktap_expect(t, slate_cache_destroy(cache) == 0);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void cache_free_reports_a_double_free(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_cache *cache = cache_of(heap);
	void *a = slate_cache_alloc(cache);
	void *b = slate_cache_alloc(cache);

	slate_cache_set_cap(cache, 1);
	slate_cache_free(cache, a);
	slate_cache_free(cache, a);
	ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, heap, a));
	slate_cache_free(cache, b);
	slate_cache_free(cache, b);
	ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, heap, b));
	finish(t, heap, cache);
}

static void cache_free_reports_what_is_not_its_own(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_cache *cache = cache_of(heap);
	unsigned char *a = slate_cache_alloc(cache);
	void *small = slate_obj_malloc(heap, 1);
	void *other = slate_obj_malloc(heap, OBJECT);
	int local;

	slate_cache_free(cache, &local);
	ktap_expect(t, faults_one(SLATE_FAULT_FOREIGN, heap, &local));
	slate_cache_free(cache, a + SLATE_GRANULE);
	ktap_expect(t, faults_one(SLATE_FAULT_INTERIOR, heap,
				  a + SLATE_GRANULE));
	slate_cache_free(cache, small);
	ktap_expect(t, faults_one(SLATE_FAULT_TIER, heap, small));
	slate_cache_free(cache, a);
	slate_cache_free(cache, other);
	ktap_expect(t, faults_one(SLATE_FAULT_TIER, heap, other));
	slate_obj_free(heap, small);
	slate_obj_free(heap, other);
	finish(t, heap, cache);
}

static void cache_destroy_waits_for_live_objects(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_cache *cache = cache_of(heap);
	void *a = slate_cache_alloc(cache);

	ktap_expect(t, slate_cache_destroy(cache) == -SLATE_EBUSY);
	ktap_expect(t, test_filled(a, OBJECT, 7));
	slate_cache_free(cache, a);
	finish(t, heap, cache);
}

static void cache_alloc_fails_and_goes_on(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_cache *cache = cache_of(heap);
	struct test_node *list = NULL;
	struct test_node *node;
	size_t n = 0;

	while ((node = slate_cache_alloc(cache))) {
		node->next = list;
		list = node;
		n++;
	}
	ktap_expect(t, n > TEST_HEAP / 100);
	ktap_expect(t, stats_of(cache).live == n);
	ktap_expect(t, stats_of(cache).failures == 1);
	while (list) {
		node = list;
		list = node->next;
		slate_cache_free(cache, node);
	}
	ktap_expect(t, slate_cache_alloc(cache) != NULL);
	ktap_expect(t, stats_of(cache).live == 1);
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(cache_create_refuses_what_no_object_has),
	KTAP_CASE(cache_alloc_hands_out_constructed_objects),
	KTAP_CASE(cache_keeps_up_to_its_cap_constructed),
	KTAP_CASE(cache_keeps_nothing_when_freed_objects_are_poisoned),
	KTAP_CASE(cache_shrink_gives_kept_objects_back),
	KTAP_CASE(caches_of_a_list_give_back_together),
	KTAP_CASE(caches_give_back_before_a_request_fails),
	KTAP_CASE(cache_aligns_its_objects),
	KTAP_CASE(cache_free_reports_a_double_free),
	KTAP_CASE(cache_free_reports_what_is_not_its_own),
	KTAP_CASE(cache_destroy_waits_for_live_objects),
	KTAP_CASE(cache_alloc_fails_and_goes_on),
};

KTAP_SUITE(slate_cache, cases);
