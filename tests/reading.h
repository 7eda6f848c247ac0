/* SPDX-License-Identifier: MIT */
/*
 * A recording read event by event, as docs/recording.md says and from nothing
 * else: no header of slate's is used for the format.
 */
#ifndef READING_H
#define READING_H

#include "testing.h"

/**
 * struct event - one event
 * @index: its number, from 0
 * @kind: 1 to 7, or 0 for a note
 * @note: the kind of note
 * @tier: 0 to 2
 * @null: no block
 * @owner: whose
 * @time: when
 * @old: the block of a resize
 * @ptr: the block
 * @size: bytes
 * @align: log2, of an aligned request
 * @caps: of an aligned request
 * @site: where from
 * @numbers: of a note
 * @text: of a note, in the recording
 * @length: of @text
 */
struct event {
	uintptr_t index;
	unsigned int kind;
	unsigned int note;
	unsigned int tier;
	bool null;
	uintptr_t owner;
	uintptr_t time;
	const void *old;
	const void *ptr;
	uintptr_t size;
	unsigned int align;
	uintptr_t caps;
	uintptr_t site;
	uintptr_t numbers[2];
	const unsigned char *text;
	unsigned int length;
};

/**
 * struct reading - where one is in a recording
 * @at: the next byte
 * @end: behind the last
 * @stop: behind the payload of this block
 * @blocks: blocks read
 * @bad: bytes that were skipped, as they are in no whole block
 * @number: of this block
 * @facts: payload of the facts, or NULL
 * @nfacts: bytes of it
 * @flags: of this block
 * @next: what is kept between events
 * @address: last address
 * @last_site: last site that was written
 * @sites: table
 */
struct reading {
	const unsigned char *at;
	const unsigned char *end;
	const unsigned char *stop;
	unsigned int blocks;
	size_t bad;
	uint32_t number;
	const unsigned char *facts;
	unsigned int nfacts;
	unsigned int flags;
	struct event next;
	uintptr_t address;
	uintptr_t last_site;
	uintptr_t sites[32];
};

void reading_begin(struct reading *r, const void *data, size_t size);

/* The next event; false at the end. */
bool reading_next(struct reading *r, struct event *event);

/* Number @n of the @i-th fact with @tag; 0 if there is none. */
uintptr_t reading_fact(const struct reading *r, unsigned int tag,
		       unsigned int i, unsigned int n);

#endif /* READING_H */
