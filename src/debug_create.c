// SPDX-License-Identifier: MIT
/* SLATE_CONFIG_DEBUG: debug hooks from a heap's creation on. */
#include "debug_state.h"

#if SLATE_CONFIG_DEBUG

SLATE_STATIC_ASSERT(sizeof(struct slate_debug) <=
		    SLATE_DEBUG_WORDS * sizeof(uintptr_t),
		    "the hooks' state fits into the heap");

/* Nothing lives, and no table was set: it cannot be refused. */
void slate_debug_create_(struct slate_heap *heap)
{
	(void)!slate_debug_enable(heap, (struct slate_debug *)heap->debug);
}

#endif /* SLATE_CONFIG_DEBUG */
