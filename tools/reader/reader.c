// SPDX-License-Identifier: MIT
/*
 * reader HEAP COMMAND FILE: slate itself, built as it is on the device, looks
 * at a heap in the device's memory, which it is handed page by page (far.h, by
 * the open file of that number). So what it says needs no second description
 * of slate's tables.
 *
 *	layout	the bytes of slate_layout_, in hex, of this build; no HEAP
 *	check	"whole", or "broken KIND ADDRESS BLOCK SIZE TEXT"
 *	stats	"NAME VALUE" lines of slate_heap_stats()
 *	map	"span ADDRESS SIZE KIND BLOCK NBLOCKS NLIVE CAPS" lines, and
 *		"block ADDRESS SIZE POOLED" for each live block
 *	owners	"debug ADDRESS SIZE TIER SERIAL SITE" of each block, by debug
 *		hooks; "trace ADDRESS SIZE TIER 0 FRAME..." by tracing;
 *		"owner ADDRESS OWNER" by accounts
 *	faults	"KIND ADDRESS BLOCK TEXT": what debug hooks find wrong
 *
 * Status 0; 2 for a wrong command line, 4 if memory cannot be read.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <slate/debug.h>
#include <slate/owner.h>
#include <slate/slate.h>
#include <slate/trace.h>

#include "far.h"
#include "heap_state.h"

#define SECONDS	60	/* a heap that is none may have no end */
#define WRAPS	8

extern const unsigned char slate_layout_[];

void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)kind;
	(void)heap;
	(void)where;
}

static void print_layout(size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		printf("%02x", slate_layout_[i]);
	printf("\n");
}

static void print_check(struct slate_heap *heap)
{
	struct slate_report report = { 0 };

	if (!slate_heap_check(heap, &report)) {
		printf("whole\n");
		return;
	}
	printf("broken %d %zu %zu %zu %s\n", (int)report.kind,
	       (size_t)report.address, (size_t)report.block, report.size,
	       report.text);
}

static void print_stats(struct slate_heap *heap)
{
	struct slate_stats stats;
	int tier;

	slate_heap_stats(heap, &stats);
	printf("size %zu\nlive %zu\npeak %zu\nblocks %zu\nfree %zu\n"
	       "largest_free %zu\nfailures %zu\noverhead %zu\n"
	       "free_chunks %zu\nfree_pooled %zu\npools %zu\narenas %zu\n"
	       "quota %zu\n", stats.size, stats.live, stats.peak,
	       stats.blocks, stats.free, stats.largest_free, stats.failures,
	       stats.overhead, stats.free_chunks, stats.free_pooled,
	       stats.pools, stats.arenas, stats.quota);
	for (tier = 0; tier < SLATE_TIERS; tier++)
		printf("tier_%s %zu\n", (const char *[]){ "raw", "mem", "obj" }
		       [tier], stats.tier_live[tier]);
}

static int print_span(void *arg, const struct slate_span *span)
{
	(void)arg;
	printf("span %zu %zu %d %zu %u %u %u\n", (size_t)span->ptr, span->size,
	       (int)span->kind, span->block_size, span->nblocks, span->nlive,
	       span->caps);
	return 0;
}

static int print_block(void *arg, const struct slate_block *block)
{
	(void)arg;
	printf("block %zu %zu %d\n", (size_t)block->ptr, block->size,
	       block->pooled);
	return 0;
}

static void print_map(struct slate_heap *heap)
{
	slate_heap_map(heap, print_span, NULL);
	slate_heap_walk(heap, print_block, NULL);
}

#if SLATE_CONFIG_HOOKS

static int print_debug(void *arg, const struct slate_debug_block *block)
{
	(void)arg;
	printf("debug %zu %zu %d %lu %zu\n", (size_t)block->ptr, block->size,
	       (int)block->tier, (unsigned long)block->serial,
	       (size_t)block->made_at);
	return 0;
}

static int print_traced(void *arg, const struct slate_trace_block *block)
{
	const struct slate_trace *trace = arg;
	const uintptr_t *frames = slate_trace_frames(trace, block->site);
	unsigned int i;

	if (block->domain != SLATE_TRACE_HEAP)
		return 0;
	printf("trace %zu %zu %d 0", (size_t)block->ptr, block->size,
	       (int)block->tier);
	for (i = 0; i < trace->depth; i++)
		printf(" %zu", (size_t)frames[i]);
	printf("\n");
	return 0;
}

/* Is this one of slate's own wrappers, which have a struct slate_wrap? */
static bool is_wrap(const struct slate_allocator *table)
{
	static const char *const names[] = {
		"record", "trace", "debug", "inject", "owner", "count", "fence"
	};
	size_t i;

	for (i = 0; table->name && i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(table->name, names[i]))
			return true;
	}
	return false;
}

/* Whose the wrapper of that name in a heap's tiers is; NULL without one. */
static void *find_wrap(struct slate_heap *heap, const char *name)
{
	int tier, turn;

	for (tier = 0; tier < SLATE_TIERS; tier++) {
		const struct slate_allocator *table = heap->table[tier];

		for (turn = 0; turn < WRAPS && table && is_wrap(table);
		     turn++) {
			const struct slate_wrap *wrap = table->ctx;

			if (!strcmp(table->name, name))
				return wrap->user;
			table = wrap->below;
		}
	}
	return NULL;
}

static int print_account(void *arg, const struct slate_block *block)
{
	int owner = slate_owner_of(arg, block->ptr);

	if (owner >= 0)
		printf("owner %zu %d\n", (size_t)block->ptr, owner);
	return 0;
}

static void print_owners(struct slate_heap *heap)
{
	struct slate_trace *trace = find_wrap(heap, "trace");
	struct slate_owner *owner = find_wrap(heap, "owner");

	slate_debug_walk(heap, print_debug, NULL);
	if (trace)
		slate_trace_walk(trace, print_traced, trace);
	if (owner)
		slate_heap_walk(heap, print_account, owner);
}

static void print_fault(void *ctx, struct slate_heap *heap,
			const struct slate_debug_report *report)
{
	(void)ctx;
	(void)heap;
	printf("%d %zu %zu %s\n", (int)report->kind, (size_t)report->address,
	       (size_t)report->block.ptr,
	       report->text ? report->text : slate_fault_name(report->kind));
}

static void print_faults(struct slate_heap *heap)
{
	slate_debug_check_all(heap);
}

/*
 * Functions that the heap calls are the device's: debug hooks get this
 * program's own, another view is not asked, and no arena goes back to its
 * source.
 */
static void adopt(struct slate_heap *heap)
{
	static unsigned char memory[65536];
	static struct slate_debug own;
	const struct slate_debug_options options = { .handler = print_fault };
	struct slate_heap *other = slate_heap_create(memory, sizeof(memory));

	if (other && !other->view && slate_debug_enable(other, &own))
		other = NULL;
	if (!other || (heap->view && !heap->view->debug))
		heap->view = NULL;
	if (heap->view) {
		memcpy((void *)(uintptr_t)heap->view, other->view,
		       sizeof(*heap->view));
		slate_debug_set_options(heap, &options);
	}
#if SLATE_CONFIG_SOURCE
	heap->pins++;
#endif
}

#else

static void print_owners(struct slate_heap *heap)
{
	(void)heap;
}

static void print_faults(struct slate_heap *heap)
{
	(void)heap;
}

static void adopt(struct slate_heap *heap)
{
	(void)heap;
}

#endif

static const struct {
	const char *name;
	void (*print)(struct slate_heap *heap);
} commands[] = {
	{ "check", print_check },
	{ "stats", print_stats },
	{ "map", print_map },
	{ "owners", print_owners },
	{ "faults", print_faults },
};

int main(int argc, char **argv)
{
	struct slate_heap *heap;
	size_t i;

	if (argc == 3 && !strcmp(argv[1], "layout")) {
		print_layout(strtoul(argv[2], NULL, 10));
		return 0;
	}
	if (argc != 4)
		return 2;
	heap = (struct slate_heap *)(uintptr_t)strtoull(argv[1], NULL, 0);
	alarm(SECONDS);
	far_begin(atoi(argv[3]));
	adopt(heap);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, argv[2]))
			continue;
		commands[i].print(heap);
		return 0;
	}
	return 2;
}
