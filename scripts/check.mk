# SPDX-License-Identifier: MIT
# make check: every variant's test program, and what scripts look at.
#
# Each step leaves its results in $(O)/check and succeeds, so that all are run;
# the last script compares the variants, adds up and gives the verdict.

# The variants: name, and what make and the compiler are told.
suites := host64 host32 host64-asan host32-asan tiny locked check2 check4 \
	generations mps2-an385 microbit lm3s6965evb mps2-an505 rv32-virt rv64-virt windows

asan := -fsanitize=address,undefined -fno-sanitize-recover=all
suite-host64 := CFLAGS=
suite-host32 := CFLAGS=-m32
suite-host64-asan := CFLAGS="$(asan)"
suite-host32-asan := CFLAGS="-m32 $(asan)"
suite-tiny := CONFIG=tiny CFLAGS=
suite-locked := CONFIG=locked CFLAGS=
suite-check2 := CONFIG=check2 CFLAGS=
suite-generations := CONFIG=generations CFLAGS=-DTEST_STEPS=20000
suite-check4 := CONFIG=check4 CFLAGS=-DTEST_STEPS=100000

# On Windows, and on Linux on other machines, by emulators.
suite-windows := PORT=windows CFLAGS=-DTEST_STEPS=100000
run-windows := scripts/wine.sh

cross-suites := armhf powerpc
suite-armhf := CC="clang --target=arm-linux-gnueabihf" \
	CROSS_COMPILE=arm-linux-gnueabihf- \
	CFLAGS="-static -DTEST_STEPS=100000"
run-armhf := qemu-arm
# clang looks for the libc of powerpc where that of i386 is.
powerpc-libc := /usr/powerpc-linux-gnu/lib
suite-powerpc := CC="clang --target=powerpc-linux-gnu" \
	CROSS_COMPILE=powerpc-linux-gnu- \
	CFLAGS="-static -B$(powerpc-libc) -L$(powerpc-libc) \
	-Wno-unused-command-line-argument -DTEST_STEPS=100000"
run-powerpc := qemu-ppc

# Every board; and one by another compiler, or otherwise optimized.
board-variants := mps2-an385-O3 mps2-an385-flto mps2-an385-clang \
	mps2-an385-clang-Oz microbit-clang-Oz mps3-an547-O3
board-suites := $(boards) $(board-variants) windows

board-of = $(firstword $(foreach b,$(boards),$(if $(filter $b $b-%,$1),$b)))
cross-of = $(cross-$(call board-port,$(board-of)))
small = $(filter-out 128 2048 4096,$(call board-ram,$(board-of)))
suite-board = BOARD=$(board-of) CROSS_COMPILE=$(cross-of) \
	CC=$(or $(findstring clang,$1),$(cross-of)gcc) \
	OPT=$(or $(filter -O%,$(patsubst O%,-O%,$(subst -, ,$1))),$(if \
	$(small),-Os,-O2)) CFLAGS=$(findstring -flto,$1)
$(foreach s,$(boards) $(board-variants),$(eval \
	suite-$s := $(call suite-board,$s)))

run-cortex-m = qemu-system-arm -M $(board-of)
run-riscv = qemu-system-riscv$(patsubst rv%-virt,%,$(board-of)) -M virt \
	-bios none
run-of = $(or $(run-$1),$(if $(board-of),$(run-$(call \
	board-port,$(board-of)))))

scripts := layers build make demo lisp tour fault guard freertos bugs interrupts
scripts += sanitize trace rules objects
ifneq ($(wildcard bench/replay.c),)
scripts += replay
endif
ifneq ($(wildcard tools/slate-trace),)
scripts += tools
endif

.PHONY: check-steps check-board check-boards check-windows check-cross \
	check-boards-steps check-cross-steps

every-suite := $(sort $(suites) $(board-suites) $(cross-suites))
.PHONY: $(every-suite:%=check-suite-%) $(scripts:%=check-%)

ifneq ($(filter check check-boards check-windows check-cross check-libc,\
	$(goals)),)
one-variant := $(strip $(foreach v,PORT CPU BOARD CONFIG OPT CFLAGS SCRIPT \
	HEAP TIMEOUT,$(if $(call given,$v),$v)))
ifneq ($(one-variant),)
$(error make $(goals) tests them all: it takes no $(one-variant))
endif
endif

# Results of each are kept apart.
check-dir := $(O)/check
check-board: check-dir := $(O)/check-board
check-windows: check-dir := $(O)/check-windows
check-boards check-boards-steps: check-dir := $(O)/check-boards
check-cross check-cross-steps: check-dir := $(O)/check-cross

need-host := m32:gcc-multilib
need-arm := arm-none-eabi-gcc:gcc-arm-none-eabi \
	picolibc:picolibc-arm-none-eabi qemu-system-arm:qemu-system-arm
need-riscv := riscv64-unknown-elf-gcc:gcc-riscv64-unknown-elf \
	picolibc-riscv:picolibc-riscv64-unknown-elf \
	qemu-system-riscv32:qemu-system-misc
need-windows := x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64 \
	/usr/lib/wine/wine64:wine64
# Not gcc's for these machines: they and gcc-multilib exclude each other.
need-cross := clang:clang qemu-arm:qemu-user \
	arm-linux-gnueabihf-ar:binutils-arm-linux-gnueabihf \
	libc-armhf:libc6-dev-armhf-cross \
	libgcc-armhf:libgcc-12-dev-armhf-cross \
	powerpc-linux-gnu-ar:binutils-powerpc-linux-gnu \
	libc-powerpc:libc6-dev-powerpc-cross \
	libgcc-powerpc:libgcc-12-dev-powerpc-cross

step = @scripts/step.sh $(check-dir)
anew = @rm -rf $(check-dir) && mkdir -p $(check-dir)
parallel = +@$(MAKE) --no-print-directory \
	$(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
since = awk -v start="$$(cat $(check-dir)/start)" -v end="$$(date +%s)" \
	'BEGIN { print "  TIME    " end - start " s" }'

check:
	@scripts/need.sh $(need-host) clang:clang g++:g++ valgrind:valgrind \
		lua5.4:lua5.4 \
		python3:python3 \
		$(need-arm) $(need-riscv) $(need-windows) $(need-libc)
	@DEMO_LUA='$(LUA_SRC)' scripts/lua-source.sh $(lua-dir)
	$(anew)
	$(parallel) check-steps
	$(step) compare scripts/compare.sh $(check-dir) $(suites)
	$(step) compare-libc $(libc-compare) $(check-dir) libc-newlib \
		$(libc-suites)
	@scripts/total.sh $(check-dir)

# The long ones first, so that none is left over in the end.
check-steps: $(suites:%=check-suite-%) $(scripts:%=check-%) \
	check-libc-page

# One board, in the variant that the command line says.
check-board:
	@scripts/need.sh $(if $(filter rv%,$(BOARD)),$(need-riscv),$(need-arm))
	$(anew)
	$(step) $(BOARD) scripts/suite.sh $(check-dir)/$(BOARD) \
		'$(call run-of,$(BOARD))' $(MAKE) BOARD=$(BOARD)
	$(step) compare scripts/compare.sh $(check-dir) $(BOARD)
	@scripts/total.sh $(check-dir)

check-windows:
	@scripts/need.sh $(need-windows)
	$(anew)
	$(step) windows scripts/suite.sh $(check-dir)/windows $(run-windows) \
		$(MAKE) $(suite-windows)
	$(step) compare scripts/compare.sh $(check-dir) windows
	@scripts/total.sh $(check-dir)

check-boards:
	@scripts/need.sh clang:clang $(need-arm) $(need-riscv) $(need-windows)
	$(anew)
	@date +%s >$(check-dir)/start
	$(parallel) check-boards-steps
	$(step) compare scripts/compare.sh $(check-dir) host64 $(board-suites)
	@$(since)
	@scripts/total.sh $(check-dir)

check-boards-steps: check-suite-host64 $(board-suites:%=check-suite-%) \
	check-fault

check-cross:
	@scripts/need.sh $(need-cross)
	$(anew)
	$(parallel) check-cross-steps
	$(step) compare scripts/compare.sh $(check-dir) host64 $(cross-suites)
	@scripts/total.sh $(check-dir)

check-cross-steps: check-suite-host64 $(cross-suites:%=check-suite-%)

$(every-suite:%=check-suite-%): check-suite-%:
	$(step) $* scripts/suite.sh $(check-dir)/$* '$(call run-of,$*)' \
		$(MAKE) $(suite-$*)

check-layers:
	$(step) layers scripts/check-layers-test.sh

check-build:
	$(step) build scripts/check-build.sh $(check-dir)/build

check-make:
	$(step) make scripts/check-make.sh $(check-dir)/make

check-demo:
	$(step) demo scripts/check-demo.sh $(O) '$(LUA_SRC)'

check-lisp:
	$(step) lisp scripts/check-lisp.sh $(check-dir)/lisp

check-replay:
	$(step) replay scripts/check-replay.sh $(check-dir)/replay

check-tools:
	$(step) tools scripts/check-tools.sh $(check-dir)/tools \
		'$(or $(LUA_SRC),$(lua-dir)/src)'

check-guard:
	$(step) guard scripts/check-guard.sh $(check-dir)/guard

check-bugs:
	$(step) bugs scripts/check-bugs.sh $(O)

check-trace:
	$(step) trace scripts/check-trace.sh $(O)

check-sanitize:
	$(step) sanitize scripts/check-sanitize.sh $(check-dir)/sanitize

check-objects:
	$(step) objects scripts/check-objects.sh $(check-dir)/objects

check-tour:
	$(step) tour scripts/check-tour.sh $(check-dir)/tour

check-rules:
	$(step) rules scripts/check-rules.sh $(check-dir)/rules

check-fault:
	$(step) fault scripts/check-fault.sh $(check-dir)/fault

check-freertos:
	$(step) freertos scripts/check-freertos.sh $(check-dir)/freertos

# A tenth of what check-irq does, with the library of the libc drop-in's tests.
check-interrupts: check-libc-page
	$(step) interrupts scripts/check-irq.sh $(check-dir)/interrupts 100000 \
		$(check-dir)/on-m3

.PHONY: check-irq
check-irq: check-dir := $(O)/check-irq
check-irq:
	@scripts/need.sh $(need-arm)
	$(anew)
	$(step) irq scripts/check-irq.sh $(check-dir)/irq 1000000 \
		$(check-dir)/built
	@scripts/total.sh $(check-dir)
