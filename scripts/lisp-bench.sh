#!/bin/sh
# SPDX-License-Identifier: MIT
#
# lisp-bench.sh OUT: the instructions that each load of examples/lisp takes, on
# a Cortex-M3 at -O2 and on a Cortex-M0 at -Os, as lines of a table. The whole
# program is counted: reading the script, running it, taking everything down.

out=$1

count() {
	LISP_HEAP=$3 LISP_SCRIPT=$2 scripts/lisp.sh "$out/lisp/$1/lisp-count" \
		"$1" -icount shift=10 | sed -n 's/ instructions$//p'
}

for board in "mps2-an385 -O2" "microbit -Os"; do
	make --no-print-directory -s lisp-elf O="$out" BOARD=${board% *} \
		OPT=${board#* } || exit
done
printf '| load | Cortex-M3 -O2, 32 KiB | Cortex-M0 -Os, all of 16 KiB |\n'
printf '|---|---:|---:|\n'
for script in examples/lisp/loads/*.lisp; do
	name=${script##*/}
	printf '| %s | %s | %s |\n' "${name%.lisp}" \
		"$(count mps2-an385 "$script" 32768)" \
		"$(count microbit "$script" '')"
done
