/* SPDX-License-Identifier: MIT */
/* Three generations of collected objects, as CPython had them. */
#define SLATE_CONFIG_GENERATIONS	3
