// SPDX-License-Identifier: MIT
#include "sources.h"

struct test_source test_source;
struct test_source test_source_2;

static unsigned char *slots(void)
{
	uintptr_t first = (uintptr_t)test_memory + TEST_HEAP;
	uintptr_t aligned = (first + SOURCE_SIZE - 1) & ~(SOURCE_SIZE - 1);

	return test_memory + (aligned - (uintptr_t)test_memory);
}

static unsigned char *slot(const struct test_source *source, size_t at)
{
	return slots() + (source->from + at) * SOURCE_SIZE;
}

static bool is_run(const struct test_source *source, size_t at, size_t n,
		   unsigned char used)
{
	size_t i;

	for (i = at; i < at + n; i++) {
		if (i >= source->most || source->used[i] != used)
			return false;
	}
	return true;
}

static void *source_alloc(void *ctx, size_t size)
{
	struct test_source *source = ctx;
	size_t n = size / SOURCE_SIZE;
	size_t at;

	source->bad += !n || size % SOURCE_SIZE;
	if (++source->calls == source->fail_at)
		return NULL;
	for (at = 0; at + n <= source->most; at++) {
		if (!is_run(source, at, n, 0) ||
		    !test_aligned(slot(source, at), source->source.size))
			continue;
		memset(source->used + at, 1, n);
		memset(slot(source, at), 0xa5, size);
		source->out += (unsigned int)n;
		return slot(source, at) + source->skew;
	}
	return NULL;
}

static void source_free(void *ctx, void *ptr, size_t size)
{
	struct test_source *source = ctx;
	size_t n = size / SOURCE_SIZE;
	size_t off = (uintptr_t)ptr - (uintptr_t)slot(source, 0) - source->skew;
	size_t at = off / SOURCE_SIZE;

	if (off % SOURCE_SIZE || !n || !is_run(source, at, n, 1)) {
		source->bad++;
		return;
	}
	memset(source->used + at, 0, n);
	memset(slot(source, at), 0x5a, size);
	source->out -= (unsigned int)n;
}

struct test_source *sources_make(struct ktap *t)
{
	const size_t room = TEST_MEMORY - TEST_HEAP;

	if (!SLATE_CONFIG_SOURCE) {
		t->skip = "no sources in this configuration";
		return NULL;
	}
	if (room < 33 * SOURCE_SIZE) {
		t->skip = "memory too small for a source";
		return NULL;
	}
	memset(&test_source, 0, sizeof(test_source));
	test_source.source.ctx = &test_source;
	test_source.source.size = SOURCE_SIZE;
	test_source.source.alloc = source_alloc;
	test_source.source.free = source_free;
	test_source.most = (unsigned int)(room / SOURCE_SIZE - 1);
	if (test_source.most > SOURCE_SLOTS)
		test_source.most = SOURCE_SLOTS;
	return &test_source;
}

struct test_source *sources_make_two(struct ktap *t)
{
	struct test_source *first = sources_make(t);

	if (!first)
		return NULL;
	test_source_2 = *first;
	first->most /= 3;
	first->source.next = &test_source_2.source;
	test_source_2.from = first->most;
	test_source_2.most -= first->most;
	test_source_2.source.size = 2 * SOURCE_SIZE;
	test_source_2.source.ctx = &test_source_2;
	return first;
}

bool sources_are_whole(void)
{
	return !test_source.out && !test_source.bad && !test_source_2.out &&
	       !test_source_2.bad;
}
