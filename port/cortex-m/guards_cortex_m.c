// SPDX-License-Identifier: MIT
/*
 * Memory that nobody may touch, on Cortex-M: regions of the MPU, the last ones
 * first, since those win over others and programs start with region 0. All
 * else stays as it is by default (PRIVDEFENA). An MPU of Armv8-M has no right
 * that keeps privileged code from reading: there only writes are stopped.
 */
#include <slate/guards.h>
#include <slate/port.h>
#include <slate/word.h>

#define REG(address)	(*(volatile uint32_t *)(uintptr_t)(address))

#define MPU_TYPE	REG(0xe000ed90)
#define MPU_CTRL	REG(0xe000ed94)
#define MPU_RNR		REG(0xe000ed98)
#define MPU_RBAR	REG(0xe000ed9c)
#define MPU_RASR	REG(0xe000eda0)	/* Armv6-M and Armv7-M */
#define MPU_RLAR	REG(0xe000eda0)	/* Armv8-M */
#define MPU_MAIR1	REG(0xe000edc4)

#define CTRL_ENABLE	0x1u
#define CTRL_PRIVDEFENA	0x4u

#define RASR_ENABLE	0x1u
#define RASR_XN		(1u << 28)	/* and no access: AP is 0 */
#define RBAR_READ_ONLY	(2u << 1)
#define RBAR_XN		0x1u
#define RLAR_ENABLE	0x1u
#define RLAR_ATTR7	(7u << 1)
#define MAIR1_ATTR7	0x44000000u	/* normal memory, not cached */

#define STEP		32u

static unsigned int count(void)
{
	return MPU_TYPE >> 8 & 0xff;
}

static size_t step(void)
{
	return STEP;
}

#if __ARM_ARCH >= 8
/* The region that is selected covers @size bytes at @from; 0: nothing. */
static void set_region(uint32_t from, uint32_t size)
{
	MPU_RLAR = 0;
	if (!size)
		return;
	MPU_MAIR1 = (MPU_MAIR1 & 0xffffffu) | MAIR1_ATTR7;
	MPU_RBAR = from | RBAR_READ_ONLY | RBAR_XN;
	MPU_RLAR = (from + size - STEP) | RLAR_ATTR7 | RLAR_ENABLE;
}
#else
static void set_region(uint32_t from, uint32_t size)
{
	MPU_RASR = 0;
	if (!size)
		return;
	MPU_RBAR = from;
	MPU_RASR = RASR_XN | (slate_word_log2(size) - 1) << 1 | RASR_ENABLE;
}
#endif

static int close_end(unsigned int i, void *base, size_t size, size_t closed)
{
	slate_port_key key = slate_port_lock();

	MPU_RNR = count() - 1 - i;
	set_region((uint32_t)(uintptr_t)base + (size - closed), closed);
	MPU_CTRL |= CTRL_ENABLE | CTRL_PRIVDEFENA;
	__asm__ volatile("dsb\n\tisb" : : : "memory");
	slate_port_unlock(key);
	return 0;
}

static const struct slate_guards guards = {
	.count = count,
	.step = step,
	.close = close_end,
};

const struct slate_guards *slate_port_guards(void)
{
	return &guards;
}
