#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-trace.sh OUT: what examples/trace forgets is found, with the four calls
# that led there, here and on a Cortex-M3.

. scripts/ktap.sh

out=$1
dir=$out/check/trace
mkdir -p "$dir" || exit 1
export PYTHONDONTWRITEBYTECODE=1

run() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s "$@" O="$out"
}

# frames ARGS...: the one leak, and who called whom
frames() {
	run trace "$@" >"$dir/all" || { cat "$dir/all"; return 1; }
	sed -n 's/.*\[\([a-z_]*\) (main.c:[0-9]*).*/\1/p' "$dir/all" |
		tr '\n' ' ' >"$dir/names"
	[ "$(grep -c 'bytes in' "$dir/all")" = 1 ] &&
		grep -q '168 bytes in 3 blocks' "$dir/all" &&
		[ "$(cat "$dir/names")" = \
		'buffer_new message_new send_report run ' ] && return
	cat "$dir/all"
	return 1
}

it "trace_has_four_frames_here" frames
it "trace_has_four_frames_on_cortex_m3" frames BOARD=mps2-an385
done_testing
