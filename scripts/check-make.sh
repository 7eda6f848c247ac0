#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-make.sh DIR: misspelt values and names are refused by make, with what
# is valid; the archives stand where they are said to stand.

. scripts/ktap.sh

dir=$1

mk() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make "$@"
}

same_as_variant() {
	mk lib O="$dir" && mk lib O="$dir" CONFIG=tiny PORT=cortex-m &&
		cmp "$dir/libslate.a" \
			"$dir/obj/cortex-m-cortex-m3-tiny/libslate.a" &&
		mk lib O="$dir" && cmp "$dir/libslate.a" \
			"$dir/obj/linux-native-default/libslate.a"
}

# A flag that changes makes the objects anew, an unchanged one does not.
rebuilds() {
	mk lib O="$dir" && touch "$dir/mark" && sleep 0.01 &&
		mk lib O="$dir" && object="$dir/obj/linux-native-default/src" &&
		[ -z "$(find "$object" -name '*.o' -newer "$dir/mark")" ] &&
		mk lib O="$dir" CFLAGS=-DUNUSED=1 &&
		[ -n "$(find "$object" -name '*.o' -newer "$dir/mark")" ]
}

cleans() {
	mk lib O="$dir/cleaned" && mk clean O="$dir/cleaned" &&
		[ ! -e "$dir/cleaned" ]
}

mkdir -p "$dir"
it "make_help_names_every_variable" sh -c '
	text=$(env -u MAKEFLAGS make help) || exit
	for name in O PORT CPU BOARD CONFIG SCRIPT HEAP LUA_SRC TIMEOUT V \
			CROSS_COMPILE CC OPT CFLAGS LIBC; do
		echo "$text" | grep -q "^  $name=" || { echo $name; exit 1; }
	done'
it "make_refuses_a_misspelt_name" \
	fails_with "no such variable: BORAD. There are: O PORT" mk lib BORAD=x
it "make_refuses_a_misspelt_port" \
	fails_with "it is one of: linux cortex-m" mk lib PORT=linx
it "make_refuses_a_misspelt_cpu" \
	fails_with "it is one of: cortex-m0 cortex-m3" \
	mk lib PORT=cortex-m CPU=cortex-m1
it "make_refuses_a_cpu_of_another_port" \
	fails_with "it is one of: native" mk lib CPU=cortex-m3
it "make_refuses_a_misspelt_board" \
	fails_with "it is one of: mps2-an385 microbit lm3s6965evb" \
	mk demo BOARD=mps2
it "make_refuses_a_misspelt_config" \
	fails_with "it is one of: default" mk lib CONFIG=tyni
it "make_refuses_a_misspelt_opt" fails_with "it is one of: -O0" mk lib OPT=-O9
it "make_refuses_a_misspelt_v" fails_with "it is one of: 0 1" mk lib V=yes
it "make_refuses_a_pattern" fails_with "it is one of" mk lib CONFIG=t%
it "make_refuses_a_board_and_another_port" \
	fails_with "has PORT=cortex-m" mk lib BOARD=microbit PORT=linux
it "make_refuses_a_board_and_another_cpu" \
	fails_with "has CPU=cortex-m0" mk lib BOARD=microbit CPU=cortex-m3
it "make_refuses_a_risc-v_board_and_another_port" \
	fails_with "has PORT=riscv" mk lib BOARD=rv32-virt PORT=cortex-m
it "make_refuses_a_demo_on_risc-v" \
	fails_with "has none" mk demo BOARD=rv32-virt
it "make_refuses_a_demo_on_the_host" \
	fails_with "runs on a board" mk demo PORT=linux
it "make_refuses_an_unknown_target" fails_with "No rule" mk libb
it "make_refuses_check_of_one_variant" \
	fails_with "tests them all" mk check CONFIG=tiny
it "make_refuses_check-boards_of_one_variant" \
	fails_with "tests them all" mk check-boards BOARD=microbit
it "make_lib_keeps_variants_apart" same_as_variant
it "make_lib_follows_its_flags" rebuilds
it "make_clean_leaves_nothing" cleans
done_testing
