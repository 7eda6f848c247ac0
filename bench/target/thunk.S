/* SPDX-License-Identifier: MIT */
/* Calls between two readings of the timer, and sequences of known length. */
	.syntax unified
	.thumb
	.text

	.macro	func name
	.global	\name
	.type	\name, %function
	.thumb_func
	.balign	4
\name:
	.endm

/* void *bench_call(fn, args, span); for Armv6-M too. */
func bench_call
	push	{r3-r7, lr}
	mov	r7, r0
	mov	r6, r2
	ldr	r5, =0x40000004
	mov	r4, r1
	ldr	r0, [r4]
	ldr	r1, [r4, #4]
	ldr	r2, [r4, #8]
	ldr	r4, [r5]
	blx	r7
	ldr	r5, [r5]
	str	r4, [r6]
	str	r5, [r6, #4]
	pop	{r3-r7, pc}
	.pool

func known_1
	bx	lr

func known_2
	nop
	bx	lr

func known_12
	.rept	11
	nop
	.endr
	bx	lr

func known_loop
	ldr	r0, =1000
1:	subs	r0, #1
	bne	1b
	bx	lr
	.pool

	.macro	known_call name, callee
func \name
	push	{r3, lr}
	movs	r2, #0
	bl	\callee
	pop	{r3, pc}
	.endm

	known_call known_copy, memcpy
	known_call known_set, memset
	known_call known_move, memmove
