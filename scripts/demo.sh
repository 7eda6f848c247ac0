#!/bin/sh
# SPDX-License-Identifier: MIT
#
# demo.sh check BOARD	  are the script and the heap of the demo usable?
# demo.sh run BOARD ELF	  run the script in QEMU; its exit status is the demo's
#
# DEMO_SCRIPT, DEMO_HEAP, DEMO_TIMEOUT, DEMO_RECORD and DEMO_RAM come from make.

die() {
	echo "demo: $*" >&2
	exit 1
}

# 40960, 0xa000, 40k or 1M as a number of bytes; nothing if it is none.
bytes() {
	unit=1
	number=$1
	case $number in
	*[kK])	unit=1024 number=${number%?} ;;
	*[mM])	unit=1048576 number=${number%?} ;;
	esac
	case $number in
	0[xX]*)	digits=${number#0?} base=0x other='*[!0-9a-fA-F]*' ;;
	*)	digits=$number base= other='*[!0-9]*' ;;
	esac
	# Without the zeros in front, which would mean octal.
	while case $digits in 0?*) ;; *) false ;; esac; do
		digits=${digits#0}
	done
	case $digits in
	'' | $other | ?????????????*) return ;;
	esac
	echo $(($base$digits * unit))
}

# The value of a symbol, a hexadecimal number.
symbol() {
	arm-none-eabi-nm "$1" | sed -n "s/^\([0-9a-f]*\) . $2\$/0x\1/p"
}

heap=$(bytes "$DEMO_HEAP")
[ "$heap" ] && [ "$heap" -gt 0 ] ||
	die "HEAP=$DEMO_HEAP is no number of bytes, such as 40960, 40k or 1M"
case $DEMO_TIMEOUT in
'' | *[!0-9]*) die "TIMEOUT=$DEMO_TIMEOUT is no number of seconds" ;;
esac
[ "$DEMO_RAM" -ge 64 ] ||
	die "Lua does not fit into the $DEMO_RAM KiB of RAM of BOARD=$2;" \
		"take mps2-an385 or lm3s6965evb"
[ -f "$DEMO_SCRIPT" ] || die "SCRIPT=$DEMO_SCRIPT: there is no such file"
[ -r "$DEMO_SCRIPT" ] || die "SCRIPT=$DEMO_SCRIPT cannot be read"
[ ${#DEMO_SCRIPT} -lt 200 ] || die "SCRIPT=$DEMO_SCRIPT: the name is too long"
[ ${#DEMO_RECORD} -lt 100 ] || die "RECORD=$DEMO_RECORD: the name is too long"
case $DEMO_RECORD in
*' '*) die "RECORD=$DEMO_RECORD: a name without spaces" ;;
esac
[ "$1" = run ] || exit 0
[ -z "$DEMO_RECORD" ] || (: >"$DEMO_RECORD") 2>/dev/null ||
	die "RECORD=$DEMO_RECORD cannot be written"

board=$2
elf=$3
room=$(($(symbol "$elf" __slate_heap_end) - \
	$(symbol "$elf" __slate_heap_start)))
[ "$heap" -le "$room" ] ||
	die "HEAP=$DEMO_HEAP is too much for BOARD=$board: beside Lua's own" \
		"data and stack it has $room bytes for a heap"

# A comma ends a value for QEMU, two are one. It grumbles about a timer of
# lm3s6965evb that nobody has set; everything else is passed on.
name=$(printf '%s' "$DEMO_SCRIPT" | sed 's/,/,,/g')
semihosting="enable=on,target=native,arg=lua,arg=$heap,arg=$name"
if [ "$DEMO_RECORD" ]; then
	record=$(printf '%s' "$DEMO_RECORD" | sed 's/,/,,/g')
	semihosting="enable=on,target=native,arg=lua,arg=-r,arg=$record"
	semihosting="$semihosting,arg=$heap,arg=$name"
fi
exec 3>&1
status=$({
	{
		timeout "$DEMO_TIMEOUT" qemu-system-arm -M "$board" \
			-display none -monitor none -serial none \
			-semihosting-config "$semihosting" \
			-kernel "$elf" 4>&-
		echo $? >&4
	} 2>&1 >&3 3>&- | sed '/^Timer with period zero, disabling$/d' >&2
} 4>&1)
[ "$status" != 124 ] ||
	die "$DEMO_SCRIPT was stopped after $DEMO_TIMEOUT s; TIMEOUT= is longer"
exit "$status"
