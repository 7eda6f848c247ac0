// SPDX-License-Identifier: MIT
/*
 * Wrappers over each other, in the order that the documentation gives: debug
 * hooks, counts, accounts, tracing, recording. All see the same program.
 */
#include "hooked.h"
#include "reading.h"

#define SLOTS	16

/* Behind the heap, which has all but this of TEST_HEAP. */
struct area {
	struct slate_count count;
	struct slate_owner owner;
	struct slate_owner_config owner_config;
	struct slate_owner_account account;
	struct slate_entry blocks[32];
	struct slate_trace trace;
	struct slate_trace_config trace_config;
	uintptr_t table[8 * 6 + 3 * 32];
	struct slate_record record;
	struct slate_record_config record_config;
	struct reading reading;
	unsigned char buffer[512];
	unsigned char *slots[SLOTS];
	size_t sizes[SLOTS];
	uintptr_t calls;
	uintptr_t live;		/* by the recording */
};

static struct area *area;

/* What the recording says is live, once it is written. */
static int add_up(void *arg, const void *data, size_t len)
{
	struct area *a = arg;
	struct event e;

	reading_begin(&a->reading, data, len);
	while (reading_next(&a->reading, &e)) {
		if (e.kind == 1)
			a->live++;
		if (e.kind == 5 && e.ptr)
			a->live--;
		a->calls += e.kind == 1 || e.kind == 5;
	}
	return a->reading.bad ? -1 : 0;
}

static void configure(void)
{
	area->owner_config.accounts = &area->account;
	area->owner_config.owners = 1;
	area->owner_config.table = area->blocks;
	area->owner_config.size = sizeof(area->blocks);
	area->trace_config.table = area->table;
	area->trace_config.size = sizeof(area->table);
	area->trace_config.sites = 8;
	area->record_config.buffer = area->buffer;
	area->record_config.size = sizeof(area->buffer);
	area->record_config.block = 256;
	area->record_config.write = add_up;
	area->record_config.arg = area;
}

static struct slate_heap *start(struct ktap *t)
{
	const size_t room = (sizeof(*area) + 63) / 64 * 64;
	struct slate_heap *heap;

	if (!SLATE_CONFIG_HOOKS || TEST_HEAP < 8192) {
		t->skip = "no hooks, or too little memory, here";
		return NULL;
	}
	memset(test_memory, 0xa5, TEST_HEAP);
	area = memset(test_memory + TEST_HEAP - room, 0, sizeof(*area));
	configure();
	heap = slate_heap_create(test_memory, TEST_HEAP - room);
	if (!SLATE_CONFIG_DEBUG)
		ktap_expect(t, !slate_debug_enable(heap, &hooked_state));
	ktap_expect(t, !slate_count_start(&area->count, heap, NULL, 0));
	ktap_expect(t, !slate_owner_start(&area->owner, heap,
					  &area->owner_config));
	ktap_expect(t, !slate_trace_start(&area->trace, heap,
					  &area->trace_config));
	ktap_expect(t, !slate_record_start(&area->record, heap,
					   &area->record_config));
	return heap;
}

static void stop(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_count_stop(&area->count) == -SLATE_EBUSY);
	ktap_expect(t, slate_owner_stop(&area->owner) == -SLATE_EBUSY);
	ktap_expect(t, slate_trace_stop(&area->trace) == -SLATE_EBUSY);
	ktap_expect(t, slate_record_stop(&area->record) == 0);
	ktap_expect(t, slate_trace_stop(&area->trace) == 0);
	ktap_expect(t, slate_owner_stop(&area->owner) == 0);
	ktap_expect(t, slate_count_stop(&area->count) == 0);
	ktap_expect(t, slate_debug_disable(heap) == 0);
	slate_heap_destroy(heap);
}

static void wrappers_agree_over_each_other(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	size_t calls = 0;
	size_t live = 0;
	unsigned int n;

	if (!heap)
		return;
	for (n = 0; n < 500; n++) {
		unsigned int i = test_below(SLOTS);
		size_t size = SLATE_GRANULE * (1 + test_below(4));

		if (area->slots[i]) {
			ktap_expect(t, test_filled(area->slots[i],
						   area->sizes[i], i));
			slate_mem_free(heap, area->slots[i]);
			area->slots[i] = NULL;
			live -= area->sizes[i];
		} else {
			area->slots[i] = slate_mem_malloc(heap, size);
			if (!ktap_expect(t, area->slots[i]))
				return;
			area->sizes[i] = size;
			test_fill(area->slots[i], size, i);
			live += size;
		}
		calls++;
		ktap_expect(t, area->count.tiers[SLATE_TIER_MEM].live == live);
		ktap_expect(t, area->account.live == live);
		ktap_expect(t, area->trace.current == live);
	}
	ktap_expect(t, slate_debug_check_all(heap) == 0);
	for (n = 0; n < SLOTS; n++) {
		slate_mem_free(heap, area->slots[n]);
		calls++;
	}
	stop(t, heap);
	/* But for those free(NULL) every free had its malloc. */
	ktap_expect(t, area->calls == calls && area->live == 0);
}

/* The innermost is told of the place in the program, too. */
static void debug_hooks_know_the_site_through_all(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	struct slate_debug_block block;
	struct slate_trace_stat top;
	const void *here = SLATE_HERE;
	void *p;

	if (!heap)
		return;
	p = slate_site_malloc(heap, SLATE_TIER_OBJ, 10, here);
	ktap_expect(t, !slate_debug_find(heap, p, &block));
	ktap_expect(t, block.made_at == here && block.size == 10);
	ktap_expect(t, slate_trace_top(&area->trace, 0, 256, &top, 1) == 1);
	ktap_expect(t, slate_trace_frames(&area->trace, top.site)[0] ==
		    (uintptr_t)here);
	ktap_expect(t, slate_heap_usable_size(heap, p) == 10);
	slate_obj_free(heap, p);
	p = slate_obj_malloc(heap, 10);
	ktap_expect(t, !slate_debug_find(heap, p, &block));
	ktap_expect(t, block.made_at && block.made_at != here);
	ktap_expect(t, slate_trace_top(&area->trace, 0, 256, &top, 1) == 1);
	ktap_expect(t, slate_trace_frames(&area->trace, top.site)[0] ==
		    (uintptr_t)block.made_at);
	slate_obj_free(heap, p);
	stop(t, heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(wrappers_agree_over_each_other),
	KTAP_CASE(debug_hooks_know_the_site_through_all),
};

KTAP_SUITE(slate_stack, cases);
