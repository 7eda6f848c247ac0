// SPDX-License-Identifier: MIT
/*
 * Debug hooks: put on and taken off, the layout and the fills, and the heap
 * as the program sees it through them.
 */
#include "hooked.h"

static void enable_is_refused_while_blocks_live(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;

	if (!SLATE_CONFIG_HOOKS || SLATE_CONFIG_DEBUG) {
		t->skip = "no hooks, or hooks from the start, here";
		return;
	}
	for_each_tier(tier) {
		void *p = tier->malloc(heap, 30);

		ktap_expect(t, slate_debug_enable(heap, &hooked_state) ==
			    -SLATE_EBUSY);
		tier->free(heap, p);
	}
	ktap_expect(t, !slate_debug_enable(heap, &hooked_state));
	ktap_expect(t, slate_debug_enable(heap, &hooked_state) ==
		    -SLATE_EEXIST);
	slate_mem_free(heap, slate_mem_malloc(heap, 30));
	ktap_expect(t, !slate_debug_disable(heap));
	ktap_expect(t, test_is_empty(heap));
	ktap_expect(t, !slate_debug_enable(heap, &hooked_state));
	slate_heap_destroy(heap);
}

static void enable_is_not_supported_without_hooks(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_debug_counts stats;
	struct slate_debug_block block;

	if (SLATE_CONFIG_HOOKS) {
		t->skip = "hooks in this configuration";
		return;
	}
	ktap_expect(t, slate_debug_enable(heap, &hooked_state) ==
		    -SLATE_ENOTSUP);
	ktap_expect(t, slate_debug_set_options(heap, NULL) ==
		    -SLATE_ENOTSUP);
	ktap_expect(t, slate_debug_set_quarantine(heap, NULL, 1, 100) ==
		    -SLATE_ENOTSUP);
	ktap_expect(t, !slate_debug_disable(heap));
	ktap_expect(t, !slate_debug_check_all(heap));
	ktap_expect(t, !slate_debug_leaks(heap, 0));
	ktap_expect(t, slate_debug_find(heap, heap, &block) == -SLATE_EINVAL);
	slate_debug_flush(heap);
	slate_debug_stats(heap, &stats);
	ktap_expect(t, !stats.serial);
}

static void disable_is_refused_while_blocks_live(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	void *p;

	if (!heap)
		return;
	p = slate_obj_malloc(heap, 10);
	ktap_expect(t, slate_debug_disable(heap) == -SLATE_EBUSY);
	slate_obj_free(heap, p);
	ktap_expect(t, !slate_debug_disable(heap));
	/* Now blocks are the engine's own. */
	p = slate_obj_malloc(heap, SLATE_GRANULE);
	ktap_expect(t, slate_heap_usable_size(heap, p) == SLATE_GRANULE);
	slate_obj_free(heap, p);
	slate_heap_destroy(heap);
}

static void enable_refuses_a_table_with_its_own_memory(struct ktap *t)
{
	const struct slate_allocator *own;
	struct slate_allocator other;
	struct slate_heap *heap = hooked_heap(t);

	if (!heap)
		return;
	ktap_expect(t, !slate_debug_disable(heap));
	ktap_expect(t, !slate_tier_get(heap, SLATE_TIER_OBJ, &own));
	other = *own;
	other.flags = SLATE_ALLOC_REPLACES;
	ktap_expect(t, !slate_tier_set(heap, SLATE_TIER_OBJ, &other));
	ktap_expect(t, slate_debug_enable(heap, &hooked_state) ==
		    -SLATE_EINVAL);
	ktap_expect(t, !slate_tier_set(heap, SLATE_TIER_OBJ, NULL));
	ktap_expect(t, !slate_debug_enable(heap, &hooked_state));
	slate_heap_destroy(heap);
}

static bool number_is(const unsigned char *p, size_t n)
{
	size_t i;

	for (i = sizeof(n); i--; n >>= 8) {
		if (p[i] != (unsigned char)n)
			return false;
	}
	return true;
}

/* Is the block laid out as debug.h says, with this id? */
static bool is_laid_out(const unsigned char *p, size_t size, char id)
{
	const size_t word = sizeof(size_t);

	return number_is(p - HOOKED_HEAD, size) &&
	       p[word - HOOKED_HEAD] == (unsigned char)id &&
	       test_all(p + word + 1 - HOOKED_HEAD, HOOKED_HEAD - word - 1,
			0xfd) &&
	       test_all(p + size, word, 0xfd);
}

static void blocks_have_the_layout_and_the_fills(struct ktap *t)
{
	static const char ids[] = { 'r', 'm', 'o' };
	struct slate_heap *heap = hooked_heap(t);
	const struct test_tier *tier;
	size_t size;

	if (!heap)
		return;
	for_each_tier(tier) {
		for (size = 0; size < 70; size += 9) {
			unsigned char *p = tier->malloc(heap, size);

			ktap_expect(t, test_aligned(p, SLATE_GRANULE));
			ktap_expect(t, is_laid_out(p, size, ids[tier->tier]));
			ktap_expect(t, test_all(p, size, 0xcd));
			tier->free(heap, p);
			p = tier->calloc(heap, 1, size);
			ktap_expect(t, is_laid_out(p, size, ids[tier->tier]));
			ktap_expect(t, test_all(p, size, 0));
			tier->free(heap, p);
			/* It is kept, so it can be looked at. */
			ktap_expect(t, test_all(p - HOOKED_HEAD, HOOKED_HEAD +
						size + HOOKED_TAIL, 0xdd));
		}
	}
	ktap_expect(t, hooked_take().count == 0);
	slate_heap_destroy(heap);
}

static void aligned_blocks_share_no_line(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	size_t align;

	if (!heap)
		return;
	for (align = 1; align <= 128; align *= 2) {
		size_t line = align > SLATE_GRANULE ? align : 1;
		unsigned char *p = slate_raw_aligned_alloc(heap, align, 33);
		size_t size = (33 + line - 1) / line * line;

		if (!ktap_expect(t, p))
			break;
		ktap_expect(t, test_aligned(p, align));
		ktap_expect(t, is_laid_out(p, size, 'r'));
		ktap_expect(t, test_all(p, size, 0xcd));
		ktap_expect(t, slate_heap_usable_size(heap, p) == size);
		test_fill(p, 33, 5);
		p = slate_raw_realloc(heap, p, 90);
		ktap_expect(t, p && test_filled(p, 33, 5));
		ktap_expect(t, slate_heap_usable_size(heap, p) >= 90);
		slate_raw_free(heap, p);
		ktap_expect(t, !test_stats(heap).blocks);
	}
	ktap_expect(t, !slate_raw_aligned_alloc(heap, 3, 8));
	ktap_expect(t, !slate_raw_aligned_alloc(heap, 64, PTRDIFF_MAX - 64));
	ktap_expect(t, !slate_raw_aligned_alloc(heap, SIZE_MAX / 2 + 1, 1));
	ktap_expect(t, hooked_take().count == 0);
	slate_heap_destroy(heap);
}

struct walked {
	const void *ptr[4];
	size_t size[4];
	unsigned int n;
};

static int note(void *arg, const struct slate_block *block)
{
	struct walked *walked = arg;

	if (walked->n < 4) {
		walked->ptr[walked->n] = block->ptr;
		walked->size[walked->n] = block->size;
	}
	walked->n++;
	return 0;
}

static bool saw(const struct walked *walked, const void *ptr, size_t size)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		if (walked->ptr[i] == ptr && walked->size[i] == size)
			return true;
	}
	return false;
}

static void walk_and_stats_show_what_the_program_has(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	struct walked walked = { .n = 0 };
	struct slate_debug_counts debug;
	struct slate_stats stats;
	void *p, *q, *r, *gone;
	size_t peak;

	if (!heap)
		return;
	p = slate_raw_malloc(heap, 13);
	q = slate_mem_malloc(heap, 0);
	gone = slate_obj_malloc(heap, 50);
	r = slate_raw_aligned_alloc(heap, 64, 64);
	slate_obj_free(heap, gone);
	slate_heap_walk(heap, note, &walked);
	ktap_expect(t, walked.n == 3);
	ktap_expect(t, saw(&walked, p, 13) && saw(&walked, q, 0) &&
		    saw(&walked, r, 64));
	ktap_expect(t, slate_heap_usable_size(heap, p) == 13);
	stats = test_stats(heap);
	ktap_expect(t, stats.live == 77 && stats.blocks == 3);
	ktap_expect(t, slate_heap_live(heap, &peak) == 77 && peak >= 127);
	ktap_expect(t, stats.size == stats.live + stats.free + stats.overhead);
	ktap_expect(t, stats.tier_live[SLATE_TIER_RAW] == 77);
	ktap_expect(t, stats.tier_live[SLATE_TIER_OBJ] == 0);
	slate_debug_stats(heap, &debug);
	ktap_expect(t, debug.live == 77 && debug.blocks == 3);
	ktap_expect(t, debug.kept == 50 && debug.kept_blocks == 1);
	ktap_expect(t, debug.serial == 4 && debug.reports == 0);
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
}

static void profiles_switch_the_hooks(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);
	const int refused = SLATE_CONFIG_POOL ? 0 : -SLATE_ENOTSUP;
	unsigned char *p;

	if (!heap)
		return;
	ktap_expect(t, !slate_heap_set_profile(heap, SLATE_PROFILE_DEBUG));
	ktap_expect(t, !strcmp(slate_tier_name(heap, SLATE_TIER_MEM),
			       "debug"));
	p = slate_mem_malloc(heap, 5);
	ktap_expect(t, slate_heap_set_profile(heap, SLATE_PROFILE_MALLOC) ==
		    -SLATE_EBUSY);
	ktap_expect(t, !slate_heap_set_profile(heap,
					       SLATE_PROFILE_MALLOC_DEBUG));
	slate_mem_free(heap, p);
	p = slate_obj_malloc(heap, 5);
	ktap_expect(t, p && is_laid_out(p, 5, 'o') && !test_pooled(heap, p));
	slate_obj_free(heap, p);
	ktap_expect(t, !slate_heap_set_profile(heap, SLATE_PROFILE_MALLOC));
	p = slate_obj_malloc(heap, SLATE_GRANULE);
	ktap_expect(t, slate_heap_usable_size(heap, p) == SLATE_GRANULE);
	ktap_expect(t, !test_pooled(heap, p));
	ktap_expect(t, slate_heap_set_profile(heap,
			SLATE_PROFILE_MALLOC_DEBUG) == -SLATE_EBUSY);
	ktap_expect(t, test_stats(heap).blocks == 1);
	slate_obj_free(heap, p);
	ktap_expect(t, slate_heap_set_profile(heap,
			SLATE_PROFILE_POOL_DEBUG) == refused);
	p = slate_obj_malloc(heap, 5);
	ktap_expect(t, refused || is_laid_out(p, 5, 'o'));
	slate_obj_free(heap, p);
	ktap_expect(t, !slate_heap_set_profile(heap, SLATE_PROFILE_DEFAULT));
	slate_heap_destroy(heap);
}

static struct slate_debug_block stopped;

void slate_debug_stop(const struct slate_debug_block *block)
{
	stopped = *block;
}

static void stop_is_called_at_the_serial(struct ktap *t)
{
	const struct slate_debug_options options = { .stop_at = 3 };
	struct slate_heap *heap = hooked_heap(t);
	void *p, *q;

	if (!heap)
		return;
	memset(&stopped, 0, sizeof(stopped));
	ktap_expect(t, !slate_debug_set_options(heap, &options));
	p = slate_mem_malloc(heap, 1);
	q = slate_raw_malloc(heap, 2);
	ktap_expect(t, !stopped.serial);
	p = slate_mem_realloc(heap, p, 33);
	ktap_expect(t, stopped.serial == 3 && stopped.ptr == p);
	ktap_expect(t, stopped.size == 33 && stopped.tier == SLATE_TIER_MEM);
	slate_raw_free(heap, q);
	slate_heap_destroy(heap);
}

static void looks_knows_the_patterns(struct ktap *t)
{
	void *word;

	ktap_expect(t, slate_debug_looks(NULL) == SLATE_LOOKS_NULL);
	ktap_expect(t, slate_debug_looks(&word) == SLATE_LOOKS_FINE);
	memset(&word, 0xcd, sizeof(word));
	ktap_expect(t, slate_debug_looks(word) == SLATE_LOOKS_FRESH);
	memset(&word, 0xdd, sizeof(word));
	ktap_expect(t, slate_debug_looks(word) == SLATE_LOOKS_FREED);
	ktap_expect(t, slate_debug_looks((char *)word + 1) ==
		    SLATE_LOOKS_FREED);
	memset(&word, 0xfd, sizeof(word));
	ktap_expect(t, slate_debug_looks(word) == SLATE_LOOKS_FORBIDDEN);
	ktap_expect(t, slate_debug_looks((char *)word + 8) ==
		    SLATE_LOOKS_FINE);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(enable_is_refused_while_blocks_live),
	KTAP_CASE(enable_is_not_supported_without_hooks),
	KTAP_CASE(disable_is_refused_while_blocks_live),
	KTAP_CASE(enable_refuses_a_table_with_its_own_memory),
	KTAP_CASE(blocks_have_the_layout_and_the_fills),
	KTAP_CASE(aligned_blocks_share_no_line),
	KTAP_CASE(walk_and_stats_show_what_the_program_has),
	KTAP_CASE(profiles_switch_the_hooks),
	KTAP_CASE(stop_is_called_at_the_serial),
	KTAP_CASE(looks_knows_the_patterns),
};

KTAP_SUITE(slate_debug, cases);
