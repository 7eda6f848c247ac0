#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-fault.sh DIR: a program that faults on a board ends with a line of KTAP
# that says so and with exit status 3, instead of looping. Works in DIR.

. scripts/ktap.sh

dir=$1
mkdir -p "$dir" || exit 1

# An unaligned write where there is nothing.
cat >"$dir/fault.c" <<'C'
#include <stdint.h>
int main(void)
{
	*(volatile uint32_t *)(uintptr_t)0xf0000001 = 1;
	return 0;
}
C

# bails_out BOARD QEMU HANDLER COMPILER FLAGS...
bails_out() {
	board=$1
	qemu=$2
	handler=$3
	shift 3
	"$@" --specs=picolibc.specs --oslib=semihost --crt0=hosted \
		-Llinker -Tlinker/$board.ld "$dir/fault.c" $handler \
		-o "$dir/$board" || return
	timeout 20 $qemu -display none -monitor none -serial none \
		-semihosting-config enable=on,target=native \
		-kernel "$dir/$board" >"$dir/out" 2>&1 </dev/null
	status=$?
	cat "$dir/out"
	[ $status = 3 ] && grep -aq '^Bail out! CPU' "$dir/out"
}

for board in microbit:cortex-m0 mps2-an385:cortex-m3 mps2-an386:cortex-m4 \
		mps2-an500:cortex-m7 mps2-an505:cortex-m33 \
		mps3-an547:cortex-m55; do
	it "fault_is_reported_on_${board%:*}" bails_out ${board%:*} \
		"qemu-system-arm -M ${board%:*}" linker/fault.c \
		arm-none-eabi-gcc -mthumb -mcpu=${board#*:}
done
it "fault_is_reported_on_rv32-virt" bails_out rv32-virt \
	"qemu-system-riscv32 -M virt -bios none" linker/fault_riscv.c \
	riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32
it "fault_is_reported_on_rv64-virt" bails_out rv64-virt \
	"qemu-system-riscv64 -M virt -bios none" linker/fault_riscv.c \
	riscv64-unknown-elf-gcc -march=rv64imac -mabi=lp64 -mcmodel=medany
done_testing
