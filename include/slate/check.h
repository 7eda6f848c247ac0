/* SPDX-License-Identifier: MIT */
/*
 * Layer 2: misuse and corruption: their kinds, their report, who hears of
 * them. Nothing here stops a program; the port's slate_port_fault() decides.
 */
#ifndef SLATE_CHECK_H
#define SLATE_CHECK_H

#include <slate/config.h>

SLATE_BEGIN_DECLS

/* Errors, with the values of Linux' errno; calls return them negated. */
#define SLATE_ENOMEM	12
#define SLATE_EBUSY	16
#define SLATE_EEXIST	17
#define SLATE_EINVAL	22
#define SLATE_ENOSPC	28
#define SLATE_ENOTSUP	95
#define SLATE_EUCLEAN	117

struct slate_heap;

/**
 * enum slate_fault - what a program, or a stray write, did wrong
 * @SLATE_FAULT_FOREIGN: the pointer is in no arena of this heap
 * @SLATE_FAULT_UNALIGNED: no block can start at this address
 * @SLATE_FAULT_INTERIOR: the pointer is inside a live block, not at its start
 * @SLATE_FAULT_DOUBLE_FREE: the memory at the pointer is free already
 * @SLATE_FAULT_TABLE: the pointer is into slate's own tables
 * @SLATE_FAULT_CORRUPT: free memory was written to: a list link is broken
 * @SLATE_FAULT_TIER: the block belongs to another tier
 * @SLATE_FAULT_OVERFLOW: bytes behind the block were written
 * @SLATE_FAULT_UNDERFLOW: bytes before the block were written
 * @SLATE_FAULT_USE_AFTER_FREE: a freed block was written
 * @SLATE_FAULT_CONTEXT: a call from where it may not be called
 * @SLATE_FAULT_REFCOUNT: a reference to an object was dropped that nobody had
 * @SLATE_FAULT_TRAVERSE: an object's count is smaller than the references to
 *	it that traverse functions found
 *
 * TIER to CONTEXT are for wrappers of a tier's table that look closer than
 * the engines do; the engines report the first six. REFCOUNT and TRAVERSE are
 * the object layer's.
 */
enum slate_fault {
	SLATE_FAULT_FOREIGN,
	SLATE_FAULT_UNALIGNED,
	SLATE_FAULT_INTERIOR,
	SLATE_FAULT_DOUBLE_FREE,
	SLATE_FAULT_TABLE,
	SLATE_FAULT_CORRUPT,
	SLATE_FAULT_TIER,
	SLATE_FAULT_OVERFLOW,
	SLATE_FAULT_UNDERFLOW,
	SLATE_FAULT_USE_AFTER_FREE,
	SLATE_FAULT_CONTEXT,
	SLATE_FAULT_REFCOUNT,
	SLATE_FAULT_TRAVERSE
};

/**
 * struct slate_report - one thing found wrong
 * @kind: what it is
 * @address: where: the pointer given, the free chunk whose links are broken,
 *	or the unit whose tables disagree
 * @block: start of the block or chunk concerned, or NULL if there is none
 * @size: usable bytes at @block, 0 with @block NULL
 * @text: a constant sentence for a person, without a full stop
 */
struct slate_report {
	enum slate_fault kind;
	const void *address;
	const void *block;
	size_t size;
	const char *text;
};

/**
 * slate_fault_name() - a word for a kind of fault
 * @kind: the kind
 *
 * Context: Any. O(1).
 * Return: a constant string such as "double free"; "unknown fault" for a
 * value that is no kind.
 */
const char *slate_fault_name(enum slate_fault kind);

/**
 * slate_port_fault() - hear of misuse or corruption
 * @kind: what happened
 * @heap: the heap that was called
 * @where: the pointer given, or the free memory that was written
 *
 * Weak in every port, which prints (where it can) and stops. A program that
 * brings its own decides otherwise: if it returns, the call that found the
 * fault is dropped and the suspect block left alone, or, after corruption,
 * goes on once the free lists are rebuilt (SLATE_CONFIG_REPAIR).
 *
 * Context: whoever called slate, with no lock of slate's held.
 */
void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where);

SLATE_END_DECLS

#endif /* SLATE_CHECK_H */
