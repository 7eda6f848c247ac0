/* SPDX-License-Identifier: MIT */
/*
 * Layer 1: bit functions on one machine word.
 *
 * A word is a uintptr_t, 32 or 64 bits. Where the CPU counts zeros in one
 * instruction the compiler's builtin is used; elsewhere (Armv6-M, RISC-V
 * without Zbb) the builtin would be a call into libgcc, so word.c has C
 * versions.
 */
#ifndef SLATE_WORD_H
#define SLATE_WORD_H

#include <slate/config.h>

SLATE_BEGIN_DECLS

#if UINTPTR_MAX > 0xffffffffu
#define SLATE_WORD_SHIFT	6
#define slate_builtin_ctz	__builtin_ctzll
#define slate_builtin_clz	__builtin_clzll
#else
#define SLATE_WORD_SHIFT	5
#define slate_builtin_ctz	__builtin_ctz
#define slate_builtin_clz	__builtin_clz
#endif
#define SLATE_WORD_BITS		(1u << SLATE_WORD_SHIFT)
#define SLATE_WORD_MASK		(SLATE_WORD_BITS - 1u)

#if defined(__ARM_FEATURE_CLZ) || defined(__x86_64__) || defined(__i386__) || \
	defined(__aarch64__) || defined(__riscv_zbb)
#define SLATE_HAVE_CLZ		1
#else
#define SLATE_HAVE_CLZ		0
#endif

/**
 * slate_word_log2_soft() - slate_word_log2() for a CPU without CLZ
 * @word: not 0
 *
 * Context: Any. O(1), no branch depends on anything but @word.
 * Return: as slate_word_log2().
 */
unsigned int slate_word_log2_soft(uintptr_t word);

/**
 * slate_word_ctz_soft() - slate_word_ctz() for a CPU without CLZ
 * @word: not 0
 *
 * Context: Any. O(1).
 * Return: as slate_word_ctz().
 */
unsigned int slate_word_ctz_soft(uintptr_t word);

/**
 * slate_word_ctz() - the number of the lowest bit that is set
 * @word: not 0
 *
 * Context: Any. O(1).
 * Return: 0 to SLATE_WORD_BITS - 1.
 */
SLATE_INLINE unsigned int slate_word_ctz(uintptr_t word)
{
	if (SLATE_HAVE_CLZ)
		return (unsigned int)slate_builtin_ctz(word);
	return slate_word_ctz_soft(word);
}

/**
 * slate_word_log2() - the number of the highest bit that is set
 * @word: not 0
 *
 * Context: Any. O(1).
 * Return: 0 to SLATE_WORD_BITS - 1.
 */
SLATE_INLINE unsigned int slate_word_log2(uintptr_t word)
{
	if (SLATE_HAVE_CLZ)
		return SLATE_WORD_MASK ^ (unsigned int)slate_builtin_clz(word);
	return slate_word_log2_soft(word);
}

/**
 * slate_word_bit() - a word with one bit set
 * @n: the bit, 0 to SLATE_WORD_BITS - 1
 *
 * Context: Any. O(1).
 * Return: the word.
 */
SLATE_INLINE uintptr_t slate_word_bit(size_t n)
{
	return (uintptr_t)1 << n;
}

/**
 * slate_word_below() - a word with the bits below one set
 * @n: the bit, 0 to SLATE_WORD_BITS - 1
 *
 * Context: Any. O(1).
 * Return: the word.
 */
SLATE_INLINE uintptr_t slate_word_below(size_t n)
{
	return slate_word_bit(n) - 1;
}

/**
 * slate_word_count() - how many bits are set
 * @word: any word
 *
 * Context: Any. O(bits set).
 * Return: 0 to SLATE_WORD_BITS.
 */
SLATE_INLINE unsigned int slate_word_count(uintptr_t word)
{
	unsigned int n = 0;

	for (; word; word &= word - 1)
		n++;
	return n;
}

/**
 * slate_is_power_of_two() - is exactly one bit set?
 * @word: any word
 *
 * Context: Any. O(1).
 * Return: true if so.
 */
SLATE_INLINE bool slate_is_power_of_two(uintptr_t word)
{
	return word && !(word & (word - 1));
}

/**
 * slate_size_product() - the bytes of an array
 * @nmemb: elements
 * @size: bytes of each
 * @bytes: set to the product
 *
 * Without a division: halves of words are multiplied.
 *
 * Context: Any. O(1).
 * Return: true; false if the product is above PTRDIFF_MAX, and then @bytes is
 * not to be used.
 */
SLATE_INLINE bool slate_size_product(size_t nmemb, size_t size, size_t *bytes)
{
	const unsigned int half = SLATE_WORD_BITS / 2;
	const size_t low = ((size_t)1 << half) - 1;
	size_t cross;

	*bytes = nmemb * size;
	if (!((nmemb | size) >> half))
		return *bytes <= PTRDIFF_MAX;
	if (nmemb >> half && size >> half)
		return false;
	cross = (nmemb >> half) * (size & low) + (size >> half) * (nmemb & low);
	if (cross >> half)
		return false;
	return *bytes >= cross << half && *bytes <= PTRDIFF_MAX;
}

SLATE_END_DECLS

#endif /* SLATE_WORD_H */
