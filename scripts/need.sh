#!/bin/sh
# SPDX-License-Identifier: MIT
#
# need.sh TOOL:PACKAGE...
#
# See to it that the tools are there: install the packages of those that are
# missing, or, where that is not allowed, say which ones to install and fail.
# A tool is a command, or one of the words that have() knows.

have() {
	case $1 in
	picolibc)
		arm-none-eabi-gcc --specs=picolibc.specs -mthumb \
			-mcpu=cortex-m0 -include stdio.h -E -x c /dev/null ;;
	m32)
		echo 'int main(void) { return 0; }' |
			gcc -m32 -include errno.h -x c - -o /dev/null ;;
	picolibc-riscv)
		riscv64-unknown-elf-gcc --specs=picolibc.specs \
			-include stdio.h -E -x c /dev/null ;;
	libc-armhf)
		[ -e /usr/arm-linux-gnueabihf/lib/libc.a ] ;;
	libgcc-armhf)
		[ -e /usr/lib/gcc-cross/arm-linux-gnueabihf/12/libgcc.a ] ;;
	libc-powerpc)
		[ -e /usr/powerpc-linux-gnu/lib/libc.a ] ;;
	libgcc-powerpc)
		[ -e /usr/lib/gcc-cross/powerpc-linux-gnu/12/libgcc.a ] ;;
	newlib)
		arm-none-eabi-gcc --specs=nano.specs -include stdio.h \
			-E -x c /dev/null ;;
	libstdcxx)
		[ -e "$(arm-none-eabi-g++ -mthumb -mcpu=cortex-m3 \
			-print-file-name=libstdc++.a)" ] ;;
	libstdcxx-picolibc)
		[ -e /usr/lib/picolibc/arm-none-eabi/lib/libstdc++.a ] ;;
	matplotlib)
		/usr/bin/python3 -c 'import matplotlib' ;;
	*.so.*)
		[ -e "$(gcc -print-file-name="$1")" ] ;;
	*)
		command -v "$1" ;;
	esac >/dev/null 2>&1
}

missing() {
	for pair; do
		have "${pair%%:*}" || printf ' %s' "${pair#*:}"
	done
}

packages=$(missing "$@")
[ "$packages" ] || exit 0

# A package that excludes one that is there is refused, not put in its place.
install="apt-get install -y --no-install-recommends --no-remove$packages"
refuse() {
	echo "$1; install what is missing, as root, with" >&2
	echo "  $install" >&2
	exit 1
}

command -v apt-get >/dev/null || refuse "there is no apt-get here"
as_root=
if [ "$(id -u)" != 0 ]; then
	sudo -n true 2>/dev/null || refuse "root is needed to install packages"
	as_root="sudo -n"
fi

echo "  APT    $packages" >&2
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
run="$as_root env DEBIAN_FRONTEND=noninteractive"
if ! { $run apt-get update && $run $install; } >"$log" 2>&1 </dev/null; then
	tail -n 5 "$log" >&2
	refuse "apt-get failed"
fi
packages=$(missing "$@")
[ -z "$packages" ] || refuse "still missing after an installation:$packages"
