#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-trace.sh OUT: what examples/trace forgets is found, with the four calls
# that led there, here and on a Cortex-M3; and wrappers hold with threads.

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

# Threads under ThreadSanitizer, which wants addresses that do not vary much.
threads() {
	gcc -fsanitize=thread -std=c11 -g -O1 -Wall -Wextra -Werror \
		-DSLATE_CONFIG_LOCK=1 -Iinclude -Iport/linux \
		tests/threads/wrapped.c src/*.c port/linux/*.c -lpthread \
		-o "$dir/wrapped" || return
	setarch "$(uname -m)" -R "$dir/wrapped" "$dir/wrapped.rec" || return
	tools/slate-trace summary "$dir/wrapped.rec" | tee "$dir/summary"
	grep -qx 'at the end  0 bytes in 0 blocks' "$dir/summary" &&
		grep -q '^events .* 20000 malloc' "$dir/summary"
}

it "trace_has_four_frames_here" frames
it "trace_has_four_frames_on_cortex_m3" frames BOARD=mps2-an385
it "wrappers_keep_their_books_with_threads" threads
done_testing
