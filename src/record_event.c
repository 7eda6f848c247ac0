// SPDX-License-Identifier: MIT
/*
 * Events: the calls of the tiers, and what the program and the recorder say
 * between them. Each function builds one, as docs/recording.md has it.
 *
 * A block is recorded as given back before it is, and as handed out after it
 * was: between the two nobody else can have it. A resize is both, so where
 * others may call meanwhile its beginning is an event of its own.
 */
#include "mem_calls.h"
#include "record_event.h"

#define SITE_MISS	SLATE_RECORD_SITES
#define SITE_NONE	(2 * SLATE_RECORD_SITES)

static unsigned char *put_address(struct slate_record *record,
				  unsigned char *p, const void *ptr)
{
	uintptr_t address = record_turn(ptr);

	p = record_put_signed(p, address - record->address);
	record->address = address;
	return p;
}

/* Sites are code or constants, so the lowest bits tell them apart best. */
static unsigned int site_slot(uintptr_t site)
{
	site ^= site >> 5 ^ site >> 10;
	return (site >> 1) % SLATE_RECORD_SITES;
}

static unsigned char *put_site(struct slate_record *record, unsigned char *p,
			       uintptr_t site)
{
	unsigned int slot = site_slot(site);

	if (!site) {
		*p++ = SITE_NONE;
		return p;
	}
	if (record->sites[slot] == site) {
		*p++ = (unsigned char)slot;
		return p;
	}
	*p++ = (unsigned char)(SITE_MISS | slot);
	p = record_put_signed(p, site - record->site);
	record->site = site;
	record->sites[slot] = site;
	return p;
}

/* What stands in front of each event: its kind, its owner if new, its time. */
static unsigned char *put_head(struct slate_record *record,
			       const struct record_now *now, unsigned int head)
{
	unsigned char *p = record->at;

	if (now->owner != record->owner)
		head |= RECORD_OWNER;
	*p++ = (unsigned char)head;
	if (head & RECORD_OWNER)
		p = record_put(p, now->owner);
	record->owner = now->owner;
	if (record->config->time)
		p = record_put(p, now->time - record->time);
	record->time = now->time;
	return p;
}

static struct record_now now_of(const struct slate_record *record)
{
	const struct slate_record_config *config = record->config;
	struct record_now now = { 0, 0 };

	if (config->time)
		now.time = config->time(config->arg);
	if (config->owner)
		now.owner = config->owner(config->arg);
	return now;
}

/* The event ends at @end; blocks that were full before it are written. */
static void finish(struct slate_record *record, unsigned char *end,
		   slate_port_key key)
{
	bool full = record->nfull > 0;

	record->events++;
	slate_record_commit_(record, end);
	port_unlock(key);
	if (full)
		slate_record_send_(record);
}

static unsigned char *put_call(struct slate_record *record, unsigned char *p,
			       const struct record_call *call)
{
	unsigned int kind = call->head & RECORD_KIND;

	if (kind == RECORD_REALLOC || kind == RECORD_RESIZE)
		p = put_address(record, p, call->old);
	if (kind == RECORD_ALIGNED) {
		*p++ = call->align;
		p = record_put(p, call->caps);
	}
	if (kind != RECORD_FREE && kind != RECORD_RESIZE)
		p = record_put(p, call->size);
	if (kind != RECORD_RESIZE && call->ptr)
		p = put_address(record, p, call->ptr);
	if (kind != RECORD_RESIZE)
		p = put_site(record, p, (uintptr_t)call->site);
	return p;
}

void slate_record_call_(struct slate_record *record,
			const struct record_call *call)
{
	const struct record_now now = now_of(record);
	slate_port_key key = port_lock();
	unsigned int head = call->head;
	unsigned char *p;

	if (!slate_record_open_(record, now.time, now.owner)) {
		port_unlock(key);
		slate_record_send_(record);
		return;
	}
	if (!call->ptr)
		head |= RECORD_NULL;
	p = put_head(record, &now, head);
	finish(record, put_call(record, p, call), key);
}

/* Text as a length and bytes; what is above RECORD_TEXT is cut off. */
static unsigned char *put_text(unsigned char *p, const char *text)
{
	unsigned char *length = p++;

	while (text && *text && p - length <= RECORD_TEXT)
		*p++ = (unsigned char)*text++;
	*length = (unsigned char)(p - length - 1);
	return p;
}

void slate_record_note_(struct slate_record *record,
			const struct record_note *note)
{
	const struct record_now now = now_of(record);
	slate_port_key key = port_lock();
	unsigned char *p;
	unsigned int i;

	if (!slate_record_open_(record, now.time, now.owner)) {
		port_unlock(key);
		slate_record_send_(record);
		return;
	}
	p = record->at;
	*p++ = (unsigned char)(note->kind << RECORD_NOTE_SHIFT);
	if (record->config->time)
		p = record_put(p, now.time - record->time);
	record->time = now.time;
	for (i = 0; i < note->n; i++)
		p = record_put(p, note->numbers[i]);
	if (note->has_text)
		p = put_text(p, note->text);
	finish(record, p, key);
}
