#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-layers.sh [DIR]: do the files of DIR/include/slate and DIR/src include
# only what stands on their own layer or below? scripts/layers.txt says where
# each stands. Prints each include that does not hold; fails if there is one,
# or a file that has no layer.

dir=${1:-.}
table=$(dirname "$0")/layers.txt

find "$dir/include/slate" "$dir/src" -type f | sort |
awk -v dir="$dir" -v table="$table" '
function complain(text)
{
	print text
	bad = 1
}

function base(path)
{
	sub(/.*\//, "", path)
	return path
}

BEGIN {
	while ((getline line < table) > 0) {
		sub(/#.*/, "", line)
		n = split(line, word, /[ \t]+/)
		for (i = 2; i <= n; i++)
			if (word[i] != "")
				layer[word[i]] = word[1]
	}
	close(table)
	n = split("limits.h stdbool.h stddef.h stdint.h", word, " ")
	for (i = 1; i <= n; i++)
		free[word[i]] = 1
}

{
	path = $0
	file = base(path)
	seen[file] = 1
	if (!(file in layer))
		complain(path ": has no layer in " table)
	while ((getline line < path) > 0) {
		if (line !~ /^[ \t]*#[ \t]*include[ \t]*["<]/)
			continue
		name = line
		sub(/^[^"<]*["<]/, "", name)
		sub(/[">].*/, "", name)
		own = line ~ /"/ || name ~ /^slate\//
		if (!own && name == "arch.h")
			continue
		if (!own && !(name in free))
			complain(path ": <" name "> is not freestanding")
		if (own && !(base(name) in layer))
			complain(path ": " name " has no layer")
		if (own && layer[base(name)] + 0 > layer[file] + 0)
			complain(path ": layer " layer[file] " includes " \
				 name " of layer " layer[base(name)])
	}
	close(path)
}

END {
	for (file in layer)
		if (!(file in seen))
			complain(table ": " file " does not exist")
	exit bad
}'
