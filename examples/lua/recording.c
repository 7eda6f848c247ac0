// SPDX-License-Identifier: MIT
/*
 * The recorder with what this board has: a file by semihosting, and SysTick,
 * whose 24 bits are made a longer count with each call.
 */
#include <semihost.h>
#include <stdio.h>
#include <stdlib.h>

#include "recording.h"

#define SYST_CSR	(*(volatile uint32_t *)0xe000e010)
#define SYST_RVR	(*(volatile uint32_t *)0xe000e014)
#define SYST_CVR	(*(volatile uint32_t *)0xe000e018)
#define SYST_BITS	24
#define SYST_ON		5	/* by the processor's clock */

#define MODE_WRITE	5	/* "wb" in the semihosting specification */

/* Ticks are 32 cycles, so that the usual distance is one byte. */
#define CYCLES_SHIFT	5

static struct slate_record record;
static unsigned char buffer[1024];
static int fd;
static uint32_t last;
static uint32_t rest;
static uintptr_t ticks;

static int put(void *arg, const void *data, size_t len)
{
	(void)arg;
	return sys_semihost_write(fd, data, len) ? -1 : 0;
}

/* SysTick counts down. */
static uintptr_t now(void *arg)
{
	uint32_t count = SYST_CVR;
	uint32_t cycles = rest +
			  ((last - count) & ((1u << SYST_BITS) - 1));

	(void)arg;
	last = count;
	rest = cycles & ((1u << CYCLES_SHIFT) - 1);
	ticks += cycles >> CYCLES_SHIFT;
	return ticks;
}

static struct slate_record_config config = {
	.buffer = buffer,
	.size = sizeof(buffer),
	.write = put,
	.time = now,
	.ticks = DEMO_CLOCK >> CYCLES_SHIFT,
};

static void recording_end(void)
{
	if (slate_record_stop(&record))
		return;
	sys_semihost_close(fd);
	if (record.lost || record.failed)
		fprintf(stderr, "lua: the recording lacks %lu events and %lu "
			"blocks\n", (unsigned long)record.lost,
			(unsigned long)record.failed);
}

int recording_begin(struct slate_heap *heap, const char *file,
		    const char *name)
{
	fd = sys_semihost_open(file, MODE_WRITE);
	if (fd < 0) {
		fprintf(stderr, "lua: %s: cannot be written\n", file);
		return -1;
	}
	SYST_RVR = (1u << SYST_BITS) - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_ON;
	config.name = name;
	if (slate_record_start(&record, heap, &config)) {
		fprintf(stderr, "lua: no recording in this configuration\n");
		return -1;
	}
	atexit(recording_end);
	return 0;
}
