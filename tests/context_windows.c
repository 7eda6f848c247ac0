// SPDX-License-Identifier: MIT
/* Another context on Windows: a thread, which takes the lock itself. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <slate/port.h>

#include "context.h"

/* Turns that the thread is given, should the lock not stop it. */
#define AWHILE	1000

const bool context_lock_nests = false;

static HANDLE thread;
static void (*pending)(void);
static volatile LONG running;

static DWORD WINAPI run(void *arg)
{
	slate_port_key key;

	(void)arg;
	InterlockedExchange(&running, 1);
	key = slate_port_lock();
	pending();
	slate_port_unlock(key);
	return 0;
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
	running = 0;
	thread = CreateThread(NULL, 0, run, NULL, 0, NULL);
	while (thread && !running)
		SwitchToThread();
	for (n = 0; n < AWHILE; n++)
		SwitchToThread();
}

void context_finish(void)
{
	WaitForSingleObject(thread, INFINITE);
	CloseHandle(thread);
}

void *context_region(size_t *size)
{
	*size = 0;
	return NULL;
}
