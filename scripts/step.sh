#!/bin/sh
# SPDX-License-Identifier: MIT
#
# step.sh DIR NAME COMMAND...
#
# Run one step of the tests: a command that prints KTAP. Leaves in DIR
# NAME.ktap, what it printed; NAME.log, its stderr; NAME.results, a line for
# each result. Prints one line, and below it what failed. Always succeeds, so
# that the steps after it run; scripts/total.sh gives the verdict.

dir=$1
name=$2
shift 2

count() {
	grep -c "^$1" "$dir/$name.results"
}

start=$(date +%s.%N)
"$@" >"$dir/$name.ktap" 2>"$dir/$name.log" </dev/null
status=$?
end=$(date +%s.%N)
awk -f scripts/ktap.awk "$dir/$name.ktap" >"$dir/$name.raw"

# A malformed document is one more failure, and so is an exit status that the
# results do not account for.
{
	grep -v '^malformed' "$dir/$name.raw"
	! grep -q '^malformed' "$dir/$name.raw" || echo "not ok well-formed"
	if [ $status != 0 ] && ! grep -q '^not ok' "$dir/$name.raw"; then
		echo "not ok exit status is 0, not $status"
	fi
} >"$dir/$name.results"

failed=$(count 'not ok')
awk -v name="$name" -v ok="$(count ok)" -v bad="$failed" \
	-v skip="$(count skip)" -v start="$start" -v end="$end" 'BEGIN {
	printf "  %-7s %-19s %5d passed, %d failed, %d skipped %7.1f s\n",
		"CHECK", name, ok, bad, skip, end - start
}'
[ "$failed" = 0 ] && exit 0
{
	grep '^not ok' "$dir/$name.results"
	grep '^malformed' "$dir/$name.raw"
	grep -E '^ *# [^ ]+:[0-9]+:' "$dir/$name.ktap" | head -n 20
	grep -vE '^  (CC|AR|LD)  ' "$dir/$name.log" | tail -n 20
} | sed "s|^|    $name: |"
exit 0
