#!/bin/sh
# SPDX-License-Identifier: MIT
#
# costs.sh OUT: the table of examples/costs for a Cortex-M3 at -O2 and a
# Cortex-M0 at -Os, side by side.

out=$1

for board in "mps2-an385 -O2" "microbit -Os"; do
	make --no-print-directory -s costs-elf O="$out" BOARD=${board% *} \
		OPT=${board#* } || exit
	LISP_HEAP= LISP_SCRIPT= scripts/lisp.sh \
		"$out/costs/${board% *}/costs" "${board% *}" \
		-icount shift=10 >"$out/costs/${board% *}.table" || exit
done
echo '| instructions (not cycles) | Cortex-M3 -O2 | Cortex-M0 -Os |'
echo '|---|---:|---:|'
paste -d '|' "$out/costs/mps2-an385.table" "$out/costs/microbit.table" |
	awk -F '|' '{ print "|" $2 "|" $3 "|" $7 "|" }'
