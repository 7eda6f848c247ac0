// SPDX-License-Identifier: MIT
/*
 * What the calls of caches, object pools, scopes and their like take, in
 * instructions of a Cortex-M: each is done ROUNDS times in a row, which is
 * counted, and what the loop around it takes is subtracted.
 */
#include <string.h>

#include <slate/slate.h>

#include "console.h"
#include "count.h"

#define ROUNDS	64u
#define SIZE	24

static struct slate_heap *heap;
static void *objects[ROUNDS];
static struct slate_cache *cache;
static struct slate_objpool pool;
static struct slate_scope scope;
static struct slate_intern *table;
static struct slate_array array;
static struct slate_ring ring;
static uint32_t item;
static unsigned int failures;

/* One round of an empty loop: a call, and a look at what it returned. */
static bool nothing(unsigned int i)
{
	return i < ROUNDS;
}

static bool obj_malloc(unsigned int i)
{
	objects[i] = slate_obj_malloc(heap, SIZE);
	return objects[i];
}

static bool obj_free(unsigned int i)
{
	slate_obj_free(heap, objects[i]);
	return true;
}

static bool cache_alloc(unsigned int i)
{
	objects[i] = slate_cache_alloc(cache);
	return objects[i];
}

static bool cache_free(unsigned int i)
{
	slate_cache_free(cache, objects[i]);
	return true;
}

static bool pool_acquire(unsigned int i)
{
	objects[i] = slate_objpool_acquire(&pool);
	return objects[i];
}

static bool pool_release(unsigned int i)
{
	slate_objpool_release(&pool, objects[i]);
	return true;
}

static bool scope_alloc(unsigned int i)
{
	(void)i;
	return slate_scope_alloc(&scope, SIZE);
}

static bool intern_get(unsigned int i)
{
	objects[i] = (void *)(uintptr_t)slate_intern_get(table, "register", 8);
	return objects[i];
}

static bool intern_put(unsigned int i)
{
	slate_intern_put(table, objects[i]);
	return true;
}

static bool array_push(unsigned int i)
{
	(void)i;
	return !slate_array_push(&array, &item);
}

static bool array_pop(unsigned int i)
{
	(void)i;
	return slate_array_pop(&array, &item);
}

static bool ring_push(unsigned int i)
{
	(void)i;
	return slate_ring_push(&ring, &item);
}

static bool ring_pop(unsigned int i)
{
	(void)i;
	return slate_ring_pop(&ring, &item);
}

static uint32_t measure(bool (*call)(unsigned int i), unsigned int rounds)
{
	uint64_t start = count_instructions();
	unsigned int i;

	for (i = 0; i < rounds; i++)
		failures += !call(i);
	return (uint32_t)(count_instructions() - start);
}

static void say(const char *text)
{
	console_put(text, strlen(text));
}

static void say_number(uint32_t n)
{
	const char digit = (char)('0' + n % 10);

	if (n > 9)
		say_number(n / 10);
	console_put(&digit, 1);
}

static void show(const char *name, bool (*call)(unsigned int i),
		 unsigned int rounds)
{
	uint32_t loop = measure(nothing, rounds);
	uint32_t all = measure(call, rounds);

	say("| ");
	say(name);
	say(" | ");
	say_number((all - loop + rounds / 2) / rounds);
	say(" |\n");
}

int main(int argc, char **argv)
{
	const char *words[1];
	size_t size = 0;
	void *memory;

	console_words(argc, argv, words, 1);
	memory = console_memory(&size);
	heap = slate_heap_create(memory, size);
	cache = slate_cache_create(heap, "object", SIZE, 0, NULL, NULL);
	table = slate_intern_create(heap, 0);
	slate_array_init(&array, heap, sizeof(item));
	if (slate_objpool_create(&pool, heap, ROUNDS, SIZE, 8, 0) ||
	    slate_array_reserve(&array, ROUNDS) ||
	    slate_ring_create(&ring, heap, ROUNDS, sizeof(item)))
		return 1;
	slate_scope_enter(&scope, heap, NULL, 2048);
	failures += !scope_alloc(0);
	objects[0] = NULL;

	show("slate_obj_malloc(), to compare", obj_malloc, ROUNDS);
	show("slate_obj_free(), to compare", obj_free, ROUNDS);
	show("slate_cache_alloc(), from the heap", cache_alloc, ROUNDS);
	show("slate_cache_free(), kept", cache_free, SLATE_CONFIG_CACHE);
	show("slate_cache_alloc(), kept", cache_alloc, SLATE_CONFIG_CACHE);
	slate_cache_set_cap(cache, 0);
	show("slate_cache_free(), to the heap", cache_free, ROUNDS);
	show("slate_objpool_acquire()", pool_acquire, ROUNDS);
	show("slate_objpool_release()", pool_release, ROUNDS);
	show("slate_scope_alloc()", scope_alloc, ROUNDS);
	show("slate_intern_get(), 8 characters", intern_get, ROUNDS);
	show("slate_intern_put()", intern_put, ROUNDS - 1);
	show("slate_array_push(), 4 bytes", array_push, ROUNDS);
	show("slate_array_pop(), 4 bytes", array_pop, ROUNDS);
	show("slate_ring_push(), 4 bytes", ring_push, ROUNDS);
	show("slate_ring_pop(), 4 bytes", ring_pop, ROUNDS);
	if (failures)
		say("some of these failed: the figures are no good\n");
	console_flush();
	return failures != 0;
}
