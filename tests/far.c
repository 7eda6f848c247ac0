// SPDX-License-Identifier: MIT
#include "far.h"

#if defined(__linux__) || defined(_WIN32)
#define HAS_SPACE	1
#else
#define HAS_SPACE	0
#endif

static unsigned char space[HAS_SPACE ? (FAR_SLOTS + 1) * FAR_SIZE : 1];

unsigned char *far_slot(unsigned int i)
{
	size_t skip = -(uintptr_t)space & (FAR_SIZE - 1);

	return space + skip + i * FAR_SIZE;
}

struct far_state far_state;

static unsigned int run_at(unsigned int at)
{
	unsigned int n = 0;

	while (at + n < far_state.most && !far_state.used[at + n])
		n++;
	return n;
}

static void *stack_alloc(void *ctx, size_t size)
{
	unsigned int n = (unsigned int)(size / FAR_SIZE);
	unsigned int at = 0;

	(void)ctx;
	far_state.calls++;
	while (at < far_state.most && run_at(at) < n)
		at++;
	if (at == far_state.most)
		return NULL;
	memset(far_state.used + at, 1, n);
	memset(far_slot(at), far_state.fill, size);
	far_state.out += n;
	return far_slot(at);
}

static void stack_free(void *ctx, void *ptr, size_t size)
{
	size_t at = (size_t)((unsigned char *)ptr - far_slot(0)) / FAR_SIZE;
	size_t n = size / FAR_SIZE;

	(void)ctx;
	memset(ptr, 0x5a, size);
	while (n--) {
		far_state.bad += at >= FAR_SLOTS || !far_state.used[at];
		far_state.used[at++ % FAR_SLOTS] = 0;
		far_state.out--;
	}
}

const struct slate_arena_source far_dirty = {
	.size = FAR_SIZE,
	.alloc = stack_alloc,
	.free = stack_free,
};

const struct slate_arena_source far_clean = {
	.size = FAR_SIZE,
	.alloc = stack_alloc,
	.free = stack_free,
	.zeroed = true,
};

struct slate_heap *far_heap(struct ktap *t, unsigned int most,
			    const struct slate_arena_source *source)
{
	struct slate_heap *heap;

	if (!SLATE_CONFIG_SOURCE || !SLATE_CONFIG_POOL) {
		t->skip = "no sources or no pools in this configuration";
		return NULL;
	}
	if (!HAS_SPACE) {
		t->skip = "memory too small for arenas with many pools";
		return NULL;
	}
	memset(&far_state, 0, sizeof(far_state));
	far_state.most = most;
	far_state.fill = source->zeroed ? 0 : 0xa5;
	heap = slate_heap_create_from(source);
	ktap_expect(t, heap);
	return heap;
}

void far_end(struct ktap *t, struct slate_heap *heap)
{
	ktap_expect(t, faults_none());
	ktap_expect(t, slate_heap_valid(heap));
	slate_heap_destroy(heap);
	ktap_expect(t, far_state.out == 0 && far_state.bad == 0);
}

struct test_node *far_fill(struct ktap *t, struct slate_heap *heap,
			   size_t size, unsigned int slots)
{
	struct test_node *list = NULL;

	while (far_state.out < slots) {
		struct test_node *node = slate_obj_malloc(heap, size);

		if (!ktap_expect(t, node))
			break;
		node->next = list;
		list = node;
	}
	return list;
}

unsigned int far_slot_of(const void *ptr)
{
	const unsigned char *at = ptr;

	return (unsigned int)((size_t)(at - far_slot(0)) / FAR_SIZE);
}
