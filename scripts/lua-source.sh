#!/bin/sh
# SPDX-License-Identifier: MIT
#
# lua-source.sh DIR: make DIR/src the source of Lua 5.4.
#
# From the folder DEMO_LUA if that is set, else Debian's source package,
# fetched through a list of sources of our own: the system's is not touched,
# and root is not needed.

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

# The system's own sources, as source packages: deb822 files, or old lines.
list_sources() {
	for file in debian ubuntu; do
		file=/etc/apt/sources.list.d/$file.sources
		[ -f "$file" ] || continue
		sed 's/^Types:.*/Types: deb-src/' "$file" >sources.sources
		return
	done
	sed -n 's/^deb[[:space:]]/deb-src /p' /etc/apt/sources.list \
		>sources.list 2>/dev/null
	[ -s sources.list ]
}

apt() {
	apt-get -qq -o Dir::Etc::SourceList="$(echo "$PWD"/sources.*)" \
		-o Dir::Etc::SourceParts=- -o Dir::State::lists="$PWD/lists" \
		-o Dir::Cache="$PWD/cache" -o APT::Sandbox::User=root \
		"$@" >>log 2>&1 </dev/null
}

fetch() {
	mkdir -p lists/partial cache/archives/partial && : >log || return
	list_sources && apt update || return
	apt source --download-only lua5.4 || return
	mkdir new && tar -xzf lua5.4_*.orig.tar.gz -C new --strip-components=1
}

from_debian() {
	[ ! -h "$dir/src" ] || rm -f "$dir/src"
	[ ! -f "$dir/src/lapi.c" ] || return 0
	command -v apt-get >/dev/null ||
		die "there is no apt-get to fetch Lua's source with;" \
			"say LUA_SRC=folder for a copy of Lua 5.4"
	echo "  APT     source of lua5.4" >&2
	rm -rf "$dir/fetch" "$dir/src"
	mkdir -p "$dir/fetch"
	(cd "$dir/fetch" && fetch)
	if [ ! -f "$dir/fetch/new/src/lapi.c" ]; then
		tail -n 3 "$dir/fetch/log" >&2
		die "the source package could not be fetched;" \
			"say LUA_SRC=folder for a copy of Lua 5.4"
	fi
	mv "$dir/fetch/new/src" "$dir/src"
	rm -rf "$dir/fetch"
	check "$dir/src" || die "the source package is not Lua 5.4.3 or later"
}

mkdir -p "$dir" || exit 1
if [ "$DEMO_LUA" ]; then
	from_folder
else
	from_debian
fi
