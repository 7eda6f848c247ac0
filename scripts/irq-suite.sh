#!/bin/sh
# SPDX-License-Identifier: MIT
#
# irq-suite.sh DIR BOARD CALLS CONFIG BUILT: the program in which an interrupt
# and the main program use one heap at once, on BOARD in QEMU, for so many
# calls, with the configuration "locked", or "default" to see it fail. The
# library is built in BUILT. Works in DIR; stdout is its KTAP.

dir=$1
board=$2
calls=$3
config=$4
built=$5

case $board in
microbit) cpu=cortex-m0 ;;
*) cpu=cortex-m3 ;;
esac
# Without a lock it may as well never end.
case $config in
locked) lock=1 limit=600 ;;
*) lock=0 limit=60 ;;
esac
mkdir -p "$dir" || exit 1
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s lib BOARD=$board \
	CONFIG=$config O="$built" >&2 &&
	arm-none-eabi-gcc -mthumb -mcpu=$cpu -std=c11 -O2 -g \
		--specs=picolibc.specs --oslib=semihost --crt0=hosted \
		-Wall -Wextra -Werror -Iinclude -Iport/cortex-m -Itests \
		-Ilinker -DSLATE_CONFIG_LOCK=$lock \
		-DTEST_CALLS=${calls}u -Llinker -Tlinker/$board.ld \
		-Wl,--no-warnings tests/irq/main.c tests/ktap.c \
		tests/platform_semihost.c linker/fault.c \
		"$built/libslate.a" "$built/libslate-port.a" -o "$dir/irq" >&2 ||
	exit
timeout $limit qemu-system-arm -M $board -icount shift=10 -display none \
	-monitor none -serial none -chardev "file,id=k,path=$dir/out" \
	-semihosting-config enable=on,target=native,chardev=k \
	-kernel "$dir/irq" </dev/null
status=$?
cat "$dir/out"
exit $status
