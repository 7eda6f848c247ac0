// SPDX-License-Identifier: MIT
/*
 * Failure at every call: one scenario through every call that allocates, in
 * which the Nth allocation fails, for every N; in heaps of every size; from a
 * source that fails. Nothing may be lost.
 */
#include "sources.h"

#define NSLOTS	12

struct slot {
	unsigned char *ptr;
	size_t size;
};

static struct slot slots[NSLOTS];

/* Note a new block, if there is one. */
static void keep(unsigned int i, void *ptr, size_t size)
{
	slots[i].ptr = ptr;
	slots[i].size = ptr ? size : 0;
	if (ptr)
		test_fill(ptr, size, i);
}

/* Resize; if that fails the old block must be as it was. */
static void resize(struct ktap *t, struct slate_heap *heap,
		   const struct test_tier *tier, unsigned int i, size_t size)
{
	size_t kept = size < slots[i].size ? size : slots[i].size;
	unsigned char *p = tier->realloc(heap, slots[i].ptr, size);

	if (!p) {
		/* A shrinking realloc never fails. */
		ktap_expect(t, !slots[i].ptr || size > slots[i].size);
		ktap_expect(t, test_filled(slots[i].ptr, slots[i].size, i));
		return;
	}
	ktap_expect(t, test_filled(p, kept, i));
	keep(i, p, size);
}

static void scenario(struct ktap *t, struct slate_heap *heap)
{
	const struct test_tier *raw = &test_tiers[SLATE_TIER_RAW];
	const struct test_tier *mem = &test_tiers[SLATE_TIER_MEM];
	const struct test_tier *obj = &test_tiers[SLATE_TIER_OBJ];
	unsigned int i;
	void *p;

	memset(slots, 0, sizeof(slots));
	keep(0, raw->malloc(heap, 70), 70);
	keep(1, mem->malloc(heap, 20), 20);
	keep(2, obj->malloc(heap, 0), 0);
	p = obj->calloc(heap, 5, 9);
	ktap_expect(t, !p || test_all(p, 45, 0));
	keep(3, p, 45);
	p = raw->calloc(heap, 40, 3);
	ktap_expect(t, !p || test_all(p, 120, 0));
	keep(4, p, 120);
	keep(5, slate_raw_aligned_alloc(heap, 64, 30), 30);
	keep(6, slate_raw_alloc(heap, 32, 8, 0), 8);
	p = slate_mem_strdup(heap, "nothing is lost");
	ktap_expect(t, !p || !strcmp(p, "nothing is lost"));
	keep(7, p, 16);
	keep(8, slate_mem_strndup(heap, "nothing is lost", 7), 8);
	keep(9, slate_mem_resize_array(heap, NULL, 3, 7), 21);
	for (i = 0; i < 9; i++)
		resize(t, heap, &test_tiers[i % 3], i, slots[i].size * 3 + 1);
	resize(t, heap, mem, 10, 33);
	resize(t, heap, obj, 11, 5);
	for (i = 0; i < NSLOTS; i += 2) {
		raw->free(heap, slots[i].ptr);
		keep(i, NULL, 0);
	}
	resize(t, heap, raw, 1, 150);
	resize(t, heap, obj, 3, 10);
	resize(t, heap, mem, 1, 0);
	keep(0, mem->malloc(heap, 40), 40);
	for (i = 0; i < NSLOTS; i++)
		ktap_expect(t, test_filled(slots[i].ptr, slots[i].size, i));
}

static void clean_up_slots(struct slate_heap *heap)
{
	unsigned int i;

	for (i = 0; i < NSLOTS; i++) {
		slate_mem_free(heap, slots[i].ptr);
		slots[i].ptr = NULL;
	}
}

/* Free what the scenario left: nothing is live, and all is in order. */
static void clean_up(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_heap_valid(heap));
	clean_up_slots(heap);
	ktap_expect(t, test_stats(heap).live == 0);
	ktap_expect(t, test_stats(heap).blocks == 0);
	ktap_expect(t, slate_heap_valid(heap));
	ktap_expect(t, faults_none());
}

/* A wrapper of all tiers that fails at one call. */
struct injector {
	const struct slate_allocator *below;
	unsigned int *left;
};

static bool fails(const struct injector *injector)
{
	return *injector->left && !--*injector->left;
}

static void *inject_malloc(void *ctx, size_t size)
{
	const struct injector *injector = ctx;
	const struct slate_allocator *below = injector->below;

	return fails(injector) ? NULL : below->malloc(below->ctx, size);
}

static void *inject_calloc(void *ctx, size_t nmemb, size_t size)
{
	const struct injector *injector = ctx;
	const struct slate_allocator *below = injector->below;

	return fails(injector) ? NULL :
	       below->calloc(below->ctx, nmemb, size);
}

static void *inject_realloc(void *ctx, void *ptr, size_t size)
{
	const struct injector *injector = ctx;
	const struct slate_allocator *below = injector->below;

	/* Shrinking may not fail: what never grows is not counted. */
	if (ptr && size <= 64)
		return below->realloc(below->ctx, ptr, size);
	return fails(injector) ? NULL :
	       below->realloc(below->ctx, ptr, size);
}

static void inject_free(void *ctx, void *ptr)
{
	const struct injector *injector = ctx;

	injector->below->free(injector->below->ctx, ptr);
}

static void *inject_aligned(void *ctx, size_t align, size_t size,
			    unsigned int caps)
{
	const struct injector *injector = ctx;
	const struct slate_allocator *below = injector->below;

	return fails(injector) ? NULL :
	       below->aligned(below->ctx, align, size, caps);
}

static void inject(struct ktap *t, struct slate_heap *heap, unsigned int *left)
{
	static struct injector injectors[SLATE_TIERS];
	static struct slate_allocator tables[SLATE_TIERS];
	int i;

	for (i = 0; i < SLATE_TIERS; i++) {
		const enum slate_tier tier = (enum slate_tier)i;

		injectors[i].left = left;
		ktap_expect(t, slate_tier_get(heap, tier,
					      &injectors[i].below) == 0);
		tables[i].name = "inject";
		tables[i].ctx = &injectors[i];
		tables[i].malloc = inject_malloc;
		tables[i].calloc = inject_calloc;
		tables[i].realloc = inject_realloc;
		tables[i].free = inject_free;
		tables[i].aligned = inject_aligned;
		ktap_expect(t, slate_tier_set(heap, tier, &tables[i]) == 0);
	}
}

static void nth_allocation_fails_for_every_n(struct ktap *t)
{
	unsigned int n;
	unsigned int left;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return;
	}
	for (n = 1; ; n++) {
		struct slate_heap *heap = test_heap();

		inject(t, heap, &left);
		left = n;
		scenario(t, heap);
		clean_up(t, heap);
		slate_heap_destroy(heap);
		if (left)
			break;
	}
	ktap_expect(t, n > 15);
}

static void heaps_of_every_size_run_out_somewhere(struct ktap *t)
{
	unsigned int made = 0;
	bool ran_through = false;
	size_t size;

	for (size = 64; size <= TEST_HALF; size += SLATE_GRANULE) {
		struct slate_heap *heap = test_heap_of(size);

		if (!heap)
			continue;
		made++;
		scenario(t, heap);
		ran_through = slots[1].ptr && slots[9].ptr && slots[11].ptr;
		clean_up(t, heap);
		ktap_expect(t, test_is_empty(heap));
		slate_heap_destroy(heap);
	}
	ktap_expect(t, made > 50);
	ktap_expect(t, ran_through);
}

static void quota_of_every_size_runs_out_somewhere(struct ktap *t)
{
	size_t quota;

	if (!SLATE_CONFIG_STATS) {
		t->skip = "no statistics in this configuration";
		return;
	}
	for (quota = 1; quota < 3000; quota += SLATE_GRANULE - 1) {
		struct slate_heap *heap = test_heap();

		ktap_expect(t, slate_heap_set_quota(heap, quota) == 0);
		scenario(t, heap);
		ktap_expect(t, test_stats(heap).live <= quota);
		ktap_expect(t, test_stats(heap).peak <= quota);
		clean_up(t, heap);
		slate_heap_destroy(heap);
	}
}

static void nth_arena_fails_for_every_n(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	unsigned int fail_at;

	if (!source)
		return;
	for (fail_at = 2; fail_at < 12; fail_at++) {
		struct test_node *list = NULL;
		struct test_node *node;
		struct slate_heap *heap;
		unsigned int i;

		source->calls = 0;
		source->fail_at = fail_at;
		heap = slate_heap_create_from(&source->source);
		if (!ktap_expect(t, heap))
			return;
		/* Ever less room is left, so each turn wants more arenas. */
		for (i = 0; i < 24; i++) {
			scenario(t, heap);
			clean_up_slots(heap);
			node = slate_raw_malloc(heap, 1500 + 40 * i);
			if (!node)
				continue;
			node->next = list;
			list = node;
		}
		ktap_expect(t, source->calls >= fail_at);
		test_drain(heap, &test_tiers[SLATE_TIER_RAW], &list);
		clean_up(t, heap);
		slate_heap_destroy(heap);
		ktap_expect(t, source->out == 0 && source->bad == 0);
	}
}

static const struct ktap_case cases[] = {
	KTAP_CASE(nth_allocation_fails_for_every_n),
	KTAP_CASE(heaps_of_every_size_run_out_somewhere),
	KTAP_CASE(quota_of_every_size_runs_out_somewhere),
	KTAP_CASE(nth_arena_fails_for_every_n),
};

KTAP_SUITE(slate_nomemory, cases);
