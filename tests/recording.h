/* SPDX-License-Identifier: MIT */
/* What the suites on recording share: a heap, a recorder, and what it wrote. */
#ifndef RECORDING_H
#define RECORDING_H

#include "reading.h"
#include "wrapped.h"

#define RECORDING_BLOCK		SLATE_RECORD_BLOCK_MIN
#define RECORDING_FILE		1024

/**
 * struct recording - all that a case needs beside its heap
 * @record: the recorder
 * @config: its configuration
 * @reading: for what it wrote
 * @now: recording_now() counts here
 * @owner: who calls
 * @fails: the writes to come that fail
 * @events: read on the spot
 * @sum: over them
 * @written: bytes put out
 * @used: those of them that found room in @file
 * @buffer: the recorder's
 * @file: what recording_put() was given
 */
struct recording {
	struct slate_record record;
	struct slate_record_config config;
	struct reading reading;
	uintptr_t now;
	unsigned int owner;
	unsigned int fails;
	uintptr_t events;
	uint32_t sum;
	size_t written;
	size_t used;
	unsigned char buffer[3 * RECORDING_BLOCK];
	unsigned char file[RECORDING_FILE];
};

extern struct recording *recorded;

/* A clock and a write function; @arg is the struct recording. */
uintptr_t recording_now(void *arg);
int recording_put(void *arg, const void *data, size_t len);

/* A heap, and the usual configuration; NULL as wrapped_area(). */
struct slate_heap *recording_prepare(struct ktap *t);

/* Start the recorder as it is configured. */
void recording_begin(struct ktap *t, struct slate_heap *heap);

/* Both. */
struct slate_heap *recording_start(struct ktap *t);

/* Stop it; what it wrote is read next. */
void recording_stop(struct ktap *t);

#endif /* RECORDING_H */
