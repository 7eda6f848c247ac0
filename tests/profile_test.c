// SPDX-License-Identifier: MIT
#include "testing.h"

static void profile_find_knows_each_name(struct ktap *t)
{
	static const struct {
		const char *name;
		enum slate_profile profile;
	} names[] = {
		{ "default", SLATE_PROFILE_DEFAULT },
		{ "debug", SLATE_PROFILE_DEBUG },
		{ "malloc", SLATE_PROFILE_MALLOC },
		{ "malloc_debug", SLATE_PROFILE_MALLOC_DEBUG },
		{ "pool", SLATE_PROFILE_POOL },
		{ "pool_debug", SLATE_PROFILE_POOL_DEBUG },
		{ "dev", SLATE_PROFILE_DEBUG },
		{ "", SLATE_PROFILE_DEFAULT },
		{ NULL, SLATE_PROFILE_DEFAULT },
	};
	enum slate_profile profile;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		profile = names[i].profile == SLATE_PROFILE_MALLOC ?
			  SLATE_PROFILE_POOL : SLATE_PROFILE_MALLOC;
		ktap_expect(t, slate_profile_find(names[i].name, &profile) ==
			    0);
		ktap_expect(t, profile == names[i].profile);
	}
}

static void profile_find_refuses_other_names(struct ktap *t)
{
	static const char *const names[] = {
		"mallo", "mallocs", "malloc_", "malloc_debug2", "Default",
		"pool ", " ", "pymalloc", "debu", "d",
	};
	enum slate_profile profile = SLATE_PROFILE_POOL;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ktap_expect(t, slate_profile_find(names[i], &profile) ==
			    -SLATE_EINVAL);
	ktap_expect(t, profile == SLATE_PROFILE_POOL);
}

/* What asking for no pools gives: slate's own tables are what does without. */
#define TO_MALLOC	(SLATE_CONFIG_HOOKS || !SLATE_CONFIG_POOL ? \
			 0 : -SLATE_ENOTSUP)

/* How many pools a full heap of small obj blocks has. */
static size_t pools_of_a_full_heap(struct slate_heap *heap)
{
	const struct test_tier *obj = &test_tiers[SLATE_TIER_OBJ];
	struct test_node *list;
	size_t n;

	test_exhaust(heap, obj, SLATE_GRANULE, &list);
	n = test_stats(heap).pools;
	test_drain(heap, obj, &list);
	return n;
}

static void profile_malloc_makes_no_pools(struct ktap *t)
{
	struct slate_heap *heap = test_heap();

	ktap_expect(t, slate_heap_set_profile(heap, SLATE_PROFILE_MALLOC) ==
		    TO_MALLOC);
	ktap_expect(t, (pools_of_a_full_heap(heap) == 0) == !TO_MALLOC);
	ktap_expect(t, slate_heap_set_profile(heap, SLATE_PROFILE_DEFAULT) ==
		    0);
	ktap_expect(t, !SLATE_CONFIG_POOL || pools_of_a_full_heap(heap) > 0);
	slate_heap_destroy(heap);
}

static void profile_pool_makes_pools(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	int result = slate_heap_set_profile(heap, SLATE_PROFILE_POOL);

	ktap_expect(t, result == (SLATE_CONFIG_POOL ? 0 : -SLATE_ENOTSUP));
	ktap_expect(t, !SLATE_CONFIG_POOL || pools_of_a_full_heap(heap) > 0);
	slate_heap_destroy(heap);
}

static void profile_may_change_while_blocks_live(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_node *list;
	struct test_node *node;
	unsigned int i = 0;

	test_exhaust(heap, &test_tiers[SLATE_TIER_OBJ], 20, &list);
	ktap_expect(t, slate_heap_set_profile(heap, SLATE_PROFILE_MALLOC) ==
		    TO_MALLOC);
	ktap_expect(t, slate_heap_valid(heap));
	for (i = 0; i < 9 && list; i++) {
		node = list->next;
		slate_obj_free(heap, list);
		list = node;
	}
	ktap_expect(t, slate_obj_malloc(heap, 20));
	ktap_expect(t, slate_heap_valid(heap));
	test_drain(heap, &test_tiers[SLATE_TIER_OBJ], &list);
	ktap_expect(t, test_stats(heap).blocks == 1);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void profile_with_debug_hooks_needs_their_storage(struct ktap *t)
{
	struct slate_heap *heap = test_heap();

	ktap_expect(t, slate_heap_set_profile(heap, SLATE_PROFILE_DEBUG) ==
		    -SLATE_ENOTSUP);
	ktap_expect(t, slate_heap_set_profile(heap,
			SLATE_PROFILE_MALLOC_DEBUG) == -SLATE_ENOTSUP);
	ktap_expect(t, slate_heap_set_profile(heap,
			SLATE_PROFILE_POOL_DEBUG) == -SLATE_ENOTSUP);
	slate_heap_destroy(heap);
}

static void set_profile_refuses_what_is_none(struct ktap *t)
{
	const int beyond = SLATE_PROFILE_POOL_DEBUG + 1;
	struct slate_heap *heap = test_heap();

	ktap_expect(t, slate_heap_set_profile(heap,
			(enum slate_profile)beyond) == -SLATE_EINVAL);
	slate_heap_destroy(heap);
}

static void tier_name_says_what_serves(struct ktap *t)
{
	const char *small = SLATE_CONFIG_POOL ? "pool" : "chunk";
	struct slate_heap *heap = test_heap();

	ktap_expect(t, !strcmp(slate_tier_name(heap, SLATE_TIER_RAW),
			       "chunk"));
	ktap_expect(t, !strcmp(slate_tier_name(heap, SLATE_TIER_MEM), small));
	ktap_expect(t, !strcmp(slate_tier_name(heap, SLATE_TIER_OBJ), small));
	ktap_expect(t, slate_heap_set_profile(heap, SLATE_PROFILE_MALLOC) ==
		    TO_MALLOC);
	ktap_expect(t, !strcmp(slate_tier_name(heap, SLATE_TIER_OBJ),
			       TO_MALLOC ? "pool" : "chunk"));
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(profile_find_knows_each_name),
	KTAP_CASE(profile_find_refuses_other_names),
	KTAP_CASE(profile_malloc_makes_no_pools),
	KTAP_CASE(profile_pool_makes_pools),
	KTAP_CASE(profile_may_change_while_blocks_live),
	KTAP_CASE(profile_with_debug_hooks_needs_their_storage),
	KTAP_CASE(set_profile_refuses_what_is_none),
	KTAP_CASE(tier_name_says_what_serves),
};

KTAP_SUITE(slate_profile, cases);
