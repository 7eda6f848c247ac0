/* SPDX-License-Identifier: MIT */
/*
 * Included before every file of Lua's own (-include): what luaconf.h lets a
 * program decide. Numbers stay standard: 64-bit integers and doubles.
 */
#ifndef SLATE_LUA_CONFIG_H
#define SLATE_LUA_CONFIG_H

#include <stddef.h>
#include <stdint.h>

/* From the linker script: the stack grows down to here. */
extern unsigned char __slate_heap_end[];

static inline size_t lua_stack_left(void)
{
	return (uintptr_t)__builtin_frame_address(0) -
	       (uintptr_t)__slate_heap_end;
}

/*
 * Lua counts nested C calls and stops at a constant. What a level takes varies
 * from 100 bytes to 1.5 KiB, so on a small stack the stack itself is asked:
 * below 4 KiB the count is at its limit, and below 2 KiB it is beyond, which
 * ends an error in the handling of that error.
 */
#define LUAI_MAXCCALLS \
	(lua_stack_left() >= 4096 ? 200 : \
	 lua_stack_left() >= 2048 ? getCcalls(L) : 0)

/* Nested steps of a pattern match, 64 bytes each, that nobody else counts. */
#define MAXCCALLS	32

/* The same order of tables in every run. */
#define luai_makeseed(L)	((void)(L), 0x51a7e)

/* A line is no reason to flush; console.c says what is. */
#define lua_writeline()		lua_writestring("\n", 1)

#endif /* SLATE_LUA_CONFIG_H */
