// SPDX-License-Identifier: MIT
/* The test program's way out on a host: write(2). */
#include <unistd.h>

#include "ktap.h"

void ktap_write(const char *s, size_t len)
{
	while (len) {
		ssize_t done = write(STDOUT_FILENO, s, len);

		if (done <= 0)
			_exit(2);
		s += done;
		len -= (size_t)done;
	}
}
