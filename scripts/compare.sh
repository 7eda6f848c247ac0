#!/bin/sh
# SPDX-License-Identifier: MIT
#
# compare.sh DIR REFERENCE VARIANT...
#
# From the results in DIR: has every variant the results of REFERENCE, in the
# same order, where neither skips? Does each skip what tests/skips.txt lists,
# and nothing else? A line of that file: variants with commas between them,
# test, reason. Both may hold a * for any text; a variant with a - in front is
# left out. SKIPS is another such file.

. scripts/ktap.sh

dir=$1
reference=$2
shift
table=${SKIPS:-tests/skips.txt}

# Names only differ if a test is missing; verdicts if one fails.
same_results() {
	for other in "$reference" "$1"; do
		[ -s "$dir/$other.results" ] || { echo "no $other"; return 1; }
	done
	sed -n 's/^skip //p' "$dir/$reference.results" "$dir/$1.results" \
		>"$dir/both.skips"
	for other in "$reference" "$1"; do
		sed 's/^not ok /not-ok /' "$dir/$other.results" |
			awk -v skips="$dir/both.skips" '
			BEGIN { while ((getline s < skips) > 0) skip[s] = 1 }
			!($2 in skip)' >"$dir/both.$other"
	done
	diff "$dir/both.$reference" "$dir/both.$1"
}

skips_as_listed() {
	awk -v variant="$1" -v table="$table" '
	# A test of the table as a regular expression.
	function regex(pattern)
	{
		gsub(/[.+?()\[\]|^$]/, "\\\\&", pattern)
		gsub(/\*/, ".*", pattern)
		return "^" pattern "$"
	}
	function is_meant(list,    n, pattern, i, meant)
	{
		n = split(list, pattern, ",")
		for (i = 1; i <= n; i++) {
			if (sub(/^-/, "", pattern[i])) {
				if (variant ~ regex(pattern[i]))
					return 0
			} else if (variant ~ regex(pattern[i])) {
				meant = 1
			}
		}
		return meant
	}
	BEGIN {
		while ((getline line < table) > 0) {
			if (line ~ /^#/ || split(line, word, /[ \t]+/) < 3)
				continue
			if (is_meant(word[1]))
				listed[word[2]] = 1
		}
	}
	{
		verdict = $1
		name = $NF
		hit = ""
		for (pattern in listed)
			if (name ~ regex(pattern)) {
				used[pattern] = 1
				hit = pattern
			}
		if (verdict == "skip" && hit == "") {
			print name ": skipped, and not in " table
			bad = 1
		}
		if (verdict != "skip" && hit != "") {
			print name ": in " table ", and not skipped"
			bad = 1
		}
	}
	END {
		for (pattern in listed)
			if (!(pattern in used)) {
				print table ": " variant " has no " pattern
				bad = 1
			}
		exit bad
	}' "$dir/$1.results"
}

for variant; do
	[ "$variant" = "$reference" ] ||
		it "${variant}_has_the_results_of_$reference" \
			same_results "$variant"
	it "${variant}_skips_what_is_listed" skips_as_listed "$variant"
done
done_testing
