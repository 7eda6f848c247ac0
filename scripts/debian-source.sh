#!/bin/sh
# SPDX-License-Identifier: MIT
#
# debian-source.sh PACKAGE DIR: make DIR the source of a Debian package, as its
# authors released it.
#
# Debian's source package is fetched through a list of sources of our own: the
# system's is not touched, and root is not needed. DIR is not there before.

package=$1
dir=$2

die() {
	echo "$package: $*" >&2
	exit 1
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
	mkdir -p lists/partial cache/archives/partial new && : >log || return
	list_sources && apt update || return
	apt source --download-only "$package" || return
	for tar in "$package"_*.orig.tar.*; do
		tar -xf "$tar" -C new --strip-components=1 2>>log || return
	done
}

command -v apt-get >/dev/null ||
	die "there is no apt-get here to fetch the source with"
echo "  APT     source of $package" >&2
mkdir -p "$(dirname "$dir")"
work=$(mktemp -d "$dir.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
if ! (cd "$work" && fetch); then
	tail -n 3 "$work/log" >&2
	die "the source package could not be fetched"
fi
mv "$work/new" "$dir"
