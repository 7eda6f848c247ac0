// SPDX-License-Identifier: MIT
/* Links of one free chunk at a time, changed in likely and unlikely ways. */
#include "litter.h"

/*
 * One chunk at a time: @left counts down to the one that is changed. Its
 * first bytes are its links; what they become is in @bytes.
 */
struct exchange {
	unsigned int left;
	unsigned char *ptr;
	unsigned char bytes[sizeof(struct slate_link)];
};

static int pick_span(void *arg, const struct slate_span *span)
{
	struct exchange *exchange = arg;

	if (span->kind != SLATE_SPAN_FREE || exchange->left--)
		return 0;
	exchange->ptr = span->ptr;
	memcpy(exchange->bytes, span->ptr, sizeof(exchange->bytes));
	return 1;
}

/* The free chunk number @n and its links; false if there are not so many. */
static bool pick(struct slate_heap *heap, struct exchange *exchange,
		 unsigned int n)
{
	exchange->left = n;
	return slate_heap_map(heap, pick_span, exchange) == 1;
}

/* Write @bytes over the links at @ptr: seen if and only if it changes them. */
static void expect_seen(struct ktap *t, struct slate_heap *heap,
			unsigned char *ptr, const unsigned char *bytes)
{
	bool same = !memcmp(ptr, bytes, sizeof(struct slate_link));

	memcpy(ptr, bytes, sizeof(struct slate_link));
	ktap_expect(t, slate_heap_valid(heap) == same);
	ktap_expect(t, (slate_heap_repair(heap) > 0) == !same);
	ktap_expect(t, same ? faults_none() : faults_corrupt());
	ktap_expect(t, slate_heap_valid(heap));
}

static void links_copied_from_another_free_block_are_seen(struct ktap *t)
{
	struct slate_heap *heap = litter_heap(t);
	struct exchange from;
	struct exchange to;
	unsigned int a;
	unsigned int b;

	for (a = 0; pick(heap, &to, a); a++) {
		for (b = 0; pick(heap, &from, b); b++) {
			/* A repair may have changed the links. */
			if (pick(heap, &to, a))
				expect_seen(t, heap, to.ptr, from.bytes);
		}
	}
	ktap_expect(t, a > 3);
	litter_finish(t, heap);
}

/* Give every eighth block back, or take it again: every list changes. */
static void change_lists(struct ktap *t, struct slate_heap *heap, bool give)
{
	unsigned int i;

	for (i = 1; i < LITTER; i += 8) {
		if (give) {
			slate_mem_free(heap, litter[i].ptr);
			continue;
		}
		litter[i].ptr = slate_raw_malloc(heap, litter[i].size);
		if (ktap_expect(t, litter[i].ptr))
			test_fill(litter[i].ptr, litter[i].size, i);
	}
}

static void stale_links_of_the_same_block_are_seen(struct ktap *t)
{
	struct slate_heap *heap = litter_heap(t);
	struct exchange old;
	struct exchange new;
	unsigned int n;
	unsigned int i;
	unsigned int changed = 0;

	for (n = 0; pick(heap, &old, n); n++) {
		change_lists(t, heap, true);
		for (i = 0; pick(heap, &new, i); i++) {
			if (new.ptr != old.ptr)
				continue;
			changed += !!memcmp(new.bytes, old.bytes,
					    sizeof(old.bytes));
			expect_seen(t, heap, new.ptr, old.bytes);
		}
		change_lists(t, heap, false);
	}
	ktap_expect(t, changed > 0);
	litter_finish(t, heap);
}

static void one_broken_chunk_among_many_is_reported(struct ktap *t)
{
	static const unsigned char wrong[sizeof(struct slate_link)] = {
		0x5a, 0xa5, 0x5a, 0xa5, 0x5a, 0xa5, 0x5a, 0xa5,
	};
	struct slate_heap *heap = litter_heap(t);
	struct exchange exchange;
	unsigned int n;

	for (n = 0; pick(heap, &exchange, n); n++)
		expect_seen(t, heap, exchange.ptr, wrong);
	ktap_expect(t, n > 3);
	litter_finish(t, heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(links_copied_from_another_free_block_are_seen),
	KTAP_CASE(stale_links_of_the_same_block_are_seen),
	KTAP_CASE(one_broken_chunk_among_many_is_reported),
};

KTAP_SUITE(slate_link, cases);
