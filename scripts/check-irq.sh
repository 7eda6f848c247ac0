#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-irq.sh DIR CALLS BUILT: an interrupt and the main program use one heap
# at once, on Cortex-M3 and Cortex-M0, for so many calls; the same without a
# lock must fail; and the lines of the page. Libraries are built in BUILT. Works
# in DIR.

. scripts/ktap.sh

dir=$1
calls=$2
built=$3
rm -rf "$dir"
mkdir -p "$dir" || exit 1

competes() {
	scripts/irq-suite.sh "$dir/$1" $1 $calls locked "$built"
}

# One of the faults, a damaged block, an invalid heap, or no end.
fails_without_a_lock() {
	if scripts/irq-suite.sh "$dir/$1-no-lock" $1 100000 default \
			"$built" >"$dir/$1-no-lock.out" 2>&1; then
		echo "succeeded"
		return 1
	fi
	grep -q '^1\.\.1' "$dir/$1-no-lock.out"
}

# Two files as the page has them, one a program, the other how it is built.
page_as_printed() {
	mkdir -p "$dir/page" "$built" && ln -sfn "$PWD" "$dir/slate" &&
		ln -sfn "$(cd "$built" && pwd)" "$dir/page/out" || return
	scripts/page-lines.sh docs/interrupts.md main >"$dir/page/main.c" &&
		scripts/page-lines.sh docs/interrupts.md build \
			>"$dir/page/build" &&
		(cd "$dir/page" && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
			sh -e build) || return
	timeout 20 qemu-system-arm -M mps2-an385 -display none -monitor none \
		-serial none -semihosting-config enable=on,target=native \
		-kernel "$dir/page/app.elf" </dev/null
}

for board in mps2-an385 microbit; do
	it "irq_competes_on_$board" competes $board
	it "irq_fails_without_a_lock_on_$board" fails_without_a_lock $board
done
it "irq_page_as_printed" page_as_printed
done_testing
