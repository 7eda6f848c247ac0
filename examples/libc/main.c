// SPDX-License-Identifier: MIT
/* A program that knows nothing of slate. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	char *name = strdup("heap");
	double *list = calloc(10, sizeof(*list));

	list = realloc(list, 20 * sizeof(*list));
	if (!name || !list)
		return 1;
	list[3] = 2.5;
	printf("%s: %.2f\n", name, list[3]);
	fflush(stdout);
	free(list);
	free(name);
	return 0;
}
