// SPDX-License-Identifier: MIT
/* The recorder's wrapper of the tiers, and its calls. */
#include "mem_calls.h"
#include "record_event.h"
#include "site.h"

SLATE_INLINE struct slate_record *record_of(const struct slate_wrap *wrap)
{
	return wrap->user;
}

SLATE_INLINE unsigned int head_of(const struct slate_wrap *wrap,
				  unsigned int kind)
{
	return kind | (unsigned int)wrap->tier << RECORD_TIER_SHIFT;
}

static void *record_malloc(void *ctx, size_t size, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	void *ptr = slate_table_malloc_(wrap->below, size, site);
	const struct record_call call = {
		.head = head_of(wrap, RECORD_MALLOC), .ptr = ptr,
		.size = size, .site = site,
	};

	slate_record_call_(record_of(wrap), &call);
	return ptr;
}

static void *record_calloc(void *ctx, size_t nmemb, size_t size,
			   const void *site)
{
	const struct slate_wrap *wrap = ctx;
	void *ptr = slate_table_calloc_(wrap->below, nmemb, size, site);
	const struct record_call call = {
		.head = head_of(wrap, RECORD_CALLOC), .ptr = ptr,
		.size = nmemb * size, .site = site,
	};

	slate_record_call_(record_of(wrap), &call);
	return ptr;
}

static void *record_realloc(void *ctx, void *old, size_t size,
			    const void *site)
{
	const struct slate_wrap *wrap = ctx;
	struct record_call call = {
		.head = head_of(wrap, old ? RECORD_REALLOC :
				RECORD_REALLOC_NULL),
		.old = old, .size = size, .site = site,
	};

	if (SLATE_CONFIG_LOCK && old) {
		struct record_call begin = {
			.head = head_of(wrap, RECORD_RESIZE),
			.old = old, .ptr = old,
		};

		slate_record_call_(record_of(wrap), &begin);
	}
	call.ptr = slate_table_realloc_(wrap->below, old, size, site);
	slate_record_call_(record_of(wrap), &call);
	return (void *)(uintptr_t)call.ptr;
}

static void record_free(void *ctx, void *ptr, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	const struct record_call call = {
		.head = head_of(wrap, RECORD_FREE), .ptr = ptr, .site = site,
	};

	slate_record_call_(record_of(wrap), &call);
	slate_table_free_(wrap->below, ptr, site);
}

static void *record_aligned(void *ctx, size_t align, size_t size,
			    unsigned int caps, const void *site)
{
	const struct slate_wrap *wrap = ctx;
	void *ptr = slate_table_aligned_(wrap->below, align, size, caps, site);
	const struct record_call call = {
		.head = head_of(wrap, RECORD_ALIGNED), .ptr = ptr,
		.align = (unsigned char)(align ? slate_word_log2(align) : 0),
		.caps = caps, .size = size, .site = site,
	};

	slate_record_call_(record_of(wrap), &call);
	return ptr;
}

static const struct slate_site_calls record_calls = {
	record_malloc, record_calloc, record_realloc, record_free,
	record_aligned
};

unsigned int slate_record_mark(struct slate_record *record, const char *name)
{
	struct record_note note = {
		.kind = RECORD_MARK, .n = 1, .has_text = true, .text = name,
	};
	slate_port_key key = port_lock();
	uintptr_t mark = record->marks;

	record->marks += record->heap != NULL;
	port_unlock(key);
	note.numbers[0] = mark;
	if (record->heap)
		slate_record_note_(record, &note);
	return (unsigned int)mark;
}

void slate_record_name_owner(struct slate_record *record, unsigned int owner,
			     const char *name)
{
	const struct record_note note = {
		.kind = RECORD_OWNER_NAME, .n = 1, .numbers = { owner },
		.has_text = true, .text = name,
	};

	if (record->heap)
		slate_record_note_(record, &note);
}

void slate_record_arena(struct slate_record *record, const void *start,
			size_t size, bool added)
{
	const struct record_note note = {
		.kind = added ? RECORD_ARENA : RECORD_ARENA_GONE, .n = 2,
		.numbers = { (uintptr_t)start, size },
	};

	if (record->heap)
		slate_record_note_(record, &note);
}

void slate_record_flush(struct slate_record *record)
{
	slate_port_key key;

	if (!record->heap)
		return;
	key = port_lock();
	slate_record_close_(record);
	port_unlock(key);
	slate_record_send_(record);
}

static int note_live(void *arg, const struct slate_block *block)
{
	const struct record_note note = {
		.kind = RECORD_LIVE, .n = 2,
		.numbers = { (uintptr_t)block->ptr, block->size },
	};

	slate_record_note_(arg, &note);
	return 0;
}

/* How the buffer is divided; without a write function facts are in front. */
static int divide(struct slate_record *record)
{
	const struct slate_record_config *config = record->config;
	size_t block = config->block ? config->block : SLATE_RECORD_BLOCK;
	size_t left = config->size;
	size_t n = 0;

	if (block < SLATE_RECORD_BLOCK_MIN || block > 65535)
		return -SLATE_EINVAL;
	for (; left >= block; left -= block)
		n++;
	record->first = config->buffer;
	record->block = block;
	if (!config->write && n) {
		record->first += block;
		n--;
	}
	record->nblocks = n;
	return n > (SLATE_CONFIG_LOCK || !config->write) ? 0 : -SLATE_EINVAL;
}

int slate_record_start(struct slate_record *record, struct slate_heap *heap,
		       const struct slate_record_config *config)
{
	int err;

	if (record->heap)
		return -SLATE_EBUSY;
	memset(record, 0, sizeof(*record));
	record->config = config;
	err = divide(record);
	if (!err)
		err = slate_wrap_push(heap, record->wraps, config->tiers,
				      &record_calls, "record", record);
	if (err)
		return err;
	memset(config->buffer, 0, config->size);
	record->heap = heap;
	slate_record_facts_(record, config->buffer);
	if (config->write)
		slate_record_flush(record);
	else
		record->open = NULL;
	slate_heap_walk(heap, note_live, record);
	return 0;
}

int slate_record_stop(struct slate_record *record)
{
	struct record_note note = { .kind = RECORD_END, .n = 2 };
	int err;

	if (!record->heap)
		return -SLATE_EINVAL;
	err = slate_wrap_pop(record->heap, record->wraps);
	if (err)
		return err;
	note.numbers[0] = record->lost;
	note.numbers[1] = record->failed;
	slate_record_note_(record, &note);
	slate_record_flush(record);
	record->heap = NULL;
	return 0;
}

int slate_record_read(const struct slate_record *record,
		      int (*write)(void *arg, const void *data, size_t len),
		      void *arg)
{
	/* The block to be overwritten next is the oldest, or the open one. */
	size_t at = record->oldest + (record->open != NULL);
	size_t end = at + record->nblocks;
	int err;

	if (!record->nblocks || record->config->write)
		return -SLATE_EINVAL;
	err = slate_record_put_(record->config->buffer, write, arg);
	for (; at < end && !err; at++)
		err = slate_record_put_(slate_record_block_(record, at), write,
					arg);
	return err;
}
