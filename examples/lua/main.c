// SPDX-License-Identifier: MIT
/*
 * Lua on a microcontroller: one heap in the board's static region, Lua's
 * objects from its obj tier, the C library's few buffers from its mem tier.
 * The command line is "lua [-r RECORDING] BYTES SCRIPT": what QEMU was told
 * with -semihosting.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <slate/slate.h>

#include "lua.h"
#include "lauxlib.h"
#include "lualib.h"

#include "console.h"
#include "heap_report.h"
#include "recording.h"

static struct slate_heap *heap;
static struct heap_report_counts counts;

/* picolibc's stdio wants a malloc for the files that a script opens. */
void *malloc(size_t size)
{
	return slate_mem_malloc(heap, size);
}

void *calloc(size_t nmemb, size_t size)
{
	return slate_mem_calloc(heap, nmemb, size);
}

void *realloc(void *ptr, size_t size)
{
	return slate_mem_realloc(heap, ptr, size);
}

void free(void *ptr)
{
	slate_mem_free(heap, ptr);
}

/* Misuse in here is a bug of this program: say so, and stop. */
void slate_port_fault(enum slate_fault kind, struct slate_heap *where_heap,
		      const void *where)
{
	(void)where_heap;
	fprintf(stderr, "lua: slate reports: %s at %p\n",
		slate_fault_name(kind), where);
	exit(3);
}

/* For a new block @old_size is no size but the kind of object. */
static void *lua_alloc(void *arg, void *ptr, size_t old_size, size_t size)
{
	void *block;

	if (!size) {
		counts.frees += ptr != NULL;
		slate_obj_free(arg, ptr);
		return NULL;
	}
	if (!ptr)
		old_size = 0;
	block = ptr ? slate_obj_realloc(arg, ptr, size) :
		      slate_obj_malloc(arg, size);
	if (!block)
		return NULL;
	counts.mallocs += !ptr;
	counts.reallocs += ptr != NULL;
	counts.bytes += size > old_size ? size - old_size : 0;
	return block;
}

static void print(void *arg, const char *text, size_t len)
{
	fwrite(text, 1, len, arg);
}

static int fail(lua_State *lua, int status, const char *script, size_t size)
{
	if (status == LUA_ERRMEM)
		fprintf(stderr, "lua: %s: not enough memory: it needs more than"
			" the heap of %lu bytes\n",
			script, (unsigned long)size);
	else if (lua_type(lua, -1) == LUA_TSTRING)
		fprintf(stderr, "lua: %s\n", lua_tostring(lua, -1));
	else
		fprintf(stderr, "lua: %s: error object is a %s value\n",
			script, luaL_typename(lua, -1));
	return EXIT_FAILURE;
}

static int too_small(size_t size)
{
	fprintf(stderr, "lua: a heap of %lu bytes is too small for the "
		"interpreter, before any script\n", (unsigned long)size);
	return EXIT_FAILURE;
}

static int open_libs(lua_State *lua)
{
	luaL_openlibs(lua);
	return 0;
}

static int run(const char *script, size_t size)
{
	lua_State *lua = lua_newstate(lua_alloc, heap);
	int status;

	if (!lua)
		return too_small(size);
	/* Collect well before the live data has doubled: the heap is small. */
	lua_gc(lua, LUA_GCINC, 120, 400, 0);
	lua_pushcfunction(lua, open_libs);
	if (lua_pcall(lua, 0, 0, 0))
		return too_small(size);
	status = luaL_loadfile(lua, script);
	if (!status)
		status = lua_pcall(lua, 0, 0, 0);
	if (status)
		return fail(lua, status, script, size);
	heap_report(heap, &counts, print, stdout);
	lua_close(lua);
	return EXIT_SUCCESS;
}

/* The word behind "-r ", cut out of @line, which then goes on behind it. */
static const char *take_recording(char **line)
{
	char *name = *line + 3;
	char *end;

	if (strncmp(*line, "-r ", 3))
		return NULL;
	end = strchr(name, ' ');
	if (!end)
		return NULL;
	*end = '\0';
	*line = end + 1;
	return name;
}

int main(void)
{
	const char *recording = NULL;
	char *line;
	size_t room;
	void *base = slate_port_region(&room);
	size_t size;
	char *script;

	console_init();
	line = strchr(console_command_line(), ' ');
	if (line && *++line)
		recording = take_recording(&line);
	size = line ? strtoul(line, &script, 10) : 0;
	if (!size || *script != ' ') {
		fprintf(stderr, "usage: lua [-r RECORDING] BYTES SCRIPT\n");
		return EXIT_FAILURE;
	}
	if (size > room) {
		fprintf(stderr, "lua: a heap of %lu bytes is too large for this"
			" board, which has %lu to spare\n",
			(unsigned long)size, (unsigned long)room);
		return EXIT_FAILURE;
	}
	heap = slate_heap_create(base, size);
	if (!heap)
		return too_small(size);
	if (recording && recording_begin(heap, recording, script + 1))
		return EXIT_FAILURE;
	return run(script + 1, size);
}
