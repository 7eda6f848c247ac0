// SPDX-License-Identifier: MIT
/* Call sites: what a table that asks for them is told. */
#include "spies.h"

/* A table with sites that notes the site and passes on to the one before. */
struct witness {
	struct slate_site_allocator table;
	const struct slate_allocator *below;
	const void *site;
	unsigned int calls;
};

static struct witness witnesses[SLATE_TIERS];

static const struct slate_allocator *note(void *ctx, const void *site)
{
	struct witness *w = ctx;

	w->site = site;
	w->calls++;
	return w->below;
}

static void *site_malloc(void *ctx, size_t size, const void *site)
{
	const struct slate_allocator *below = note(ctx, site);

	return below->malloc(below->ctx, size);
}

static void *site_calloc(void *ctx, size_t nmemb, size_t size,
			 const void *site)
{
	const struct slate_allocator *below = note(ctx, site);

	return below->calloc(below->ctx, nmemb, size);
}

static void *site_realloc(void *ctx, void *ptr, size_t size, const void *site)
{
	const struct slate_allocator *below = note(ctx, site);

	return below->realloc(below->ctx, ptr, size);
}

static void site_free(void *ctx, void *ptr, const void *site)
{
	const struct slate_allocator *below = note(ctx, site);

	below->free(below->ctx, ptr);
}

static void *site_aligned(void *ctx, size_t align, size_t size,
			  unsigned int caps, const void *site)
{
	const struct slate_allocator *below = note(ctx, site);

	return below->aligned(below->ctx, align, size, caps);
}

static const struct slate_site_calls site_calls = {
	site_malloc, site_calloc, site_realloc, site_free, site_aligned,
};

/* The same for callers that know of no sites. */
static const char plain;

static void *plain_malloc(void *ctx, size_t size)
{
	return site_malloc(ctx, size, &plain);
}

static void *plain_calloc(void *ctx, size_t nmemb, size_t size)
{
	return site_calloc(ctx, nmemb, size, &plain);
}

static void *plain_realloc(void *ctx, void *ptr, size_t size)
{
	return site_realloc(ctx, ptr, size, &plain);
}

static void plain_free(void *ctx, void *ptr)
{
	site_free(ctx, ptr, &plain);
}

static void *plain_aligned(void *ctx, size_t align, size_t size,
			   unsigned int caps)
{
	return site_aligned(ctx, align, size, caps, &plain);
}

static const struct slate_allocator plain_table = {
	"witness", SLATE_ALLOC_SITES, NULL, plain_malloc, plain_calloc,
	plain_realloc, plain_free, plain_aligned,
};

static struct slate_heap *start(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	int i;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return NULL;
	}
	for (i = 0; i < SLATE_TIERS; i++) {
		struct witness *w = &witnesses[i];

		memset(w, 0, sizeof(*w));
		w->table.table = plain_table;
		w->table.table.ctx = w;
		w->table.calls = &site_calls;
		ktap_expect(t, !slate_tier_get(heap, (enum slate_tier)i,
					       &w->below));
		ktap_expect(t, !slate_tier_set(heap, (enum slate_tier)i,
					       &w->table.table));
	}
	return heap;
}

/* Was the last call of this tier from within the 256 bytes from @fn on? */
static bool within(enum slate_tier tier, void *(*fn)(struct slate_heap *heap))
{
	uintptr_t from = (uintptr_t)fn & ~(uintptr_t)1;
	uintptr_t site = (uintptr_t)witnesses[tier].site;

	return site > from && site < from + 256;
}

/* Not inlined, and the call inside is not its last act. */
static __attribute__((noinline)) void *ask_mem(struct slate_heap *heap)
{
	char *p = slate_mem_malloc(heap, 5);

	*(volatile char *)p = 1;
	return p;
}

static __attribute__((noinline)) void *ask_aligned(struct slate_heap *heap)
{
	char *p = slate_raw_aligned_alloc(heap, 32, 5);

	*(volatile char *)p = 1;
	return p;
}

static __attribute__((noinline)) void *ask_copy(struct slate_heap *heap)
{
	char *p = slate_mem_strdup(heap, "slate");

	*(volatile char *)p = 'S';
	return p;
}

static void site_is_where_the_program_calls(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	const void *made_at;
	void *p;

	if (!heap)
		return;
	p = ask_mem(heap);
	made_at = witnesses[SLATE_TIER_MEM].site;
	slate_mem_free(heap, p);
	ktap_expect(t, witnesses[SLATE_TIER_MEM].site != made_at);
	slate_obj_free(heap, NULL);
	slate_mem_realloc(heap, ask_mem(heap), 100);
	slate_obj_calloc(heap, 3, 3);
	ktap_expect(t, witnesses[SLATE_TIER_MEM].calls == 4);
	ktap_expect(t, witnesses[SLATE_TIER_OBJ].calls == 2);
	ktap_expect(t, witnesses[SLATE_TIER_OBJ].site);
	ktap_expect(t, ask_mem(heap) && within(SLATE_TIER_MEM, ask_mem));
	ktap_expect(t, ask_copy(heap) && within(SLATE_TIER_MEM, ask_copy));
	ktap_expect(t, ask_aligned(heap) &&
		    within(SLATE_TIER_RAW, ask_aligned));
	slate_heap_destroy(heap);
}

static void site_calls_hand_the_site_on(struct ktap *t)
{
	static const char a, b, c, d, e;
	struct slate_heap *heap = start(t);
	const struct test_tier *tier;

	if (!heap)
		return;
	for_each_tier(tier) {
		const struct witness *w = &witnesses[tier->tier];
		void *p = slate_site_malloc(heap, tier->tier, 9, &a);

		ktap_expect(t, p && w->site == &a);
		p = slate_site_realloc(heap, tier->tier, p, 90, &b);
		ktap_expect(t, p && w->site == &b);
		slate_site_free(heap, tier->tier, p, &c);
		ktap_expect(t, w->site == &c);
		p = slate_site_calloc(heap, tier->tier, 5, 5, &d);
		ktap_expect(t, p && w->site == &d && test_all(p, 25, 0));
		tier->free(heap, p);
		ktap_expect(t, w->site && w->site != &d && w->calls == 5);
	}
	ktap_expect(t, slate_site_alloc(heap, 32, 40, 0, &e));
	ktap_expect(t, witnesses[SLATE_TIER_RAW].site == &e);
	slate_heap_destroy(heap);
}

/* The same calls with slate's own tables, which ask for no site. */
static void site_calls_are_the_tiers(struct ktap *t)
{
	const enum slate_tier none = (enum slate_tier)SLATE_TIERS;
	struct slate_heap *heap = test_heap();
	const struct test_tier *tier;

	for_each_tier(tier) {
		void *p = slate_site_malloc(heap, tier->tier, 40, heap);

		p = slate_site_realloc(heap, tier->tier, p, 80, heap);
		ktap_expect(t, p && test_stats(heap).blocks == 1);
		slate_site_free(heap, tier->tier, p, heap);
		p = slate_site_calloc(heap, tier->tier, 8, 5, heap);
		ktap_expect(t, p && test_all(p, 40, 0));
		slate_site_free(heap, tier->tier, p, heap);
		ktap_expect(t, !slate_site_malloc(heap, tier->tier,
						  TEST_TOO_LARGE, heap));
		ktap_expect(t, !slate_site_calloc(heap, tier->tier,
						  SIZE_MAX / 2 + 2, 2, heap));
	}
	ktap_expect(t, test_aligned(slate_site_alloc(heap, 64, 1, 0, heap),
				    64));
	ktap_expect(t, !slate_site_alloc(heap, 3, 1, 0, heap));
	ktap_expect(t, !slate_site_malloc(heap, none, 1, heap));
	ktap_expect(t, !slate_site_calloc(heap, none, 1, 1, heap));
	ktap_expect(t, !slate_site_realloc(heap, none, NULL, 1, heap));
	slate_site_free(heap, none, heap, heap);
	slate_heap_destroy(heap);
}

/* A table with sites below one that knows nothing of them. */
static void site_of_a_wrapper_without_sites_is_the_wrapper(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	struct slate_allocator table;
	struct spy spy = { .calls = 0 };

	if (!heap)
		return;
	table = spies_table(&spy);
	ktap_expect(t, !slate_tier_get(heap, SLATE_TIER_MEM, &spy.below));
	ktap_expect(t, !slate_tier_set(heap, SLATE_TIER_MEM, &table));
	ktap_expect(t, ask_mem(heap) && spy.calls == 1);
	ktap_expect(t, witnesses[SLATE_TIER_MEM].site == &plain);
	slate_heap_destroy(heap);
}

static void here_names_file_and_line(struct ktap *t)
{
	const struct slate_tag *tag = SLATE_HERE;
	const struct slate_tag *other = SLATE_HERE;

	ktap_expect(t, !strcmp(tag->file, __FILE__));
	ktap_expect(t, tag->line + 1 == other->line && tag != other);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(site_is_where_the_program_calls),
	KTAP_CASE(site_calls_hand_the_site_on),
	KTAP_CASE(site_calls_are_the_tiers),
	KTAP_CASE(site_of_a_wrapper_without_sites_is_the_wrapper),
	KTAP_CASE(here_names_file_and_line),
};

KTAP_SUITE(slate_site, cases);
