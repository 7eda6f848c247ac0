#!/bin/sh
# SPDX-License-Identifier: MIT
#
# suite.sh DIR MAKE ARGS...
#
# Build the test program of one variant in DIR with MAKE ARGS, and run it: here,
# or in QEMU if one of ARGS is BOARD=. stdout is its KTAP, and nothing else.

dir=$1
shift
board=
for arg; do
	case $arg in
	BOARD=*) board=${arg#BOARD=} ;;
	esac
done

"$@" --no-print-directory O="$dir" test-elf >&2 || exit
[ "$board" ] || exec "$dir/slate-test"

timeout 600 qemu-system-arm -M "$board" -display none -monitor none \
	-serial none -chardev "file,id=k,path=$dir/out" \
	-semihosting-config enable=on,target=native,chardev=k \
	-kernel "$dir/slate-test"
status=$?
cat "$dir/out"
exit $status
