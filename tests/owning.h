/* SPDX-License-Identifier: MIT */
/* What the suites on owners share: a heap, and accounts of its blocks. */
#ifndef OWNING_H
#define OWNING_H

#include "wrapped.h"

#define OWNERS	3
#define OWNED_SLOTS	16

/* All that a case needs beside its heap. */
struct owning {
	struct slate_owner owner;
	struct slate_owner_config config;
	struct slate_owner_account accounts[OWNERS];
	struct slate_entry table[32];
	void *slots[OWNED_SLOTS];
	unsigned char sizes[OWNED_SLOTS];
	unsigned char whose[OWNED_SLOTS];
};

extern struct owning *owned;
extern struct slate_owner *owner;

/* A heap, and the usual configuration; NULL as wrapped_area(). */
struct slate_heap *owning_prepare(struct ktap *t);

/* Start the accounts as they are configured. */
void owning_begin(struct ktap *t, struct slate_heap *heap);

/* Both. */
struct slate_heap *owning_start(struct ktap *t);

void owning_stop(struct ktap *t, struct slate_heap *heap);

/* What a request of @size is charged. */
size_t charged(size_t size);

/* Is this what @who has? */
bool owner_has(unsigned int who, size_t live, size_t blocks, size_t peak);

#endif /* OWNING_H */
