// SPDX-License-Identifier: MIT
/* Linked with a program, this prints the instructions of all of it. */
#include "console.h"
#include "count.h"

static void print(uint64_t n)
{
	const char digit = (char)('0' + n % 10);

	if (n > 9)
		print(n / 10);
	console_put(&digit, 1);
}

__attribute__((destructor)) static void end(void)
{
	print(count_instructions());
	console_put(" instructions\n", 14);
	console_flush();
}
