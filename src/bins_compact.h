/* SPDX-License-Identifier: MIT */
/*
 * The bins of a compact build: free chunks by size, two bins per power of two,
 * as rings through free memory. Each ring starts and ends in the table, whose
 * entry is a link like those of chunks; in links it goes by bin_code(). So a
 * chunk leaves its ring in the same way wherever it stands, and that it is the
 * first, the last, or alone, is what the table says as well.
 *
 * A link is obeyed only if what it leads to is the table's, or a free chunk by
 * the side bits, and links back.
 */
#ifndef SLATE_BINS_COMPACT_H
#define SLATE_BINS_COMPACT_H

/* The name of a bin in links: no chunk has such a number. */
SLATE_INLINE uint32_t bin_code(unsigned int bin)
{
	return ~(uint32_t)bin;
}

SLATE_INLINE bool bin_is_empty(const struct slate_chunks *c, unsigned int bin)
{
	return !(c->map[0] & slate_word_bit(bin));
}

/* The bin of a chunk of @n granules. */
unsigned int slate_bin_of_(size_t n);

/*
 * What a link can lead to: the table's entry, or a free chunk's link; NULL for
 * any other number.
 */
struct slate_link *slate_bins_link_at_(const struct slate_chunks *c,
				       uint32_t to);

/* Level 2: does the free chunk at @g belong into this bin? */
SLATE_INLINE bool bin_fits(const struct slate_chunks *c, size_t g,
			   unsigned int bin)
{
	return SLATE_CONFIG_CHECK < 2 ||
	       slate_bin_of_(slate_side_end_(c, g) - g) == bin;
}

#endif /* SLATE_BINS_COMPACT_H */
