// SPDX-License-Identifier: MIT
/* The names of the kinds of fault. */
#include <slate/check.h>

static const char *const names[] = {
	[SLATE_FAULT_FOREIGN] = "foreign pointer",
	[SLATE_FAULT_UNALIGNED] = "unaligned pointer",
	[SLATE_FAULT_INTERIOR] = "interior pointer",
	[SLATE_FAULT_DOUBLE_FREE] = "double free",
	[SLATE_FAULT_TABLE] = "pointer into the tables",
	[SLATE_FAULT_CORRUPT] = "free memory corrupted",
	[SLATE_FAULT_TIER] = "wrong tier",
	[SLATE_FAULT_OVERFLOW] = "overflow",
	[SLATE_FAULT_UNDERFLOW] = "underflow",
	[SLATE_FAULT_USE_AFTER_FREE] = "use after free",
	[SLATE_FAULT_CONTEXT] = "wrong context",
	[SLATE_FAULT_REFCOUNT] = "reference dropped too often",
	[SLATE_FAULT_TRAVERSE] = "reference count too small",
};

const char *slate_fault_name(enum slate_fault kind)
{
	if ((unsigned int)kind >= sizeof(names) / sizeof(names[0]))
		return "unknown fault";
	return names[kind];
}
