/* SPDX-License-Identifier: MIT */
/* Check level 2: tables and lists are tested before each edit. */
#define SLATE_CONFIG_CHECK	2
