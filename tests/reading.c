// SPDX-License-Identifier: MIT
#include "reading.h"

/* Bit by bit, as the definition of CRC-32 has it. */
static uint32_t crc_32(uint32_t crc, const unsigned char *p, size_t n)
{
	unsigned int bit;

	for (crc = ~crc; n; n--) {
		crc ^= *p++;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

static uint32_t little(const unsigned char *p, unsigned int bytes)
{
	uint32_t number = 0;

	while (bytes)
		number = number << 8 | p[--bytes];
	return number;
}

static uintptr_t number(const unsigned char **p)
{
	unsigned int shift = 0;
	uintptr_t value = 0;

	do {
		value |= (uintptr_t)(**p & 0x7f) << shift;
		shift += 7;
	} while (*(*p)++ & 0x80);
	return value;
}

static uintptr_t difference(const unsigned char **p)
{
	uintptr_t value = number(p);

	return value & 1 ? (uintptr_t)0 - (value >> 1) - 1 : value >> 1;
}

static bool is_whole(const struct reading *r)
{
	size_t left = (size_t)(r->end - r->at);
	size_t n;

	if (left < 16 || r->at[0] != 'S' || r->at[1] != 'R' || r->at[2] != 1)
		return false;
	n = little(r->at + 10, 2);
	return left >= 16 + n && little(r->at + 12 + n, 4) ==
	       crc_32(crc_32(0, r->at, 10), r->at + 12, n);
}

/* The next block of events; @r->at is then in its payload. */
static bool next_block(struct reading *r)
{
	unsigned int n;

	for (;;) {
		unsigned char type;

		while (r->at < r->end && !is_whole(r)) {
			r->at++;
			r->bad++;
		}
		if (r->at == r->end)
			return false;
		n = little(r->at + 10, 2);
		r->number = little(r->at + 6, 4);
		r->flags = r->at[4];
		type = r->at[3];
		r->at += 12;
		r->blocks++;
		if (type == 'E')
			break;
		r->facts = r->at;
		r->nfacts = n;
		r->at += n + 4;
	}
	r->stop = r->at + n;
	r->next.index = number(&r->at);
	r->next.time = number(&r->at);
	r->next.owner = number(&r->at);
	r->address = 0;
	r->last_site = 0;
	memset(r->sites, 0, sizeof(r->sites));
	return true;
}

static const void *address(struct reading *r)
{
	unsigned int shift = r->flags >> 4;
	uintptr_t a = r->address += difference(&r->at);

	return (const void *)(a << shift | a >> (SLATE_WORD_BITS - shift));
}

static uintptr_t site(struct reading *r)
{
	unsigned char c = *r->at++;

	if (c == 64)
		return 0;
	if (c < 32)
		return r->sites[c];
	r->last_site += difference(&r->at);
	return r->sites[c - 32] = r->last_site;
}

static void read_note(struct reading *r, struct event *e)
{
	e->numbers[0] = number(&r->at);
	if (e->note != 0 && e->note != 4) {
		e->numbers[1] = number(&r->at);
		return;
	}
	e->length = *r->at++;
	e->text = r->at;
	r->at += e->length;
}

static void read_call(struct reading *r, struct event *e)
{
	if (e->kind == 4 || e->kind == 7)
		e->old = address(r);
	if (e->kind == 7)
		return;
	if (e->kind == 3) {
		e->align = *r->at++;
		e->caps = number(&r->at);
	}
	if (e->kind != 5)
		e->size = number(&r->at);
	if (!e->null)
		e->ptr = address(r);
	e->site = site(r);
}

bool reading_next(struct reading *r, struct event *event)
{
	unsigned int head;

	while (!r->stop || r->at == r->stop) {
		if (r->stop)
			r->at += 4;
		r->stop = NULL;
		if (!next_block(r))
			return false;
	}
	head = *r->at++;
	*event = (struct event){ .index = r->next.index++, .kind = head & 7 };
	if (!event->kind)
		event->note = head >> 3;
	else if (head & 0x80)
		r->next.owner = number(&r->at);
	if (r->flags & 2)
		r->next.time += number(&r->at);
	event->time = r->next.time;
	event->owner = r->next.owner;
	if (!event->kind) {
		read_note(r, event);
		return true;
	}
	event->tier = head >> 3 & 3;
	event->null = head & 0x20;
	read_call(r, event);
	return true;
}

void reading_begin(struct reading *r, const void *data, size_t size)
{
	memset(r, 0, sizeof(*r));
	r->at = data;
	r->end = r->at + size;
}

uintptr_t reading_fact(const struct reading *r, unsigned int tag,
		       unsigned int i, unsigned int n)
{
	const unsigned char *p = r->facts;
	const unsigned char *end = p + r->nfacts;
	uintptr_t value = 0;

	for (; p < end; p += 2 + p[1]) {
		const unsigned char *q = p + 2;

		if (p[0] != tag || i--)
			continue;
		do
			value = number(&q);
		while (n-- && q < p + 2 + p[1]);
		return value;
	}
	return 0;
}
