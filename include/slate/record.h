/* SPDX-License-Identifier: MIT */
/*
 * Layer 7: the recorder: every call of the tiers as a stream of events, for
 * tools on the desk. What the bytes mean stands in docs/recording.md.
 *
 * Events are packed into blocks of a buffer that the caller gives; nothing is
 * allocated. Each block stands for itself: a checksum, a number, and no
 * reference to others, so a recording may be cut off, may have gaps, and may
 * be read from a dump of memory. Blocks go out through a function of the
 * caller's, or stay in the buffer as a ring that keeps the newest.
 *
 * It never fails the program: what cannot go out is lost, and counted.
 */
#ifndef SLATE_RECORD_H
#define SLATE_RECORD_H

#include <slate/wrap.h>

SLATE_BEGIN_DECLS

/* The version of the format. */
#define SLATE_RECORD_VERSION	1

/* The least bytes of a block, and the size that 0 stands for. */
#define SLATE_RECORD_BLOCK_MIN	256
#define SLATE_RECORD_BLOCK	512

/* Call sites that a block remembers, so as to write them in one byte. */
#define SLATE_RECORD_SITES	32

/**
 * struct slate_record_config - where a recording goes and what is in it
 * @buffer: memory for blocks; the recorder's until slate_record_stop()
 * @size: bytes at @buffer: one block for @write, two with SLATE_CONFIG_LOCK
 *	and better more; three for a ring
 * @block: bytes of a block, SLATE_RECORD_BLOCK_MIN to 65535; 0 for
 *	SLATE_RECORD_BLOCK
 * @tiers: a set of SLATE_WRAP_*; 0 for all
 * @arg: handed to the functions
 * @write: put @len bytes out, all of them; 0, or else they are lost. Called
 *	with no lock held, by one caller at a time. NULL for a ring in @buffer
 * @time: now, in ticks of any length; may wrap at the end of a word; NULL for
 *	no times
 * @owner: whose the call is, a small integer; NULL for 0 always
 * @ticks: ticks of @time in a second, or 0 if that is not known
 * @build_id: bytes that tell this program from others, or NULL
 * @build_id_size: how many, at most 32
 * @name: what it is a recording of, or NULL; at most 64 bytes of it count
 *
 * @time and @owner are called with no lock held, once for each event.
 */
struct slate_record_config {
	void *buffer;
	size_t size;
	size_t block;
	unsigned int tiers;
	void *arg;
	int (*write)(void *arg, const void *data, size_t len);
	uintptr_t (*time)(void *arg);
	unsigned int (*owner)(void *arg);
	uintptr_t ticks;
	const void *build_id;
	size_t build_id_size;
	const char *name;
};

/**
 * struct slate_record - a recording under way
 * @wraps: the tiers' tables
 * @config: as given
 * @heap: the heap that is recorded; NULL before start and after stop
 * @block: bytes of a block
 * @nblocks: blocks of the buffer that events go to
 * @first: the first of them; behind the block of facts, for a ring
 * @oldest: number of the oldest full block that is not written yet
 * @nfull: how many wait to be written
 * @writing: somebody is in @config->write
 * @open: the block being filled, or NULL
 * @at: where its next event goes
 * @crc: checksum of it so far
 * @sequence: number of the next block
 * @events: events so far, lost ones too
 * @lost: events that found no block
 * @failed: blocks that could not be written
 * @marks: number of the next mark
 * @bytes: bytes of all finished blocks, written or kept
 * @address, @site, @time, @owner: what the next event is the difference to;
 *	start anew in each block
 * @sites: sites seen in this block, by a hash
 *
 * Zeroed before the first use. The fields are for reading.
 */
struct slate_record {
	struct slate_wrap wraps[SLATE_TIERS];
	const struct slate_record_config *config;
	struct slate_heap *heap;
	size_t block;
	size_t nblocks;
	unsigned char *first;
	size_t oldest;
	size_t nfull;
	bool writing;
	unsigned char *open;
	unsigned char *at;
	uint32_t crc;
	uint32_t sequence;
	uintptr_t events;
	uintptr_t lost;
	uintptr_t failed;
	uintptr_t marks;
	uintptr_t bytes;
	uintptr_t address;
	uintptr_t site;
	uintptr_t time;
	uintptr_t owner;
	uintptr_t sites[SLATE_RECORD_SITES];
};

/**
 * slate_record_start() - begin to record a heap
 * @record: zeroed, or stopped; the caller's until slate_record_stop()
 * @heap: the heap
 * @config: outlives the recording
 *
 * Writes a block of facts about the heap and the build, then an event for
 * each block that lives, then one for each call. Set it last, over other
 * wrappers, so that it sees what the program asks for.
 *
 * Context: the owner; nobody else may be in a call of the heap. O(heap).
 * Return: 0; -SLATE_EINVAL if the buffer or the block is too small, or too
 * large; -SLATE_EBUSY if @record is in use; -SLATE_ENOTSUP without
 * SLATE_CONFIG_HOOKS.
 */
int slate_record_start(struct slate_record *record, struct slate_heap *heap,
		       const struct slate_record_config *config)
		       SLATE_MUST_CHECK;

/**
 * slate_record_stop() - end a recording
 * @record: one that was started
 *
 * Writes what is left, with an event that says so. A ring stays readable in
 * its buffer.
 *
 * Context: the owner; nobody else may be in a call of the heap. O(block).
 * Return: 0; -SLATE_EINVAL if it is not recording; -SLATE_EBUSY if a wrapper
 * was set over it, and then it goes on.
 */
int slate_record_stop(struct slate_record *record) SLATE_MUST_CHECK;

/**
 * slate_record_flush() - write what is recorded so far
 * @record: one that was started
 *
 * Context: as the calls that are recorded. One block.
 */
void slate_record_flush(struct slate_record *record);

/**
 * slate_record_read() - put out what a ring holds
 * @record: one with a ring, recording or stopped
 * @write: as in struct slate_record_config
 * @arg: handed to it
 *
 * The facts, then the blocks from the oldest on: a recording as a file.
 *
 * Context: the owner; nobody else may be in a call of the heap. O(buffer).
 * Return: 0, -SLATE_EINVAL if it has no ring, or what @write returned.
 */
int slate_record_read(const struct slate_record *record,
		      int (*write)(void *arg, const void *data, size_t len),
		      void *arg) SLATE_MUST_CHECK;

/**
 * slate_record_mark() - put a mark into the stream
 * @record: one that was started, or nothing happens
 * @name: for people; at most 32 bytes of it count
 *
 * Context: as the calls that are recorded. O(length of the name).
 * Return: its number, from 0.
 */
unsigned int slate_record_mark(struct slate_record *record, const char *name);

/**
 * slate_record_name_owner() - tell the tools what an owner is called
 * @record: one that was started, or nothing happens
 * @owner: the owner
 * @name: for people; at most 32 bytes of it count
 *
 * Context: as slate_record_mark().
 */
void slate_record_name_owner(struct slate_record *record, unsigned int owner,
			     const char *name);

/**
 * slate_record_arena() - tell the tools that memory came or went
 * @record: one that was started, or nothing happens
 * @start: its first byte
 * @size: its bytes
 * @added: it came; else it is about to go
 *
 * For a program's struct slate_events.on_arena, which is the program's own,
 * and for slate_heap_add_region() and slate_heap_remove_region().
 *
 * Context: as slate_record_mark(). O(1).
 */
void slate_record_arena(struct slate_record *record, const void *start,
			size_t size, bool added);

SLATE_END_DECLS

#endif /* SLATE_RECORD_H */
