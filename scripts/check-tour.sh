#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-tour.sh OUT: the tour prints what was committed, on this machine, 64
# and 32 bits wide, on a Cortex-M0 with 16 KiB, and on a Cortex-M3.

. scripts/ktap.sh

out=$1

build() {
	dir=$1
	shift
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s tour-elf \
		O="$out/$dir" "$@"
}

prints() {
	timeout 60 scripts/tour.sh "$out/$1/tour/${2:-host}/slate-tour" $2 \
		>"$out/tour.is" || return
	diff examples/tour/tour.out "$out/tour.is"
}

mkdir -p "$out"
it tour_builds_for_64_bits build host
it tour_prints_the_same_on_64_bits prints host
it tour_builds_for_32_bits build host32 CFLAGS=-m32
it tour_prints_the_same_on_32_bits prints host32
for board in microbit mps2-an385; do
	it "tour_builds_for_$board" build $board BOARD=$board OPT=-Os
	it "tour_prints_the_same_on_$board" prints $board $board
done
done_testing
