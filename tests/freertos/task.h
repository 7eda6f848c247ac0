/* SPDX-License-Identifier: MIT */
/* The kernel's critical sections, for heap_slate.c without a kernel. */
#ifndef TASK_H
#define TASK_H

#include "FreeRTOS.h"

void test_enter_critical(void);
void test_exit_critical(void);
UBaseType_t test_mask(void);
void test_unmask(UBaseType_t mask);

#define taskENTER_CRITICAL()	test_enter_critical()
#define taskEXIT_CRITICAL()	test_exit_critical()
#define portSET_INTERRUPT_MASK_FROM_ISR()	test_mask()
#define portCLEAR_INTERRUPT_MASK_FROM_ISR(x)	test_unmask(x)

#endif /* TASK_H */
