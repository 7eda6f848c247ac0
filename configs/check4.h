/* SPDX-License-Identifier: MIT */
/* Check level 4: poison, and the whole heap walked in and out of each call. */
#define SLATE_CONFIG_CHECK	4
