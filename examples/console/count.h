/* SPDX-License-Identifier: MIT */
#ifndef COUNT_H
#define COUNT_H

#include <stdint.h>

/* Since before main(), in a QEMU that was started with -icount shift=10. */
uint64_t count_instructions(void);

#endif /* COUNT_H */
