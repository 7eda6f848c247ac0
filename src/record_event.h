/* SPDX-License-Identifier: MIT */
/*
 * Layer 7, private: what goes into a recording. The first byte of an event is
 * its kind, with the tier and two flags above; that of a note has the kind of
 * note above instead.
 */
#ifndef SLATE_RECORD_EVENT_H
#define SLATE_RECORD_EVENT_H

#include "record_block.h"

#define RECORD_NOTE		0u
#define RECORD_MALLOC		1u
#define RECORD_CALLOC		2u
#define RECORD_ALIGNED		3u
#define RECORD_REALLOC		4u
#define RECORD_FREE		5u
#define RECORD_REALLOC_NULL	6u
#define RECORD_RESIZE		7u
#define RECORD_KIND		0x07u
#define RECORD_TIER_SHIFT	3
#define RECORD_NULL		0x20u	/* the call failed; free(NULL) */
#define RECORD_OWNER		0x80u	/* another owner than before */
#define RECORD_NOTE_SHIFT	3

enum record_note_kind {
	RECORD_MARK,		/* number, text */
	RECORD_ARENA,		/* start, size */
	RECORD_ARENA_GONE,	/* start, size */
	RECORD_END,		/* events lost, blocks failed */
	RECORD_OWNER_NAME,	/* owner, text */
	RECORD_LIVE		/* address, usable size; lives since before */
};

/* When an event is, and whose. */
struct record_now {
	uintptr_t time;
	unsigned int owner;
};

/**
 * struct record_call - one call of a tier
 * @head: its kind and tier
 * @align: of an aligned request, as a power of two
 * @caps: of an aligned request
 * @old: the block of a resize
 * @ptr: the block that it gave or takes back, or NULL
 * @size: bytes asked for
 * @site: where it was called from, or 0
 */
struct record_call {
	unsigned int head;
	unsigned char align;
	unsigned int caps;
	const void *old;
	const void *ptr;
	size_t size;
	const void *site;
};

/* What is no call: numbers, and a text for some. */
struct record_note {
	enum record_note_kind kind;
	unsigned int n;
	uintptr_t numbers[2];
	bool has_text;
	const char *text;
};

/* Add an event, then write what is full. No lock held. */
void slate_record_call_(struct slate_record *record,
			const struct record_call *call);
void slate_record_note_(struct slate_record *record,
			const struct record_note *note);

#endif /* SLATE_RECORD_EVENT_H */
