#!/bin/sh
# SPDX-License-Identifier: MIT
#
# lua-source.sh DIR: make DIR/src the source of Lua 5.4.
#
# From the folder DEMO_LUA if that is set, else from Debian's source package.

dir=$1

die() {
	echo "lua: $*" >&2
	exit 1
}

release() {
	sed -n 's/^#define LUA_VERSION_RELEASE[^_].*"\([0-9]*\)".*/\1/p' \
		"$1/lua.h"
}

check() {
	grep -q '^#define LUA_VERSION_NUM[^0-9]*504' "$1/lua.h" &&
		[ "$(release "$1")" -ge 3 ]
}

# A link is enough; what was there before may be the source of another Lua.
from_folder() {
	src=$DEMO_LUA
	[ -f "$src/lapi.c" ] || src=$DEMO_LUA/src
	[ -f "$src/lapi.c" ] && [ -f "$src/lua.h" ] ||
		die "LUA_SRC=$DEMO_LUA: neither it nor its src holds lapi.c"
	check "$src" || die "LUA_SRC=$DEMO_LUA is not Lua 5.4.3 or later"
	src=$(cd "$src" && pwd)
	[ "$(readlink "$dir/src")" != "$src" ] || return 0
	rm -rf "$dir/src"
	ln -s "$src" "$dir/src"
}

from_debian() {
	[ ! -h "$dir/src" ] || rm -f "$dir/src"
	[ ! -f "$dir/src/lapi.c" ] || return 0
	rm -rf "$dir/all" "$dir/src"
	scripts/debian-source.sh lua5.4 "$dir/all" ||
		die "say LUA_SRC=folder for a copy of Lua 5.4"
	mv "$dir/all/src" "$dir/src"
	rm -rf "$dir/all"
	check "$dir/src" || die "the source package is not Lua 5.4.3 or later"
}

mkdir -p "$dir" || exit 1
if [ "$DEMO_LUA" ]; then
	from_folder
else
	from_debian
fi
