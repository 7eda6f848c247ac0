// SPDX-License-Identifier: MIT
#include "recording.h"

struct recording *recorded;

uintptr_t recording_now(void *arg)
{
	struct recording *r = arg;

	return r->now += 3;
}

int recording_put(void *arg, const void *data, size_t len)
{
	struct recording *r = arg;

	if (r->fails) {
		r->fails--;
		return -1;
	}
	r->written += len;
	if (len > RECORDING_FILE - r->used)
		return -1;
	memcpy(r->file + r->used, data, len);
	r->used += len;
	return 0;
}

struct slate_heap *recording_prepare(struct ktap *t)
{
	recorded = wrapped_area(t, sizeof(*recorded));
	if (!recorded)
		return NULL;
	recorded->config.buffer = recorded->buffer;
	recorded->config.size = 2 * RECORDING_BLOCK;
	recorded->config.block = RECORDING_BLOCK;
	recorded->config.arg = recorded;
	recorded->config.write = recording_put;
	return wrapped_heap(recorded);
}

void recording_begin(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, slate_record_start(&recorded->record, heap,
					  &recorded->config) == 0);
}

struct slate_heap *recording_start(struct ktap *t)
{
	struct slate_heap *heap = recording_prepare(t);

	if (heap)
		recording_begin(t, heap);
	return heap;
}

void recording_stop(struct ktap *t)
{
	ktap_expect(t, slate_record_stop(&recorded->record) == 0);
	reading_begin(&recorded->reading, recorded->file, recorded->used);
}
