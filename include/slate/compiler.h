/* SPDX-License-Identifier: MIT */
/*
 * What slate asks of a compiler, in names of its own. gcc and clang share all
 * of it. Layer 0: includes nothing but freestanding headers.
 */
#ifndef SLATE_COMPILER_H
#define SLATE_COMPILER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define SLATE_BEGIN_DECLS	extern "C" {
#define SLATE_END_DECLS		}
#define SLATE_STATIC_ASSERT(cond, text)	static_assert(cond, text)
#else
#define SLATE_BEGIN_DECLS
#define SLATE_END_DECLS
#define SLATE_STATIC_ASSERT(cond, text)	_Static_assert(cond, text)
#endif

#define SLATE_MUST_CHECK	__attribute__((warn_unused_result))
/* A build for size lets the compiler decide what is worth a call. */
#ifdef __OPTIMIZE_SIZE__
#define SLATE_INLINE		static inline
#else
#define SLATE_INLINE		static inline __attribute__((always_inline))
#endif
#define SLATE_NOINLINE		__attribute__((noinline))
#define SLATE_WEAK		__attribute__((weak))
#define SLATE_LIKELY(cond)	__builtin_expect(!!(cond), 1)
#define SLATE_UNLIKELY(cond)	__builtin_expect(!!(cond), 0)

/* The struct that holds @member, given the address of that member. */
#define SLATE_CONTAINER_OF(ptr, type, member) \
	((type *)(uintptr_t)((uintptr_t)(ptr) - offsetof(type, member)))

#endif /* SLATE_COMPILER_H */
