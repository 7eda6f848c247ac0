// SPDX-License-Identifier: MIT
/* The recorder: what is read back is what was called. */
#include "reading.h"

static const char no_hooks[] = "no hooks in this configuration";

#define BLOCK		SLATE_RECORD_BLOCK_MIN
#define FILE_SIZE	1024

/* All that a case needs beside its heap, at the end of the memory. */
struct area {
	struct slate_record record;
	struct slate_record_config config;
	struct reading reading;
	uintptr_t now;
	unsigned int owner;
	unsigned int fails;	/* the writes to come that fail */
	uintptr_t events;	/* read on the spot, by sum_up() */
	uint32_t sum;
	size_t written;
	size_t used;
	unsigned char buffer[3 * BLOCK];
	unsigned char file[FILE_SIZE];
};

static struct area *area;

static uintptr_t now(void *arg)
{
	struct area *a = arg;

	return a->now += 3;
}

static unsigned int owner(void *arg)
{
	struct area *a = arg;

	return a->owner;
}

static int put(void *arg, const void *data, size_t len)
{
	struct area *a = arg;

	if (a->fails) {
		a->fails--;
		return -1;
	}
	a->written += len;
	if (len > FILE_SIZE - a->used)
		return -1;
	memcpy(a->file + a->used, data, len);
	a->used += len;
	return 0;
}

/* A heap in front of an area with the usual configuration. */
static struct slate_heap *prepare(struct ktap *t)
{
	const size_t room = (sizeof(*area) + 63) / 64 * 64;
	unsigned char *at = test_memory + TEST_HEAP - room;

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = no_hooks;
		return NULL;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	area = memset(at, 0, sizeof(*area));
	area->config.buffer = area->buffer;
	area->config.size = 2 * BLOCK;
	area->config.block = BLOCK;
	area->config.arg = area;
	area->config.write = put;
	return slate_heap_create(test_memory, TEST_HEAP - room);
}

static struct slate_heap *start(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);

	if (!heap)
		return NULL;
	ktap_expect(t, slate_record_start(&area->record, heap,
					  &area->config) == 0);
	return heap;
}

static void stop(struct ktap *t)
{
	ktap_expect(t, slate_record_stop(&area->record) == 0);
	reading_begin(&area->reading, area->file, area->used);
}

/* The next event that is not the beginning of a resize. */
static struct event next(struct ktap *t)
{
	struct event event = { .kind = 99 };

	do
		ktap_expect(t, reading_next(&area->reading, &event));
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
	ktap_expect(t, !reading_next(&area->reading, &event));
	ktap_expect(t, area->reading.bad == 0);
}

static void record_has_every_call(struct ktap *t)
{
	struct slate_heap *heap = start(t);
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
	stop(t);
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
	struct slate_heap *heap = start(t);
	const void *p;
	const void *q;
	struct event e;

	if (!heap)
		return;
	p = slate_raw_aligned_alloc(heap, 64, 10);
	q = slate_raw_alloc(heap, 32, 11, SLATE_CAP_DMA);
	stop(t);
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
	struct slate_heap *heap = prepare(t);
	unsigned int i;

	if (!heap)
		return;
	area->config.time = now;
	area->config.owner = owner;
	area->config.ticks = 1000;
	/* It wraps on the way. */
	area->now = (uintptr_t)0 - 10;
	ktap_expect(t, slate_record_start(&area->record, heap,
					  &area->config) == 0);
	slate_record_name_owner(&area->record, 300, "net");
	for (i = 0; i < 6; i++) {
		area->owner = i / 2 * 300;
		slate_mem_free(heap, slate_mem_malloc(heap, i));
	}
	stop(t);
	expect_note(t, 4, 300, 0);
	ktap_expect(t, reading_fact(&area->reading, 7, 0, 0) == 1000);
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
	struct slate_heap *heap = start(t);
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
	stop(t);
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
	struct slate_heap *heap = start(t);
	struct event e;

	if (!heap)
		return;
	ktap_expect(t, slate_record_mark(&area->record, "one") == 0);
	ktap_expect(t, slate_record_mark(&area->record, NULL) == 1);
	slate_record_mark(&area->record,
			  "more than the thirty-two bytes that count");
	slate_record_arena(&area->record, test_memory, 4096, true);
	slate_record_arena(&area->record, test_memory, 4096, false);
	stop(t);
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
	slate_record_mark(&area->record, "late");
	slate_record_arena(&area->record, test_memory, 4096, true);
	slate_record_name_owner(&area->record, 1, "late");
	slate_record_flush(&area->record);
	ktap_expect(t, area->written == area->used);
}

static void record_has_facts(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	const struct reading *r = &area->reading;
	struct slate_stats stats;
	void *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 40);
	stats = test_stats(heap);
	area->config.name = "facts";
	area->config.build_id = "\1\2";
	area->config.build_id_size = 2;
	area->config.tiers = SLATE_WRAP_MEM;
	ktap_expect(t, slate_record_start(&area->record, heap,
					  &area->config) == 0);
	slate_obj_free(heap, slate_obj_malloc(heap, 1));
	stop(t);
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

/* One number of all that matters in a call, in order. */
static void sum(uint32_t *total, unsigned int kind, uintptr_t old,
		uintptr_t ptr, uintptr_t size, uintptr_t site)
{
	*total = *total * 31 + kind;
	*total = *total * 31 + (uint32_t)old;
	*total = *total * 31 + (uint32_t)ptr;
	*total = *total * 31 + (uint32_t)size;
	*total = *total * 31 + (uint32_t)site;
}

/* A write function that reads each block at once and keeps none. */
static int sum_up(void *arg, const void *data, size_t len)
{
	struct area *a = arg;
	struct event e;

	reading_begin(&a->reading, data, len);
	while (reading_next(&a->reading, &e)) {
		a->events++;
		if (e.kind && e.kind != 7)
			sum(&a->sum, e.kind, (uintptr_t)e.old,
			    (uintptr_t)e.ptr, e.size, e.site);
	}
	a->written += len;
	return a->reading.bad ? -1 : 0;
}

/* Random calls from more sites than a block keeps, each also summed up here. */
static uint32_t random_calls(struct slate_heap *heap, unsigned int n)
{
	void *slots[8] = { NULL };
	uint32_t total = 0;

	while (n--) {
		enum slate_tier tier = (enum slate_tier)test_below(3);
		const char *site = (const char *)test_memory +
				   2 * test_below(40);
		void **p = &slots[test_below(8)];
		size_t size = test_below(120);
		const uintptr_t old = (uintptr_t)*p;
		void *q = NULL;

		if (!old) {
			*p = slate_site_malloc(heap, tier, size, site);
			sum(&total, 1, 0, (uintptr_t)*p, size,
			    (uintptr_t)site);
		} else if (test_below(4)) {
			slate_site_free(heap, tier, *p, site);
			*p = NULL;
			sum(&total, 5, 0, old, 0, (uintptr_t)site);
		} else {
			q = slate_site_realloc(heap, tier, *p, size, site);
			sum(&total, 4, old, (uintptr_t)q, size,
			    (uintptr_t)site);
			*p = q ? q : *p;
		}
	}
	return total;
}

static void record_takes_at_most_8_bytes_an_event(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	uint32_t total;

	if (!heap)
		return;
	area->config.write = sum_up;
	area->config.time = now;
	ktap_expect(t, slate_record_start(&area->record, heap,
					  &area->config) == 0);
	total = random_calls(heap, 2000);
	ktap_expect(t, slate_record_stop(&area->record) == 0);
	ktap_expect(t, area->sum == total);
	ktap_expect(t, area->events >= 2001);
	ktap_expect(t, area->events == area->record.events);
	ktap_expect(t, area->record.lost == 0 && area->record.failed == 0);
	ktap_expect(t, area->written == area->record.bytes);
	ktap_expect(t, area->written <= 8 * area->events);
}

/* Wherever it is cut off, a beginning of it is read and nothing else. */
static void record_cut_off_reads_as_a_beginning(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	uintptr_t last = 0;
	size_t cut;

	if (!heap)
		return;
	random_calls(heap, 100);
	stop(t);
	for (cut = 0; cut <= area->used; cut++) {
		uintptr_t n = 0;
		struct event e;

		reading_begin(&area->reading, area->file, cut);
		while (reading_next(&area->reading, &e))
			ktap_expect(t, e.index == n++);
		ktap_expect(t, n >= last);
		last = n;
	}
	ktap_expect(t, last == area->record.events);
}

/* A bit that is wrong costs its block; no event is read that was not. */
static void record_with_a_wrong_bit_lacks_a_block(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	uintptr_t all;
	size_t bit;

	if (!heap)
		return;
	random_calls(heap, 60);
	stop(t);
	all = area->record.events;
	for (bit = 0; bit < area->used * 8; bit += 3) {
		uintptr_t n = 0;
		struct event e;

		area->file[bit / 8] ^= (unsigned char)(1 << bit % 8);
		reading_begin(&area->reading, area->file, area->used);
		while (reading_next(&area->reading, &e)) {
			ktap_expect(t, e.index < all);
			n++;
		}
		ktap_expect(t, area->reading.bad > 0 && n <= all);
		area->file[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
}

static void record_counts_what_cannot_be_written(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	uintptr_t gap = 0;
	uintptr_t n = 0;
	struct event e;

	if (!heap)
		return;
	area->fails = 1;
	random_calls(heap, 150);
	stop(t);
	ktap_expect(t, area->record.failed == 1);
	while (reading_next(&area->reading, &e)) {
		gap += e.index - n;
		n = e.index + 1;
	}
	ktap_expect(t, gap > 20);
	ktap_expect(t, n == area->record.events);
	ktap_expect(t, e.kind == 0 && e.note == 3 && e.numbers[1] == 1);
}

/* While a block is being written the calls go on, into the others. */
static int calls_again(void *arg, const void *data, size_t len)
{
	struct area *a = arg;
	unsigned int i;

	for (i = 0; a->fails && i < 120; i++)
		slate_raw_free(a->record.heap,
			       slate_raw_malloc(a->record.heap, 1));
	a->fails = 0;
	return put(arg, data, len);
}

static void record_counts_what_finds_no_block(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	uintptr_t gap = 0;
	uintptr_t n = 0;
	struct event e;

	if (!heap)
		return;
	area->config.write = calls_again;
	ktap_expect(t, slate_record_start(&area->record, heap,
					  &area->config) == 0);
	area->fails = 1;
	slate_mem_free(heap, slate_mem_malloc(heap, 1));
	slate_record_flush(&area->record);
	stop(t);
	ktap_expect(t, area->record.lost > 0 && area->record.failed == 0);
	while (reading_next(&area->reading, &e)) {
		gap += e.index - n;
		n = e.index + 1;
	}
	ktap_expect(t, gap == area->record.lost);
	ktap_expect(t, n == area->record.events && n == 2 + 240 + 1);
}

/* The memory itself is a recording after every call, as a dump would be. */
static void ring_keeps_the_newest_at_all_times(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	unsigned int i;

	if (!heap)
		return;
	area->config.write = NULL;
	area->config.size = 3 * BLOCK;
	ktap_expect(t, slate_record_start(&area->record, heap,
					  &area->config) == 0);
	for (i = 0; i < 300; i++) {
		uintptr_t newest = 0;
		unsigned int n = 0;
		struct event e;

		random_calls(heap, 1);
		reading_begin(&area->reading, area->buffer, 3 * BLOCK);
		while (reading_next(&area->reading, &e)) {
			newest = e.index > newest ? e.index : newest;
			n++;
		}
		ktap_expect(t, newest == area->record.events - 1);
		ktap_expect(t, n == newest + 1 || n > 20);
		ktap_expect(t, reading_fact(&area->reading, 1, 0, 2) ==
			    (uintptr_t)heap);
	}
	ktap_expect(t, slate_record_stop(&area->record) == 0);
}

static void ring_is_read_in_order(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	uintptr_t n = 0;
	struct event e;

	if (!heap)
		return;
	area->config.write = NULL;
	area->config.size = 3 * BLOCK;
	ktap_expect(t, slate_record_read(&area->record, put, area) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_record_start(&area->record, heap,
					  &area->config) == 0);
	random_calls(heap, 300);
	/* Open, and stopped. */
	ktap_expect(t, slate_record_read(&area->record, put, area) == 0);
	ktap_expect(t, slate_record_stop(&area->record) == 0);
	reading_begin(&area->reading, area->file, area->used);
	while (reading_next(&area->reading, &e)) {
		ktap_expect(t, !n || e.index == n + 1);
		n = e.index;
	}
	ktap_expect(t, n >= 299 && area->reading.bad == 0);
	ktap_expect(t, area->reading.facts);
	area->used = 0;
	ktap_expect(t, slate_record_read(&area->record, put, area) == 0);
	reading_begin(&area->reading, area->file, area->used);
	while (reading_next(&area->reading, &e))
		n = e.index;
	ktap_expect(t, n == area->record.events - 1 && e.note == 3);
	area->fails = 1;
	ktap_expect(t, slate_record_read(&area->record, put, area) == -1);
}

static void record_refuses_what_it_cannot_do(struct ktap *t)
{
	struct slate_heap *heap = prepare(t);
	struct slate_record *record = &area->record;
	struct slate_record_config *config = &area->config;
	struct slate_record over;

	if (!heap)
		return;
	ktap_expect(t, slate_record_stop(record) == -SLATE_EINVAL);
	config->block = BLOCK - 1;
	ktap_expect(t, slate_record_start(record, heap, config) ==
		    -SLATE_EINVAL);
	config->block = BLOCK;
	config->size = BLOCK - 1;
	ktap_expect(t, slate_record_start(record, heap, config) ==
		    -SLATE_EINVAL);
	config->size = 2 * BLOCK;
	config->write = NULL;
	ktap_expect(t, slate_record_start(record, heap, config) ==
		    -SLATE_EINVAL);
	config->write = put;
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
	config->buffer = area->file;
	config->size = 3 * BLOCK;
	ktap_expect(t, slate_record_start(&over, heap, config) == 0);
	config->write = put;
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
	KTAP_CASE(record_takes_at_most_8_bytes_an_event),
	KTAP_CASE(record_cut_off_reads_as_a_beginning),
	KTAP_CASE(record_with_a_wrong_bit_lacks_a_block),
	KTAP_CASE(record_counts_what_cannot_be_written),
	KTAP_CASE(record_counts_what_finds_no_block),
	KTAP_CASE(ring_keeps_the_newest_at_all_times),
	KTAP_CASE(ring_is_read_in_order),
	KTAP_CASE(record_refuses_what_it_cannot_do),
	KTAP_CASE(record_is_not_supported_without_hooks),
};

KTAP_SUITE(slate_record, cases);
