/* SPDX-License-Identifier: MIT */
/* Memory of another machine at its own addresses, fetched page by page. */
#ifndef READER_FAR_H
#define READER_FAR_H

/**
 * far_begin() - from now on, what is not mapped here is fetched
 *
 * @requests: an open file, where pages are asked for
 *
 * A read of, or a write to, an address where this program has nothing asks
 * for the page with its eight bytes of address on @requests; on stdin comes
 * one byte, 1, and then 4096 bytes, or a 0: then the program ends with status
 * 4 and "unreadable ADDRESS" on stderr. Writes stay here.
 */
void far_begin(int requests);

#endif /* READER_FAR_H */
