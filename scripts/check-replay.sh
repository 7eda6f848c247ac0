#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-replay.sh DIR: the traces of bench/traces run through slate at 1.5 times
# their peak, by obj and by raw, in a build of the word size they come from.

. scripts/ktap.sh

dir=$1
mkdir -p "$dir" || exit 1

build() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make replay O="$dir/$1" \
		CFLAGS="-m$1"
}

it "replay_builds_32" build 32
it "replay_builds_64" build 64
for trace in bench/traces/*.trace*; do
	case $trace in
	*.gz) word=$(gzip -dc "$trace" | head -n 1) ;;
	*) word=$(head -n 1 "$trace") ;;
	esac
	word=$(echo "$word" | sed 's/.* word \([0-9]*\).*/\1/')
	name=${trace##*/}
	for tier in obj raw; do
		it "replay_${name%%.*}_$tier" \
			"$dir/$word/slate-replay" $tier 1.5 "$trace"
	done
done
done_testing
