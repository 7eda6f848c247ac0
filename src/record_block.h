/* SPDX-License-Identifier: MIT */
/*
 * Layer 7, private: blocks of a recording: opened, closed, sent. An event is
 * built between slate_record_open_() and slate_record_commit_(), with the
 * lock held; what became full is written by slate_record_send_(), without.
 */
#ifndef SLATE_RECORD_BLOCK_H
#define SLATE_RECORD_BLOCK_H

#include <slate/record.h>
#include <slate/word.h>

#include "port_lock.h"

/* Bytes before and behind the payload of a block. */
#define RECORD_HEAD	12
#define RECORD_TAIL	4

/* The most bytes of a number, and of an event: head, owner, text, numbers. */
#define RECORD_NUMBER	((SLATE_WORD_BITS + 6) / 7)
#define RECORD_TEXT	32
#define RECORD_EVENT	(4 + RECORD_TEXT + 6 * RECORD_NUMBER)

/* A number, 7 bits a byte, the lowest first, bit 7 set in all but the last. */
SLATE_INLINE unsigned char *record_put(unsigned char *p, uintptr_t number)
{
	for (; number > 0x7f; number >>= 7)
		*p++ = (unsigned char)(number | 0x80);
	*p++ = (unsigned char)number;
	return p;
}

/* A difference: small ones of either sign become small numbers. */
SLATE_INLINE unsigned char *record_put_signed(unsigned char *p, uintptr_t diff)
{
	uintptr_t sign = (uintptr_t)0 - (diff >> (SLATE_WORD_BITS - 1));

	return record_put(p, (diff << 1) ^ sign);
}

/* An address with the bits below a granule, mostly 0, on top. */
SLATE_INLINE uintptr_t record_turn(const void *ptr)
{
	const unsigned int shift = SLATE_CONFIG_GRANULE == 16 ? 4 : 3;
	uintptr_t address = (uintptr_t)ptr;

	return address >> shift | address << (SLATE_WORD_BITS - shift);
}

/*
 * Lock held: a block with room for an event, or false and the event is lost.
 * Differences start anew where that is a new block.
 */
bool slate_record_open_(struct slate_record *record, uintptr_t time,
			unsigned int owner);

/* Lock held: the event from @record->at to @end is part of the open block. */
void slate_record_commit_(struct slate_record *record, unsigned char *end);

/* Lock held: the open block, if there is one, is done. */
void slate_record_close_(struct slate_record *record);

/* No lock held: write the blocks that are done, unless somebody does. */
void slate_record_send_(struct slate_record *record);

/* The place of block number @n of the queue or the ring. */
unsigned char *slate_record_block_(const struct slate_record *record,
				   size_t n);

/* Put out a block, unless nothing was ever written there. */
int slate_record_put_(const unsigned char *block,
		      int (*write)(void *arg, const void *data, size_t len),
		      void *arg);

/* Start a block of type @type at @block, open; where its payload goes. */
unsigned char *slate_record_begin_(struct slate_record *record,
				   unsigned char *block, unsigned char type);

/* Make the block of facts at @block, which is then open. */
void slate_record_facts_(struct slate_record *record, unsigned char *block);

#endif /* SLATE_RECORD_BLOCK_H */
