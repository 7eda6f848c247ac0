#!/bin/sh
# SPDX-License-Identifier: MIT
#
# libc-suite.sh DIR MACHINE LIBC=name ARGS...: build the test program of the
# libc drop-in in DIR as make LIBC=name ARGS say, and run it on QEMU's MACHINE.
# stdout is its KTAP.

dir=$1
machine=$2
shift 2
elf=$dir/slate-libc-test-${1#LIBC=}

mkdir -p "$dir" || exit 1
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make PORT=cortex-m CONFIG=locked \
	O="$dir" "$@" libc-test-elf >&2 || exit
timeout 120 qemu-system-arm -M "$machine" -display none -monitor none \
	-serial none -chardev "file,id=k,path=$elf.out" \
	-semihosting-config enable=on,target=native,chardev=k \
	-kernel "$elf" </dev/null
status=$?
cat "$elf.out"
exit $status
