// SPDX-License-Identifier: MIT
/* slate's obj tier with accounts of two owners, one of them with a budget. */
#include "../adapter.h"
#include <slate/slate.h>

static struct slate_owner owner;
static struct slate_owner_account accounts[2] = { { .budget = 1u << 30 } };
static struct slate_entry table[4096];
static const struct slate_owner_config config = {
	.accounts = accounts,
	.owners = 2,
	.table = table,
	.size = sizeof(table),
};

static void *init(void *base, size_t size)
{
	struct slate_heap *heap = slate_heap_create(base, size);

	if (heap && slate_owner_start(&owner, heap, &config))
		return NULL;
	return heap;
}

const struct bench_adapter bench_adapter = {
	.name = "slate-owner",
	.init = init,
	.malloc = BENCH_FN(slate_obj_malloc),
	.calloc = BENCH_FN(slate_obj_calloc),
	.realloc = BENCH_FN(slate_obj_realloc),
	.free = BENCH_FN(slate_obj_free),
};
