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

const struct slate_guards *context_guards(void)
{
	return slate_port_guards();
}

const bool context_stops_reads = true;

static void *back[5];
static const void *volatile where;

static void resume(void)
{
	__builtin_longjmp(back, 1);
}

/* The program goes on in resume(), on a stack that is aligned as for a call. */
static LONG CALLBACK on_fault(EXCEPTION_POINTERS *fault)
{
	if (fault->ExceptionRecord->ExceptionCode !=
	    EXCEPTION_ACCESS_VIOLATION)
		return EXCEPTION_CONTINUE_SEARCH;
	where = (const void *)fault->ExceptionRecord->ExceptionInformation[1];
	fault->ContextRecord->Rip = (DWORD64)(uintptr_t)resume;
	fault->ContextRecord->Rsp = (fault->ContextRecord->Rsp & ~15ull) - 40;
	return EXCEPTION_CONTINUE_EXECUTION;
}

static __attribute__((noinline)) bool is_stopped(void (*fn)(void))
{
	if (__builtin_setjmp(back))
		return true;
	fn();
	return false;
}

bool context_faults(void (*fn)(void), const void **address)
{
	void *handler = AddVectoredExceptionHandler(1, on_fault);
	bool faulted = is_stopped(fn);

	RemoveVectoredExceptionHandler(handler);
	*address = where;
	return faulted;
}

void *context_region(size_t *size)
{
	*size = 0;
	return NULL;
}
