# SPDX-License-Identifier: MIT
# make check: every variant's test program, and what scripts look at.
#
# Each step leaves its results in $(O)/check and succeeds, so that all are run;
# the last script compares the variants, adds up and gives the verdict.

check-dir := $(O)/check

# The variants: name, and what make and the compiler are told.
suites := host64 host32 host64-asan host32-asan tiny locked check2 check4 \
	mps2-an385 microbit lm3s6965evb

asan := -fsanitize=address,undefined -fno-sanitize-recover=all
suite-host64 := CFLAGS=
suite-host32 := CFLAGS=-m32
suite-host64-asan := CFLAGS="$(asan)"
suite-host32-asan := CFLAGS="-m32 $(asan)"
suite-tiny := CONFIG=tiny CFLAGS=
suite-locked := CONFIG=locked CFLAGS=
suite-check2 := CONFIG=check2 CFLAGS=
suite-check4 := CONFIG=check4 CFLAGS=-DTEST_STEPS=100000
suite-mps2-an385 := BOARD=mps2-an385 CFLAGS=-DTEST_STEPS=100000
suite-microbit := BOARD=microbit OPT=-Os \
	CFLAGS="-DTEST_MEMORY=8192 -DTEST_STEPS=10000"
suite-lm3s6965evb := BOARD=lm3s6965evb OPT=-Os \
	CFLAGS="-DTEST_MEMORY=32768 -DTEST_STEPS=10000"

scripts := layers build make demo
ifneq ($(wildcard bench/replay.c),)
scripts += replay
endif

.PHONY: check-steps $(suites:%=check-suite-%) $(scripts:%=check-%)

ifneq ($(filter check,$(goals)),)
one-variant := $(strip $(foreach v,PORT CPU BOARD CONFIG OPT CFLAGS SCRIPT \
	HEAP TIMEOUT,$(if $(call given,$v),$v)))
ifneq ($(one-variant),)
$(error make check tests them all: it takes no $(one-variant))
endif
endif

check:
	@scripts/need.sh m32:gcc-multilib clang:clang g++:g++ \
		lua5.4:lua5.4 $(CROSS_COMPILE)gcc:gcc-arm-none-eabi \
		picolibc:picolibc-arm-none-eabi \
		qemu-system-arm:qemu-system-arm
	@DEMO_LUA='$(LUA_SRC)' scripts/lua-source.sh $(lua-dir)
	@rm -rf $(check-dir) && mkdir -p $(check-dir)
	@$(MAKE) --no-print-directory check-steps \
		$(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
	$(step) compare scripts/compare.sh $(check-dir) $(suites)
	@scripts/total.sh $(check-dir)

# The long ones first, so that none is left over in the end.
check-steps: $(suites:%=check-suite-%) $(scripts:%=check-%)

step = @scripts/step.sh $(check-dir)

$(suites:%=check-suite-%): check-suite-%:
	$(step) $* scripts/suite.sh $(check-dir)/$* $(MAKE) \
		$(if $(findstring BOARD,$(suite-$*)),CC=$(CROSS_COMPILE)gcc) \
		$(suite-$*)

check-layers:
	$(step) layers scripts/check-layers-test.sh

check-build:
	$(step) build scripts/check-build.sh $(check-dir)/build

check-make:
	$(step) make scripts/check-make.sh $(check-dir)/make

check-demo:
	$(step) demo scripts/check-demo.sh $(O) '$(LUA_SRC)'

check-replay:
	$(step) replay scripts/check-replay.sh $(check-dir)/replay
