// SPDX-License-Identifier: MIT
#include "testing.h"

/*
 * Both functions, in both versions, on every word that has its highest bit at
 * @high and its lowest at @low, with @filler between.
 */
static void expect_ends(struct ktap *t, unsigned int low, unsigned int high,
			uintptr_t filler)
{
	uintptr_t between = slate_word_below(high) & ~slate_word_below(low);
	uintptr_t word = (filler & between) | slate_word_bit(low) |
			 slate_word_bit(high);

	ktap_expect(t, slate_word_ctz(word) == low);
	ktap_expect(t, slate_word_ctz_soft(word) == low);
	ktap_expect(t, slate_word_log2(word) == high);
	ktap_expect(t, slate_word_log2_soft(word) == high);
}

static void word_ends_are_found_for_every_pair(struct ktap *t)
{
	unsigned int low;
	unsigned int high;

	for (high = 0; high < SLATE_WORD_BITS; high++) {
		for (low = 0; low <= high; low++) {
			expect_ends(t, low, high, 0);
			expect_ends(t, low, high, UINTPTR_MAX);
			expect_ends(t, low, high, (uintptr_t)-1 / 3);
		}
	}
}

static void word_ends_are_found_among_random_bits(struct ktap *t)
{
	unsigned int i;

	for (i = 0; i < 20000; i++) {
		unsigned int high = test_below(SLATE_WORD_BITS);
		unsigned int low = test_below(high + 1);
		uintptr_t filler = (uintptr_t)((uint64_t)test_random() << 32 |
					       test_random());

		expect_ends(t, low, high, filler);
	}
}

static void word_ends_are_found_for_all_16_bits(struct ktap *t)
{
	uintptr_t word;
	unsigned int low;
	unsigned int high;

	for (word = 1; word < 0x10000; word++) {
		for (low = 0; !(word >> low & 1); low++)
			;
		for (high = low; word >> high > 1; high++)
			;
		if (slate_word_ctz(word) != low ||
		    slate_word_ctz_soft(word) != low ||
		    slate_word_log2(word) != high ||
		    slate_word_log2_soft(word) != high)
			break;
	}
	ktap_expect(t, word == 0x10000);
}

static void word_bit_sets_one_bit(struct ktap *t)
{
	uintptr_t expected = 1;
	unsigned int n;

	for (n = 0; n < SLATE_WORD_BITS; n++, expected += expected)
		ktap_expect(t, slate_word_bit(n) == expected);
	ktap_expect(t, expected == 0);
}

static void word_below_sets_the_bits_below(struct ktap *t)
{
	uintptr_t expected = 0;
	unsigned int n;

	for (n = 0; n < SLATE_WORD_BITS; n++) {
		ktap_expect(t, slate_word_below(n) == expected);
		expected += expected + 1;
	}
	ktap_expect(t, expected == UINTPTR_MAX);
}

static void word_count_counts(struct ktap *t)
{
	uintptr_t word;
	unsigned int naive;
	unsigned int bit;

	ktap_expect(t, slate_word_count(0) == 0);
	ktap_expect(t, slate_word_count(UINTPTR_MAX) == SLATE_WORD_BITS);
	for (word = 0; word < 0x1000; word++) {
		for (naive = 0, bit = 0; bit < 12; bit++)
			naive += (unsigned int)(word >> bit & 1);
		ktap_expect(t, slate_word_count(word) == naive);
	}
}

static void is_power_of_two_knows_them_all(struct ktap *t)
{
	uintptr_t next = 1;
	uintptr_t word;
	unsigned int n;

	for (word = 0; word < 0x2000; word++) {
		ktap_expect(t, slate_is_power_of_two(word) == (word == next));
		if (word == next)
			next *= 2;
	}
	for (n = 1; n < SLATE_WORD_BITS; n++) {
		word = slate_word_bit(n);
		ktap_expect(t, slate_is_power_of_two(word));
		ktap_expect(t, !slate_is_power_of_two(word + 1));
		ktap_expect(t, n == 1 || !slate_is_power_of_two(word - 1));
	}
}

/* Factors around every power of two, against the compiler's own answer. */
static void size_product_refuses_above_ptrdiff_max(struct ktap *t)
{
	const unsigned int n = 3 * SLATE_WORD_BITS;
	unsigned int i;
	unsigned int j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			size_t a = ((size_t)1 << i / 3) + i % 3 - 1;
			size_t b = ((size_t)1 << j / 3) + j % 3 - 1;
			size_t bytes;
			size_t naive;
			bool fits = !__builtin_mul_overflow(a, b, &naive) &&
				    naive <= PTRDIFF_MAX;

			ktap_expect(t, slate_size_product(a, b, &bytes) ==
				    fits);
			ktap_expect(t, !fits || bytes == naive);
		}
	}
}

static void size_product_agrees_on_random_factors(struct ktap *t)
{
	unsigned int i;

	for (i = 0; i < 20000; i++) {
		unsigned int cut = test_below(SLATE_WORD_BITS);
		size_t a = (size_t)((uint64_t)test_random() << 32 |
				    test_random()) >> cut;
		size_t b = (size_t)((uint64_t)test_random() << 32 |
				    test_random()) >>
			   (SLATE_WORD_BITS - 1 - cut);
		size_t bytes;
		size_t naive;
		bool fits = !__builtin_mul_overflow(a, b, &naive) &&
			    naive <= PTRDIFF_MAX;

		ktap_expect(t, slate_size_product(a, b, &bytes) == fits);
		ktap_expect(t, !fits || bytes == naive);
	}
}

static const struct ktap_case cases[] = {
	KTAP_CASE(word_ends_are_found_for_every_pair),
	KTAP_CASE(word_ends_are_found_among_random_bits),
	KTAP_CASE(word_ends_are_found_for_all_16_bits),
	KTAP_CASE(word_bit_sets_one_bit),
	KTAP_CASE(word_below_sets_the_bits_below),
	KTAP_CASE(word_count_counts),
	KTAP_CASE(is_power_of_two_knows_them_all),
	KTAP_CASE(size_product_refuses_above_ptrdiff_max),
	KTAP_CASE(size_product_agrees_on_random_factors),
};

KTAP_SUITE(slate_word, cases);
