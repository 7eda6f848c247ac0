// SPDX-License-Identifier: MIT
/*
 * slate beside a naive model: heaps of random size and place, with regions
 * that come and go, under random calls of all tiers, good and bad, with
 * slate_heap_valid() after each.
 */
#include "model.h"
#include "sources.h"

#ifndef TEST_SEED
#define TEST_SEED	20240229
#endif

/* Steps in one set of heaps. */
#define ROUND		1000

static struct model models[2];

/* Sizes as programs have them: mostly small, now and then large or absurd. */
static size_t any_size(void)
{
	switch (test_below(16)) {
	case 0:
		return 0;
	case 1:
	case 2:
		return test_below(4 * TEST_POOLED);
	case 3:
		return test_below(TEST_HEAP / 4);
	case 4:
		return test_below(8) ? test_below(TEST_HEAP) :
		       SIZE_MAX - test_below(5 * SLATE_GRANULE);
	default:
		return test_below(6 * SLATE_GRANULE);
	}
}

static const struct test_tier *any_tier(void)
{
	return &test_tiers[test_below(SLATE_TIERS)];
}

/* Is there not one granule left that the tier could give? */
static bool is_full(struct slate_heap *heap, const struct test_tier *tier)
{
	struct slate_stats stats = test_stats(heap);

	return !stats.free_chunks &&
	       (!stats.free_pooled || tier->tier == SLATE_TIER_RAW);
}

static void take(struct ktap *t, struct model *model, unsigned int i)
{
	const struct test_tier *tier = any_tier();
	struct slate_heap *heap = model->heap;
	size_t size = any_size();
	size_t align = 1;
	unsigned int caps = 0;
	uint32_t n;
	void *p;

	switch (test_below(5)) {
	case 0:
		n = 1 + test_below(9);
		p = tier->calloc(heap, n, size / n);
		size = size / n * n;
		ktap_expect(t, !p || test_all(p, size, 0));
		break;
	case 1:
		align = (size_t)1 << test_below(9);
		caps = test_below(4);
		tier = &test_tiers[SLATE_TIER_RAW];
		p = slate_raw_alloc(heap, align, size, caps);
		break;
	case 2:
		p = tier->realloc(heap, NULL, size);
		break;
	default:
		p = tier->malloc(heap, size);
		break;
	}
	if (p)
		model_take(t, model, i, p, size, align, caps);
	if (!p && size <= SLATE_GRANULE && align == 1 && !caps &&
	    model->nspans)
		ktap_expect(t, is_full(heap, tier));
}

static void give(struct ktap *t, struct model *model, unsigned int i)
{
	unsigned char *p = model->blocks[i].ptr;

	model_drop(t, model, i);
	any_tier()->free(model->heap, p);
}

static void resize(struct ktap *t, struct model *model, unsigned int i)
{
	size_t size = any_size();
	void *p = any_tier()->realloc(model->heap, model->blocks[i].ptr, size);

	model_resize(t, model, i, p, size);
}

/* An address of some interest, good or bad. */
static unsigned char *any_address(const struct model *model)
{
	const unsigned int span = test_below(model->nspans);
	const struct model_block *block =
		&model->blocks[test_below(MODEL_BLOCKS)];
	uint32_t granules = (uint32_t)(block->usable / SLATE_GRANULE);

	if (block->ptr && granules > 1 && test_below(2))
		return block->ptr + test_below(granules) * SLATE_GRANULE;
	if (!model->nspans)
		return test_memory + test_below(TEST_MEMORY - 64);
	if (test_below(4))
		return test_memory + test_below(TEST_HEAP) / SLATE_GRANULE *
		       SLATE_GRANULE;
	return model->spans[span].start +
	       test_below((uint32_t)model->spans[span].size);
}

static void misuse(struct ktap *t, struct model *model)
{
	unsigned char *p = any_address(model);
	enum slate_fault kind;

	if (!model_judge(model, p, &kind))
		return;
	switch (test_below(3)) {
	case 0:
		any_tier()->free(model->heap, p);
		break;
	case 1:
		ktap_expect(t, !any_tier()->realloc(model->heap, p,
						    any_size()));
		break;
	default:
		ktap_expect(t, !slate_heap_usable_size(model->heap, p));
		break;
	}
	ktap_expect(t, faults_one(kind, model->heap, p));
}

/* Take a region out, or put it back in. */
static void toggle_region(struct ktap *t, struct model *model)
{
	unsigned int i = 1 + test_below(model->nspans);
	int result;

	if (i >= model->nspans)
		return;
	if (model->spans[i].gone) {
		result = slate_heap_add_region(model->heap,
					       model->spans[i].start,
					       model->spans[i].size,
					       model->spans[i].caps);
		ktap_expect(t, result == 0);
		model->spans[i].gone = false;
		return;
	}
	result = slate_heap_remove_region(model->heap, model->spans[i].start);
	ktap_expect(t, result == (model_span_is_busy(model, i) ?
				  -SLATE_EBUSY : 0));
	if (result)
		return;
	model->spans[i].gone = true;
	memset(model->spans[i].start, (int)test_below(256),
	       model->spans[i].size);
}

static void step(struct ktap *t, struct model *model)
{
	unsigned int i = test_below(MODEL_BLOCKS);
	uint32_t pick = test_below(64);

	if (pick == 0)
		toggle_region(t, model);
	else if (pick < 5)
		misuse(t, model);
	else if (!model->blocks[i].ptr)
		take(t, model, i);
	else if (pick < 24)
		resize(t, model, i);
	else
		give(t, model, i);
	ktap_expect(t, slate_heap_valid(model->heap));
	ktap_expect(t, faults_none());
}

/* Carve a heap of up to @size bytes at @base, in one to four spans. */
static bool open_model(struct ktap *t, struct model *model,
		       unsigned char *base, size_t size)
{
	unsigned int parts = 1 + test_below(SLATE_CONFIG_REGIONS < 4 ?
					    SLATE_CONFIG_REGIONS : 4);
	size_t share = size / parts;
	unsigned int i;

	for (i = 0; i < parts; i++) {
		unsigned char *start = base + i * share + test_below(20);
		size_t span = share - 40 -
			      test_below((uint32_t)(share / 2 - 40));
		unsigned int caps = test_below(4);
		struct slate_heap *heap;

		if (i) {
			if (slate_heap_add_region(model->heap, start, span,
						  caps) == 0)
				model_add_span(model, start, span, caps);
			continue;
		}
		heap = slate_heap_create_caps(start, span, caps);
		if (!heap)
			return false;
		model_start(model, heap, start, span, caps);
	}
	ktap_expect(t, slate_heap_valid(model->heap));
	return true;
}

static void close_model(struct ktap *t, struct model *model)
{
	unsigned int i;

	model_check(t, model);
	for (i = 0; i < MODEL_BLOCKS; i++) {
		if (model->blocks[i].ptr)
			give(t, model, i);
	}
	ktap_expect(t, test_is_empty(model->heap));
	slate_heap_destroy(model->heap);
}

static unsigned int run_round(struct ktap *t)
{
	unsigned int n = 1 + test_below(2);
	size_t share = TEST_HEAP / n;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!open_model(t, &models[i], test_memory + i * share, share))
			return 0;
	}
	for (i = 0; i < ROUND && !t->failures; i++) {
		step(t, &models[test_below(n)]);
		if (i % 16 == 0)
			model_check(t, &models[test_below(n)]);
	}
	if (t->failures)
		return i;
	while (n--)
		close_model(t, &models[n]);
	return i;
}

static void random_calls_agree_with_a_naive_model(struct ktap *t)
{
	uint32_t steps = 0;
	uint32_t rounds = 0;
	uint32_t seed;

	ktap_note("seed", TEST_SEED);
	while (steps < TEST_STEPS && !t->failures) {
		/* Each round can be run again on its own. */
		seed = ((uint32_t)TEST_SEED + rounds++) * 2654435761u | 1;
		test_seed = seed;
		steps += run_round(t);
		if (t->failures)
			ktap_note("failed in round", rounds - 1);
		if (!ktap_expect(t, rounds <= TEST_STEPS))
			return;
	}
}

/* Arenas enough that their table grows, and few enough that they run out. */
#define ARENAS		24

static unsigned int run_source_round(struct ktap *t,
				     struct test_source *source)
{
	struct model *model = &models[0];
	struct slate_heap *heap;
	unsigned int i;

	source->most = ARENAS;
	source->calls = 0;
	source->fail_at = 2 + test_below(100);
	if (test_below(2)) {
		heap = slate_heap_create_from(&source->source);
	} else {
		heap = test_heap_of(2048 + test_below(2048));
		ktap_expect(t, slate_heap_set_source(heap,
						     &source->source) == 0);
	}
	if (!ktap_expect(t, heap))
		return 0;
	model_start_source(model, heap);
	for (i = 0; i < ROUND && !t->failures; i++) {
		step(t, model);
		if (i % 16 == 0)
			model_check(t, model);
	}
	if (t->failures)
		return i;
	close_model(t, model);
	ktap_expect(t, source->out == 0 && source->bad == 0);
	return i;
}

static void random_calls_with_a_source_agree_too(struct ktap *t)
{
	struct test_source *source = sources_make(t);
	uint32_t steps = 0;
	uint32_t rounds = 0;

	if (!source)
		return;
	while (steps < TEST_STEPS / 4 && !t->failures) {
		test_seed = ((uint32_t)TEST_SEED + rounds++) * 2654435761u | 1;
		steps += run_source_round(t, source);
		if (t->failures)
			ktap_note("failed in round", rounds - 1);
	}
}

static const struct ktap_case cases[] = {
	KTAP_CASE(random_calls_agree_with_a_naive_model),
	KTAP_CASE(random_calls_with_a_source_agree_too),
};

KTAP_SUITE(slate_random, cases);
