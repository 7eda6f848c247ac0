#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-build.sh DIR: the library as others build it: by hand, by other
# compilers, as C++; what its archive needs and gives. Works in DIR.

. scripts/ktap.sh

dir=$1
mkdir -p "$dir" || exit 1
warn="-Wall -Wextra -Wconversion -Wshadow -Wundef -Werror"
arm=arm-none-eabi

# compile COMPILER FLAGS...: all files in one command, as the README has it
compile() {
	rm -rf "$dir/by-hand"
	mkdir "$dir/by-hand"
	root=$PWD
	(cd "$dir/by-hand" && "$@" $warn -I"$root/include" \
		-I"$root/port/linux" -c "$root"/src/*.c "$root"/port/linux/*.c)
}

# cross PORT COMPILER FLAGS...
cross() {
	port=$1
	shift
	rm -rf "$dir/by-hand"
	mkdir "$dir/by-hand"
	root=$PWD
	(cd "$dir/by-hand" && "$@" -std=c11 -ffreestanding $warn \
		-I"$root/include" -I"$root/port/$port" \
		-c "$root"/src/*.c "$root"/port/$port/*.c)
}

# self_contained PORT COMPILER FLAGS...: each header first, and twice
self_contained() {
	port=$1
	shift
	for h in include/slate/*.h; do
		h=${h##*/}
		printf '#include <slate/%s>\n#include <slate/%s>\n' $h $h |
			"$@" $warn -Iinclude -Iport/$port -fsyntax-only - ||
			return
	done
}

# links_for_windows FLAGS...: what was compiled last, with a program that
# brings its own fault handler or does not; from objects and from an archive
links_for_windows() {
	mingw=x86_64-w64-mingw32
	cat >"$dir/program.c" <<-'C'
	#include <slate/slate.h>
	static char memory[8192];
	int main(void)
	{
		struct slate_heap *heap = slate_heap_create(memory, 8192);
		slate_raw_free(heap, memory);
		slate_mem_free(heap, slate_mem_malloc(heap, 1));
		return 0;
	}
	#ifdef OWN
	void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
			      const void *where)
	{
		(void)kind;
		(void)heap;
		(void)where;
	}
	#endif
	C
	$mingw-gcc -Iinclude -Iport/windows "$@" -c "$dir/program.c" \
		-o "$dir/program.obj" &&
	$mingw-gcc "$dir/program.obj" "$dir"/by-hand/*.o -o "$dir/p.exe" &&
	$mingw-gcc "$dir"/by-hand/*.o "$dir/program.obj" -o "$dir/p.exe" &&
	rm -f "$dir/windows.a" &&
	$mingw-ar rcs "$dir/windows.a" "$dir"/by-hand/*.o &&
	$mingw-gcc "$dir/program.obj" "$dir/windows.a" -o "$dir/p.exe"
}

# A function's braces stand alone at the start of a line.
no_if_in_a_body() {
	awk '
	/^{/ { inside = 1 }
	/^}/ { inside = 0 }
	inside && /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)/ {
		print FILENAME ":" FNR ": " $0
		bad = 1
	}
	END { exit bad }' src/*.c
}

# Its makes are not this make's: no job server, no variables.
make_lib() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make lib PORT=cortex-m \
		CPU="$1" CONFIG="$2" O="$dir/$1-$2" &&
		[ -f "$dir/$1-$2/libslate.a" ] &&
		[ -f "$dir/$1-$2/libslate-port.a" ]
}

# All that the archive takes from outside is in the list of patterns.
needs_only() {
	lib=$1
	shift
	$arm-nm -g "$lib" | awk 'NF == 3 { print $3 }' | sort -u >"$dir/has"
	$arm-nm -gu "$lib" | awk '$1 == "U" { print $2 }' | sort -u |
		comm -23 - "$dir/has" >"$dir/needs"
	[ -s "$dir/has" ] || return
	for pattern; do
		sed -i "/^$pattern\$/d" "$dir/needs"
	done
	[ ! -s "$dir/needs" ] || { cat "$dir/needs"; return 1; }
}

gives() {
	lib=$1
	shift
	$arm-nm -g --defined-only "$lib" | awk 'NF == 3 && $2 == "T" {
		print $3 }' | sort -u >"$dir/has"
	missing=
	for symbol; do
		grep -qx "$symbol" "$dir/has" || missing="$missing $symbol"
	done
	[ -z "$missing" ] || { echo "missing:$missing"; return 1; }
}

# A program's own names are free: all of the archive's begin with slate_.
keeps_to_its_names() {
	! $arm-nm -g --defined-only "$1" |
		awk 'NF == 3 { print $3 }' | grep -v '^slate_'
}

# Nothing that can be written, but in default.o.
no_globals() {
	$arm-nm "$1" | awk '
	/:$/ { member = $0 }
	NF == 3 && $2 ~ /^[bBdDcC]$/ && member !~ /^default/ {
		print member, $0
		bad = 1
	}
	END { exit bad }'
}

# linked_size CPU LIB...: sections of a program that uses a heap alone
linked_size() {
	cpu=$1
	shift
	$arm-gcc -mthumb -mcpu=$cpu -Os -ffunction-sections -Iinclude \
		-Iport/cortex-m --specs=picolibc.specs -nostartfiles \
		-Wl,--gc-sections,-e,main bench/target/size.c "$@" \
		-o "$dir/heap.elf" || return
	$arm-size "$dir/heap.elf" | awk 'NR == 2 { print $1, $2, $3 }'
}

# objects_are_free CPU CONFIG: without the object layer in the archive the
# program is as large as with it.
objects_are_free() {
	lib=$dir/$1-$2
	cp "$lib/libslate.a" "$dir/without.a"
	$arm-ar d "$dir/without.a" $(for file in $(sed -n 's/^9[ \t]*//p' \
		scripts/layers.txt); do
		case $file in *.c) echo "${file%.c}.o" ;; esac
	done) || return
	with=$(linked_size $1 "$lib/libslate.a" "$lib/libslate-port.a") || return
	without=$(linked_size $1 "$dir/without.a" "$lib/libslate-port.a") ||
		return
	echo "with: $with; without: $without"
	[ "$with" ] && [ "$with" = "$without" ]
}

with_string() {
	rm -rf "$dir/string"
	mkdir "$dir/string"
	root=$PWD
	(cd "$dir/string" && for file in "$root"/src/*.c; do
		$arm-gcc -mthumb -mcpu=cortex-m0 -std=c11 "$1" -ffreestanding \
			$warn -DSLATE_CONFIG_STRING=1 -I"$root/include" \
			-I"$root/port/cortex-m" -c "$file" || exit
	done && rm -f lib.a && $arm-ar rcs lib.a ./*.o) &&
		needs_only "$dir/string/lib.a" 'slate_port_.*'
}

calls="slate_heap_create slate_heap_create_caps slate_heap_create_from
slate_heap_add_region slate_heap_remove_region slate_heap_destroy
slate_heap_valid slate_heap_repair slate_heap_check slate_heap_walk
slate_heap_map slate_heap_stats slate_heap_usable_size slate_heap_set_source
slate_heap_set_quota slate_heap_set_events slate_heap_reset_peak
slate_raw_malloc slate_raw_calloc slate_raw_realloc slate_raw_free
slate_mem_malloc slate_mem_calloc slate_mem_realloc slate_mem_free
slate_obj_malloc slate_obj_calloc slate_obj_realloc slate_obj_free
slate_heap_regions slate_region_stats slate_region_walk slate_region_map
slate_region_drain slate_heap_add_reserved slate_raw_alloc_prefer
slate_heap_block_caps
slate_raw_alloc slate_raw_aligned_alloc slate_mem_strdup slate_mem_strndup
slate_mem_resize_array slate_tier_get slate_tier_set slate_tier_name
slate_profile_find slate_heap_set_profile slate_default slate_default_init
slate_malloc slate_calloc slate_realloc slate_free slate_fault_name
slate_site_malloc slate_site_calloc slate_site_realloc slate_site_free
slate_site_alloc slate_heap_set_rescue slate_debug_enable slate_debug_disable
slate_debug_set_options slate_debug_set_quarantine slate_debug_flush
slate_debug_check_all slate_debug_walk slate_debug_find slate_debug_leaks
slate_debug_print slate_debug_stats slate_debug_looks
slate_cache_create slate_cache_alloc slate_cache_free slate_cache_set_cap
slate_cache_shrink slate_cache_destroy slate_cache_stats slate_caches_add
slate_caches_shrink slate_caches_release slate_caches_next slate_objpool_init
slate_objpool_create slate_objpool_prepare slate_objpool_acquire
slate_objpool_release slate_objpool_destroy slate_scope_enter
slate_scope_alloc slate_scope_promote slate_scope_defer slate_scope_dismiss
slate_scope_leave slate_intern_create slate_intern_get slate_intern_find
slate_intern_put slate_intern_count slate_intern_destroy slate_array_init
slate_array_fini slate_array_reserve slate_array_trim slate_array_at
slate_array_insert slate_array_push slate_array_remove slate_array_pop
slate_ring_init slate_ring_create slate_ring_destroy slate_ring_at
slate_ring_push slate_ring_push_first slate_ring_pop slate_ring_pop_last
slate_once_get slate_once_take
slate_clear_ref slate_decref slate_gc_collect slate_gc_count slate_gc_disable
slate_gc_drop_garbage slate_gc_enable slate_gc_freeze slate_gc_frozen
slate_gc_init slate_gc_is_due slate_gc_is_enabled slate_gc_is_tracked
slate_gc_objects slate_gc_poll slate_gc_referents slate_gc_referrers
slate_gc_set_byte_threshold slate_gc_set_flags slate_gc_set_hooks
slate_gc_set_most slate_gc_set_threshold slate_gc_stats slate_gc_threshold
slate_gc_track slate_gc_unfreeze slate_gc_untrack slate_incref slate_move_ref
slate_object_block_size slate_object_deep_size slate_object_init
slate_object_is_finalized slate_object_is_immortal slate_object_make_immortal
slate_object_new slate_object_new_var slate_object_refs
slate_object_resize_var slate_object_size slate_objects_init
slate_objects_live slate_objects_reclaim slate_objects_set_tracer
slate_objects_walk slate_set_ref slate_weak_map_clear slate_weak_map_get
slate_weak_map_init slate_weak_map_live slate_weak_map_remove
slate_weak_map_set slate_weakref_count slate_weakref_get slate_weakref_new
slate_weakref_walk"

for cc in gcc clang; do
	for m in -m64 -m32; do
		it "compiles_by_${cc}_$m" compile $cc $m -std=c11 -O2
		it "compiles_by_${cc}_${m}_without_options" compile $cc $m
		it "compiles_by_${cc}_${m}_tiny" compile $cc $m -std=c11 -Os \
			-I. -I"$PWD" -DSLATE_CONFIG_HEADER='"configs/tiny.h"'
		it "compiles_by_${cc}_${m}_with_all_options" compile $cc $m \
			-std=c11 -O3 -DSLATE_CONFIG_LOCK=1 \
			-DSLATE_CONFIG_CHECK=4 -DSLATE_CONFIG_STRING=1 \
			-DSLATE_CONFIG_GRANULE=16 -DSLATE_CONFIG_REPAIR=0
	done
	it "headers_stand_alone_in_C_by_$cc" \
		self_contained linux $cc -std=c11 -x c
done
for cxx in g++ clang++; do
	for std in c++11 c++20; do
		it "headers_are_${std}_by_$cxx" \
			self_contained linux $cxx -std=$std -x c++
	done
	it "headers_are_c++11_for_cortex_m_by_$cxx" \
		self_contained cortex-m $cxx -m32 -std=c++11 -x c++
done
for cpu in cortex-m0 cortex-m3 cortex-m4 cortex-m7 cortex-m33 cortex-m55; do
	it "compiles_for_$cpu" cross cortex-m $arm-gcc -mthumb -mcpu=$cpu -O2
done
for opt in -Os -Oz -O3; do
	it "compiles_for_cortex-m0_by_clang_$opt" cross cortex-m clang \
		--target=$arm -mcpu=cortex-m0 $opt
done
for arch in rv32imac rv32imc rv64imac rv64imc; do
	case $arch in
	rv32*) abi=ilp32 ;;
	*) abi=lp64 ;;
	esac
	it "compiles_for_$arch" cross riscv riscv64-unknown-elf-gcc \
		-march=$arch -mabi=$abi -O2
	it "compiles_for_${arch}_by_clang" cross riscv clang \
		--target=riscv$(echo $arch | cut -c3-4) -march=$arch -mabi=$abi -Os
done
it "compiles_for_windows" cross windows x86_64-w64-mingw32-gcc -O2
it "links_for_windows_with_a_handler_of_its_own" links_for_windows -DOWN
it "links_for_windows_without" links_for_windows
it "compiles_for_windows_with_a_lock" cross windows \
	x86_64-w64-mingw32-gcc -O3 -DSLATE_CONFIG_LOCK=1
it "no_if_in_a_function_body" no_if_in_a_body

four='memcpy memmove memset memcmp'
for variant in "cortex-m0 tiny" "cortex-m0 default" "cortex-m3 default" \
	"cortex-m0 locked" "cortex-m0 check4"; do
	set -- $variant
	lib=$dir/$1-$2/libslate.a
	it "make_lib_$1_$2" make_lib $1 $2
	it "needs_the_port_and_four_functions_$1_$2" \
		needs_only "$lib" 'slate_port_.*' $four
	it "gives_every_call_$1_$2" gives "$lib" $calls
	it "keeps_to_its_names_$1_$2" keeps_to_its_names "$lib"
	it "has_no_mutable_globals_$1_$2" no_globals "$lib"
	it "objects_unused_take_nothing_$1_$2" objects_are_free $1 $2
done
it "needs_the_port_only_with_its_own_string_functions" with_string -O2
it "needs_the_port_only_with_its_own_string_functions_small" with_string -Os
done_testing
