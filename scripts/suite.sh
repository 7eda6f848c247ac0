#!/bin/sh
# SPDX-License-Identifier: MIT
#
# suite.sh DIR RUN MAKE ARGS...
#
# Build the test program of one variant in DIR with MAKE ARGS, and run it: here
# if RUN is empty, else by the emulator RUN; qemu-system-* gives its output by
# semihosting. stdout is its KTAP, and nothing else. If the variant has several
# programs, each with a part of the suites, what they print is made one.

dir=$1
run=$2
shift 2

run_one() {
	case $run in
	qemu-system-*) ;;
	*) $run "$1"; return ;;
	esac
	timeout 600 $run -display none -monitor none -serial none \
		-chardev "file,id=k,path=$1.out" \
		-semihosting-config enable=on,target=native,chardev=k \
		-kernel "$1"
	result=$?
	cat "$1.out"
	return $result
}

# Numbers the suites anew, under the sum of the plans.
join() {
	awk '
	/^KTAP version 1$/ { next }
	/^1\.\.[0-9]+$/ { plan += substr($0, 4); next }
	/^(not )?ok [0-9]+ / { sub(/ok [0-9]+ /, "ok " ++n " ") }
	{ text = text $0 "\n" }
	END { printf "KTAP version 1\n1..%d\n%s", plan, text }'
}

"$@" --no-print-directory O="$dir" test-elf >&2 || exit
if [ ! -e "$dir/slate-test-1" ]; then
	for program in "$dir"/slate-test "$dir"/slate-test.exe; do
		[ ! -e "$program" ] || run_one "$program"
	done
	exit
fi
for program in "$dir"/slate-test-[0-9]; do
	run_one "$program" || touch "$dir/failed"
done >"$dir/parts"
join <"$dir/parts"
[ ! -e "$dir/failed" ]
