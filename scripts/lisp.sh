#!/bin/sh
# SPDX-License-Identifier: MIT
#
# lisp.sh PROGRAM [BOARD] [QEMU-ARGS...]: run a script, or the terminal, on
# this machine or on a board in QEMU. LISP_SCRIPT and LISP_HEAP say which
# script, and with how many bytes of heap; both may be empty.

die() {
	echo "lisp: $*" >&2
	exit 2
}

program=$1
board=$2
shift
[ $# = 0 ] || shift
case $LISP_HEAP in
*[!0-9]*) die "HEAP=$LISP_HEAP is no number of bytes" ;;
esac
[ -z "$LISP_SCRIPT" ] || [ -r "$LISP_SCRIPT" ] ||
	die "SCRIPT=$LISP_SCRIPT cannot be read"
[ "$board" ] || exec "$program" ${LISP_HEAP:+-h "$LISP_HEAP"} \
	${LISP_SCRIPT:+"$LISP_SCRIPT"}

# A comma ends a value for QEMU, two are one.
name=$(printf '%s' "$LISP_SCRIPT" | sed 's/,/,,/g')
case $board in
rv*)	qemu="qemu-system-riscv${board#rv}"
	qemu="${qemu%-virt} -M virt -bios none" ;;
*)	qemu="qemu-system-arm -M $board" ;;
esac
exec $qemu -display none -monitor none -serial none "$@" -semihosting-config \
	"enable=on,target=native,arg=lisp${LISP_HEAP:+,arg=-h,arg=$LISP_HEAP}${name:+,arg=$name}" \
	-kernel "$program"
