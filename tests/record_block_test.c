// SPDX-License-Identifier: MIT
/*
 * The recorder's blocks: how much they hold, what is left of them when some
 * are lost or spoilt, and the ring that is a dump at all times.
 */
#include "recording.h"

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
	struct recording *r = arg;
	struct event e;

	reading_begin(&r->reading, data, len);
	while (reading_next(&r->reading, &e)) {
		r->events++;
		if (e.kind && e.kind != 7)
			sum(&r->sum, e.kind, (uintptr_t)e.old,
			    (uintptr_t)e.ptr, e.size, e.site);
	}
	r->written += len;
	return r->reading.bad ? -1 : 0;
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
	struct slate_heap *heap = recording_prepare(t);
	uint32_t total;

	if (!heap)
		return;
	recorded->config.write = sum_up;
	recorded->config.time = recording_now;
	recording_begin(t, heap);
	total = random_calls(heap, 2000);
	ktap_expect(t, slate_record_stop(&recorded->record) == 0);
	ktap_expect(t, recorded->sum == total);
	ktap_expect(t, recorded->events >= 2001);
	ktap_expect(t, recorded->events == recorded->record.events);
	ktap_expect(t, recorded->record.lost == 0 &&
		    recorded->record.failed == 0);
	ktap_expect(t, recorded->written == recorded->record.bytes);
	ktap_expect(t, recorded->written <= 8 * recorded->events);
}

/* Wherever it is cut off, a beginning of it is read and nothing else. */
static void record_cut_off_reads_as_a_beginning(struct ktap *t)
{
	struct slate_heap *heap = recording_start(t);
	uintptr_t last = 0;
	size_t cut;

	if (!heap)
		return;
	random_calls(heap, 100);
	recording_stop(t);
	for (cut = 0; cut <= recorded->used; cut++) {
		uintptr_t n = 0;
		struct event e;

		reading_begin(&recorded->reading, recorded->file, cut);
		while (reading_next(&recorded->reading, &e))
			ktap_expect(t, e.index == n++);
		ktap_expect(t, n >= last);
		last = n;
	}
	ktap_expect(t, last == recorded->record.events);
}

/* A bit that is wrong costs its block; no event is read that was not. */
static void record_with_a_wrong_bit_lacks_a_block(struct ktap *t)
{
	struct slate_heap *heap = recording_start(t);
	uintptr_t all;
	size_t bit;

	if (!heap)
		return;
	random_calls(heap, 60);
	recording_stop(t);
	all = recorded->record.events;
	for (bit = 0; bit < recorded->used * 8; bit += 3) {
		uintptr_t n = 0;
		struct event e;

		recorded->file[bit / 8] ^= (unsigned char)(1 << bit % 8);
		reading_begin(&recorded->reading, recorded->file,
			      recorded->used);
		while (reading_next(&recorded->reading, &e)) {
			ktap_expect(t, e.index < all);
			n++;
		}
		ktap_expect(t, recorded->reading.bad > 0 && n <= all);
		recorded->file[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
}

static void record_counts_what_cannot_be_written(struct ktap *t)
{
	struct slate_heap *heap = recording_start(t);
	uintptr_t gap = 0;
	uintptr_t n = 0;
	struct event e;

	if (!heap)
		return;
	recorded->fails = 1;
	random_calls(heap, 150);
	recording_stop(t);
	ktap_expect(t, recorded->record.failed == 1);
	while (reading_next(&recorded->reading, &e)) {
		gap += e.index - n;
		n = e.index + 1;
	}
	ktap_expect(t, gap > 20);
	ktap_expect(t, n == recorded->record.events);
	ktap_expect(t, e.kind == 0 && e.note == 3 && e.numbers[1] == 1);
}

/* While a block is being written the calls go on, into the others. */
static int calls_again(void *arg, const void *data, size_t len)
{
	struct recording *r = arg;
	unsigned int i;

	for (i = 0; r->fails && i < 120; i++)
		slate_raw_free(r->record.heap,
			       slate_raw_malloc(r->record.heap, 1));
	r->fails = 0;
	return recording_put(arg, data, len);
}

static void record_counts_what_finds_no_block(struct ktap *t)
{
	struct slate_heap *heap = recording_prepare(t);
	uintptr_t gap = 0;
	uintptr_t n = 0;
	struct event e;

	if (!heap)
		return;
	recorded->config.write = calls_again;
	recording_begin(t, heap);
	recorded->fails = 1;
	slate_mem_free(heap, slate_mem_malloc(heap, 1));
	slate_record_flush(&recorded->record);
	recording_stop(t);
	ktap_expect(t, recorded->record.lost > 0 &&
		    recorded->record.failed == 0);
	while (reading_next(&recorded->reading, &e)) {
		gap += e.index - n;
		n = e.index + 1;
	}
	ktap_expect(t, gap == recorded->record.lost);
	ktap_expect(t, n == recorded->record.events && n == 2 + 240 + 1);
}

/* The memory itself is a recording after every call, as a dump would be. */
static void ring_keeps_the_newest_at_all_times(struct ktap *t)
{
	struct slate_heap *heap = recording_prepare(t);
	unsigned int i;

	if (!heap)
		return;
	recorded->config.write = NULL;
	recorded->config.size = 3 * RECORDING_BLOCK;
	recording_begin(t, heap);
	for (i = 0; i < 300; i++) {
		uintptr_t newest = 0;
		unsigned int n = 0;
		struct event e;

		random_calls(heap, 1);
		reading_begin(&recorded->reading, recorded->buffer,
			      3 * RECORDING_BLOCK);
		while (reading_next(&recorded->reading, &e)) {
			newest = e.index > newest ? e.index : newest;
			n++;
		}
		ktap_expect(t, newest == recorded->record.events - 1);
		ktap_expect(t, n == newest + 1 || n > 20);
		ktap_expect(t, reading_fact(&recorded->reading, 1, 0, 2) ==
			    (uintptr_t)heap);
	}
	ktap_expect(t, slate_record_stop(&recorded->record) == 0);
}

static void ring_is_read_in_order(struct ktap *t)
{
	struct slate_heap *heap = recording_prepare(t);
	uintptr_t n = 0;
	struct event e;

	if (!heap)
		return;
	recorded->config.write = NULL;
	recorded->config.size = 3 * RECORDING_BLOCK;
	ktap_expect(t, slate_record_read(&recorded->record, recording_put,
					 recorded) == -SLATE_EINVAL);
	recording_begin(t, heap);
	random_calls(heap, 300);
	/* Open, and stopped. */
	ktap_expect(t, slate_record_read(&recorded->record, recording_put,
					 recorded) == 0);
	ktap_expect(t, slate_record_stop(&recorded->record) == 0);
	reading_begin(&recorded->reading, recorded->file, recorded->used);
	while (reading_next(&recorded->reading, &e)) {
		ktap_expect(t, !n || e.index == n + 1);
		n = e.index;
	}
	ktap_expect(t, n >= 299 && recorded->reading.bad == 0);
	ktap_expect(t, recorded->reading.facts);
	recorded->used = 0;
	ktap_expect(t, slate_record_read(&recorded->record, recording_put,
					 recorded) == 0);
	reading_begin(&recorded->reading, recorded->file, recorded->used);
	while (reading_next(&recorded->reading, &e))
		n = e.index;
	ktap_expect(t, n == recorded->record.events - 1 && e.note == 3);
	recorded->fails = 1;
	ktap_expect(t, slate_record_read(&recorded->record, recording_put,
					 recorded) == -1);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(record_takes_at_most_8_bytes_an_event),
	KTAP_CASE(record_cut_off_reads_as_a_beginning),
	KTAP_CASE(record_with_a_wrong_bit_lacks_a_block),
	KTAP_CASE(record_counts_what_cannot_be_written),
	KTAP_CASE(record_counts_what_finds_no_block),
	KTAP_CASE(ring_keeps_the_newest_at_all_times),
	KTAP_CASE(ring_is_read_in_order),
};

KTAP_SUITE(slate_record_block, cases);
