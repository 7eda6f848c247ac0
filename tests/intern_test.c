// SPDX-License-Identifier: MIT
#include "testing.h"

/* A name with the number @i in it; its length. */
static size_t name_of(char *name, unsigned int i)
{
	size_t len = 0;

	name[len++] = 'n';
	do {
		name[len++] = (char)('a' + i % 26);
		i /= 26;
	} while (i);
	return len;
}

static const struct slate_string *get(struct slate_intern *table,
				      const char *text)
{
	return slate_intern_get(table, text, strlen(text));
}

static void finish(struct ktap *t, struct slate_heap *heap,
		   struct slate_intern *table)
{
	ktap_expect(t, slate_intern_count(table) == 0);
	ktap_expect(t, slate_intern_destroy(table) == 0);
	ktap_expect(t, test_is_empty(heap));
	slate_heap_destroy(heap);
}

static void intern_holds_equal_bytes_once(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_intern *table = slate_intern_create(heap, 0);
	const struct slate_string *a = get(table, "set");
	const struct slate_string *b = get(table, "set");
	const struct slate_string *c = get(table, "sets");

	ktap_expect(t, a && a == b && a != c);
	ktap_expect(t, a->len == 3 && !strcmp(a->text, "set"));
	ktap_expect(t, a->refs == 2 && c->refs == 1);
	ktap_expect(t, slate_intern_count(table) == 2);
	ktap_expect(t, slate_intern_find(table, "set", 3) == a);
	ktap_expect(t, !slate_intern_find(table, "se", 2));
	ktap_expect(t, slate_intern_destroy(table) == -SLATE_EBUSY);
	slate_intern_put(table, a);
	slate_intern_put(table, c);
	ktap_expect(t, slate_intern_find(table, "set", 3) == a);
	slate_intern_put(table, b);
	slate_intern_put(table, NULL);
	ktap_expect(t, slate_intern_destroy(NULL) == 0);
	finish(t, heap, table);
}

static void intern_takes_any_bytes(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_intern *table = slate_intern_create(heap, 0);
	const struct slate_string *none = slate_intern_get(table, "", 0);
	const struct slate_string *a = slate_intern_get(table, "a\0b", 3);
	const struct slate_string *b = slate_intern_get(table, "a\0c", 3);

	ktap_expect(t, none && none->len == 0 && !none->text[0]);
	ktap_expect(t, a != b && !memcmp(a->text, "a\0b", 4));
	slate_intern_put(table, none);
	slate_intern_put(table, a);
	slate_intern_put(table, b);
	finish(t, heap, table);
}

/* Two words of one length that FNV-1a cannot tell apart. */
static void intern_tells_strings_with_one_hash_apart(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_intern *table = slate_intern_create(heap, 0);
	const struct slate_string *a = get(table, "declinate");
	const struct slate_string *b = get(table, "macallums");
	const struct slate_string *c = get(table, "liquid");
	const struct slate_string *d = get(table, "costarring");

	ktap_expect(t, a != b && a->hash == b->hash && a->len == b->len);
	ktap_expect(t, c != d && c->hash == d->hash);
	ktap_expect(t, slate_intern_find(table, "declinate", 9) == a);
	ktap_expect(t, slate_intern_find(table, "liquid", 6) == c);
	slate_intern_put(table, a);
	slate_intern_put(table, b);
	slate_intern_put(table, c);
	slate_intern_put(table, d);
	finish(t, heap, table);
}

static void intern_keeps_a_string_whose_count_is_full(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_intern *table = slate_intern_create(heap, 0);
	const struct slate_string *a = get(table, "often");
	struct slate_string *writable = (struct slate_string *)(uintptr_t)a;

	writable->refs = UINT32_MAX - 1;
	ktap_expect(t, get(table, "often") == a && a->refs == UINT32_MAX);
	ktap_expect(t, get(table, "often") == a && a->refs == UINT32_MAX);
	slate_intern_put(table, a);
	ktap_expect(t, a->refs == UINT32_MAX);
	writable->refs = 1;
	slate_intern_put(table, a);
	finish(t, heap, table);
}

static void intern_drops_a_string_with_its_last_reference(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_intern *table = slate_intern_create(heap, 0);
	size_t blocks = test_stats(heap).blocks;
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		char name[8];
		size_t len = name_of(name, i);

		slate_intern_put(table, slate_intern_get(table, name, len));
	}
	ktap_expect(t, slate_intern_count(table) == 0);
	ktap_expect(t, test_stats(heap).blocks == blocks);
	finish(t, heap, table);
}

static void intern_agrees_with_a_model(struct ktap *t)
{
	static const struct slate_string *held[60];
	struct slate_heap *heap = test_heap();
	struct slate_intern *table = slate_intern_create(heap, 0);
	unsigned int step;
	size_t n = 0;
	char name[8];
	size_t len;
	unsigned int i;

	memset(held, 0, sizeof(held));
	for (step = 0; step < 3000; step++) {
		i = test_below(60);
		len = name_of(name, i * 977);
		ktap_expect(t, slate_intern_find(table, name, len) == held[i]);
		if (held[i]) {
			slate_intern_put(table, held[i]);
			held[i] = NULL;
			n--;
		} else {
			held[i] = slate_intern_get(table, name, len);
			ktap_expect(t, held[i] && held[i]->len == len);
			n++;
		}
		ktap_expect(t, slate_intern_count(table) == n);
	}
	for (i = 0; i < 60; i++)
		slate_intern_put(table, held[i]);
	finish(t, heap, table);
}

static void intern_goes_on_when_it_cannot_grow(struct ktap *t)
{
	const struct test_tier *mem = &test_tiers[SLATE_TIER_MEM];
	struct slate_heap *heap = test_heap();
	struct slate_intern *table = slate_intern_create(heap, 0);
	const struct slate_string *last = NULL;
	struct test_node *list;
	struct test_node *node;
	unsigned int n = 0;
	char name[8];

	/* Single free blocks: for strings, not for more slots. */
	test_exhaust(heap, mem, 40, &list);
	for (node = list; node && node->next; node = node->next) {
		struct test_node *next = node->next;

		node->next = next->next;
		mem->free(heap, next);
		if (!node->next)
			break;
	}
	for (;;) {
		const struct slate_string *s;

		s = slate_intern_get(table, name, name_of(name, n));
		if (!s)
			break;
		last = s;
		n++;
	}
	ktap_expect(t, n > 16 && slate_intern_count(table) == n);
	ktap_expect(t, slate_intern_find(table, name, name_of(name, n - 1)) ==
		    last);
	while (n--)
		slate_intern_put(table, slate_intern_find(table, name,
							 name_of(name, n)));
	test_drain(heap, mem, &list);
	finish(t, heap, table);
}

static void intern_create_without_memory_loses_nothing(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct test_node *all;

	ktap_expect(t, !slate_intern_create(heap, TEST_HEAP));
	ktap_expect(t, !slate_intern_create(heap, SIZE_MAX));
	ktap_expect(t, test_is_empty(heap));
	test_exhaust(heap, &test_tiers[SLATE_TIER_MEM], sizeof(*all), &all);
	ktap_expect(t, !slate_intern_create(heap, 0));
	slate_heap_destroy(heap);
}

static void intern_put_reports_what_is_no_string_of_it(struct ktap *t)
{
	struct slate_heap *heap = test_heap();
	struct slate_intern *table = slate_intern_create(heap, 0);
	const struct slate_string *a = get(table, "a");
	struct slate_string local = { .refs = 1 };
	struct slate_string *other = slate_mem_calloc(heap, 1,
						      sizeof(*other) + 8);
	struct slate_string *small = slate_mem_malloc(heap, 1);

	slate_intern_put(table, &local);
	ktap_expect(t, faults_one(SLATE_FAULT_FOREIGN, heap, &local));
	slate_intern_put(table, other);
	ktap_expect(t, faults_one(SLATE_FAULT_TIER, heap, other));
	slate_intern_put(table, small);
	ktap_expect(t, faults_one(SLATE_FAULT_TIER, heap, small));
	slate_mem_free(heap, other);
	slate_mem_free(heap, small);
	slate_intern_put(table, a);
	slate_intern_put(table, a);
	ktap_expect(t, faults_one(SLATE_FAULT_DOUBLE_FREE, heap, a));
	finish(t, heap, table);
}

static const struct ktap_case cases[] = {
	KTAP_CASE(intern_holds_equal_bytes_once),
	KTAP_CASE(intern_takes_any_bytes),
	KTAP_CASE(intern_tells_strings_with_one_hash_apart),
	KTAP_CASE(intern_keeps_a_string_whose_count_is_full),
	KTAP_CASE(intern_drops_a_string_with_its_last_reference),
	KTAP_CASE(intern_agrees_with_a_model),
	KTAP_CASE(intern_goes_on_when_it_cannot_grow),
	KTAP_CASE(intern_create_without_memory_loses_nothing),
	KTAP_CASE(intern_put_reports_what_is_no_string_of_it),
};

KTAP_SUITE(slate_intern, cases);
