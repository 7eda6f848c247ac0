/* SPDX-License-Identifier: MIT */
/*
 * The counting program on the target: what its files share, and the layout of
 * the job that the host puts into memory.
 *
 * The board is QEMU's mps2-an385 with -icount shift=10: one instruction takes
 * 1024 ns, and the timer at 25 MHz goes down by 25.6 in that time.
 */
#ifndef COUNT_H
#define COUNT_H

#include "../adapter.h"
#include <stdint.h>

/* The timer; its value goes down and wraps after 32 bits. */
#define TIMER_CONTROL	(*(volatile uint32_t *)0x40000000u)
#define TIMER_RELOAD	(*(volatile uint32_t *)0x40000008u)
#define TIMER_VALUE	(*(volatile uint32_t *)0x40000004u)

#define JOB_MAGIC	0x544c5331u	/* "1SLT" */
#define JOB_ADDRESS	0x20020000u
#define JOB_END		0x20400000u	/* the RAM behind the job ends here */

enum op_kind { OP_MALLOC, OP_CALLOC, OP_REALLOC, OP_FREE };

/* An op that begins anew: a fresh heap, all slots empty. */
#define OP_RESET	0xffffffffu

/* Marks in an op's result, if the job goes on after failures. */
#define COST_FAILED	0x80000000u	/* the call returned NULL */
#define COST_SKIPPED	0x40000000u	/* there was nothing to do it with */

/**
 * struct op - one call
 * @what: its kind in the upper two bits, its slot in the others
 * @size: bytes asked for; afterwards the instructions it took
 */
struct op {
	uint32_t what;
	uint32_t size;
};

/**
 * struct job - what to do, and afterwards what was found
 * @magic: JOB_MAGIC
 * @nops: operations in @ops
 * @nslots: blocks that may live at once
 * @base: the region that the heap gets
 * @size: its bytes
 * @goes_on: a failed allocation leaves its slot as it was; calls on an empty
 *	slot, and allocations into a busy one, are skipped
 * @done: set to the operations that were carried out
 * @status: set to an enum status
 * @ops: the operations
 */
struct job {
	uint32_t magic;
	uint32_t nops;
	uint32_t nslots;
	uint32_t base;
	uint32_t size;
	uint32_t goes_on;
	uint32_t done;
	uint32_t status;
	struct op ops[];
};

enum status {
	STATUS_DONE,
	STATUS_NO_HEAP,		/* the region is too small */
	STATUS_NO_MEMORY,	/* an allocation failed */
	STATUS_BAD_JOB,
	STATUS_BAD_COUNT,	/* calibration: known sequences count wrongly */
	STATUS_DAMAGE,		/* a block's bytes were not kept */
	STATUS_FAULT		/* the allocator or the processor complained */
};

/* Two readings of the timer. */
struct span {
	uint32_t start;
	uint32_t stop;
};

/**
 * bench_call() - call a function and read the timer just before and after
 * @fn: the function
 * @args: its three arguments
 * @span: set to the two readings
 *
 * Return: what the function returned.
 */
void *bench_call(bench_fn *fn, const uintptr_t args[3],
		 struct span *span);

/* The timer goes down by 25.6 an instruction; a reading is rounded. */
static inline uint32_t instructions(uint32_t ticks)
{
	return (ticks * 5 + 64) >> 7;
}

/* Functions of a known number of instructions, the return included. */
void known_1(void);
void known_2(void);
void known_12(void);
void known_loop(void);		/* 1 + 1000 * 2 + 1 */
void known_copy(void);		/* 4, and the copy */
void known_set(void);
void known_move(void);

/* Copying and clearing on behalf of the caller: what it took, to take off. */
struct payload {
	uint32_t cost;
	uint32_t calls[3];
};

extern struct payload payload;

enum { PAYLOAD_COPY, PAYLOAD_SET, PAYLOAD_MOVE };

void payload_clear(void);

/**
 * calibrate() - measure what the harness takes
 *
 * Return: 0, or -1 if known sequences do not count as they should.
 */
int calibrate(void);

/* Weak: what is noted of a call: its cost(), or what stretch.c has instead. */
uint32_t figure(const struct span *span);

/**
 * cost() - what one call took
 * @span: its readings; payload was cleared before the call
 *
 * Return: instructions of the function itself, copies taken off.
 */
uint32_t cost(const struct span *span);

/* Writes the job with its results to the host's file "counts", and ends. */
_Noreturn void finish(enum status status);

int main(void);

#endif /* COUNT_H */
