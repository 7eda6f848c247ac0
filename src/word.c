// SPDX-License-Identifier: MIT
/*
 * Count-zeros for CPUs that have no instruction for it. Six (five) halvings;
 * no table, no libgcc.
 */
#include <slate/word.h>

unsigned int slate_word_log2_soft(uintptr_t word)
{
	unsigned int n = 0;
	unsigned int half;

	for (half = SLATE_WORD_BITS / 2; half; half /= 2) {
		if (word >> half) {
			word >>= half;
			n += half;
		}
	}
	return n;
}

unsigned int slate_word_ctz_soft(uintptr_t word)
{
	return slate_word_log2_soft(word & (~word + 1));
}
