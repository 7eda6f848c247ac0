// SPDX-License-Identifier: MIT
/* The far memory: a handler of SIGSEGV that maps what is missing. */
#define _GNU_SOURCE	/* MAP_FIXED_NOREPLACE */

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "far.h"

#define PAGE		((uintptr_t)4096)

static int request_file;
static unsigned char stack[65536];

static _Noreturn void give_up(const char *why, uintptr_t where)
{
	char text[80];
	int n = snprintf(text, sizeof(text), "%s 0x%llx\n", why,
			 (unsigned long long)where);

	if (write(STDERR_FILENO, text, (size_t)n) < 0)
		_exit(5);
	_exit(4);
}

static void read_all(unsigned char *p, size_t n)
{
	while (n) {
		ssize_t got = read(STDIN_FILENO, p, n);

		if (got <= 0)
			_exit(5);
		p += got;
		n -= (size_t)got;
	}
}

static void fetch(int signal, siginfo_t *info, void *context)
{
	uintptr_t where = (uintptr_t)info->si_addr;
	uint64_t page = where & ~(PAGE - 1);
	unsigned char found;
	void *at;

	(void)signal;
	(void)context;
	if (info->si_code != SEGV_MAPERR)
		give_up("not data", where);
	if (write(request_file, &page, sizeof(page)) != sizeof(page))
		_exit(5);
	read_all(&found, 1);
	if (!found)
		give_up("unreadable", where);
	at = mmap((void *)(uintptr_t)page, PAGE, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (at != (void *)(uintptr_t)page)
		give_up("unreadable", where);
	read_all(at, PAGE);
}

void far_begin(int requests)
{
	const stack_t alternate = {
		.ss_sp = stack, .ss_size = sizeof(stack),
	};
	struct sigaction action = {
		.sa_sigaction = fetch, .sa_flags = SA_SIGINFO | SA_ONSTACK,
	};

	request_file = requests;
	if (sigaltstack(&alternate, NULL) ||
	    sigaction(SIGSEGV, &action, NULL) ||
	    sigaction(SIGBUS, &action, NULL)) {
		perror("sigaction");
		exit(5);
	}
}
