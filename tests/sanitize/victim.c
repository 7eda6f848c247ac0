// SPDX-License-Identifier: MIT
/*
 * victim MISTAKE: a program for memory checkers, which makes one mistake in a
 * block of a pool, or none. It ends with 0 unless a checker stops it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <slate/slate.h>

static unsigned char memory[65536];
static struct slate_debug debug;
static struct slate_heap *heap;

static int is_pooled(void *arg, const struct slate_block *block)
{
	return block->ptr == arg && block->pooled ? 1 : 0;
}

/* A block of 20 bytes that was cut from a pool. */
static unsigned char *pooled(void)
{
	unsigned char *p;

	do {
		p = slate_obj_malloc(heap, 20);
		if (!p)
			exit(9);
	} while (!slate_heap_walk(heap, is_pooled, p));
	return p;
}

static void overflow_write(unsigned char *p)
{
	p[20] = 'x';
}

static void overflow_read(unsigned char *p)
{
	printf("%d\n", p[20]);
}

static void underflow_read(unsigned char *p)
{
	printf("%d\n", p[-1]);
}

static void read_after_free(unsigned char *p)
{
	slate_obj_free(heap, p);
	printf("%d\n", p[3]);
}

static void write_after_free(unsigned char *p)
{
	slate_obj_free(heap, p);
	p[19] = 'x';
}

static void read_after_realloc(unsigned char *p)
{
	slate_obj_realloc(heap, p, 100);
	printf("%d\n", p[0]);
}

static void read_uninitialised(unsigned char *p)
{
	puts(p[7] == 3 ? "three" : "other");
}

/* Everything that a program may do, many times. */
static void nothing(unsigned char *p)
{
	unsigned char *q[16] = { NULL };
	unsigned int i;

	memset(p, 1, slate_heap_usable_size(heap, p));
	for (i = 0; i < 3000; i++) {
		unsigned char **slot = &q[i * 7 % 16];
		size_t size = i * 31 % 400;

		if (i % 5 == 4) {
			slate_mem_free(heap, *slot);
			*slot = NULL;
			continue;
		}
		*slot = i % 3 || *slot ? slate_mem_realloc(heap, *slot, size)
				       : slate_mem_calloc(heap, 1, size);
		memset(*slot, 2, size);
	}
	slate_raw_free(heap, slate_raw_aligned_alloc(heap, 256, 100));
	if (slate_debug_check_all(heap) || !slate_heap_valid(heap))
		exit(8);
	slate_heap_destroy(heap);
	memset(memory, 0, sizeof(memory));
	heap = slate_heap_create(memory, sizeof(memory) / 2);
	slate_obj_free(heap, slate_obj_malloc(heap, 5));
}

static const struct {
	const char *name;
	void (*make)(unsigned char *p);
} mistakes[] = {
	{ "overflow_write", overflow_write },
	{ "overflow_read", overflow_read },
	{ "underflow_read", underflow_read },
	{ "read_after_free", read_after_free },
	{ "write_after_free", write_after_free },
	{ "read_after_realloc", read_after_realloc },
	{ "read_uninitialised", read_uninitialised },
	{ "nothing", nothing },
};

int main(int argc, char **argv)
{
	unsigned int i;

	heap = slate_heap_create(memory, sizeof(memory));
	if (argc != 2 || !heap || slate_debug_enable(heap, &debug))
		return 9;
	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		if (strcmp(argv[1], mistakes[i].name))
			continue;
		mistakes[i].make(pooled());
		return 0;
	}
	return 9;
}
