// SPDX-License-Identifier: MIT
/*
 * What the program may touch, for Valgrind's memcheck. Outside of Valgrind
 * each of these requests is a few instructions that do nothing.
 */
#include <slate/port.h>

#if SLATE_CONFIG_SANITIZE == 1

#include <valgrind/memcheck.h>

void slate_port_open(void *start, size_t size)
{
	VALGRIND_MAKE_MEM_DEFINED(start, size);
}

void slate_port_close(void *start, size_t size)
{
	VALGRIND_MAKE_MEM_NOACCESS(start, size);
}

/* The red zone lets it say how far behind a block an address is. */
void slate_port_live(void *ptr, size_t size, size_t defined)
{
	VALGRIND_MALLOCLIKE_BLOCK(ptr, size, SLATE_CONFIG_GRANULE, 0);
	VALGRIND_MAKE_MEM_DEFINED(ptr, defined);
}

void slate_port_dead(void *ptr)
{
	VALGRIND_FREELIKE_BLOCK(ptr, SLATE_CONFIG_GRANULE);
}

unsigned char slate_port_peek(const unsigned char *p)
{
	unsigned char byte;

	VALGRIND_DISABLE_ERROR_REPORTING;
	byte = *p;
	VALGRIND_MAKE_MEM_DEFINED(&byte, sizeof(byte));
	VALGRIND_ENABLE_ERROR_REPORTING;
	return byte;
}

void slate_port_poke(unsigned char *p, unsigned char byte)
{
	VALGRIND_DISABLE_ERROR_REPORTING;
	*p = byte;
	VALGRIND_ENABLE_ERROR_REPORTING;
}

#endif /* SLATE_CONFIG_SANITIZE == 1 */
