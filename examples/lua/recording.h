/* SPDX-License-Identifier: MIT */
#ifndef RECORDING_H
#define RECORDING_H

#include <slate/slate.h>

/**
 * recording_begin() - record a heap into a file of the machine that runs QEMU
 * @heap: the heap
 * @file: the file's name
 * @name: what is recorded
 *
 * It ends with the program; what could not be recorded is then said.
 *
 * Return: 0, or -1 and it was said why.
 */
int recording_begin(struct slate_heap *heap, const char *file,
		    const char *name);

#endif /* RECORDING_H */
