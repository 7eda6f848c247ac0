// SPDX-License-Identifier: MIT
#include "testing.h"

#define NGRANULES	10

/* 5 bytes of tables in front of a base that test_memory's alignment gives. */
static struct slate_arena arena_make(void)
{
	struct slate_arena arena;

	memset(&arena, 0, sizeof(arena));
	arena.base = test_memory + 64;
	arena.n = NGRANULES;
	arena.start = test_memory + 59;
	arena.size = 5 + NGRANULES * SLATE_GRANULE + 3;
	return arena;
}

static void arena_owns_its_granules_only(struct ktap *t)
{
	struct slate_arena arena = arena_make();
	unsigned char *end = arena.base + NGRANULES * SLATE_GRANULE;

	ktap_expect(t, slate_arena_owns(&arena, arena.base));
	ktap_expect(t, slate_arena_owns(&arena, end - 1));
	ktap_expect(t, !slate_arena_owns(&arena, arena.base - 1));
	ktap_expect(t, !slate_arena_owns(&arena, end));
	ktap_expect(t, !slate_arena_owns(&arena, arena.start));
	ktap_expect(t, !slate_arena_owns(&arena, NULL));
}

static void arena_spans_tables_and_ragged_ends(struct ktap *t)
{
	struct slate_arena arena = arena_make();
	unsigned char *start = arena.start;

	ktap_expect(t, slate_arena_spans(&arena, start));
	ktap_expect(t, slate_arena_spans(&arena, arena.base));
	ktap_expect(t, slate_arena_spans(&arena, start + arena.size - 1));
	ktap_expect(t, !slate_arena_spans(&arena, start - 1));
	ktap_expect(t, !slate_arena_spans(&arena, start + arena.size));
}

static void arena_index_undoes_ptr(struct ktap *t)
{
	struct slate_arena arena = arena_make();
	size_t g;

	for (g = 0; g < NGRANULES; g++) {
		unsigned char *ptr = slate_arena_ptr(&arena, g);

		ktap_expect(t, ptr == arena.base + g * SLATE_GRANULE);
		ktap_expect(t, slate_arena_index(&arena, ptr) == g);
		ptr += SLATE_GRANULE - 1;
		ktap_expect(t, slate_arena_index(&arena, ptr) == g);
	}
}

static void granules_rounds_up_and_is_never_0(struct ktap *t)
{
	size_t size;

	ktap_expect(t, slate_granules(0) == 1);
	for (size = 1; size < 20 * SLATE_GRANULE; size++)
		ktap_expect(t, slate_granules(size) ==
			    (size + SLATE_GRANULE - 1) / SLATE_GRANULE);
}

static void granules_of_ptrdiff_max_does_not_wrap(struct ktap *t)
{
	size_t n = slate_granules(PTRDIFF_MAX);

	ktap_expect(t, n == TEST_TOO_LARGE / SLATE_GRANULE);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(arena_owns_its_granules_only),
	KTAP_CASE(arena_spans_tables_and_ragged_ends),
	KTAP_CASE(arena_index_undoes_ptr),
	KTAP_CASE(granules_rounds_up_and_is_never_0),
	KTAP_CASE(granules_of_ptrdiff_max_does_not_wrap),
};

KTAP_SUITE(slate_arena, cases);
