#!/bin/sh
# SPDX-License-Identifier: MIT
#
# wine.sh PROGRAM...: run a program for Windows, in a prefix of wine's that is
# made for it and removed afterwards: it is large.

prefix=$(mktemp -d) || exit 1
wine=/usr/lib/wine
unset DISPLAY
export WINEPREFIX="$prefix" WINEARCH=win64 WINEDEBUG=-all

# Its server lives on for a while, and writes to the prefix.
finish() {
	$wine/wineserver64 -k
	$wine/wineserver64 -w
	rm -rf "$prefix"
}
trap finish EXIT
trap 'exit 1' INT TERM

timeout 60 $wine/wine64 wineboot --init </dev/null >/dev/null 2>&1
timeout 600 $wine/wine64 "$@" </dev/null
