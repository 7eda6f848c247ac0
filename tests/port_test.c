// SPDX-License-Identifier: MIT
/*
 * Is a port right? Run first, since the other suites believe it. Nothing here
 * calls more of slate than its port.
 */
#include "context.h"
#include "weak.h"
#include "testing.h"

static volatile unsigned int ran;
static volatile unsigned int ran_by_then;

static void run(void)
{
	ran++;
}

static void other_context_runs_without_the_lock(struct ktap *t)
{
	ran = 0;
	context_open();
	context_start(run);
	context_finish();
	context_close();
	ktap_expect(t, ran == 1);
}

static void lock_keeps_others_out(struct ktap *t)
{
	slate_port_key key;

	ran = 0;
	context_open();
	key = slate_port_lock();
	context_start(run);
	ran_by_then = ran;
	slate_port_unlock(key);
	context_finish();
	context_close();
	ktap_expect(t, ran_by_then == 0);
	ktap_expect(t, ran == 1);
}

static void unlock_puts_back_what_was(struct ktap *t)
{
	slate_port_key outer;
	slate_port_key inner;

	if (!context_lock_nests) {
		t->skip = "this port's lock does not nest";
		return;
	}
	ran = 0;
	context_open();
	outer = slate_port_lock();
	inner = slate_port_lock();
	context_start(run);
	slate_port_unlock(inner);
	context_finish();
	ran_by_then = ran;
	slate_port_unlock(outer);
	context_finish();
	context_close();
	ktap_expect(t, ran_by_then == 0);
	ktap_expect(t, ran == 1);
}

static void lock_can_be_taken_again(struct ktap *t)
{
	unsigned int i;

	for (i = 0; i < 1000; i++)
		slate_port_unlock(slate_port_lock());
	other_context_runs_without_the_lock(t);
}

static uintptr_t shared;

static void set_others(void)
{
	slate_port_or(&shared, 2);
}

static void or_returns_what_was(struct ktap *t)
{
	uintptr_t words[3] = { 0x11, 0, ~(uintptr_t)0 };
	uintptr_t top = ~(UINTPTR_MAX >> 1);

	ktap_expect(t, slate_port_or(&words[1], 5) == 0);
	ktap_expect(t, slate_port_or(&words[1], 4) == 5);
	ktap_expect(t, slate_port_or(&words[1], top) == 5);
	ktap_expect(t, slate_port_or(&words[1], 0) == (top | 5));
	ktap_expect(t, words[0] == 0x11 && words[2] == ~(uintptr_t)0);
	/* With the lock not held: it may be what makes it one step. */
	shared = 1;
	context_open();
	context_start(run);
	context_finish();
	ktap_expect(t, slate_port_or(&shared, 8) == 1);
	context_close();
	ktap_expect(t, shared == 9);
}

static void or_leaves_interrupts_as_they_were(struct ktap *t)
{
	slate_port_key key;

	if (!context_lock_nests) {
		t->skip = "this port's lock does not nest";
		return;
	}
	shared = 0;
	context_open();
	key = slate_port_lock();
	context_start(set_others);
	slate_port_or(&shared, 1);
	context_finish();
	ktap_expect(t, shared == 1);
	slate_port_unlock(key);
	context_finish();
	context_close();
	ktap_expect(t, shared == 3);
}

static void cpu_is_one_of_a_few(struct ktap *t)
{
	ktap_expect(t, slate_port_cpu() < 1024);
	ktap_expect(t, slate_port_cpu() == slate_port_cpu());
}

static void write_takes_any_length(struct ktap *t)
{
	slate_port_write("", 0);
	slate_port_write("# not these", 1);
	ktap_expect(t, true);
}

/* In no place that the program has for itself. */
static void region_is_memory_of_its_own(struct ktap *t)
{
	size_t size = 0;
	unsigned char *base = context_region(&size);
	volatile unsigned char *end;
	char here;

	if (!size) {
		ktap_expect(t, !base);
		t->skip = "this port has no region";
		return;
	}
	ktap_expect(t, (uintptr_t)base + size > (uintptr_t)base);
	ktap_expect(t, test_memory + TEST_MEMORY <= base ||
		    test_memory >= base + size);
	ktap_expect(t, (uintptr_t)&here - (uintptr_t)base >= size);
	ktap_expect(t, (uintptr_t)&shared - (uintptr_t)base >= size);
	end = base + size - 1;
	base[0] = 0x5a;
	*end = 0xa5;
	ktap_expect(t, size == 1 || base[0] == 0x5a);
	ktap_expect(t, *end == 0xa5);
	ktap_expect(t, context_region(&size) == base);
}

/* Take @n pieces of @size, all different, all memory; then give them back. */
static void take_and_give(struct ktap *t,
			  const struct slate_arena_source *source, size_t size,
			  unsigned int n)
{
	unsigned char *piece[8];
	bool whole = true;
	unsigned int i;

	for (i = 0; i < n; i++) {
		piece[i] = source->alloc(source->ctx, size);
		if (!ktap_expect(t, piece[i]))
			return;
		ktap_expect(t, test_aligned(piece[i], source->size));
		memset(piece[i], (int)i + 1, size);
	}
	for (i = 0; i < n; i++) {
		whole &= test_all(piece[i], size, (unsigned char)(i + 1));
		source->free(source->ctx, piece[i], size);
	}
	ktap_expect(t, whole);
}

static void source_brings_aligned_memory(struct ktap *t)
{
	const struct slate_arena_source *source = slate_port_source();
	unsigned int i;

	if (!source) {
		t->skip = "this port has no source";
		return;
	}
	ktap_expect(t, slate_is_power_of_two(source->size));
	ktap_expect(t, source->size >= 4096);
	take_and_give(t, source, source->size, 8);
	take_and_give(t, source, source->size * 5, 3);
	/* What is given back can be had again, for ever. */
	for (i = 0; i < 2000; i++) {
		void *p = source->alloc(source->ctx, source->size * 64);

		if (!ktap_expect(t, p))
			return;
		*(volatile char *)p = 1;
		source->free(source->ctx, p, source->size * 64);
	}
}

#ifndef SLATE_PORT_HUGE
#define SLATE_PORT_HUGE	((size_t)1)
#endif

static void large_arena_starts_with_a_huge_page(struct ktap *t)
{
	const struct slate_arena_source *source = slate_port_source();
	size_t size;

	if (!source || SLATE_PORT_HUGE == 1) {
		t->skip = "this port has no huge pages";
		return;
	}
	size = source->size;
	if (size < SLATE_PORT_HUGE)
		size = SLATE_PORT_HUGE;
	for (; size < 5 * SLATE_PORT_HUGE; size += source->size) {
		void *p = source->alloc(source->ctx, size);

		if (!ktap_expect(t, p))
			return;
		ktap_expect(t, test_aligned(p, SLATE_PORT_HUGE));
		source->free(source->ctx, p, size);
	}
}

static void source_says_no_to_the_impossible(struct ktap *t)
{
	const struct slate_arena_source *source = slate_port_source();
	size_t most;

	if (!source) {
		t->skip = "this port has no source";
		return;
	}
	most = SIZE_MAX & ~(source->size - 1);
	ktap_expect(t, !source->alloc(source->ctx, most));
}

/* What every program has to bring, or SLATE_CONFIG_STRING 1 brings. */
static void four_functions_are_there(struct ktap *t)
{
	unsigned char bytes[40];
	unsigned int i;

	for (i = 0; i < 40; i++)
		bytes[i] = (unsigned char)i;
	memmove(bytes + 3, bytes, 30);
	ktap_expect(t, bytes[3] == 0 && bytes[32] == 29 && bytes[33] == 33);
	memmove(bytes, bytes + 3, 30);
	ktap_expect(t, bytes[0] == 0 && bytes[29] == 29);
	memcpy(bytes + 20, bytes + 1, 5);
	ktap_expect(t, !memcmp(bytes + 20, bytes + 1, 5));
	ktap_expect(t, memcmp(bytes + 20, bytes, 5) > 0);
	memset(bytes + 1, 0x1ff, 38);
	ktap_expect(t, test_all(bytes + 1, 38, 0xff) && bytes[0] == 0);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(four_functions_are_there),
	KTAP_CASE(other_context_runs_without_the_lock),
	KTAP_CASE(lock_keeps_others_out),
	KTAP_CASE(unlock_puts_back_what_was),
	KTAP_CASE(lock_can_be_taken_again),
	KTAP_CASE(or_returns_what_was),
	KTAP_CASE(or_leaves_interrupts_as_they_were),
	KTAP_CASE(cpu_is_one_of_a_few),
	KTAP_CASE(write_takes_any_length),
	KTAP_CASE(region_is_memory_of_its_own),
	KTAP_CASE(source_brings_aligned_memory),
	KTAP_CASE(source_says_no_to_the_impossible),
	KTAP_CASE(large_arena_starts_with_a_huge_page),
};

KTAP_SUITE(slate_port, cases);
