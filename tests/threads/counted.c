// SPDX-License-Identifier: MIT
/*
 * Four threads that share objects: counts go up and down in all of them, each
 * drops what another may be about to get by a weak reference, and objects that
 * refer to shared ones come and go. In the end every count is right and
 * nothing is left. Linux, with SLATE_CONFIG_OBJECT_ATOMIC 1.
 */
#include <pthread.h>
#include <stdio.h>

#include <slate/slate.h>

#define THREADS		4
#define ROUNDS		20000
#define SHARED		8

struct item {
	struct slate_object base;
	struct slate_weakref *weak;
	struct slate_object *next;
	unsigned int check;
};

static _Alignas(64) unsigned char memory[1 << 20];
static struct slate_objects objects;
static struct slate_object *shared[SHARED];
static unsigned int ended;

/* A place that objects are handed over by, each time with its reference. */
static struct slate_object *places[SHARED];
static struct slate_weakref *weak[SHARED];
static pthread_mutex_t mutex[SHARED];

static void item_dealloc(struct slate_objects *objs, struct slate_object *obj)
{
	struct item *item = (struct item *)obj;

	if (item->check != 4711)
		__builtin_trap();
	item->check = 0;
	__atomic_add_fetch(&ended, 1, __ATOMIC_RELAXED);
	slate_clear_ref(objs, &item->next);
}

static const struct slate_type item_type = {
	.name = "item",
	.size = sizeof(struct item),
	.weak_offset = offsetof(struct item, weak),
	.dealloc = item_dealloc,
};

static struct slate_object *item_new(struct slate_object *next)
{
	struct item *item = slate_object_new(&objects, &item_type);

	if (!item)
		__builtin_trap();
	item->check = 4711;
	item->next = slate_newref(next);
	return &item->base;
}

/* Replace what is at a place, and the weak reference to it. */
static void replace(unsigned int i)
{
	struct slate_object *obj = item_new(shared[i]);
	struct slate_weakref *ref = slate_weakref_new(&objects, obj, NULL,
						      NULL);
	struct slate_object *old;
	struct slate_weakref *dead;

	pthread_mutex_lock(&mutex[i]);
	old = places[i];
	dead = weak[i];
	places[i] = obj;
	weak[i] = ref;
	pthread_mutex_unlock(&mutex[i]);
	slate_xdecref(&objects, old);
	if (dead)
		slate_decref(&objects, &dead->gc.base);
}

/* Get it by its weak reference, while another may drop it. */
static void look(unsigned int i)
{
	struct slate_weakref *ref;
	struct slate_object *obj;

	pthread_mutex_lock(&mutex[i]);
	ref = weak[i];
	if (ref)
		slate_incref(&ref->gc.base);
	pthread_mutex_unlock(&mutex[i]);
	if (!ref)
		return;
	obj = slate_weakref_get(ref);
	if (obj && ((struct item *)obj)->check != 4711)
		__builtin_trap();
	slate_xdecref(&objects, obj);
	slate_decref(&objects, &ref->gc.base);
}

static void *run(void *arg)
{
	unsigned int seed = (unsigned int)(uintptr_t)arg * 7919 + 1;
	unsigned int n;

	for (n = 0; n < ROUNDS; n++) {
		unsigned int i = seed >> 16 & (SHARED - 1);

		seed = seed * 1103515245 + 12345;
		slate_incref(shared[i]);
		if (seed >> 20 & 1)
			replace(i);
		else
			look(i);
		slate_decref(&objects, shared[i]);
	}
	return NULL;
}

static void drop_places(void)
{
	unsigned int i;

	for (i = 0; i < SHARED; i++) {
		slate_xdecref(&objects, places[i]);
		if (weak[i])
			slate_decref(&objects, &weak[i]->gc.base);
	}
}

static int finish(void)
{
	int result = 0;
	unsigned int i;

	for (i = 0; i < SHARED; i++) {
		if (slate_object_refs(shared[i]) != 1)
			result = 1;
		slate_decref(&objects, shared[i]);
	}
	printf("%u ended, %lu left, counts %s\n", ended,
	       (unsigned long)slate_objects_live(&objects),
	       result ? "wrong" : "right");
	return result || slate_objects_live(&objects) ||
	       !slate_heap_valid(objects.heap);
}

int main(void)
{
	pthread_t threads[THREADS];
	uintptr_t i;

	slate_objects_init(&objects, slate_heap_create(memory,
						       sizeof(memory)));
	for (i = 0; i < SHARED; i++) {
		shared[i] = item_new(NULL);
		pthread_mutex_init(&mutex[i], NULL);
	}
	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, (void *)i);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	drop_places();
	return finish();
}
