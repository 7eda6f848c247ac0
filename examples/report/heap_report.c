// SPDX-License-Identifier: MIT
/*
 * Three passes over the heap, each a slate_heap_map(): the pools by block
 * size, the chunks by powers of two, the picture. Nothing is kept but one
 * table of a few words, so that the report fits on a small stack.
 */
#include <slate/slate.h>

#include "heap_report.h"

#define COLUMNS		64	/* of the picture */
#define ROWS		16	/* at most, while a cell is a power of two */
#define CLASSES		32	/* different block sizes of pools */

struct out {
	heap_report_fn print;
	void *arg;
};

struct group {
	size_t size;
	size_t spans;
	size_t live;
	size_t total;
};

struct table {
	struct group groups[CLASSES];
	size_t n;
};

/* Bytes of one cell of the picture, by what they are. */
struct picture {
	const struct out *out;
	size_t cell;
	size_t column;
	const unsigned char *at;
	size_t filled;
	size_t tables;
	size_t live;
	size_t pool;
	size_t pool_live;
};

static void put(const struct out *out, const char *text)
{
	size_t len = 0;

	while (text[len])
		len++;
	out->print(out->arg, text, len);
}

/* Right-aligned in at least @width columns. */
static void put_number(const struct out *out, uintmax_t number, size_t width)
{
	char digits[32];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (sizeof(digits) - at < width)
		digits[--at] = ' ';
	out->print(out->arg, digits + at, sizeof(digits) - at);
}

static void put_line(const struct out *out, const char *name, uintmax_t number)
{
	put(out, name);
	put_number(out, number, 12);
	put(out, "\n");
}

/* The same, and what share of @whole it is, in tenths of a percent. */
static void put_share(const struct out *out, const char *name, size_t part,
		      size_t whole)
{
	uintmax_t share = whole ? (uintmax_t)part * 1000 / whole : 0;

	put(out, name);
	put_number(out, part, 12);
	put_number(out, share / 10, 6);
	put(out, ".");
	put_number(out, share % 10, 1);
	put(out, " %\n");
}

static void put_figures(const struct out *out, const struct slate_stats *stats)
{
	put_line(out, "  size, bytes     ", stats->size);
	put_share(out, "  live            ", stats->live, stats->size);
	put_share(out, "  peak of live    ", stats->peak, stats->size);
	put_share(out, "  free            ", stats->free, stats->size);
	put_share(out, "  largest free    ", stats->largest_free, stats->size);
	put_share(out, "  overhead        ", stats->overhead, stats->size);
	put_line(out, "  live blocks     ", stats->blocks);
	put_line(out, "  free chunks     ", stats->free_chunks);
	put_line(out, "  pools           ", stats->pools);
	put_line(out, "  failed requests ", stats->failures);
}

static void put_counts(const struct out *out,
		       const struct heap_report_counts *counts)
{
	put_line(out, "  allocations     ", counts->mallocs);
	put_line(out, "  resizes         ", counts->reallocs);
	put_line(out, "  frees           ", counts->frees);
	put_line(out, "  bytes asked for ", counts->bytes);
}

/* The group of a size, new ones in rising order; NULL if there are too many. */
static struct group *group_of(struct table *table, size_t size)
{
	size_t i = 0;
	size_t j;

	while (i < table->n && table->groups[i].size < size)
		i++;
	if (i < table->n && table->groups[i].size == size)
		return &table->groups[i];
	if (table->n == CLASSES)
		return NULL;
	for (j = table->n++; j > i; j--)
		table->groups[j] = table->groups[j - 1];
	table->groups[i] = (struct group){ .size = size };
	return &table->groups[i];
}

static int add_pool(void *arg, const struct slate_span *span)
{
	struct group *group;

	if (span->kind != SLATE_SPAN_POOL)
		return 0;
	group = group_of(arg, span->block_size);
	if (!group)
		return 0;
	group->spans++;
	group->live += span->nlive;
	group->total += span->nblocks;
	return 0;
}

/* @live counts live chunks here, @total the free ones. */
static int add_chunk(void *arg, const struct slate_span *span)
{
	struct group *group;
	size_t top = SLATE_GRANULE;

	if (span->kind != SLATE_SPAN_LIVE && span->kind != SLATE_SPAN_FREE)
		return 0;
	while (top < span->size && top << 1)
		top <<= 1;
	group = group_of(arg, top);
	if (!group)
		return 0;
	group->spans += span->size;
	group->live += span->kind == SLATE_SPAN_LIVE;
	group->total += span->kind == SLATE_SPAN_FREE;
	return 0;
}

static void put_pools(const struct out *out, struct slate_heap *heap)
{
	struct table table;
	size_t i;

	table.n = 0;
	slate_heap_map(heap, add_pool, &table);
	if (!table.n)
		return;
	put(out, "\n  pools of blocks of      pools     live    blocks"
		 "     full\n");
	for (i = 0; i < table.n; i++) {
		const struct group *group = &table.groups[i];

		put_number(out, group->size, 20);
		put_number(out, group->spans, 11);
		put_number(out, group->live, 9);
		put_number(out, group->total, 10);
		put_number(out, group->live * 100 / group->total, 7);
		put(out, " %\n");
	}
}

static void put_chunks(const struct out *out, struct slate_heap *heap)
{
	struct table table;
	size_t i;

	table.n = 0;
	slate_heap_map(heap, add_chunk, &table);
	if (!table.n)
		return;
	put(out, "\n  chunks of up to          live     free     bytes\n");
	for (i = 0; i < table.n; i++) {
		const struct group *group = &table.groups[i];

		put_number(out, group->size, 20);
		put_number(out, group->live, 11);
		put_number(out, group->total, 9);
		put_number(out, group->spans, 10);
		put(out, "\n");
	}
}

/* What most of the cell is decides, and then how full that is. */
static char cell_char(const struct picture *p)
{
	size_t chunk = p->filled - p->tables - p->pool;

	if (p->tables * 2 > p->filled)
		return '#';
	if (p->pool > chunk)
		return p->pool_live * 2 > p->pool ? 'O' : 'o';
	if (p->live == chunk && chunk)
		return '@';
	if (!p->live)
		return '.';
	return p->live * 2 > chunk ? '+' : '-';
}

static void end_cell(struct picture *p)
{
	char c = cell_char(p);

	if (!p->filled)
		return;
	if (!p->column)
		put(p->out, "  ");
	p->out->print(p->out->arg, &c, 1);
	if (++p->column == COLUMNS) {
		put(p->out, "\n");
		p->column = 0;
	}
	p->filled = p->tables = p->live = p->pool = p->pool_live = 0;
}

static void end_region(struct picture *p)
{
	end_cell(p);
	if (p->column)
		put(p->out, "\n");
	p->column = 0;
}

static void add_bytes(struct picture *p, const struct slate_span *span,
		      size_t n)
{
	p->filled += n;
	if (span->kind == SLATE_SPAN_TABLES)
		p->tables += n;
	if (span->kind == SLATE_SPAN_LIVE)
		p->live += n;
	if (span->kind != SLATE_SPAN_POOL)
		return;
	p->pool += n;
	p->pool_live += (size_t)((uintmax_t)n * span->nlive / span->nblocks);
}

static int draw(void *arg, const struct slate_span *span)
{
	struct picture *p = arg;
	size_t left = span->size;

	if (p->at != span->ptr)
		end_region(p);
	p->at = (const unsigned char *)span->ptr + span->size;
	while (left) {
		size_t room = p->cell - p->filled;
		size_t n = left < room ? left : room;

		add_bytes(p, span, n);
		left -= n;
		if (p->filled == p->cell)
			end_cell(p);
	}
	return 0;
}

static void put_picture(const struct out *out, struct slate_heap *heap,
			size_t size)
{
	struct picture p = { .out = out, .cell = SLATE_GRANULE };

	while (size / p.cell > COLUMNS * ROWS)
		p.cell *= 2;
	put(out, "\n  the heap, ");
	put_number(out, p.cell, 1);
	put(out, " bytes a character:\n");
	slate_heap_map(heap, draw, &p);
	end_region(&p);
	put(out, "  # tables   . free   "
		 "- + @ chunks: under half, over half, all live\n"
		 "  o O pools: up to half, over half live\n");
}

void heap_report(struct slate_heap *heap,
		 const struct heap_report_counts *counts, heap_report_fn print,
		 void *arg)
{
	const struct out out = { print, arg };
	struct slate_stats stats;

	slate_heap_stats(heap, &stats);
	put(&out, "---- heap report ----\n");
	put_figures(&out, &stats);
	if (counts)
		put_counts(&out, counts);
	put_pools(&out, heap);
	put_chunks(&out, heap);
	put_picture(&out, heap, stats.size);
}
