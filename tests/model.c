// SPDX-License-Identifier: MIT
#include "model.h"

void model_start(struct model *model, struct slate_heap *heap, void *start,
		 size_t size, unsigned int caps)
{
	memset(model, 0, sizeof(*model));
	model->heap = heap;
	model_add_span(model, start, size, caps);
}

void model_start_source(struct model *model, struct slate_heap *heap)
{
	memset(model, 0, sizeof(*model));
	model->heap = heap;
}

void model_add_span(struct model *model, void *start, size_t size,
		    unsigned int caps)
{
	unsigned int i = model->nspans++;

	model->spans[i].start = start;
	model->spans[i].size = size;
	model->spans[i].caps = caps;
	model->spans[i].gone = false;
}

struct search {
	uintptr_t ptr;
	size_t size;
	bool tables;
};

static int search_span(void *arg, const struct slate_span *span)
{
	struct search *search = arg;

	size_t off = search->ptr - (uintptr_t)span->ptr;

	if (off >= span->size || search->size > span->size - off)
		return 0;
	search->tables = span->kind == SLATE_SPAN_TABLES;
	return 1;
}

/* The span that holds all of [@ptr, @ptr + @size), or MODEL_SPANS. */
static unsigned int span_of(const struct model *model, const void *ptr,
			    size_t size)
{
	struct search search = { (uintptr_t)ptr, size, false };
	uintptr_t p = (uintptr_t)ptr;
	unsigned int i;

	if (!model->nspans)
		return slate_heap_map(model->heap, search_span, &search) ?
		       0 : MODEL_SPANS;
	for (i = 0; i < model->nspans; i++) {
		uintptr_t start = (uintptr_t)model->spans[i].start;

		if (!model->spans[i].gone && p >= start &&
		    p + size <= start + model->spans[i].size)
			return i;
	}
	return MODEL_SPANS;
}

static bool overlaps(const struct model *model, const unsigned char *ptr,
		     size_t size)
{
	unsigned int i;

	for (i = 0; i < MODEL_BLOCKS; i++) {
		const struct model_block *block = &model->blocks[i];

		if (block->ptr && ptr < block->ptr + block->usable &&
		    block->ptr < ptr + size)
			return true;
	}
	return false;
}

void model_take(struct ktap *t, struct model *model, unsigned int i,
		void *ptr, size_t size, size_t align, unsigned int caps)
{
	struct model_block *block = &model->blocks[i];
	size_t usable = slate_heap_usable_size(model->heap, ptr);
	unsigned int span = span_of(model, ptr, usable);

	ktap_expect(t, usable >= size && usable > 0);
	ktap_expect(t, test_aligned(ptr, align));
	ktap_expect(t, test_aligned(ptr, SLATE_GRANULE));
	if (!ktap_expect(t, span < MODEL_SPANS))
		return;
	ktap_expect(t, (model->spans[span].caps & caps) == caps);
	if (!ktap_expect(t, !overlaps(model, ptr, usable)))
		return;
	block->ptr = ptr;
	block->size = size;
	block->usable = usable;
	block->key = test_random();
	model->nlive++;
	test_fill(ptr, usable, block->key);
}

void model_drop(struct ktap *t, struct model *model, unsigned int i)
{
	struct model_block *block = &model->blocks[i];

	ktap_expect(t, test_filled(block->ptr, block->usable, block->key));
	block->ptr = NULL;
	model->nlive--;
}

void model_resize(struct ktap *t, struct model *model, unsigned int i,
		  void *ptr, size_t size)
{
	struct model_block old = model->blocks[i];
	size_t kept = size < old.usable ? size : old.usable;
	unsigned int caps = 0;

	/* Where regions are known, they are so after the block left them. */
	if (model->nspans)
		caps = model->spans[span_of(model, old.ptr, 1)].caps;
	if (!ptr) {
		ktap_expect(t, size > old.usable);
		ktap_expect(t, test_filled(old.ptr, old.usable, old.key));
		return;
	}
	ktap_expect(t, test_filled(ptr, kept, old.key));
	model->blocks[i].ptr = NULL;
	model->nlive--;
	model_take(t, model, i, ptr, size, 1, caps);
}

bool model_span_is_busy(const struct model *model, unsigned int span)
{
	unsigned int i;

	for (i = 0; i < MODEL_BLOCKS; i++) {
		if (model->blocks[i].ptr &&
		    span_of(model, model->blocks[i].ptr, 1) == span)
			return true;
	}
	return false;
}

bool model_judge(const struct model *model, const void *ptr,
		 enum slate_fault *kind)
{
	struct search search = { (uintptr_t)ptr, 1, false };
	unsigned int i;

	if (span_of(model, ptr, 1) == MODEL_SPANS) {
		*kind = SLATE_FAULT_FOREIGN;
		return true;
	}
	slate_heap_map(model->heap, search_span, &search);
	if (search.tables) {
		*kind = SLATE_FAULT_TABLE;
		return true;
	}
	if (search.ptr % SLATE_GRANULE) {
		*kind = SLATE_FAULT_UNALIGNED;
		return true;
	}
	*kind = SLATE_FAULT_DOUBLE_FREE;
	for (i = 0; i < MODEL_BLOCKS; i++) {
		const struct model_block *block = &model->blocks[i];
		size_t off = search.ptr - (uintptr_t)block->ptr;

		if (!block->ptr || off >= block->usable)
			continue;
		*kind = SLATE_FAULT_INTERIOR;
		return off != 0;
	}
	return true;
}

void model_check(struct ktap *t, const struct model *model)
{
	struct slate_stats stats = test_stats(model->heap);
	size_t size = 0;
	size_t live = 0;
	unsigned int i;

	for (i = 0; i < MODEL_BLOCKS; i++) {
		const struct model_block *block = &model->blocks[i];

		if (!block->ptr)
			continue;
		live += block->usable;
		ktap_expect(t, test_filled(block->ptr, block->usable,
					   block->key));
	}
	for (i = 0; i < model->nspans; i++) {
		if (!model->spans[i].gone)
			size += model->spans[i].size;
	}
	ktap_expect(t, stats.live == live);
	ktap_expect(t, stats.blocks == model->nlive);
	ktap_expect(t, stats.size == size || !model->nspans);
	ktap_expect(t, stats.size == stats.live + stats.free +
		    stats.overhead);
}
