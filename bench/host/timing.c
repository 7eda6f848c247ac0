// SPDX-License-Identifier: MIT
/*
 * timing JOB: carries a job out once, and prints its nanoseconds and by how
 * many KiB the resident memory's peak rose.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "job.h"

static long long now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1000000000LL + at.tv_nsec;
}

/* KiB, the most so far; what getrusage() says began before this program. */
static long resident(void)
{
	char text[4096];
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	char *line;

	close(fd);
	text[n > 0 ? n : 0] = '\0';
	line = strstr(text, "VmHWM:");
	return line ? strtol(line + 6, NULL, 10) : 0;
}

int main(int argc, char **argv)
{
	struct job job;
	long before;
	long long start, stop;
	void *heap;

	if (argc != 2 || job_load(&job, argv[1]))
		return 2;
	before = resident();
	start = now();
	heap = bench_adapter.init(&job, 0);
	if (!heap || job_run(&job, heap, true) != job.nops) {
		fprintf(stderr, "%s: no memory\n", bench_adapter.name);
		return 1;
	}
	stop = now();
	printf("%lld %ld\n", stop - start, resident() - before);
	return 0;
}
