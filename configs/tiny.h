/* SPDX-License-Identifier: MIT */
/*
 * The smallest slate: one region, blocks from the chunk engine only, nothing
 * counted, nothing replaceable, and the engine in as few bytes as it can be
 * had. Pointers are judged all the same, and links in free memory confirmed.
 */
#define SLATE_CONFIG_REGIONS	1
#define SLATE_CONFIG_SOURCE	0
#define SLATE_CONFIG_LINE	0
#define SLATE_CONFIG_POOL	0
#define SLATE_CONFIG_HOOKS	0
#define SLATE_CONFIG_STATS	0
#define SLATE_CONFIG_COMPACT	1
