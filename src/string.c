// SPDX-License-Identifier: MIT
/*
 * Freestanding versions of the four functions that compilers may call on
 * their own, for programs without any libc. Bytes go through a volatile
 * pointer, which keeps a compiler from turning a loop into a call of the very
 * function it is in.
 */
#include <slate/config.h>

#if SLATE_CONFIG_STRING

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

void *memcpy(void *dst, const void *src, size_t n)
{
	volatile unsigned char *d = dst;
	const unsigned char *s = src;

	while (n--)
		*d++ = *s++;
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	volatile unsigned char *d = dst;
	const unsigned char *s = src;

	if ((uintptr_t)dst - (uintptr_t)src >= n)
		return memcpy(dst, src, n);
	while (n--)
		d[n] = s[n];
	return dst;
}

void *memset(void *dst, int byte, size_t n)
{
	volatile unsigned char *d = dst;

	while (n--)
		*d++ = (unsigned char)byte;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const volatile unsigned char *x = a;
	const volatile unsigned char *y = b;

	for (; n--; x++, y++) {
		unsigned char p = *x;
		unsigned char q = *y;

		if (p != q)
			return p < q ? -1 : 1;
	}
	return 0;
}

#else

/* ISO C wants a translation unit to hold something. */
extern const int slate_string_is_off;

#endif /* SLATE_CONFIG_STRING */
