// SPDX-License-Identifier: MIT
#include "hooked.h"

struct slate_debug hooked_state;

static struct hooked seen;

static void handler(void *ctx, struct slate_heap *heap,
		    const struct slate_debug_report *report)
{
	(void)heap;
	*(struct slate_debug_report *)ctx = *report;
	seen.count++;
}

void hooked_policy(struct slate_heap *heap, enum slate_debug_policy policy)
{
	const struct slate_debug_options options = {
		.policy = policy,
		.ctx = &seen.last,
		.handler = handler,
	};

	slate_debug_set_options(heap, &options);
}

struct slate_heap *hooked_heap(struct ktap *t)
{
	struct slate_heap *heap = test_heap();

	if (!SLATE_CONFIG_HOOKS) {
		t->skip = "no hooks in this configuration";
		return NULL;
	}
	memset(&hooked_state, 0x5a, sizeof(hooked_state));
	memset(&seen, 0, sizeof(seen));
	if (!SLATE_CONFIG_DEBUG)
		ktap_expect(t, !slate_debug_enable(heap, &hooked_state));
	hooked_policy(heap, SLATE_DEBUG_TELL);
	return heap;
}

struct hooked hooked_take(void)
{
	struct hooked taken = seen;

	memset(&seen, 0, sizeof(seen));
	return taken;
}

bool hooked_one(enum slate_fault kind, const void *address, const void *block)
{
	struct hooked taken = hooked_take();

	if (taken.count != 1 || taken.last.kind != kind)
		return false;
	return taken.last.address == address && taken.last.block.ptr == block;
}

bool hooked_is_empty(struct slate_heap *heap)
{
	struct slate_stats stats;
	void *ptr;

	slate_debug_flush(heap);
	stats = test_stats(heap);
	if (stats.live || stats.blocks || !slate_heap_valid(heap))
		return false;
	ptr = slate_raw_malloc(heap, stats.largest_free - HOOKED_HEAD -
			       HOOKED_TAIL);
	slate_raw_free(heap, ptr);
	slate_debug_flush(heap);
	return ptr;
}
