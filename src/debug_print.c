// SPDX-License-Identifier: MIT
/*
 * Reports as text, in CPython's manner, in pieces that go out one by one: no
 * buffer, no printf, no division.
 */
#include "debug_state.h"

/* Where text goes. */
struct sink {
	const struct slate_debug_options *options;
};

static void put_text(const struct sink *sink, const char *text, size_t len)
{
	const struct slate_debug_options *options = sink->options;

	if (options->write)
		options->write(options->ctx, text, len);
	else
		slate_port_write(text, len);
}

static void put(const struct sink *sink, const char *text)
{
	size_t len = 0;

	while (text[len])
		len++;
	put_text(sink, text, len);
}

static void put_hex(const struct sink *sink, uintptr_t value,
		    unsigned int digits)
{
	char text[2 * sizeof(value)];
	unsigned int i;

	for (i = digits; i--; value >>= 4)
		text[i] = "0123456789abcdef"[value & 15];
	put_text(sink, text, digits);
}

static void put_address(const struct sink *sink, const void *address)
{
	put(sink, "0x");
	put_hex(sink, (uintptr_t)address, 2 * sizeof(address));
}

/* The digit of @value at @unit, and what is left of it. */
static char take_digit(size_t *value, size_t unit)
{
	char digit = '0';

	for (; *value >= unit; *value -= unit)
		digit++;
	return digit;
}

static void put_number(const struct sink *sink, size_t value)
{
	size_t units[3 * sizeof(value)] = { 1 };
	char text[3 * sizeof(value)];
	unsigned int n = 1;
	size_t len = 0;

	for (; units[n - 1] <= SIZE_MAX / 10 && units[n - 1] * 10 <= value; n++)
		units[n] = units[n - 1] * 10;
	while (n--)
		text[len++] = take_digit(&value, units[n]);
	put_text(sink, text, len);
}

static const char *id_of(enum slate_tier tier)
{
	static const char *const ids[SLATE_TIERS] = { "'r'", "'m'", "'o'" };

	return ids[tier];
}

/* One line for each of the @n bytes, which are at @name. */
static void put_bytes(const struct sink *sink, const char *name, size_t first,
		      const unsigned char *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		put(sink, "        at ");
		put(sink, name);
		put_number(sink, name[0] == 'p' && name[1] == '-' ?
			   first - i : first + i);
		put(sink, ": 0x");
		put_hex(sink, sanitize_peek(bytes + i), 2);
		put(sink, sanitize_peek(bytes + i) == DEBUG_FORBIDDEN ? "\n" :
		    " *** OUCH\n");
	}
}

static bool all_forbidden(const unsigned char *bytes, size_t n)
{
	while (n && sanitize_peek(bytes) == DEBUG_FORBIDDEN) {
		bytes++;
		n--;
	}
	return !n;
}

static void put_expected(const struct sink *sink, bool expected)
{
	if (expected) {
		put(sink, " are FORBIDDENBYTE, as expected.\n");
		return;
	}
	put(sink, " are not all FORBIDDENBYTE (0x");
	put_hex(sink, DEBUG_FORBIDDEN, 2);
	put(sink, "):\n");
}

static void put_head(const struct sink *sink, const unsigned char *ptr)
{
	const size_t n = DEBUG_AT_TIER - 1;
	bool expected = all_forbidden(ptr - n, n);

	put(sink, "    The ");
	put_number(sink, n);
	put(sink, " pad bytes at p-");
	put_number(sink, n);
	put_expected(sink, expected);
	if (!expected)
		put_bytes(sink, "p-", n, ptr - n, n);
}

static void put_tail(const struct sink *sink, const unsigned char *tail)
{
	bool expected = all_forbidden(tail, DEBUG_WORD);

	put(sink, "    The ");
	put_number(sink, DEBUG_WORD);
	put(sink, " pad bytes at tail=");
	put_address(sink, tail);
	put_expected(sink, expected);
	if (!expected)
		put_bytes(sink, "tail+", 0, tail, DEBUG_WORD);
}

/* "cd cd cd": as many as are given. */
static void put_row(const struct sink *sink, const unsigned char *bytes,
		    size_t n)
{
	for (; n; n--) {
		put(sink, " ");
		put_hex(sink, sanitize_peek(bytes++), 2);
	}
}

static void put_data(const struct sink *sink,
		     const struct slate_debug_block *block)
{
	const unsigned char *p = block->ptr;

	if (!block->size)
		return;
	put(sink, "    Data at p:");
	if (block->size <= 16) {
		put_row(sink, p, block->size);
	} else {
		put_row(sink, p, 8);
		put(sink, " ...");
		put_row(sink, p + block->size - 8, 8);
	}
	put(sink, "\n");
}

/* The block's bytes around the one that is wrong, in rows of 16. */
static void put_dump(const struct sink *sink,
		     const struct slate_debug_report *report)
{
	const unsigned char *start =
		(const unsigned char *)report->block.ptr - DEBUG_HEAD;
	const unsigned char *end =
		start + DEBUG_HEAD + report->block.size + DEBUG_TAIL;
	const unsigned char *wrong = report->address;
	const unsigned char *row = start;
	unsigned int rows;

	if (wrong < start || wrong >= end)
		wrong = start;
	while (wrong - row >= 32)
		row += 16;
	for (rows = 0; rows < 4 && row < end; rows++, row += 16) {
		put(sink, "    ");
		put_address(sink, row);
		put(sink, ":");
		put_row(sink, row, end - row < 16 ? (size_t)(end - row) : 16);
		put(sink, "\n");
	}
}

static void put_sites(const struct sink *sink,
		      const struct slate_debug_block *block)
{
	put(sink, "    The block was made by call #");
	put_number(sink, block->serial);
	put(sink, " to debug malloc/realloc.\n    Allocated from ");
	put_address(sink, block->made_at);
	if (block->freed_at) {
		put(sink, ", freed from ");
		put_address(sink, block->freed_at);
	}
	put(sink, "\n");
}

/* A live block, whose layout can be looked at. */
static void put_layout(const struct sink *sink,
		       const struct slate_debug_report *report)
{
	const struct slate_debug_block *block = &report->block;
	const unsigned char *p = block->ptr;

	put_head(sink, p);
	if (report->kind == SLATE_FAULT_UNDERFLOW)
		put(sink, "    Because memory is corrupted at the start, "
		    "the rest may be bogus.\n");
	if (!block->serial) {
		put_dump(sink, report);
		return;
	}
	put_tail(sink, p + block->size);
	put_sites(sink, block);
	put_data(sink, block);
	put_dump(sink, report);
}

/* The first byte that was written after the block was freed. */
static void put_written(const struct sink *sink,
			const struct slate_debug_report *report)
{
	const unsigned char *p = report->block.ptr;
	const unsigned char *at = report->address;

	if (report->kind != SLATE_FAULT_USE_AFTER_FREE)
		return;
	put(sink, "    Not all of it is DEADBYTE (0x");
	put_hex(sink, DEBUG_DEAD, 2);
	put(sink, "):\n");
	if (at < p)
		put_bytes(sink, "p-", (size_t)(p - at), at, 1);
	else
		put_bytes(sink, "p+", (size_t)(at - p), at, 1);
}

static void put_block(const struct sink *sink,
		      const struct slate_debug_report *report)
{
	const struct slate_debug_block *block = &report->block;

	put(sink, "Debug memory block at address p=");
	put_address(sink, block->ptr);
	if (report->kind != SLATE_FAULT_UNDERFLOW) {
		put(sink, ": API ");
		put(sink, id_of(block->tier));
	}
	put(sink, "\n");
	if (block->serial) {
		put(sink, "    ");
		put_number(sink, block->size);
		put(sink, " bytes originally requested\n");
	}
	if (!block->freed_at) {
		put_layout(sink, report);
		return;
	}
	put_written(sink, report);
	put_sites(sink, block);
	put_data(sink, block);
	put_dump(sink, report);
}

void slate_debug_print(struct slate_heap *heap,
		       const struct slate_debug_report *report)
{
	static const struct slate_debug_options none;
	const struct slate_debug *d = debug_of(heap);
	const struct sink sink = { d ? &d->options : &none };

	if (report->block.ptr)
		put_block(&sink, report);
	put(&sink, "slate: ");
	put(&sink, slate_fault_name(report->kind));
	put(&sink, " at ");
	put_address(&sink, report->address);
	if (report->text != slate_fault_name(report->kind)) {
		put(&sink, ": ");
		put(&sink, report->text);
	}
	if (report->kind == SLATE_FAULT_TIER && report->site) {
		put(&sink, ": Allocated using API ");
		put(&sink, id_of(report->block.tier));
		put(&sink, ", verified using API ");
		put(&sink, id_of(report->tier));
	}
	if (report->site) {
		put(&sink, ", found by a call from ");
		put_address(&sink, report->site);
	}
	put(&sink, "\n");
}

/* A list of what lives, on its way. */
struct list {
	struct sink sink;
	uint32_t after;
	size_t n;
};

static int put_leak(void *arg, const struct slate_debug_block *block)
{
	struct list *list = arg;
	const struct sink *sink = &list->sink;

	if (block->serial <= list->after)
		return 0;
	list->n++;
	put(sink, "slate: leak: ");
	put_number(sink, block->size);
	put(sink, " bytes at ");
	put_address(sink, block->ptr);
	put(sink, ", API ");
	put(sink, id_of(block->tier));
	put(sink, ", call #");
	put_number(sink, block->serial);
	put(sink, ", allocated from ");
	put_address(sink, block->made_at);
	put(sink, "\n");
	return 0;
}

size_t slate_debug_leaks(struct slate_heap *heap, uint32_t after)
{
	const struct slate_debug *d = debug_of(heap);
	struct list list = { .after = after };

	if (!d)
		return 0;
	list.sink.options = &d->options;
	slate_debug_walk(heap, put_leak, &list);
	return list.n;
}
