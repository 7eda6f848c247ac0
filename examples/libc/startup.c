// SPDX-License-Identifier: MIT
/* Vectors and the reset handler, as a vendor's start-up file has them. */
#include <stdint.h>
#include <stdlib.h>

extern uint32_t _sdata, _edata, _sidata, _sbss, _ebss, _estack;

int main(void);
void Reset_Handler(void);
void __libc_init_array(void);
void _exit(int status);
void _init(void);

void _init(void)
{
}

static void Default_Handler(void)
{
	_exit(3);
}

void Reset_Handler(void)
{
	uint32_t *from = &_sidata;
	uint32_t *to;

	for (to = &_sdata; to < &_edata; to++)
		*to = *from++;
	for (to = &_sbss; to < &_ebss; to++)
		*to = 0;
	__libc_init_array();
	_exit(main());
}

__attribute__((used, section(".isr_vector")))
static const uintptr_t vectors[16] = {
	(uintptr_t)&_estack, (uintptr_t)Reset_Handler,
	[2 ... 15] = (uintptr_t)Default_Handler,
};
