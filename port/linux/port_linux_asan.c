// SPDX-License-Identifier: MIT
/*
 * What the program may touch, for AddressSanitizer: memory that is closed is
 * poisoned. It keeps no stacks of who allocated and freed; a debug report has
 * the sites.
 */
#include <slate/port.h>

#if SLATE_CONFIG_SANITIZE == 2

#include <sanitizer/asan_interface.h>

void slate_port_open(void *start, size_t size)
{
	__asan_unpoison_memory_region(start, size);
}

void slate_port_close(void *start, size_t size)
{
	__asan_poison_memory_region(start, size);
}

void slate_port_live(void *ptr, size_t size, size_t defined)
{
	(void)ptr;
	(void)size;
	(void)defined;
}

void slate_port_dead(void *ptr)
{
	(void)ptr;
}

__attribute__((no_sanitize_address))
unsigned char slate_port_peek(const unsigned char *p)
{
	return *p;
}

__attribute__((no_sanitize_address))
void slate_port_poke(unsigned char *p, unsigned char byte)
{
	*p = byte;
}

#endif /* SLATE_CONFIG_SANITIZE == 2 */
