#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-bugs.sh OUT: the five mistakes in examples/bugs are named, with the
# functions that made and that met them; the policy that stops does stop.

. scripts/ktap.sh

out=$1
dir=$out/check/bugs
mkdir -p "$dir" || exit 1
export PYTHONDONTWRITEBYTECODE=1

# All lines that matter, of one board.
run() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s bugs O="$out" \
		BOARD="$1" >"$dir/$1" || { cat "$dir/$1"; return 1; }
}

# names BOARD REPORT SITES...: a report of this, and the functions around it
names() {
	board=$1
	report=$2
	shift 2
	awk -v report="$report" '
	{ text = text "\n" $0 }
	/^slate: / { if ($0 ~ "^slate: " report " ") print text }
	/^(slate: .*)?$/ { text = "" }' "$dir/$board" >"$dir/report"
	for site; do
		grep -q "\[$site (main.c:[0-9]*)" "$dir/report" && continue
		echo "no $site in the report of $report of $board:"
		cat "$dir/$board"
		return 1
	done
}

# A program whose handler prints, and which then is to stop.
cat >"$dir/stop.c" <<'C'
#include <stdio.h>
#include <slate/slate.h>
static unsigned char memory[4096];
static struct slate_debug debug;
void slate_port_write(const char *text, size_t len)
{
	fwrite(text, 1, len, stdout);
	fflush(stdout);
}
void slate_port_fault(enum slate_fault kind, struct slate_heap *heap,
		      const void *where)
{
	(void)kind;
	(void)heap;
	(void)where;
}
int main(void)
{
	const struct slate_debug_options options = { SLATE_DEBUG_TRAP,
						     0, 0, 0, 0, 0 };
	struct slate_heap *heap = slate_heap_create(memory, sizeof(memory));
	void *p;

	if (slate_debug_enable(heap, &debug))
		return 1;
	slate_debug_set_options(heap, &options);
	p = slate_mem_malloc(heap, 5);
	slate_mem_free(heap, p);
	slate_mem_free(heap, p);
	puts("went on");
	return 0;
}
C

stopped() {
	cat "$dir/stop.out"
	grep -q '^slate: double free at ' "$dir/stop.out" &&
		! grep -q 'went on' "$dir/stop.out"
}

stops_on_host() {
	gcc -std=c11 -Iinclude -Iport/linux "$dir/stop.c" src/*.c \
		port/linux/*.c -lpthread -o "$dir/stop" || return
	(ulimit -c 0; "$dir/stop") >"$dir/stop.out" 2>&1 && return 1
	stopped
}

stops_on_board() {
	arm-none-eabi-gcc -mthumb -mcpu=cortex-m3 -Os -std=c11 -Iinclude \
		-Iport/cortex-m -Ilinker -ffunction-sections \
		--specs=picolibc.specs --oslib=semihost --crt0=hosted \
		-Llinker -Tlinker/mps2-an385.ld "$dir/stop.c" src/*.c \
		port/cortex-m/*.c linker/fault.c -o "$dir/stop.elf" || return
	timeout 20 qemu-system-arm -M mps2-an385 -display none -monitor none \
		-serial none -semihosting-config enable=on,target=native \
		-kernel "$dir/stop.elf" >"$dir/stop.out" 2>&1 </dev/null
	[ $? = 3 ] && stopped && grep -q '^Bail out!' "$dir/stop.out"
}

# debug_suites RUN ARGS...: the suites of the configuration with debug hooks
debug_suites() {
	run=$1
	shift
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s test-elf CONFIG=debug \
		O="$dir/$run" "$@" || return
	$run "$dir/$run/slate-test" >"$dir/$run.ktap"
	awk -f scripts/ktap.awk "$dir/$run.ktap" >"$dir/$run.results"
	! grep -v '^ok\|^skip' "$dir/$run.results" &&
		grep -q '^ok slate_guard:' "$dir/$run.results"
}

on_board() {
	timeout 60 qemu-system-arm -M mps2-an385 -display none -monitor none \
		-serial none -semihosting-config enable=on,target=native \
		-kernel "$1" 2>&1 </dev/null
}

for board in mps2-an385 microbit rv32-virt; do
	it "bugs_run_on_$board" run $board
	it "overflow_is_named_on_$board" names $board overflow \
		copy_name name_sensor
	it "underflow_is_named_on_$board" names $board underflow log_samples
	it "use_after_free_is_named_on_$board" names $board "use after free" \
		serve close_session
	it "double_free_is_named_on_$board" names $board "double free" \
		receive parse
	it "leak_is_named_on_$board" names $board "leak: 256" send_report
done
it "sites_says_that_a_file_is_no_elf" fails_with "not an ELF file" \
	tools/slate-sites --elf examples/bugs/main.c
it "policy_trap_stops_on_the_host" stops_on_host
it "policy_trap_stops_on_a_board" stops_on_board
it "suites_hold_with_debug_hooks_from_the_start_on_a_board" \
	debug_suites on_board BOARD=mps2-an385
done_testing
