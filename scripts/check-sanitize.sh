#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-sanitize.sh DIR: memory checkers of the host see what is slate's: a
# program's mistakes in a block of a pool are found by Valgrind and by
# AddressSanitizer, and there is nothing to find where it makes none; threads
# that share a heap with debug hooks do not get in each other's way. Works in
# DIR.

. scripts/ktap.sh

dir=$1
mkdir -p "$dir" || exit 1

# build NAME PROGRAM FLAGS...: with the library, everything checked
build() {
	name=$1
	program=$2
	shift 2
	"$@" -std=c11 -g -O1 -fno-omit-frame-pointer -Wall -Wextra -Werror \
		-Iinclude -Iport/linux tests/sanitize/$program.c src/*.c \
		port/linux/*.c -lpthread -o "$dir/$name"
}

# valgrind MISTAKE: its status is 42 if it reports something
under_valgrind() {
	valgrind -q --error-exitcode=42 "$dir/valgrind" "$1" \
		>"$dir/out" 2>&1
}

# finds TEXTS... in what the checker said, which stopped the program
finds() {
	for text; do
		grep -q -- "$text" "$dir/out" && continue
		echo "no \"$text\" in:"
		cat "$dir/out"
		return 1
	done
}

valgrind_finds() {
	mistake=$1
	shift
	under_valgrind "$mistake"
	[ $? = 42 ] && finds "$mistake (victim.c" "$@"
}

asan_finds() {
	name=$1
	mistake=$2
	shift 2
	"$dir/$name" "$mistake" >"$dir/out" 2>&1 && return 1
	finds 'use-after-poison' "in $mistake" "$@"
}

says_nothing() {
	"$@" || { cat "$dir/out"; return 1; }
	[ ! -s "$dir/out" ] || { cat "$dir/out"; return 1; }
}

asan_quiet() {
	"$dir/$1" nothing >"$dir/out" 2>&1
}

threads() {
	"$dir/threads" >"$dir/out" 2>&1
}

it "builds_for_valgrind" build valgrind victim \
	gcc -DSLATE_CONFIG_SANITIZE=1
it "valgrind_has_nothing_to_say" says_nothing under_valgrind nothing
it "valgrind_finds_a_write_behind_a_block" valgrind_finds overflow_write \
	'Invalid write of size 1' '0 bytes after a block of size 20'
it "valgrind_finds_a_read_behind_a_block" valgrind_finds overflow_read \
	'Invalid read of size 1' '0 bytes after a block of size 20'
it "valgrind_finds_a_read_before_a_block" valgrind_finds underflow_read \
	'Invalid read of size 1' '1 bytes before a block of size 20'
it "valgrind_finds_a_read_after_free" valgrind_finds read_after_free \
	'Invalid read of size 1' '3 bytes inside a block of size 20 free'
it "valgrind_finds_a_write_after_free" valgrind_finds write_after_free \
	'Invalid write of size 1' '19 bytes inside a block of size 20 free'
it "valgrind_finds_a_read_after_realloc" valgrind_finds read_after_realloc \
	'Invalid read of size 1' 'inside a block of size 20 free'
it "valgrind_finds_a_read_of_fresh_bytes" valgrind_finds read_uninitialised \
	'ninitialised value'
for cc in gcc clang; do
	it "builds_for_asan_by_$cc" build asan-$cc victim $cc -fsanitize=address \
		-DSLATE_CONFIG_SANITIZE=2
	it "asan_of_${cc}_has_nothing_to_say" says_nothing asan_quiet asan-$cc
	for mistake in overflow_write overflow_read underflow_read \
			read_after_free write_after_free read_after_realloc; do
		it "asan_of_${cc}_finds_$mistake" asan_finds asan-$cc $mistake
	done
done
it "builds_for_tsan" build threads threads gcc -fsanitize=thread \
	-DSLATE_CONFIG_LOCK=1
it "threads_share_a_heap_with_debug_hooks" says_nothing threads
done_testing
