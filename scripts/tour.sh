#!/bin/sh
# SPDX-License-Identifier: MIT
#
# tour.sh PROGRAM [BOARD]: run the tour on this machine or on a board in QEMU.

[ "$2" ] || exec "$1"
case $2 in
rv*)	qemu="qemu-system-riscv${2#rv}"
	qemu="${qemu%-virt} -M virt -bios none" ;;
*)	qemu="qemu-system-arm -M $2" ;;
esac

# QEMU keeps its own remarks on stderr.
exec $qemu -display none -monitor none -serial none \
	-chardev stdio,id=tour -semihosting-config \
	enable=on,target=native,chardev=tour -kernel "$1" </dev/null
