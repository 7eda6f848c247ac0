// SPDX-License-Identifier: MIT
/* Debug hooks: reports as text, line by line, and lists of what lives. */
#include "hooked.h"

/*
 * Text that comes piece by piece is looked at line by line: addresses become
 * "@", and a line that was expected is struck off.
 */
static const char *const *expected;
static char line[160];
static size_t used;
static unsigned int matched;
static unsigned int lines;

/* Is @text the pattern, in which * stands for anything up to what follows? */
static bool fits(const char *pattern, const char *text)
{
	while (*pattern) {
		if (*pattern != '*') {
			if (*pattern++ != *text++)
				return false;
			continue;
		}
		pattern++;
		while (*text && *text != *pattern)
			text++;
	}
	return !*text;
}

static void end_line(void)
{
	line[used] = '\0';
	used = 0;
	lines++;
	if (*expected && fits(*expected, line)) {
		expected++;
		matched++;
	}
}

static void write(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	for (; len--; text++) {
		if (*text == '\n')
			end_line();
		else if (used < sizeof(line) - 1)
			line[used++] = *text;
	}
}

static const struct slate_debug_options options = { .write = write };

/* From now on these lines are to come, in this order, among others. */
static void expect(const char *const *list)
{
	expected = list;
	matched = lines = 0;
}

/* All came, the port was told once, and nothing is half written. */
static bool came(struct ktap *t)
{
	unsigned int count = faults_take().count;

	if (*expected)
		ktap_note("lines that came as expected:", matched);
	return ktap_expect(t, !*expected && !used && count == 1);
}

static struct slate_heap *start(struct ktap *t)
{
	struct slate_heap *heap = hooked_heap(t);

	if (heap)
		ktap_expect(t, !slate_debug_set_options(heap, &options));
	return heap;
}

/* As CPython's test_buffer_overflow. */
static void overflow_is_told_in_cpythons_manner(struct ktap *t)
{
	static const char *const text[] = {
		"Debug memory block at address p=0x*: API 'm'",
		"    16 bytes originally requested",
		"    The * pad bytes at p-* are FORBIDDENBYTE, as expected.",
		"    The * pad bytes at tail=0x* are not all FORBIDDENBYTE "
		"(0xfd):",
		"        at tail+0: 0x78 *** OUCH",
		"        at tail+1: 0xfd",
		"        at tail+3: 0xfd",
		"    The block was made by call #1 to debug malloc/realloc.",
		"    Allocated from 0x*",
		"    Data at p: cd cd cd cd cd cd cd cd cd cd cd cd cd cd "
		"cd cd",
		"slate: overflow at 0x*: bad trailing pad byte, found by a "
		"call from 0x*",
		NULL
	};
	struct slate_heap *heap = start(t);
	char *p;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 16);
	p[16] = 'x';
	expect(text);
	slate_mem_free(heap, p);
	came(t);
	slate_heap_destroy(heap);
}

static void underflow_is_told(struct ktap *t)
{
	static const char *const text[] = {
		"Debug memory block at address p=0x*",
		"    The * pad bytes at p-* are not all FORBIDDENBYTE (0xfd):",
		"        at p-2: 0xfd",
		"        at p-1: 0x78 *** OUCH",
		"    Because memory is corrupted at the start, the rest may "
		"be bogus.",
		"    The block was made by call #1 to debug malloc/realloc.",
		"    Allocated from 0x*",
		"slate: underflow at 0x*: bad leading pad byte, found by a "
		"call from 0x*",
		NULL
	};
	struct slate_heap *heap = start(t);
	char *p;

	if (!heap)
		return;
	p = slate_obj_malloc(heap, 1000);
	p[-1] = 'x';
	expect(text);
	ktap_expect(t, !slate_obj_realloc(heap, p, 5));
	came(t);
	slate_heap_destroy(heap);
}

static void wrong_tier_is_told(struct ktap *t)
{
	static const char *const text[] = {
		"Debug memory block at address p=0x*: API 'm'",
		"    0 bytes originally requested",
		"slate: wrong tier at 0x*: bad ID: the block is of another "
		"tier: Allocated using API 'm', verified using API 'r', "
		"found by a call from 0x*",
		NULL
	};
	struct slate_heap *heap = start(t);

	if (!heap)
		return;
	expect(text);
	slate_raw_free(heap, slate_mem_malloc(heap, 0));
	came(t);
	slate_heap_destroy(heap);
}

static void write_after_free_is_told(struct ktap *t)
{
	static const char *const text[] = {
		"Debug memory block at address p=0x*: API 'o'",
		"    100 bytes originally requested",
		"    Not all of it is DEADBYTE (0xdd):",
		"        at p+3: 0x78 *** OUCH",
		"    The block was made by call #1 to debug malloc/realloc.",
		"    Allocated from 0x*, freed from 0x*",
		"    Data at p: dd dd dd 78 dd dd dd dd ... dd dd dd dd dd "
		"dd dd dd",
		"slate: use after free at 0x*: written after it was freed",
		NULL
	};
	struct slate_heap *heap = start(t);
	char *p;

	if (!heap)
		return;
	p = slate_obj_malloc(heap, 100);
	slate_obj_free(heap, p);
	p[3] = 'x';
	expect(text);
	slate_debug_flush(heap);
	came(t);
	slate_heap_destroy(heap);
}

static void double_free_is_told(struct ktap *t)
{
	static const char *const text[] = {
		"Debug memory block at address p=0x*: API 'r'",
		"    1234 bytes originally requested",
		"    Allocated from 0x*, freed from 0x*",
		"slate: double free at 0x*: freed before, found by a call "
		"from 0x*",
		NULL
	};
	struct slate_heap *heap = start(t);
	void *p;

	if (!heap)
		return;
	p = slate_raw_malloc(heap, 1234);
	slate_raw_free(heap, p);
	expect(text);
	slate_raw_free(heap, p);
	came(t);
	slate_heap_destroy(heap);
}

/* Nothing is known of it, so nothing is read. */
static void bad_pointer_is_told(struct ktap *t)
{
	static const char *const text[] = {
		"slate: foreign pointer at 0x*, found by a call from 0x*",
		NULL
	};
	struct slate_heap *heap = start(t);

	if (!heap)
		return;
	expect(text);
	slate_raw_free(heap, (void *)(uintptr_t)(2 * SLATE_GRANULE));
	came(t);
	ktap_expect(t, lines == 1);
	slate_heap_destroy(heap);
}

static void leaks_are_listed(struct ktap *t)
{
	static const char *const text[] = {
		"slate: leak: 70 bytes at 0x*, API 'o', call #2, allocated "
		"from 0x*",
		NULL
	};
	static const char *const spoilt[] = {
		"slate: leak: 10 bytes at 0x*, API 'm', call #1, allocated "
		"from 0x*",
		NULL
	};
	static const char *const none[] = { NULL };
	struct slate_heap *heap = start(t);
	char *p;
	void *q;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 10);
	q = slate_obj_calloc(heap, 7, 10);
	expect(text);
	ktap_expect(t, slate_debug_leaks(heap, 1) == 1);
	ktap_expect(t, !*expected && lines == 1);
	expect(none);
	ktap_expect(t, slate_debug_leaks(heap, 0) == 2 && lines == 2);
	slate_obj_free(heap, q);
	ktap_expect(t, slate_debug_leaks(heap, 0) == 1 && lines == 3);
	/* What was written before a block does not hide it. */
	p[-1] = 'x';
	expect(spoilt);
	ktap_expect(t, slate_debug_leaks(heap, 0) == 1 && !*expected);
	p[-1] = (char)0xfd;
	slate_mem_free(heap, p);
	expect(none);
	ktap_expect(t, slate_debug_leaks(heap, 0) == 0 && lines == 0);
	slate_heap_destroy(heap);
}

static int sum(void *arg, const struct slate_debug_block *block)
{
	*(size_t *)arg += block->size * 100 + block->serial;
	return block->made_at && !block->freed_at ? 0 : -1;
}

static void walk_and_find_know_the_blocks(struct ktap *t)
{
	struct slate_heap *heap = start(t);
	struct slate_debug_block block;
	size_t total = 0;
	char *p, *q;

	if (!heap)
		return;
	p = slate_mem_malloc(heap, 3);
	q = slate_raw_malloc(heap, 4);
	ktap_expect(t, slate_debug_walk(heap, sum, &total) == 0);
	ktap_expect(t, total == 703);
	ktap_expect(t, !slate_debug_find(heap, q, &block));
	ktap_expect(t, block.ptr == q && block.size == 4);
	ktap_expect(t, block.serial == 2 && block.tier == SLATE_TIER_RAW);
	ktap_expect(t, slate_debug_find(heap, q + 1, &block) ==
		    -SLATE_EINVAL);
	ktap_expect(t, slate_debug_find(heap, &block, &block) ==
		    -SLATE_EINVAL);
	slate_mem_free(heap, p);
	ktap_expect(t, !slate_debug_find(heap, p, &block) && block.freed_at);
	slate_debug_flush(heap);
	ktap_expect(t, slate_debug_find(heap, p, &block) == -SLATE_EINVAL);
	slate_heap_destroy(heap);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(overflow_is_told_in_cpythons_manner),
	KTAP_CASE(underflow_is_told),
	KTAP_CASE(wrong_tier_is_told),
	KTAP_CASE(write_after_free_is_told),
	KTAP_CASE(double_free_is_told),
	KTAP_CASE(bad_pointer_is_told),
	KTAP_CASE(leaks_are_listed),
	KTAP_CASE(walk_and_find_know_the_blocks),
};

KTAP_SUITE(slate_report, cases);
