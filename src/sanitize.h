/* SPDX-License-Identifier: MIT */
/*
 * Layer 3: telling a memory checker what the program may touch; empty twins
 * for builds without one. Memory that the engines have is open; debug hooks
 * close what is around a block and what is in quarantine.
 */
#ifndef SLATE_SANITIZE_H
#define SLATE_SANITIZE_H

#include <slate/port.h>

#if SLATE_CONFIG_SANITIZE

SLATE_INLINE void sanitize_open(void *start, size_t size)
{
	slate_port_open(start, size);
}

SLATE_INLINE void sanitize_close(void *start, size_t size)
{
	slate_port_close(start, size);
}

SLATE_INLINE void sanitize_live(void *ptr, size_t size, size_t defined)
{
	slate_port_live(ptr, size, defined);
}

SLATE_INLINE void sanitize_dead(void *ptr)
{
	slate_port_dead(ptr);
}

SLATE_INLINE unsigned char sanitize_peek(const unsigned char *p)
{
	return slate_port_peek(p);
}

SLATE_INLINE void sanitize_poke(unsigned char *p, unsigned char byte)
{
	slate_port_poke(p, byte);
}

#else

SLATE_INLINE void sanitize_open(void *start, size_t size)
{
	(void)start;
	(void)size;
}

SLATE_INLINE void sanitize_close(void *start, size_t size)
{
	(void)start;
	(void)size;
}

SLATE_INLINE void sanitize_live(void *ptr, size_t size, size_t defined)
{
	(void)ptr;
	(void)size;
	(void)defined;
}

SLATE_INLINE void sanitize_dead(void *ptr)
{
	(void)ptr;
}

SLATE_INLINE unsigned char sanitize_peek(const unsigned char *p)
{
	return *p;
}

SLATE_INLINE void sanitize_poke(unsigned char *p, unsigned char byte)
{
	*p = byte;
}

#endif /* SLATE_CONFIG_SANITIZE */

#endif /* SLATE_SANITIZE_H */
