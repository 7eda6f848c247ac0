// SPDX-License-Identifier: MIT
/*
 * What a debugger or a tool must know of this build to read a heap in memory,
 * without debugging information: how it was configured, and how large its
 * structs came out. A tool compiles slate the same way and compares.
 *
 * Nothing refers to it, so it costs nothing until it is asked for: the linker
 * is told "-u slate_layout_", as for the programs of this project.
 */
#include <slate/debug.h>
#include <slate/owner.h>
#include <slate/record.h>
#include <slate/trace.h>

#include "heap_state.h"

#define LAYOUT_MAGIC	0x4c534c54u
#define LAYOUT_VERSION	1

enum { OPTIONS = 16, SIZES = 12 };

/**
 * struct layout - all that tools read, in this order
 * @magic: LAYOUT_MAGIC, in this machine's order of bytes
 * @version: LAYOUT_VERSION; changes when what follows does
 * @word: bytes of a word
 * @options: SLATE_CONFIG_ numbers that decide how a heap lies in memory
 * @sizes: bytes of structs, and where some fields are
 */
struct layout {
	uint32_t magic;
	uint8_t version;
	uint8_t word;
	uint8_t noptions;
	uint8_t nsizes;
	uint32_t options[OPTIONS];
	uint32_t sizes[SIZES];
};

extern const struct layout slate_layout_;

const struct layout slate_layout_ = {
	.magic = LAYOUT_MAGIC,
	.version = LAYOUT_VERSION,
	.word = sizeof(uintptr_t),
	.noptions = OPTIONS,
	.nsizes = SIZES,
	.options = {
		SLATE_CONFIG_GRANULE, SLATE_CONFIG_REGIONS,
		SLATE_CONFIG_SOURCE, SLATE_CONFIG_LINE, SLATE_CONFIG_POOL,
		SLATE_CONFIG_HOOKS, SLATE_CONFIG_STATS, SLATE_CONFIG_LOCK,
		SLATE_CONFIG_CHECK, SLATE_CONFIG_REPAIR, SLATE_CONFIG_DEBUG,
		SLATE_CONFIG_QUARANTINE, SLATE_CONFIG_FILL_CLEAN,
		SLATE_CONFIG_FILL_DEAD, SLATE_CONFIG_FILL_FORBIDDEN,
		SLATE_CONFIG_COMPACT,
	},
	.sizes = {
		sizeof(struct slate_arena), sizeof(struct slate_chunks),
		sizeof(struct slate_pools), sizeof(struct slate_heap),
		sizeof(struct slate_allocator), sizeof(struct slate_wrap),
		sizeof(enum slate_tier), _Alignof(uint64_t),
		sizeof(struct slate_debug), sizeof(struct slate_trace),
		sizeof(struct slate_record), sizeof(struct slate_owner),
	},
};
