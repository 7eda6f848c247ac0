// SPDX-License-Identifier: MIT
/* The recorder: what is read back is what was called. */
#include "recording.h"

static unsigned int owner(void *arg)
{
	struct recording *r = arg;

	return r->owner;
}

/* The next event that is not the beginning of a resize. */
static struct event next(struct ktap *t)
{
	struct event event = { .kind = 99 };

	do
		ktap_expect(t, reading_next(&recorded->reading, &event));
	while (SLATE_CONFIG_LOCK && event.kind == 7);
	return event;
}

static void expect_call(struct ktap *t, unsigned int kind, enum slate_tier tier,
			size_t size, const void *ptr)
{
	const struct event e = next(t);

	ktap_expect(t, e.kind == kind);
	ktap_expect(t, e.tier == (unsigned int)tier);
	ktap_expect(t, e.size == size);
	ktap_expect(t, e.ptr == ptr);
	ktap_expect(t, e.null == !ptr);
	ktap_expect(t, e.site != 0);
}

static void expect_note(struct ktap *t, unsigned int note, uintptr_t a,
			uintptr_t b)
{
	const struct event e = next(t);

	ktap_expect(t, e.kind == 0 && e.note == note);
	ktap_expect(t, e.numbers[0] == a && e.numbers[1] == b);
}

static void expect_end(struct ktap *t)
{
	struct event event;

	expect_note(t, 3, 0, 0);
	ktap_expect(t, !reading_next(&recorded->reading, &event));
	ktap_expect(t, recorded->reading.bad == 0);
}

static void record_has_every_call(struct ktap *t)
{
	struct slate_heap *heap = recording_start(t);
	const struct test_tier *tier;
	void *p[SLATE_TIERS][3];

	if (!heap)
		return;
	for_each_tier(tier) {
		void **q = p[tier->tier];

		q[0] = tier->malloc(heap, 42);
		q[1] = tier->realloc(heap, NULL, 7);
		q[2] = tier->realloc(heap, q[0], 100);
		ktap_expect(t, !tier->realloc(heap, q[2], TEST_MEMORY));
		tier->free(heap, q[2]);
		tier->free(heap, q[1]);
		q[1] = tier->calloc(heap, 3, 5);
		tier->free(heap, q[1]);
		tier->free(heap, NULL);
		ktap_expect(t, !tier->malloc(heap, TEST_MEMORY));
	}
	recording_stop(t);
	for_each_tier(tier) {
		const enum slate_tier n = tier->tier;
		struct event e;

		expect_call(t, 1, n, 42, p[n][0]);
		e = next(t);
		ktap_expect(t, e.kind == 6 && e.size == 7);
		ktap_expect(t, e.ptr);
		e = next(t);
		ktap_expect(t, e.kind == 4 && e.size == 100);
		ktap_expect(t, e.old == p[n][0] && e.ptr == p[n][2]);
		e = next(t);
		ktap_expect(t, e.kind == 4 && e.null && !e.ptr);
		ktap_expect(t, e.old == p[n][2] && e.size == TEST_MEMORY);
		expect_call(t, 5, n, 0, p[n][2]);
		e = next(t);
		ktap_expect(t, e.kind == 5 && e.ptr);
		expect_call(t, 2, n, 15, p[n][1]);
		expect_call(t, 5, n, 0, p[n][1]);
		expect_call(t, 5, n, 0, NULL);
		expect_call(t, 1, n, TEST_MEMORY, NULL);
	}
	expect_end(t);
}

static void record_has_aligned_calls(struct ktap *t)
{
	struct slate_heap *heap = recording_start(t);
	const void *p;
	const void *q;
	struct event e;

	if (!heap)
		return;
	p = slate_raw_aligned_alloc(heap, 64, 10);
	q = slate_raw_alloc(heap, 32, 11, SLATE_CAP_DMA);
	recording_stop(t);
	e = next(t);
	ktap_expect(t, e.kind == 3 && e.align == 6 && e.size == 10);
	ktap_expect(t, e.ptr == p && e.caps == 0);
	e = next(t);
	ktap_expect(t, e.kind == 3 && e.align == 5 && e.size == 11);
	ktap_expect(t, e.ptr == q && !q && e.null && e.caps == SLATE_CAP_DMA);
	expect_end(t);
}

static void record_has_owners_and_times(struct ktap *t)
{
	struct slate_heap *heap = recording_prepare(t);
	unsigned int i;

	if (!heap)
		return;
	recorded->config.time = recording_now;
	recorded->config.owner = owner;
	recorded->config.ticks = 1000;
	/* It wraps on the way. */
	recorded->now = (uintptr_t)0 - 10;
	recording_begin(t, heap);
	slate_record_name_owner(&recorded->record, 300, "net");
	for (i = 0; i < 6; i++) {
		recorded->owner = i / 2 * 300;
		slate_mem_free(heap, slate_mem_malloc(heap, i));
	}
	recording_stop(t);
	expect_note(t, 4, 300, 0);
	ktap_expect(t, reading_fact(&recorded->reading, 7, 0, 0) == 1000);
	for (i = 0; i < 12; i++) {
		const struct event e = next(t);

		ktap_expect(t, e.kind == (i % 2 ? 5u : 1u));
		ktap_expect(t, e.owner == i / 4 * 300);
		ktap_expect(t, e.time == (uintptr_t)0 - 4 + 3 * i);
		ktap_expect(t, e.index == i + 1);
	}
	expect_end(t);
}

/* Two places in one function, and a third that the program names. */
static void record_has_sites(struct ktap *t)
{
	struct slate_heap *heap = recording_start(t);
	const void *here = SLATE_HERE;
	uintptr_t site[2] = { 0, 0 };
	/* A loop that is unrolled has more sites. */
	volatile unsigned int i;
	struct event e;

	if (!heap)
		return;
	for (i = 0; i < 3; i++) {
		void *p = slate_mem_malloc(heap, 1);
		void *q = slate_mem_malloc(heap, 2);

		slate_site_free(heap, SLATE_TIER_MEM, p, here);
		slate_site_free(heap, SLATE_TIER_MEM, q, NULL);
	}
	recording_stop(t);
	for (i = 0; i < 3; i++) {
		const struct event a = next(t);
		const struct event b = next(t);

		if (!i) {
			site[0] = a.site;
			site[1] = b.site;
		}
		ktap_expect(t, a.site == site[0] && b.site == site[1]);
		ktap_expect(t, a.site != b.site);
		e = next(t);
		ktap_expect(t, e.site == (uintptr_t)here);
		e = next(t);
		ktap_expect(t, e.site == 0);
	}
	expect_end(t);
}

static void record_has_marks_and_arenas(struct ktap *t)
{
	struct slate_heap *heap = recording_start(t);
	struct event e;

	if (!heap)
		return;
	ktap_expect(t, slate_record_mark(&recorded->record, "one") == 0);
	ktap_expect(t, slate_record_mark(&recorded->record, NULL) == 1);
	slate_record_mark(&recorded->record,
			  "more than the thirty-two bytes that count");
	slate_record_arena(&recorded->record, test_memory, 4096, true);
	slate_record_arena(&recorded->record, test_memory, 4096, false);
	recording_stop(t);
	e = next(t);
	ktap_expect(t, e.kind == 0 && e.note == 0 && e.numbers[0] == 0);
	ktap_expect(t, e.length == 3 && !memcmp(e.text, "one", 3));
	e = next(t);
	ktap_expect(t, e.numbers[0] == 1 && e.length == 0);
	e = next(t);
	ktap_expect(t, e.numbers[0] == 2 && e.length == 32);
	expect_note(t, 1, (uintptr_t)test_memory, 4096);
	expect_note(t, 2, (uintptr_t)test_memory, 4096);
	expect_end(t);
	/* Nothing is recorded any more. */
	slate_record_mark(&recorded->record, "late");
	slate_record_arena(&recorded->record, test_memory, 4096, true);
	slate_record_name_owner(&recorded->record, 1, "late");
	slate_record_flush(&recorded->record);
	ktap_expect(t, recorded->written == recorded->used);
}

static void record_has_facts(struct ktap *t)
{
	struct slate_heap *heap = recording_prepare(t);
	const struct reading *r = &recorded->reading;
	struct slate_stats stats;
	void *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 40);
	stats = test_stats(heap);
	recorded->config.name = "facts";
	recorded->config.build_id = "\1\2";
	recorded->config.build_id_size = 2;
	recorded->config.tiers = SLATE_WRAP_MEM;
	recording_begin(t, heap);
	slate_obj_free(heap, slate_obj_malloc(heap, 1));
	recording_stop(t);
	expect_note(t, 5, (uintptr_t)p, slate_heap_usable_size(heap, p));
	expect_end(t);
	ktap_expect(t, reading_fact(r, 1, 0, 0) == sizeof(void *));
	ktap_expect(t, reading_fact(r, 1, 0, 1) == SLATE_GRANULE);
	ktap_expect(t, reading_fact(r, 1, 0, 2) == (uintptr_t)heap);
	ktap_expect(t, reading_fact(r, 2, 0, 0) == SLATE_CONFIG_GRANULE);
	ktap_expect(t, reading_fact(r, 2, 0, 8) == SLATE_CONFIG_REPAIR);
	ktap_expect(t, reading_fact(r, 3, 0, 0) == (uintptr_t)test_memory);
	ktap_expect(t, reading_fact(r, 3, 0, 1) == stats.size);
	ktap_expect(t, reading_fact(r, 4, 0, 0) == stats.size);
	ktap_expect(t, reading_fact(r, 4, 0, 1) == stats.live);
	ktap_expect(t, reading_fact(r, 5, 0, 0) ==
		    (uintptr_t)&slate_record_start);
	ktap_expect(t, reading_fact(r, 6, 0, 0) == 1);
	ktap_expect(t, reading_fact(r, 8, 0, 0) == 'f');
	ktap_expect(t, reading_fact(r, 9, 0, 0) == SLATE_WRAP_MEM);
}

static void record_refuses_what_it_cannot_do(struct ktap *t)
{
	struct slate_heap *heap = recording_prepare(t);
	struct slate_record *record = &recorded->record;
	struct slate_record_config *config = &recorded->config;
	struct slate_record over;

	if (!heap)
		return;
	ktap_expect(t, slate_record_stop(record) == -SLATE_EINVAL);
	config->block = RECORDING_BLOCK - 1;
	ktap_expect(t, slate_record_start(record, heap, config) ==
		    -SLATE_EINVAL);
	config->block = RECORDING_BLOCK;
	config->size = RECORDING_BLOCK - 1;
	ktap_expect(t, slate_record_start(record, heap, config) ==
		    -SLATE_EINVAL);
	config->size = 2 * RECORDING_BLOCK;
	config->write = NULL;
	ktap_expect(t, slate_record_start(record, heap, config) ==
		    -SLATE_EINVAL);
	config->write = recording_put;
	config->tiers = 8;
	ktap_expect(t, slate_record_start(record, heap, config) ==
		    -SLATE_EINVAL);
	config->tiers = 0;
	ktap_expect(t, slate_record_start(record, heap, config) == 0);
	ktap_expect(t, slate_record_start(record, heap, config) ==
		    -SLATE_EBUSY);
	/* Another one over it has to go first. */
	memset(&over, 0, sizeof(over));
	config->write = NULL;
	config->buffer = recorded->file;
	config->size = 3 * RECORDING_BLOCK;
	ktap_expect(t, slate_record_start(&over, heap, config) == 0);
	config->write = recording_put;
	ktap_expect(t, slate_record_stop(record) == -SLATE_EBUSY);
	ktap_expect(t, slate_record_stop(&over) == 0);
	ktap_expect(t, slate_record_stop(record) == 0);
	ktap_expect(t, slate_record_stop(record) == -SLATE_EINVAL);
	ktap_expect(t, slate_heap_valid(heap));
}

static void record_is_not_supported_without_hooks(struct ktap *t)
{
	const struct slate_record_config config = {
		.buffer = test_memory,
		.size = 3 * SLATE_RECORD_BLOCK,
	};
	struct slate_record record;

	memset(&record, 0, sizeof(record));
	if (SLATE_CONFIG_HOOKS) {
		t->skip = "hooks in this configuration";
		return;
	}
	ktap_expect(t, slate_record_start(&record, test_heap(), &config) ==
		    -SLATE_ENOTSUP);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(record_has_every_call),
	KTAP_CASE(record_has_aligned_calls),
	KTAP_CASE(record_has_owners_and_times),
	KTAP_CASE(record_has_sites),
	KTAP_CASE(record_has_marks_and_arenas),
	KTAP_CASE(record_has_facts),
	KTAP_CASE(record_refuses_what_it_cannot_do),
	KTAP_CASE(record_is_not_supported_without_hooks),
};

KTAP_SUITE(slate_record, cases);
