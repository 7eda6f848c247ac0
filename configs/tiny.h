/* SPDX-License-Identifier: MIT */
/*
 * The smallest slate: one region, blocks from the chunk engine only, nothing
 * counted, nothing replaceable. Pointers are judged all the same.
 */
#define SLATE_CONFIG_REGIONS	1
#define SLATE_CONFIG_SOURCE	0
#define SLATE_CONFIG_LINE	0
#define SLATE_CONFIG_POOL	0
#define SLATE_CONFIG_HOOKS	0
#define SLATE_CONFIG_STATS	0
