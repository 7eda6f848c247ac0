/* SPDX-License-Identifier: MIT */
/* Every heap has debug hooks from its creation on, their state inside of it. */
#define SLATE_CONFIG_DEBUG	1
