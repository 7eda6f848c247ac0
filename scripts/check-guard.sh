#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-guard.sh DIR: what does not depend on the machine against the committed
# table, and traces that are none end with a message that has the line.

. scripts/ktap.sh

dir=$1
mkdir -p "$dir" || exit 1
head="# slots 2 peak_live 100 ops 2 word 32"

# refuses NAME TEXT...: a trace of these lines is refused at its last line
refuses() {
	printf '%s\n' "$@" >"$dir/bad.trace"
	python3 -B bench/heaps.py "$dir/bad.trace" 2>"$dir/message" && return 1
	grep -q "bad.trace:$#: " "$dir/message"
}

it "guard_nothing_worse" python3 -B bench/guard.py --out "$dir"
it "trace_refuses_other_header" refuses "slots 2"
it "trace_refuses_unknown_call" refuses "$head" "a 0 8" "x 0 8"
it "trace_refuses_missing_size" refuses "$head" "a 0"
it "trace_refuses_slot_too_high" refuses "$head" "a 2 8"
it "trace_refuses_busy_slot" refuses "$head" "a 0 8" "a 0 8"
it "trace_refuses_free_of_empty_slot" refuses "$head" "a 0 8" "f 1"
it "trace_refuses_too_few_calls" refuses "$head" "a 0 8"
done_testing
