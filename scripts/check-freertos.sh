#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-freertos.sh DIR: the heap for FreeRTOS against headers that stand in
# for the kernel's: its test program in several configurations, with the lock
# taken out on purpose, and the lines of its page. Works in DIR.

. scripts/ktap.sh

dir=$1
rm -rf "$dir"
mkdir -p "$dir" || exit 1
warn="-Wall -Wextra -Wconversion -Wshadow -Wundef -Werror"
where="-Iinclude -Iport/freertos -Itests/freertos -Itests"

# library WORD: the library's objects, once for each size of a word
library() {
	[ -d "$dir/lib$1" ] && return
	mkdir "$dir/lib$1" && root=$PWD && (cd "$dir/lib$1" &&
		gcc -m$1 -std=c11 -O2 -g $warn -DSLATE_CONFIG_LOCK=1 \
			-I"$root/include" -I"$root/port/freertos" \
			-c "$root"/src/*.c)
}

# build NAME WORD FLAGS...
build() {
	name=$1
	word=$2
	shift 2
	library $word && gcc -m$word -std=gnu11 -O2 -g $warn \
		-DSLATE_CONFIG_LOCK=1 $where "$@" "$dir/lib$word"/*.o \
		port/freertos/*.c tests/ktap.c tests/freertos/main.c \
		-pthread -o "$dir/$name"
}

passes() {
	build "$@" && timeout 60 "$dir/$1"
}

# Without a lock tasks come between each other: it fails, or never ends.
fails_without_a_lock() {
	build no-lock 64 -DTEST_NO_LOCK=1 || return
	! timeout 20 "$dir/no-lock" >"$dir/no-lock.out" 2>&1
}

needs_the_lock() {
	fails_with "SLATE_CONFIG_LOCK is 1" gcc -fsyntax-only $where \
		-DSLATE_CONFIG_LOCK=0 port/freertos/heap_slate.c
}

for_cortex_m() {
	for file in port/freertos/*.c; do
		arm-none-eabi-gcc -mthumb -mcpu=cortex-$1 -std=c11 -O2 $warn \
			-ffreestanding -DSLATE_CONFIG_LOCK=1 $where \
			-c "$file" -o "$dir/object.o" || return
	done
}

# A project that had heap_4.c in its list of sources; the kernel's folder has
# no such file here, so it only builds if the lines take it out.
page_as_printed() {
	mkdir -p "$dir/project/kernel"
	ln -sfn "$PWD" "$dir/slate"
	cp tests/freertos/*.h "$dir/project/kernel"
	cat >"$dir/project/app.c" <<'C'
#include <stdio.h>
#include "FreeRTOS.h"
#include "task.h"
void test_assert(int holds) { (void)holds; }
void test_trace_malloc(void *ptr, size_t size) { (void)ptr; (void)size; }
void test_trace_free(void *ptr, size_t size) { (void)ptr; (void)size; }
void test_enter_critical(void) { }
void test_exit_critical(void) { }
void vApplicationMallocFailedHook(void) { }
int main(void)
{
	size_t before = xPortGetFreeHeapSize();
	void *ptr = pvPortMalloc(100);

	vPortFree(ptr);
	puts(ptr && before && xPortGetFreeHeapSize() == before ? "yes" : "no");
	return 0;
}
C
	{
		echo 'SRCS = app.c kernel/portable/MemMang/heap_4.c'
		echo 'CFLAGS = -Ikernel -Wall'
		scripts/page-lines.sh docs/freertos.md makefile || return
		printf 'app: $(SRCS)\n\t$(CC) $(CFLAGS) $^ -o $@\n'
	} >"$dir/project/Makefile"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$dir/project" app &&
		[ "$("$dir/project/app")" = yes ]
}

it "freertos_array" passes array 64
it "freertos_regions_only" passes regions 64 -DconfigSLATE_HEAP_REGIONS=1
it "freertos_mask_of_interrupts" passes mask 32 -DconfigSLATE_FROM_ISR=1
it "freertos_clears_on_free" passes clear 64 \
	-DconfigHEAP_CLEAR_MEMORY_ON_FREE=1
it "freertos_fails_without_a_lock" fails_without_a_lock
it "freertos_needs_the_lock" needs_the_lock
it "freertos_header_is_c++" sh -c 'echo "#include <heap_slate.h>" |
	g++ -std=c++11 -Wall -Wextra -Werror -Iinclude -Iport/freertos \
		-fsyntax-only -x c++ -'
it "freertos_compiles_for_cortex-m0" for_cortex_m m0
it "freertos_compiles_for_cortex-m3" for_cortex_m m3
it "freertos_page_as_printed" page_as_printed
done_testing
