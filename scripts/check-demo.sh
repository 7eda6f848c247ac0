#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-demo.sh OUT LUA_SRC: what Lua scripts print on a board is what the
# host's lua5.4 prints; what goes wrong ends with a message of one or two
# lines.

. scripts/ktap.sh

out=$1
lua_src=$2
dir=$out/check/demo
mkdir -p "$dir" || exit 1
export PYTHONDONTWRITEBYTECODE=1

demo() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s demo O="$out" \
		LUA_SRC="$lua_src" "$@"
}

# same SCRIPT ARGS...: its output, before the report
same() {
	script=$1
	shift
	demo SCRIPT="$script" "$@" >"$dir/all" &&
		sed '/^---- heap report ----$/,$d' "$dir/all" >"$dir/board" &&
		lua5.4 "$script" >"$dir/host" && [ -s "$dir/host" ] &&
		diff "$dir/host" "$dir/board"
}

# The report's figure of some name.
figure() {
	sed -n "s/^  $1  *\([0-9]*\).*/\1/p" "$dir/all"
}

# A demo worth the name: lines, allocations, ten heaps, 60 % of one.
is_a_load() {
	same examples/lua/device.lua || return
	size=$(figure 'size, bytes')
	echo "size $size, peak $(figure 'peak of live'), allocations" \
		"$(figure allocations), bytes $(figure 'bytes asked for')"
	[ "$(wc -l <examples/lua/device.lua)" -ge 100 ] &&
		[ "$(figure allocations)" -ge 20000 ] &&
		[ "$(figure 'bytes asked for')" -ge $((size * 10)) ] &&
		[ $(($(figure 'peak of live') * 100)) -ge $((size * 60)) ]
}

# fails TEXT ARGS...: a message of at most two lines beside make's own
fails() {
	text=$1
	shift
	fails_with "$text" demo "$@" || return
	lines=$(demo "$@" 2>&1 >/dev/null | grep -vc '^make')
	[ "$lines" -le 2 ] || { echo "$lines lines"; return 1; }
}

script() {
	cat >"$dir/$1.lua"
	echo "$dir/$1.lua"
}

syntax=$(script syntax <<'LUA'
print("before")
local x = = 1
LUA
)
runtime=$(script runtime <<'LUA'
local t = nil
print(t.field)
LUA
)
object=$(script object <<'LUA'
error({})
LUA
)
hungry=$(script hungry <<'LUA'
local t = {}
for i = 1, 1e6 do t[i] = { i } end
LUA
)
deep=$(script deep <<'LUA'
local function f(s) return (s:gsub(".", f)) end
print(pcall(f, "x"))
print(load("return " .. ("("):rep(300) .. "1" .. (")"):rep(300)))
local function g() return pcall(g) end
print(g())
local m = setmetatable({}, { __index = function(t, k) return t[k + 1] end })
print(select("#", pcall(function() return m[1] end)))
print(pcall(string.rep, "x", 1 << 40))
LUA
)
# How deep is the machine's business; that it is said, and not more, is ours.
survives() {
	demo SCRIPT="$deep" "$@" >"$dir/all" || return
	[ "$(grep -c 'stack overflow' "$dir/all")" -ge 2 ]
}
exits=$(script exits <<'LUA'
io.write("text") io.stderr:write("more\n") os.exit(7)
LUA
)
exit_status() {
	demo SCRIPT="$exits" >"$dir/all" 2>"$dir/err"
	[ "$(cat "$dir/all")" = text ] && grep -qx more "$dir/err" &&
		grep -q 'Error 7' "$dir/err"
}
forever=$(script forever <<'LUA'
while true do end
LUA
)

it "demo_is_a_load_and_prints_what_lua_prints" is_a_load
for name in json strings; do
	it "demo_${name}_prints_what_lua_prints" \
		same examples/lua/$name.lua HEAP=64k
done
it "demo_device_on_lm3s6965evb_prints_what_lua_prints" \
	same examples/lua/device.lua BOARD=lm3s6965evb
# Each block that is recorded as taken is recorded as given back, and there are
# as many as the program counted, but for a buffer of the C library's.
recorded() {
	demo RECORD="$dir/device.rec" >"$dir/all" 2>"$dir/err" || return
	! grep -q 'recording lacks' "$dir/err" || return
	tools/slate-trace summary "$dir/device.rec" >"$dir/summary" || return
	cat "$dir/summary"
	calls=$(($(figure allocations) + 1))
	grep -q "^events .* $calls malloc" "$dir/summary" &&
		grep -qx 'at the end  0 bytes in 0 blocks' "$dir/summary" &&
		events=$(sed -n 's/^events *\([0-9]*\):.*/\1/p' "$dir/summary") &&
		[ "$events" -gt 60000 ] &&
		[ "$(wc -c <"$dir/device.rec")" -le $((events * 8)) ]
}

it "demo_prints_a_report" grep -q '^---- heap report ----$' "$dir/all"
it "demo_survives_deep_recursion" survives HEAP=1M
it "demo_survives_deep_recursion_on_a_small_stack" \
	survives BOARD=lm3s6965evb
it "demo_is_recorded_without_loss_in_8_bytes_an_event" recorded
it "demo_says_that_the_recording_cannot_be_written" \
	fails "cannot be written" RECORD=/nowhere/device.rec
it "demo_refuses_a_recording_with_spaces" \
	fails "a name without spaces" RECORD='a b'
it "demo_passes_exit_status_and_streams_on" exit_status
it "demo_says_where_a_syntax_error_is" \
	fails "syntax.lua:2: unexpected symbol near '='" SCRIPT="$syntax"
it "demo_says_where_an_error_is" \
	fails "runtime.lua:2: attempt to index a nil value" SCRIPT="$runtime"
it "demo_says_that_an_error_is_no_text" \
	fails "error object is a table value" SCRIPT="$object"
it "demo_says_that_memory_is_short" \
	fails "not enough memory" SCRIPT="$hungry"
it "demo_says_that_the_script_is_missing" \
	fails "there is no such file" SCRIPT=examples/lua/none.lua
it "demo_says_that_the_script_is_a_folder" \
	fails "there is no such file" SCRIPT=examples
it "demo_says_that_the_heap_is_too_small_for_lua" \
	fails "too small for the interpreter" HEAP=8192
it "demo_says_that_the_heap_is_too_small_for_a_heap" \
	fails "too small for the interpreter" HEAP=16
it "demo_says_that_the_heap_is_too_large_for_the_board" \
	fails "is too much for BOARD=lm3s6965evb" BOARD=lm3s6965evb HEAP=65536
it "demo_says_that_the_heap_is_beyond_any_board" \
	fails "is too much for BOARD=mps2-an385" HEAP=5000000000
for heap in lots -1 0 0x 12q 1k2 ''; do
	it "demo_refuses_HEAP=$heap" fails "is no number of bytes" HEAP="$heap"
done
it "demo_takes_HEAP_in_other_notations" \
	same examples/lua/device.lua HEAP=0x20000
it "demo_says_that_lua_does_not_fit_microbit" \
	fails "16 KiB of RAM of BOARD=microbit" BOARD=microbit
it "demo_says_that_LUA_SRC_is_not_lua" \
	fails "neither it nor its src holds lapi.c" LUA_SRC=examples
it "demo_stops_a_script_without_end" \
	fails "was stopped after 2 s" SCRIPT="$forever" TIMEOUT=2
done_testing
