// SPDX-License-Identifier: MIT
/*
 * Debug hooks: each guard is broken on purpose and fires, once, and says what
 * and where; and the block is left alone.
 */
#include "hooked.h"

/* A byte behind a block, for every size: found by free, for all its tiers. */
static void overflow_is_found_by_free(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *tier;
	size_t size;

	if (!heap)
		return;
	for_each_tier(tier) {
		for (size = 0; size < 40; size++) {
			unsigned char *p = tier->malloc(heap, size);

			p[size] = 'x';
			tier->free(heap, p);
			ktap_expect(t, hooked_one(SLATE_FAULT_OVERFLOW,
						  p + size, p));
			/* It was left alone, and can be freed once mended. */
			p[size] = 0xfd;
			tier->free(heap, p);
			ktap_expect(t, hooked_take().count == 0);
		}
	}
	ktap_expect(t, test_stats(heap).blocks == 0);
	slate_heap_destroy(heap);
}

static void overflow_is_found_by_realloc(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	struct hooked taken;
	unsigned char *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 16);
	p[16 + sizeof(size_t) - 1] = 'x';
	ktap_expect(t, !slate_mem_realloc(heap, p, 100));
	taken = hooked_take();
	ktap_expect(t, taken.count == 1);
	ktap_expect(t, taken.last.address == p + 16 + sizeof(size_t) - 1);
	ktap_expect(t, taken.last.block.size == 16);
	ktap_expect(t, taken.last.block.serial == 1);
	ktap_expect(t, taken.last.block.tier == SLATE_TIER_MEM);
	ktap_expect(t, taken.last.block.made_at && taken.last.site);
	ktap_expect(t, taken.last.block.made_at != taken.last.site);
	ktap_expect(t, test_all(p, 16, 0xcd));
	slate_heap_destroy(heap);
}

/* One byte before a block, each that the layout has there. */
static void underflow_is_found(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *tier;
	size_t back;

	if (!heap)
		return;
	for_each_tier(tier) {
		for (back = 1; back < HOOKED_HEAD; back++) {
			unsigned char *p = tier->malloc(heap, 24);
			unsigned char was = p[-(ptrdiff_t)back];
			struct hooked taken;

			p[-(ptrdiff_t)back] = 'x';
			ktap_expect(t, !tier->realloc(heap, p, 10));
			taken = hooked_take();
			ktap_expect(t, taken.count == 1);
			/* A size that is only smaller has no end there. */
			ktap_expect(t, taken.last.kind ==
				    SLATE_FAULT_UNDERFLOW ||
				    back == HOOKED_HEAD - sizeof(size_t) + 1);
			ktap_expect(t, taken.last.block.ptr == p);
			p[-(ptrdiff_t)back] = was;
			tier->free(heap, p);
			ktap_expect(t, hooked_take().count == 0);
		}
	}
	slate_heap_destroy(heap);
}

static void underflow_of_an_aligned_block_is_found(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	unsigned char *p;

	if (!heap)
		return;
	p = slate_raw_aligned_alloc(heap, 128, 24);
	p[-128] = 'x';
	slate_raw_free(heap, p);
	ktap_expect(t, hooked_one(SLATE_FAULT_UNDERFLOW, p - 128, p));
	p[-128] = 0xfd;
	p[-1] = 'x';
	slate_raw_free(heap, p);
	ktap_expect(t, hooked_one(SLATE_FAULT_UNDERFLOW, p - 1, p));
	p[-1] = 0xfd;
	p[128] = 'x';
	slate_raw_free(heap, p);
	ktap_expect(t, hooked_one(SLATE_FAULT_OVERFLOW, p + 128, p));
	slate_heap_destroy(heap);
}

/* As CPython's test_api_misuse, for every pair of tiers. */
static void wrong_tier_is_found(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *made;
	unsigned int i;

	if (!heap)
		return;
	for_each_tier(made) {
		for (i = 0; i < SLATE_TIERS; i++) {
			const struct test_tier *freed = &test_tiers[i];
			unsigned char *p = made->malloc(heap, 16);
			struct hooked taken;

			freed->free(heap, p);
			taken = hooked_take();
			if (made == freed) {
				ktap_expect(t, taken.count == 0);
				continue;
			}
			ktap_expect(t, taken.count == 1);
			ktap_expect(t, taken.last.kind == SLATE_FAULT_TIER);
			ktap_expect(t, taken.last.block.tier == made->tier);
			ktap_expect(t, taken.last.tier == freed->tier);
			ktap_expect(t, !freed->realloc(heap, p, 40));
			ktap_expect(t, hooked_one(SLATE_FAULT_TIER, p, p));
			made->free(heap, p);
		}
	}
	ktap_expect(t, test_stats(heap).blocks == 0);
	slate_heap_destroy(heap);
}

static void check_all_finds_every_fault(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	struct slate_debug_counts stats;
	unsigned char *p[4];
	unsigned int i;

	if (!heap)
		return;
	for (i = 0; i < 4; i++)
		p[i] = test_tiers[i % 3].malloc(heap, 20 + i);
	ktap_expect(t, slate_debug_check_all(heap) == 0);
	p[0][20] = 'x';
	ktap_expect(t, slate_debug_check_all(heap) == 1);
	ktap_expect(t, hooked_one(SLATE_FAULT_OVERFLOW, p[0] + 20, p[0]));
	p[1][-1] = 'x';
	slate_obj_free(heap, p[2]);
	p[2][0] = 'x';
	ktap_expect(t, slate_debug_check_all(heap) == 3);
	ktap_expect(t, hooked_take().count == 3);
	p[0][20] = 0xfd;
	p[1][-1] = 0xfd;
	p[2][0] = 0xdd;
	ktap_expect(t, slate_debug_check_all(heap) == 0);
	slate_debug_stats(heap, &stats);
	ktap_expect(t, stats.reports == 4);
	slate_heap_destroy(heap);
}

static bool allowed;

static bool may_call(void *ctx, struct slate_heap *heap, enum slate_tier tier)
{
	(void)heap;
	(void)tier;
	(*(unsigned int *)ctx)++;
	return allowed;
}

static unsigned int contexts;

static void count_context(void *ctx, struct slate_heap *heap,
			  const struct slate_debug_report *report)
{
	(void)ctx;
	(void)heap;
	contexts += report->kind == SLATE_FAULT_CONTEXT && report->site;
}

/* As CPython's test_pymem_malloc_without_gil. */
static void call_from_where_it_may_not_be_is_found(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	unsigned int asked = 0;
	const struct slate_debug_options options = {
		.ctx = &asked,
		.handler = count_context,
		.may_call = may_call,
	};
	const struct test_tier *tier;

	if (!heap)
		return;
	contexts = 0;
	ktap_expect(t, !slate_debug_set_options(heap, &options));
	for_each_tier(tier) {
		void *p;

		allowed = true;
		p = tier->malloc(heap, 3);
		ktap_expect(t, p && contexts == 0);
		allowed = false;
		ktap_expect(t, !tier->malloc(heap, 3));
		ktap_expect(t, !tier->calloc(heap, 3, 3));
		ktap_expect(t, !tier->realloc(heap, p, 3));
		ktap_expect(t, !tier->realloc(heap, NULL, 3));
		tier->free(heap, p);
		ktap_expect(t, contexts == 5);
		contexts = 0;
		allowed = true;
		tier->free(heap, p);
	}
	allowed = false;
	ktap_expect(t, !slate_raw_aligned_alloc(heap, 32, 3) && contexts == 1);
	ktap_expect(t, asked == 22);
	ktap_expect(t, test_stats(heap).blocks == 0);
	slate_heap_destroy(heap);
}

static void policy_leak_goes_on_in_silence(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	struct slate_debug_counts stats;
	unsigned char *p;

	if (!heap)
		return;
	hooked_policy(heap, SLATE_DEBUG_LEAK);
	p = slate_mem_malloc(heap, 10);
	p[10] = 'x';
	slate_mem_free(heap, p);
	ktap_expect(t, hooked_take().count == 0);
	slate_debug_stats(heap, &stats);
	ktap_expect(t, stats.reports == 1 && stats.blocks == 1);
	ktap_expect(t, slate_mem_malloc(heap, 10));
	slate_heap_destroy(heap);
}

static size_t written;

static void swallow(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	(void)text;
	written += len;
}

/* Without a handler the report goes where the engines' go. */
static void default_handler_tells_the_port(struct ktap *t)
{
	static const struct slate_debug_options options = { .write = swallow };
	struct slate_heap *heap = hooked_heap(t);
	unsigned char *p;

	if (!heap)
		return;
	ktap_expect(t, !slate_debug_set_options(heap, &options));
	p = slate_mem_malloc(heap, 10);
	slate_obj_free(heap, p);
	ktap_expect(t, faults_one(SLATE_FAULT_TIER, heap, p));
	ktap_expect(t, written > 100);
	slate_heap_destroy(heap);
}

/* Not inlined, and the call in it is not its last act. */
static __attribute__((noinline)) void *ask(struct slate_heap *heap)
{
	char *p = slate_mem_malloc(heap, 5);

	*(volatile char *)p = 1;
	return p;
}

/* Two wrappers over the hooks: the site is still the program's. */
static void site_comes_through_other_wrappers(struct ktap *t)
{
	static struct slate_inject over[2];
	const struct slate_inject_rule rule = { .above = TEST_HEAP };
	struct slate_heap *heap = hooked_heap(t);
	struct slate_debug_block block;
	uintptr_t from = (uintptr_t)ask & ~(uintptr_t)1;
	void *p;

	if (!heap)
		return;
	ktap_expect(t, !slate_inject_start(heap, &over[0], &rule));
	ktap_expect(t, !slate_inject_start(heap, &over[1], &rule));
	p = ask(heap);
	ktap_expect(t, !slate_debug_find(heap, p, &block));
	ktap_expect(t, (uintptr_t)block.made_at - from < 256);
	slate_mem_free(heap, p);
	slate_mem_free(heap, p);
	ktap_expect(t, hooked_one(SLATE_FAULT_DOUBLE_FREE, p, p));
	p = slate_site_malloc(heap, SLATE_TIER_OBJ, 5, SLATE_HERE);
	ktap_expect(t, !slate_debug_find(heap, p, &block));
	ktap_expect(t, !strcmp(((const struct slate_tag *)block.made_at)->file,
			       __FILE__));
	ktap_expect(t, slate_inject_stop(&over[0]) == -SLATE_EBUSY);
	ktap_expect(t, !slate_inject_stop(&over[1]));
	ktap_expect(t, !slate_inject_stop(&over[0]));
	slate_obj_free(heap, p);
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(overflow_is_found_by_free),
	KTAP_CASE(overflow_is_found_by_realloc),
	KTAP_CASE(underflow_is_found),
	KTAP_CASE(underflow_of_an_aligned_block_is_found),
	KTAP_CASE(wrong_tier_is_found),
	KTAP_CASE(check_all_finds_every_fault),
	KTAP_CASE(call_from_where_it_may_not_be_is_found),
	KTAP_CASE(policy_leak_goes_on_in_silence),
	KTAP_CASE(default_handler_tells_the_port),
	KTAP_CASE(site_comes_through_other_wrappers),
};

KTAP_SUITE(slate_guard, cases);
