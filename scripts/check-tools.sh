#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-tools.sh DIR LUA_SRC [all]: the tools of the desk on recordings of
# programs that run in QEMU: cJSON, whose smallest heap is tried there, and Lua.
# With all, also what takes many builds: other configurations.

. scripts/ktap.sh

dir=$1
lua=$2
all=$3
mkdir -p "$dir" || exit 1
board=mps2-an385
machine="qemu-system-arm -M $board"
cjson=$dir/cjson/cjson.elf
lua_elf=$dir/demo/$board/lua.elf
export PYTHONDONTWRITEBYTECODE=1

build() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s O="$dir" "$@"
}

unit_tests() {
	PYTHONPATH=tools /usr/bin/python3 -m unittest discover -s tools/tests
}

# cjson BYTES [RECORDING]
cjson() {
	timeout 60 qemu-system-arm -M $board -display none -monitor none \
		-serial none -kernel "$cjson" -semihosting-config \
		"enable=on,target=native,arg=cjson,arg=$1${2:+,arg=$2}" \
		</dev/null
}

record_lua() {
	build demo BOARD=$board LUA_SRC="$lua" SCRIPT=examples/lua/json.lua \
		HEAP=64k RECORD="$dir/lua.rec"
}

# says TEXT COMMAND...: what it prints has a line that matches TEXT
says() {
	wanted=$1
	shift
	said=$("$@" 2>&1) && echo "$said" | grep -q "$wanted" && return
	printf '%s: expected "%s" in:\n%s\n' "$*" "$wanted" "$said"
	return 1
}

trace() {
	command=$1
	shift
	tools/slate-trace "$command" "$@"
}

massif() {
	trace massif "$dir/cjson.rec" --elf "$cjson" -o "$dir/massif.out" &&
		ms_print "$dir/massif.out"
}

heaptrack() {
	trace heaptrack "$dir/cjson.rec" --elf "$cjson" -o "$dir/heaptrack" &&
		heaptrack_print "$dir/heaptrack"
}

# size_of NAME ARGS...: what slate-size says of a recording, in NAME.size
size_of() {
	name=$1
	shift
	tools/slate-size "$dir/$name.rec" --out "$dir/desk" "$@" \
		>"$dir/$name.size" && grep "^Smallest region" "$dir/$name.size"
}

smallest() {
	sed -n 's/^Smallest region: \([0-9]*\) bytes$/\1/p' "$dir/$1.size"
}

# map NAME ARGS...: draw a recording; what was written
map() {
	name=$1
	shift
	tools/slate-map recording "$dir/$name.rec" --out "$dir/desk" "$@" &&
		eval "cat \"\${$#}\""
}

fails_in() {
	fails_with "out of memory in a heap of $1" cjson "$1"
}

names_all() {
	for config in default configs/*.h; do
		config=${config##*/}
		grep -q "^  ${config%.h}  *[0-9]* bytes$" "$dir/cjson.size" ||
			{ echo "$config"; return 1; }
	done
}

# A program with the header that was written needs what is said there.
header_holds() {
	wanted=$(sed -n 's/.* has \([0-9]*\) bytes.*/\1/p' "$dir/cjson.h")
	make_header="$PWD/$dir/cjson.h"
	case $dir in /*) make_header=$dir/cjson.h ;; esac
	mkdir -p "$dir/own" && mv "$cjson" "$dir/own/kept.elf" &&
		build cjson-elf BOARD=$board \
		CFLAGS="-DSLATE_CONFIG_HEADER='\"$make_header\"'" &&
		cjson "$wanted" >/dev/null && fails_in $((wanted - 64))
	status=$?
	mv "$dir/own/kept.elf" "$cjson"
	return $status
}

# at PLACE PROGRAM [QEMU'S ARGUMENTS]: commands for gdb, one a line on stdin,
# at a breakpoint of a program in QEMU.
at() {
	qemu="$machine -display none -monitor none -serial none -S \
		-gdb stdio -kernel $2 $3"
	{
		echo "target remote | $qemu"
		echo "source tools/slate-gdb.py"
		echo "tbreak *$1"
		echo continue
		cat
		echo kill
	} >"$dir/commands"
	gdb_runs "$2"
}

# The file of commands, each tried whatever became of those before.
gdb_runs() {
	sed 's/.*/-ex\n&/' "$dir/commands" | tr '\n' '\0' |
		xargs -0 sh -c 'program=$0; exec timeout 100 gdb-multiarch \
			-nx -batch "$@" "$program"' "$1" 2>&1
}

looks() {
	at one_is_spoilt "$dir/watched.elf" >"$dir/gdb.out" <<-GDB
		slate stats
		slate check
		slate walk
		slate leaks
		slate block \$r0
		slate block heap
		slate map $dir/live.svg
		slate map $dir/live.html heap
		slate map $dir/live.gif
		dump binary memory $dir/ram.bin 0x20000000 0x20008000
	GDB
	[ -s "$dir/live.svg" ] && [ -s "$dir/live.html" ] &&
		[ -s "$dir/ram.bin" ]
}

looks_early() {
	at nothing_yet "$dir/watched.elf" >"$dir/early.out" <<-GDB
		slate stats
		slate stats 0x20000004
		slate stats nobody
		slate block
	GDB
	grep -q "nothing_yet" "$dir/early.out"
}

# gdb is given another file than the program that runs.
looks_with_another() {
	at nothing_yet "$dir/watched.elf" >"$dir/other.out" <<-GDB
		file $lua_elf
		slate stats
	GDB
	cat "$dir/other.out"
	false
}

# Lua at its end, and who allocated what by its recording.
looks_at_lua() {
	console="-chardev file,id=console,path=$dir/lua.out"
	config=enable=on,target=native,chardev=console
	at heap_report "$lua_elf" "$console -semihosting-config \
$config,arg=lua,arg=-r,arg=$dir/live.rec,arg=65536,arg=examples/lua/json.lua" \
		>"$dir/lua-gdb.out" <<-GDB
		slate check
		slate stats
		slate recording $dir/live.rec
		slate leaks
		slate map $dir/lua-live.svg
	GDB
	grep -q "is whole" "$dir/lua-gdb.out" &&
		grep -q "bytes in .*: lua_alloc" "$dir/lua-gdb.out" &&
		[ -s "$dir/lua-live.svg" ] || { cat "$dir/lua-gdb.out"; false; }
}

# looks_on BOARD QEMU: the same on another machine.
looks_on() {
	build watched-elf BOARD="$1" O="$dir/$1" || return
	machine=$2
	at one_is_spoilt "$dir/$1/watched.elf" >"$dir/$1.out" <<-GDB
		slate check
		slate leaks
	GDB
	grep -q "pad byte: .* 100 bytes, mem, call 1, main" "$dir/$1.out" &&
		grep -q "800 bytes in *40 blocks: make_objects" "$dir/$1.out" ||
		{ cat "$dir/$1.out"; false; }
}

# A dump instead of a target.
looks_at_dump() {
	cat >"$dir/commands" <<-GDB
		source tools/slate-gdb.py
		slate dump $dir/ram.bin@0x20000000
		slate check
		slate leaks
	GDB
	gdb_runs "$dir/watched.elf" >"$dir/dump.out"
}

dump_is_drawn() {
	tools/slate-map dump "$dir/ram.bin@0x20000000" --out "$dir/desk" \
		--elf "$dir/watched.elf" -o "$dir/dump.svg" &&
		cmp "$dir/dump.svg" "$dir/live.svg"
}

live_is_drawn() {
	rm -f "$dir/gdb.socket"
	timeout 100 qemu-system-arm -M $board -display none -monitor none \
		-serial none -kernel "$dir/watched.elf" -gdb chardev:stub \
		-chardev "socket,id=stub,path=$dir/gdb.socket,server=on,wait=off" &
	qemu=$!
	for wait in 1 2 3 4 5 6 7 8 9 10; do
		sleep 1
		[ -S "$dir/gdb.socket" ] && break
	done
	sleep 1
	tools/slate-map live "$dir/gdb.socket" --elf "$dir/watched.elf" \
		-o "$dir/remote.svg"
	status=$?
	kill $qemu
	[ $status = 0 ] && cmp "$dir/remote.svg" "$dir/live.svg"
}

look_at() {
	tools/slate-map dump "$dir/$1" --elf "$2" --out "$dir/desk" \
		-o "$dir/none.svg"
}

# Three recordings that are not as they were: cut off, spoilt, of a version to
# come.
damage() {
	head -c 20001 "$dir/cjson.rec" >"$dir/cut.rec" &&
		{
			head -c 10000 "$dir/cjson.rec" &&
				printf '?!' && tail -c +10003 "$dir/cjson.rec"
		} >"$dir/spoilt.rec" &&
		LC_ALL=C sed 's/SR\x01/SR\x02/g' "$dir/cjson.rec" \
			>"$dir/version.rec" && : >"$dir/empty.rec"
}

it "tools_unit_tests" unit_tests
it "tools_cjson_builds" build cjson-elf BOARD=$board
it "tools_cjson_is_recorded" cjson 65536 "$dir/cjson.rec"
it "tools_lua_is_recorded" record_lua

it "tools_recordings_are_damaged" damage

it "trace_finds_the_sites" says "cJSON_New_Item (cJSON.c:[0-9]*)" \
	trace summary "$dir/cjson.rec" --elf "$cjson"
it "trace_knows_that_nothing_leaks" says "^0 bytes in 0 blocks are live" \
	trace leaks "$dir/cjson.rec"
it "trace_compares_two_places" says "from start .* to peak .* blocks$" \
	trace diff "$dir/cjson.rec" start peak
it "trace_of_lua_summary" says "obj" \
	trace summary "$dir/lua.rec" --elf "$lua_elf"
it "trace_massif_is_read_by_ms_print" says "cJSON_New_Item (.*cJSON.c" massif
it "trace_heaptrack_is_read_by_heaptrack_print" says \
	"total memory leaked: 0B" heaptrack
it "trace_collapsed" says "^[a-zA-Z_]* [0-9]*$" \
	trace collapsed "$dir/cjson.rec" --elf "$cjson"
it "trace_plots" trace plot "$dir/cjson.rec" --elf "$cjson" -o "$dir/plot.svg"

it "size_of_cjson" size_of cjson --elf "$cjson" --size 64k --configs none
it "size_replays_every_address" grep -q "every block lies where it lay" \
	"$dir/cjson.size"
it "size_says_bound" grep -q "an upper bound for one that collects" \
	"$dir/cjson.size"
it "size_ends_with_1_for_a_size_that_fails" fails_with "bytes fails:" \
	tools/slate-size "$dir/cjson.rec" --out "$dir/desk" --configs none \
	--size 20k
it "size_completes_in_just_that" cjson "$(smallest cjson)"
it "size_fails_in_64_bytes_less" fails_in $(($(smallest cjson) - 64))
if [ "$all" ]; then
	it "size_of_every_configuration" size_of cjson --robust \
		--header "$dir/cjson.h"
	it "size_names_every_configuration" names_all
	it "size_header_holds" header_holds
fi
it "size_of_lua" size_of lua --elf "$lua_elf" --configs none

it "map_of_lua_as_svg" says "made up to" map lua --by age -o "$dir/lua.svg"
it "map_of_lua_as_page" says '"pools":\[\[' map lua -o "$dir/lua.html"
it "map_refuses_other_endings" fails_with "neither .svg nor .html" \
	map lua -o "$dir/lua.gif"
it "map_draws_a_cut_recording" says "cut off" map cut --no-pools \
	-o "$dir/cut.html"

it "watched_builds" build watched-elf BOARD=$board
it "watched_has_no_debugging_information" arm-none-eabi-strip -g \
	"$dir/watched.elf"
it "gdb_looks" looks
it "gdb_stats" grep -q "^blocks  *41$" "$dir/gdb.out"
it "gdb_check_finds_the_structure_whole" grep -q \
	"^the heap at 0x2.* is whole$" "$dir/gdb.out"
it "gdb_check_finds_what_was_spoilt" grep -q \
	"pad byte: .* 100 bytes, mem, call 1, main" "$dir/gdb.out"
it "gdb_walk" grep -q "^41 blocks of 900 bytes" "$dir/gdb.out"
it "gdb_leaks_by_site" grep -q "800 bytes in *40 blocks: make_objects" \
	"$dir/gdb.out"
it "gdb_walk_tells_owners" grep -q "20 bytes, obj, call [0-9]*, owner 2, make" \
	"$dir/gdb.out"
it "gdb_block_of_slate" grep -q "is slate's own tables" "$dir/gdb.out"
it "gdb_map_refuses_other_endings" grep -q "in neither .svg nor .html" \
	"$dir/gdb.out"
it "gdb_refuses_another_program" fails_with \
	"the program there is not that of" looks_with_another
it "gdb_looks_early" looks_early
for text in "there is no heap yet" "no heap at 0x20000004" \
	"has no variable nobody" "usage: slate block ADDR"; do
	it "gdb_says_$(echo "$text" | tr ' ' _)" grep -q "$text" \
		"$dir/early.out"
done
if [ "$all" ]; then
	for other in rv32-virt rv64-virt; do
		bits=${other%-virt}
		it "gdb_looks_on_$other" looks_on $other \
			"qemu-system-riscv${bits#rv} -M virt -bios none"
	done
	it "gdb_looks_on_mps3-an547" looks_on mps3-an547 \
		"qemu-system-arm -M mps3-an547"
fi
it "gdb_looks_at_a_dump" looks_at_dump
it "gdb_dump_shows_the_same" grep -q "800 bytes in *40 blocks" "$dir/dump.out"
it "gdb_dump_finds_the_same" grep -q "pad byte: " "$dir/dump.out"
it "gdb_looks_at_lua_by_its_recording" looks_at_lua
it "map_of_a_dump_is_that_of_the_target" dump_is_drawn
it "map_of_a_target_by_gdb" live_is_drawn
it "map_refuses_a_dump_of_elsewhere" fails_with "is not in this memory" \
	look_at ram.bin@0x30000000 "$dir/watched.elf"
it "map_refuses_a_dump_without_address" fails_with "not FILE@ADDRESS" \
	look_at ram.bin "$dir/watched.elf"
it "map_refuses_a_program_without_layout" fails_with "no slate_layout_" \
	look_at ram.bin@0x20000000 /bin/true

for tool in "slate-trace summary" slate-size "slate-map recording -o x.svg"; do
	name=${tool%% *}
	it "${name}_helps" says "usage: $name" tools/$tool --help
	it "${name}_refuses_no_file" fails_with "No such file" \
		tools/$tool "$dir/none.rec"
	it "${name}_refuses_an_empty_file" fails_with "empty" \
		tools/$tool "$dir/empty.rec"
	it "${name}_refuses_other_files" fails_with "no recording" \
		tools/$tool README.md
	it "${name}_refuses_another_version" fails_with "of version 2" \
		tools/$tool "$dir/version.rec"
	it "${name}_refuses_another_program" fails_with \
		"not the program that was recorded" \
		tools/$tool "$dir/cjson.rec" --elf "$lua_elf"
	it "${name}_refuses_what_is_no_program" fails_with "not an ELF file" \
		tools/$tool "$dir/cjson.rec" --elf README.md
done
it "trace_reads_a_cut_recording" says "cut off" trace summary "$dir/cut.rec"
it "trace_reads_a_spoilt_recording" says "are missing before" \
	trace summary "$dir/spoilt.rec"
done_testing
