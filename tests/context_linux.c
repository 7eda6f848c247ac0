// SPDX-License-Identifier: MIT
/* Another context on Linux: a thread, which takes the lock itself. */
#define _DEFAULT_SOURCE	/* sigaction, also with -std=c11 */

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include <slate/port.h>

#include "context.h"

/* Turns that the thread is given, should the lock not stop it. */
#define AWHILE	1000

const bool context_lock_nests = false;

static pthread_t thread;
static void (*pending)(void);
static int running;

static void *run(void *arg)
{
	slate_port_key key;

	(void)arg;
	__atomic_store_n(&running, 1, __ATOMIC_SEQ_CST);
	key = slate_port_lock();
	pending();
	slate_port_unlock(key);
	return NULL;
}

void context_open(void)
{
}

void context_close(void)
{
}

void context_start(void (*fn)(void))
{
	unsigned int n;

	pending = fn;
	__atomic_store_n(&running, 0, __ATOMIC_SEQ_CST);
	if (pthread_create(&thread, NULL, run, NULL))
		return;
	while (!__atomic_load_n(&running, __ATOMIC_SEQ_CST))
		sched_yield();
	for (n = 0; n < AWHILE; n++)
		sched_yield();
}

void context_finish(void)
{
	pthread_join(thread, NULL);
}

const struct slate_guards *context_guards(void)
{
	return slate_port_guards();
}

const bool context_stops_reads = true;

static sigjmp_buf back;
static const void *volatile where;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	where = info->si_addr;
	siglongjmp(back, 1);
}

bool context_faults(void (*fn)(void), const void **address)
{
	struct sigaction action;
	struct sigaction before;
	volatile bool faulted = true;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = on_fault;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGSEGV, &action, &before);
	if (!sigsetjmp(back, 1)) {
		fn();
		faulted = false;
	}
	sigaction(SIGSEGV, &before, NULL);
	*address = where;
	return faulted;
}

void *context_region(size_t *size)
{
	*size = 0;
	return NULL;
}
