// SPDX-License-Identifier: MIT
/*
 * An interrupt and the main program use one heap at once. SysTick comes every
 * few hundred instructions of the main program's, a random number each time,
 * wherever that happens to be, and allocates, resizes or frees a block as the
 * main program does. Run in QEMU with -icount, where one instruction is a
 * fixed time.
 *
 * Each side has blocks of its own, filled with a byte of its own, which it
 * looks at before it gives them back. In the end the heap must be valid, what
 * is live must be the blocks that are held, to the byte, and when these are
 * freed all of it must be free again.
 *
 * Built with SLATE_CONFIG_LOCK 0, the same program must fail.
 */
#include <string.h>

#include <slate/slate.h>

#include "ktap.h"

#ifndef TEST_CALLS
#define TEST_CALLS	1000000u	/* of both sides together */
#endif
#ifndef TEST_HEAP
#define TEST_HEAP	4096
#endif
#define SLOTS		16	/* of each side */

/* Instructions of the main program's between two interrupts. */
#define LEAST		150u
#define SPREAD		511u

#define SYST_CSR	(*(volatile uint32_t *)0xe000e010u)
#define SYST_RVR	(*(volatile uint32_t *)0xe000e014u)
#define SYST_CVR	(*(volatile uint32_t *)0xe000e018u)
#define ICSR		(*(volatile uint32_t *)0xe000ed04u)
#define PENDSTCLR	(1u << 25)
#define CSR_CLOCK	4u
#define CSR_INT		3u

/**
 * struct side - one of the two
 * @tag: what its blocks are filled with
 * @random: its state
 * @calls: allocations, resizes and frees that it made
 * @refused: those that returned NULL
 * @damaged: blocks that had not kept their bytes
 * @ptr: its blocks, NULL if there is none
 * @size: bytes asked for, of each
 */
struct side {
	unsigned char tag;
	uint32_t random;
	volatile uint32_t calls;
	uint32_t refused;
	uint32_t damaged;
	unsigned char *ptr[SLOTS];
	size_t size[SLOTS];
};

void arm_systick_isr(void);

static unsigned char memory[TEST_HEAP] __attribute__((aligned(8)));
static struct slate_heap *heap;
static struct side program = { .tag = 0x5a, .random = 1 };
static struct side interrupt = { .tag = 0xc3, .random = 2 };
static volatile uint32_t faults;
static uint32_t ticks_256;	/* of SysTick, in 256 instructions */
static uint32_t seen_calls;	/* of the program's, when it was last looked */
static uint32_t stuck;		/* interrupts since then */

void slate_port_fault(enum slate_fault kind, struct slate_heap *where_heap,
		      const void *where)
{
	(void)kind;
	(void)where_heap;
	(void)where;
	faults++;
}

static uint32_t next(struct side *side)
{
	side->random ^= side->random << 13;
	side->random ^= side->random >> 17;
	side->random ^= side->random << 5;
	return side->random;
}

static bool kept(const unsigned char *ptr, size_t size, unsigned char tag)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (ptr[i] != tag)
			return false;
	return true;
}

static bool is_zero(const unsigned char *ptr, size_t size)
{
	return kept(ptr, size, 0);
}

/* Most are small, some are up to an eighth of the heap. */
static size_t some_size(struct side *side)
{
	uint32_t r = next(side);

	if (r % 16)
		return 1 + (r >> 8) % 100;
	return 1 + (r >> 8) % (TEST_HEAP / 8);
}

static void obtain(struct side *side, size_t at)
{
	size_t size = some_size(side);
	unsigned char *ptr;

	switch (next(side) >> 30) {
	case 0:
		ptr = slate_mem_calloc(heap, 1, size);
		side->damaged += ptr && !is_zero(ptr, size);
		break;
	case 1:
		ptr = slate_raw_aligned_alloc(heap, 32, size);
		break;
	case 2:
		ptr = slate_raw_malloc(heap, size);
		break;
	default:
		ptr = slate_mem_malloc(heap, size);
		break;
	}
	side->refused += !ptr;
	side->ptr[at] = ptr;
	side->size[at] = size;
	if (ptr)
		memset(ptr, side->tag, size);
}

static void resize(struct side *side, size_t at)
{
	size_t old = side->size[at];
	size_t size = some_size(side);
	unsigned char *ptr = slate_mem_realloc(heap, side->ptr[at], size);

	if (!ptr) {
		side->refused++;
		return;
	}
	side->damaged += !kept(ptr, old < size ? old : size, side->tag);
	memset(ptr, side->tag, size);
	side->ptr[at] = ptr;
	side->size[at] = size;
}

static void release(struct side *side, size_t at)
{
	side->damaged += !kept(side->ptr[at], side->size[at], side->tag);
	slate_mem_free(heap, side->ptr[at]);
	side->ptr[at] = NULL;
}

static void step(struct side *side)
{
	uint32_t r = next(side);
	size_t at = r % SLOTS;

	if (!side->ptr[at])
		obtain(side, at);
	else if (r >> 30)
		release(side, at);
	else
		resize(side, at);
	side->calls++;
}

/* SysTick as a one-shot: the next interrupt counts from the end of this. */
static void arm_next(void)
{
	uint32_t wait = LEAST + (next(&interrupt) & SPREAD);

	SYST_RVR = wait * ticks_256 >> 8;
	SYST_CVR = 0;
	ICSR = PENDSTCLR;
}

/* A main program that no longer moves is stuck in a broken heap. */
void arm_systick_isr(void)
{
	if (program.calls != seen_calls)
		stuck = 0;
	seen_calls = program.calls;
	if (++stuck > 10000) {
		ktap_write("\nBail out! the main program is stuck\n", 37);
		__builtin_trap();
	}
	step(&interrupt);
	arm_next();
}

/* 2048 instructions, in 1024 rounds. */
static void spin(void)
{
	uint32_t n = 1024;

	__asm__ volatile(".syntax unified\n"
			 "1: subs %0, #1\n\t"
			 "bne 1b" : "+l"(n) : : "cc");
}

static uint32_t measure_tick(void)
{
	uint32_t start;

	SYST_RVR = 0xffffff;
	SYST_CVR = 0;
	SYST_CSR = CSR_CLOCK | 1;
	start = SYST_CVR;
	spin();
	start = (start - SYST_CVR) & 0xffffff;
	SYST_CSR = 0;
	return start >> 3;
}

static size_t held_bytes(const struct side *side)
{
	size_t bytes = 0;
	size_t i;

	for (i = 0; i < SLOTS; i++)
		bytes += slate_heap_usable_size(heap, side->ptr[i]);
	return bytes;
}

static size_t held_blocks(const struct side *side)
{
	size_t blocks = 0;
	size_t i;

	for (i = 0; i < SLOTS; i++)
		blocks += side->ptr[i] != NULL;
	return blocks;
}

static void release_all(struct side *side)
{
	size_t i;

	for (i = 0; i < SLOTS; i++)
		if (side->ptr[i])
			release(side, i);
}

static int count_block(void *arg, const struct slate_block *block)
{
	(void)block;
	++*(size_t *)arg;
	return 0;
}

static void compete(void)
{
	ticks_256 = measure_tick();
	arm_next();
	SYST_CSR = CSR_CLOCK | CSR_INT;
	while (program.calls + interrupt.calls < TEST_CALLS && !faults)
		step(&program);
	SYST_CSR = 0;
}

static void an_interrupt_competes_with_the_program(struct ktap *t)
{
	struct slate_stats start, end;
	size_t blocks = 0;

	heap = slate_heap_create(memory, sizeof(memory));
	slate_heap_stats(heap, &start);
	compete();
	ktap_note("calls of the program", program.calls);
	ktap_note("calls of the interrupt", interrupt.calls);
	ktap_note("ticks in 256 instructions", ticks_256);
	ktap_note("calls refused for want of memory",
		  program.refused + interrupt.refused);
	ktap_expect(t, interrupt.calls > TEST_CALLS / 4);
	ktap_expect(t, program.calls > TEST_CALLS / 4);
	ktap_expect(t, !faults);
	if (!ktap_expect(t, slate_heap_valid(heap)))
		return;
	slate_heap_stats(heap, &end);
	slate_heap_walk(heap, count_block, &blocks);
	ktap_expect(t, end.live == held_bytes(&program) +
		    held_bytes(&interrupt));
	ktap_expect(t, end.blocks == held_blocks(&program) +
		    held_blocks(&interrupt));
	ktap_expect(t, end.blocks == blocks);
	ktap_expect(t, end.size == end.live + end.free + end.overhead);
	release_all(&program);
	release_all(&interrupt);
	slate_heap_stats(heap, &end);
	ktap_expect(t, !program.damaged && !interrupt.damaged);
	ktap_expect(t, !end.live && !end.blocks);
	ktap_expect(t, end.free == start.free);
	ktap_expect(t, slate_heap_valid(heap));
}

static const struct ktap_case cases[] = {
	KTAP_CASE(an_interrupt_competes_with_the_program),
};

static KTAP_SUITE(irq, cases);

int main(void)
{
	static const struct ktap_suite *const suites[] = { &irq_suite };

	return ktap_run(suites, 1, NULL, NULL);
}
