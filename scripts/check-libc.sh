#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-libc.sh DIR BUILT LIBC...: the libc drop-in as its page has it, and what
# is left of the C library's own allocator in images with it and without. The
# images of the test program stand in BUILT, and the library's objects, which
# serve again. Works in DIR.

. scripts/ktap.sh

dir=$1
built=$2
shift 2
rm -rf "$dir"
mkdir -p "$dir" || exit 1
arm=arm-none-eabi

mk() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make "$@"
}

run() {
	timeout 20 qemu-system-arm -M mps2-an385 -display none -monitor none \
		-serial none -chardev "file,id=k,path=$1.out" \
		-semihosting-config enable=on,target=native,chardev=k \
		-kernel "$1" </dev/null
	status=$?
	cat "$1.out"
	return $status
}

# The C library that an image was linked with, by its map.
libc_of() {
	sed -n 's/^LOAD \(.*\/libc\(_nano\)\{0,1\}\.a\)$/\1/p' "$1" | head -n 1
}

# In the image of the test program, which has stdio and libstdc++ in it.
nothing_left() {
	own=$(echo "$built"/obj/*/"$1"/libslate-libc.a)
	elf=$built/slate-libc-test-$1
	scripts/libc-left.sh "$elf" "$(libc_of "$elf.map")" "$own"
}

# A tree beside the project, under the name that the page uses.
slate_tree() {
	mkdir -p "$dir/slate"
	for file in "$PWD"/*; do
		case $file in
		*/out) ;;
		*) ln -sfn "$file" "$dir/slate/${file##*/}" ;;
		esac
	done
	ln -sfn "$(cd "$built" && pwd)" "$dir/slate/out"
}

# project NAME: a copy of the project
project() {
	cp -r examples/libc "$dir/$1"
}

says_hello() {
	[ "$(run "$1")" = "heap: 2.50" ]
}

page_newlib() {
	project "$1"
	scripts/page-lines.sh docs/libc.md newlib | sed "s/newlib-nano/$1/" \
		>>"$dir/$1/Makefile" &&
		mk -C "$dir/$1" SPECS="$2" \
			CC="$arm-gcc -Wl,-Map=app.elf.map" &&
		says_hello "$dir/$1/app.elf" &&
		scripts/libc-left.sh "$dir/$1/app.elf" \
			"$(libc_of "$dir/$1/app.elf.map")" \
			"$dir/slate/out/libslate-libc.a"
}

page_picolibc() {
	project picolibc
	scripts/page-lines.sh docs/libc.md picolibc >"$dir/picolibc/lines" &&
		(cd "$dir/picolibc" && env -u MAKEFLAGS -u MFLAGS \
			-u MAKELEVEL sh -e lines) &&
		says_hello "$dir/picolibc/app.elf"
}

# The same project without the lines: nm finds the allocator.
left_without() {
	project without
	mk -C "$dir/without" CC="$arm-gcc -Wl,-Map=app.elf.map" &&
		says_hello "$dir/without/app.elf" || return
	fails_with __malloc_free_list scripts/libc-left.sh \
		"$dir/without/app.elf" "$(libc_of "$dir/without/app.elf.map")" \
		"$dir/slate/out/libslate-libc.a"
}

# All the names, and only the port, the C library and memcpy from outside.
gives_the_family() {
	$arm-nm --defined-only "$dir/slate/out/libslate-libc.a" |
		awk '$2 ~ /^[TW]$/ { print $3 }' | sort -u >"$dir/has"
	for name in malloc calloc realloc reallocarray free aligned_alloc \
			posix_memalign memalign malloc_usable_size mallinfo \
			malloc_stats mallopt malloc_trim valloc pvalloc cfree \
			_malloc_r _calloc_r _realloc_r _free_r _memalign_r \
			_malloc_usable_size_r _mallinfo_r _malloc_stats_r \
			_mallopt_r _malloc_trim_r _valloc_r _pvalloc_r \
			_cfree_r slate_libc_heap; do
		grep -qx "$name" "$dir/has" || { echo "no $name"; return 1; }
	done
}

program() {
	$arm-gcc -mcpu=cortex-m3 -mthumb -Os -fno-builtin -Iinclude \
		-Iport/cortex-m -Iport/libc -Ilinker -nostartfiles -Llinker \
		-Tnewlib.ld linker/start_newlib.c linker/fault.c \
		-Wl,--no-warn-rwx-segments "$@" \
		"$dir/slate/out/libslate-libc.a"
}

region_with_the_stack() {
	program tests/libc/overlap.c -o "$dir/overlap" && run "$dir/overlap"
}

a_heap_of_the_program() {
	program tests/libc/shared.c -o "$dir/shared" && run "$dir/shared"
}

# .bss into the stack: the program does not link.
bss_into_the_stack() {
	echo 'char big[0x3ff000]; int main(void) { return big[5]; }' \
		>"$dir/big.c"
	fails_with "no room for the stack" program "$dir/big.c" -o "$dir/big"
}

by_clang() {
	mk libc-objects PORT=cortex-m CONFIG=locked LIBC="$1" CC=clang \
		O="$dir/clang"
}

slate_tree
for libc; do
	it "libc_${libc}_has_no_allocator_left" nothing_left "$libc"
done
for libc in picolibc newlib-nano; do
	it "libc_${libc}_compiles_by_clang" by_clang "$libc"
done
rm -f "$built/libslate-libc.a"
it "libc_page_newlib-nano_as_printed" page_newlib newlib-nano \
	--specs=nano.specs
it "libc_left_is_found_without_slate" left_without
rm -f "$built/libslate-libc.a"
it "libc_page_newlib" page_newlib newlib ""
it "libc_gives_the_family" gives_the_family
it "libc_region_that_holds_the_stack_is_reported" region_with_the_stack
it "libc_serves_from_a_heap_of_the_program" a_heap_of_the_program
it "libc_bss_into_the_stack_does_not_link" bss_into_the_stack
it "libc_page_picolibc_as_printed" page_picolibc
it "make_refuses_a_misspelt_libc" \
	fails_with "it is one of: picolibc newlib newlib-nano" \
	mk libc LIBC=newlibc
done_testing
