#!/bin/sh
# SPDX-License-Identifier: MIT
#
# libc-left.sh IMAGE LIBC_A OWN_A: is anything of the C library's own allocator
# in IMAGE? Prints each such symbol, by nm; fails if there is one.
#
# The allocator is each object of the archive LIBC_A that defines one of the
# names of malloc's family, and sbrk. Names that libslate-libc.a, OWN_A, has
# are slate's. malloc itself proves nothing by its name, but none of these
# libraries has one without a list or a state of its own, which has another.

nm=${NM:-arm-none-eabi-nm}

family='malloc free calloc realloc memalign mallinfo malloc_stats
_malloc_r _free_r _calloc_r _realloc_r _memalign_r _mallinfo_r _malloc_stats_r
sbrk _sbrk _sbrk_r'

"$nm" -A --defined-only "$3" 2>/dev/null | awk '{ print "own", $NF }' >"$1.own"
"$nm" -A --defined-only "$2" 2>/dev/null |
	awk '{ split($1, at, ":"); print "libc", at[2], $NF }' >"$1.libc"
"$nm" --defined-only "$1" | awk '{ print "image", $NF }' >"$1.image"
echo "sbrk _sbrk _sbrk_r" | tr ' ' '\n' | sed 's/^/always /' |
cat - "$1.own" "$1.libc" "$1.image" | awk -v family="$family" '
BEGIN {
	n = split(family, name, /[ \t\n]+/)
	for (i = 1; i <= n; i++)
		is_family[name[i]] = 1
}
$1 == "always" { suspect[$2] = 1 }
$1 == "own" { own[$2] = 1 }
$1 == "libc" {
	member[++symbols] = $2
	symbol[symbols] = $3
	if ($3 in is_family)
		allocates[$2] = 1
}
$1 == "image" { image[$2] = 1 }
END {
	for (i = 1; i <= symbols; i++)
		if (member[i] in allocates && symbol[i] !~ /^\$/ &&
		    !(symbol[i] in own))
			suspect[symbol[i]] = 1
	for (s in suspect)
		known++
	if (known < 6 || !("malloc" in image)) {
		print "these are not the right files"
		exit 1
	}
	for (s in image)
		if (s in suspect) {
			print s
			bad = 1
		}
	exit bad
}'
status=$?
rm -f "$1.own" "$1.libc" "$1.image"
exit $status
