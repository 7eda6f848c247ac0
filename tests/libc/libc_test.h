/* SPDX-License-Identifier: MIT */
/*
 * What the files of this program share: the suites, the faults and locks that
 * were seen, and which C library this is.
 */
#ifndef LIBC_TEST_H
#define LIBC_TEST_H

#include <slate_libc.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "ktap.h"

/* More than there is, and not known to the compiler as such. */
extern volatile size_t too_much;

/* Faults that slate reported since faults_forget(), and the last kind. */
extern unsigned int faults_seen;
extern enum slate_fault faults_last;

/* What went to stdout; stdout_take() ends it with a NUL and begins anew. */
const char *stdout_take(void);

/* Let the library take what it keeps. */
void stdio_warm_up(void);

/**
 * struct locks - how often the locks were taken
 * @libc: the C library's own
 * @port: slate_port_lock()
 * @depth: how deep the C library's is now
 * @deepest: how deep it has been
 * @port_depth: how deep slate_port_lock() is now
 */
struct locks {
	unsigned int libc;
	unsigned int port;
	int depth;
	int deepest;
	int port_depth;
};

extern struct locks locks;

extern const struct ktap_suite libc_suite;
extern const struct ktap_suite stdio_suite;
extern const struct ktap_suite lock_suite;
extern const struct ktap_suite stack_suite;
extern const struct ktap_suite cxx_suite;

#ifdef __cplusplus
}
#endif

#endif /* LIBC_TEST_H */
