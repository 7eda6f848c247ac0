#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-lisp.sh OUT: scripts print the same with the Lisp of examples/lisp on
# this machine, on a Cortex-M0 with 16 KiB and on a Cortex-M3, and it is what
# was committed; it answers at the terminal; nothing of a heap is ever lost.

. scripts/ktap.sh

out=$1

build() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s lisp-elf O="$out" \
		$([ "$1" = host ] || echo "BOARD=$1 OPT=-Os")
}

lisp() {
	LISP_HEAP=$heap LISP_SCRIPT=$2 timeout 60 scripts/lisp.sh \
		"$out/lisp/$1/lisp" ${1#host}
}

# An uncaught error is status 1, a lost block or a broken heap 3.
prints() {
	lisp "$1" "$2" >"$out/lisp.is" </dev/null
	status=$?
	diff "${2%.lisp}.out" "$out/lisp.is" || return
	[ $status = 0 ] || grep -q '^[^ ]*:[0-9]*: error' "$out/lisp.is"
}

answers() {
	printf '(+ 1 2)\n(car 5) (oops)\n"a \\"b" ; text\n(define x (list 1 x))\n)\n(
		cons 1 "2")\n(heap)\n' | lisp "$1" >"$out/lisp.is" || return
	sed '/^> ---- heap report/,/^()$/d' "$out/lisp.is" | diff - /dev/fd/3 3<<-'EOF'
	> 3
	> error: wrong arguments: (car 5)
	> "a \"b"
	> error: undefined: x
	> error: unexpected )
	> (1 . "2")
	> 
	EOF
	grep -q '^  the heap, ' "$out/lisp.is"
}

# More open parentheses than there is memory for, and no more than there is.
nests() {
	awk 'BEGIN {
		for (i = 0; i < 90000; i++)
			printf "("
	}' >"$out/open.lisp"
	lisp "$1" "$out/open.lisp" | grep -q 'error: out of memory$' || return
	awk 'BEGIN {
		for (i = 0; i < 40; i++)
			printf "(list "
		for (i = 0; i < 40; i++)
			printf ")"
	}' >"$out/open.lisp"
	lisp "$1" "$out/open.lisp"
}

# Failure at every allocation.
never_loses() {
	heap= LISP_SCRIPT= scripts/lisp.sh "$out/lisp/$1/nomemory" ${1#host} \
		>"$out/lisp.is" && grep -q 'nothing lost$' "$out/lisp.is"
}

# The example that counts calls makes all of them.
counts() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s costs-elf O="$out" \
		BOARD=microbit OPT=-Os || return
	heap= LISP_SCRIPT= scripts/lisp.sh "$out/costs/microbit/costs" \
		microbit -icount shift=10 >"$out/lisp.is" &&
		[ "$(grep -c '^| .* | [1-9][0-9]* |$' "$out/lisp.is")" = 15 ]
}

mkdir -p "$out"
for machine in host microbit mps2-an385; do
	heap=$([ $machine = microbit ] || echo 32768)
	it "lisp_builds_for_$machine" build $machine
	for script in examples/lisp/*/*.lisp; do
		name=${script##*/}
		it "${name%.lisp}_on_${machine}_prints_what_it_should" \
			prints $machine "$script"
	done
	it "lisp_on_${machine}_answers_at_the_terminal" answers $machine
	it "lisp_on_${machine}_loses_nothing_without_memory" never_loses $machine
	it "lisp_on_${machine}_survives_deep_nesting" nests $machine
done
it "costs_on_microbit_are_counted" counts
done_testing
