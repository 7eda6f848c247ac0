# SPDX-License-Identifier: MIT
#
# make, make lib     build the library
# make demo          Lua on a board in QEMU
# make check         all tests
# make help          the rest

.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: all lib lib-variant libc libc-archive libc-test-elf test-elf replay \
	demo demo-elf lisp lisp-elf lisp-bench costs costs-elf tour tour-elf \
	check clean help FORCE

all: lib

#
# Variables, all for the command line. What is not given follows from what is.
#

VARIABLES := O PORT CPU BOARD CONFIG SCRIPT HEAP LUA_SRC TIMEOUT RECORD V \
	CROSS_COMPILE CC OPT CFLAGS LIBC TRACES QUICK PEER PEER_SRC

given = $(filter command,$(firstword $(origin $1)))

O := out
V := 0
SCRIPT := examples/lua/device.lua
HEAP := 46080
LUA_SRC :=
TIMEOUT := 120
RECORD :=
CFLAGS :=

# The boards that QEMU knows. Each has a script in linker/, and here its port,
# its CPU, its RAM in KiB, and what else the compiler is told.
boards := mps2-an385 microbit lm3s6965evb stm32vldiscovery netduinoplus2 \
	mps2-an386 mps2-an500 mps2-an505 mps3-an547 emcraft-sf2 \
	rv32-virt rv64-virt

board-mps2-an385 := cortex-m cortex-m3 4096
board-microbit := cortex-m cortex-m0 16
board-lm3s6965evb := cortex-m cortex-m3 64
board-stm32vldiscovery := cortex-m cortex-m3 8
board-netduinoplus2 := cortex-m cortex-m4 128
board-mps2-an386 := cortex-m cortex-m4 4096 -mfloat-abi=hard -mfpu=fpv4-sp-d16
board-mps2-an500 := cortex-m cortex-m7 4096 -mfloat-abi=hard -mfpu=fpv5-d16
board-mps2-an505 := cortex-m cortex-m33 4096
board-mps3-an547 := cortex-m cortex-m55 2048 -mfloat-abi=hard
board-emcraft-sf2 := cortex-m cortex-m3 64
board-rv32-virt := riscv rv32imac 4096
board-rv64-virt := riscv rv64imac 4096

board-port = $(word 1,$(board-$1))
board-cpu = $(word 2,$(board-$1))
board-ram = $(word 3,$(board-$1))
board-more = $(wordlist 4,9,$(board-$1))

BOARD := mps2-an385
PORT := $(if $(call given,BOARD),$(call board-port,$(BOARD)),$(if \
	$(filter libc,$(MAKECMDGOALS)),cortex-m,linux))
CONFIG := default
OPT := $(if $(filter tiny,$(CONFIG)),-Os,-O2)

# What each may be.
ports := linux cortex-m riscv windows
cpus-linux := native
cpus-windows := x86_64
cpus-riscv := rv32imac rv32imc rv32ima rv64imac rv64imc
cpus-cortex-m := cortex-m0 cortex-m3 cortex-m4 cortex-m7 cortex-m33 cortex-m55
configs := default $(sort $(basename $(notdir $(wildcard configs/*.h))))
opts := -O0 -O1 -O2 -O3 -Os -Og -Oz

its-cpu := $(if $(call given,BOARD),$(call board-cpu,$(BOARD)))
cpu-cortex-m := cortex-m3
CPU := $(or $(its-cpu),$(cpu-$(PORT)),$(firstword $(cpus-$(PORT))))

cross-cortex-m := arm-none-eabi-
cross-riscv := riscv64-unknown-elf-
cross-windows := x86_64-w64-mingw32-
CROSS_COMPILE := $(cross-$(PORT))

# A misspelt name or value is refused, with what is valid.
given-names := $(foreach v,$(.VARIABLES),$(if $(call given,$v),$v))
unknown := $(filter-out $(VARIABLES) MAKEFLAGS,$(given-names))
ifneq ($(unknown),)
$(error no such variable: $(unknown). There are: $(VARIABLES))
endif

comma := ,
one = $(and $(filter 1,$(words $($1))),$(filter $2,$($1)))
one-of = $(if $(call one,$1,$2),,$(error $1=$($1)$(comma) but it is one of: $2))

$(call one-of,BOARD,$(boards))
$(call one-of,PORT,$(ports))
its-port := $(call board-port,$(BOARD))
ifneq ($(and $(call given,BOARD),$(filter-out $(its-port),$(PORT))),)
$(error BOARD=$(BOARD) has PORT=$(its-port)$(comma) not $(PORT))
endif
$(call one-of,CPU,$(cpus-$(PORT)))
$(call one-of,CONFIG,$(configs))
$(call one-of,OPT,$(opts))
$(call one-of,V,0 1)
ifneq ($(words $(O)),1)
$(error O=$(O)$(comma) but it is the name of a folder, without spaces)
endif
ifneq ($(and $(call given,BOARD),$(filter-out $(its-cpu),$(CPU))),)
$(error BOARD=$(BOARD) has CPU=$(its-cpu)$(comma) not $(CPU))
endif

#
# How files are compiled
#

# CC from the environment is a compiler for this machine. One for a board that
# is clang is told so; gcc links, which knows where picolibc is.
cc-linux := $(if $(filter default,$(origin CC)),$(CROSS_COMPILE)gcc,$(CC))
cc-board := $(if $(call given,CC),$(CC),$(CROSS_COMPILE)gcc)
by-clang := $(findstring clang,$(cc-board))
target := $(if $(by-clang),--target=$(patsubst %-,%,$(CROSS_COMPILE)))
cc-cortex-m := $(cc-board) $(target)
cc-riscv := $(cc-board) $(target)
cc-windows := $(cc-board)
compiler := $(strip $(cc-$(PORT)))
linker := $(CROSS_COMPILE)gcc
# That of gcc finds the plugin that -flto needs.
archiver := $(CROSS_COMPILE)$(if $(findstring -flto,$(CFLAGS)),gcc-ar,ar)

target-cortex-m := -mthumb -mcpu=$(CPU)
target-riscv := -march=$(CPU) $(if $(filter rv64%,$(CPU)),-mabi=lp64 \
	-mcmodel=medany,-mabi=ilp32)
more := $(if $(call given,BOARD),$(call board-more,$(BOARD)))
warnings := -Wall -Wextra -Wconversion -Wshadow -Wundef -Werror
includes := -Iinclude -Iport/$(PORT)
config-flags := $(if $(filter-out default,$(CONFIG)),\
	-I. -DSLATE_CONFIG_HEADER='"configs/$(CONFIG).h"')

base-flags := -std=c11 $(OPT) -g -ffunction-sections -fdata-sections \
	$(target-$(PORT)) $(more) $(includes) $(config-flags)
lib-flags := $(base-flags) -ffreestanding $(warnings) $(CFLAGS)
freestanding-cortex-m := -ffreestanding
freestanding-riscv := -ffreestanding
port-flags := $(base-flags) $(freestanding-$(PORT)) $(warnings) $(CFLAGS)
picolibc-gcc := --specs=picolibc.specs
picolibc-clang = -isystem $(dir $(filter %/picolibc.h,$(shell $(linker) \
	$(picolibc-gcc) -include picolibc.h -M -E -x c /dev/null)))
picolibc := $(if $(filter cortex-m riscv,$(PORT)),$(if \
	$(by-clang),$(picolibc-clang),$(picolibc-gcc)))
test-flags := $(base-flags) $(picolibc) -Isrc -Itests -Ilinker \
	-Wall -Wextra -Wshadow -Wundef -Werror $(CFLAGS)

obj := $(O)/obj/$(PORT)-$(CPU)-$(CONFIG)

ifeq ($(V),0)
Q := @
ifeq ($(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),)
say = @printf '  %-7s %s\n' $1 '$2'
endif
endif

lib-objs := $(patsubst %.c,$(obj)/%.o,$(sort $(wildcard src/*.c)))
port-objs := $(patsubst %.c,$(obj)/%.o,$(sort $(wildcard port/$(PORT)/*.c)))

# Written anew when what it holds changes, so that objects follow the flags.
stamp = $(shell mkdir -p $(obj); \
	printf '%s\n' '$(subst ','\'',$2)' | cmp -s - $(obj)/$1 || \
	printf '%s\n' '$(subst ','\'',$2)' >$(obj)/$1)

# Folders are made, and stamps written, only for goals that build.
goals := $(or $(MAKECMDGOALS),all)
ifneq ($(filter all lib lib-variant libc-archive libc-test-elf test-elf replay \
	demo-elf lisp-elf costs-elf tour-elf cjson-elf watched-elf bugs-elf \
	trace-elf,$(goals)),)
$(call stamp,lib.flags,$(compiler) $(lib-flags) $(port-flags))
endif

$(obj)/src/%.o: src/%.c $(obj)/lib.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(lib-flags) -MMD -MP -c $< -o $@

$(obj)/port/%.o: port/%.c $(obj)/lib.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(port-flags) -MMD -MP -c $< -o $@

# An archive is made anew when a file has gone, too.
$(obj)/libslate.a: $(lib-objs) $(obj)/lib.flags
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(archiver) rcs $@ $(lib-objs)

$(obj)/libslate-port.a: $(port-objs) $(obj)/lib.flags
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(archiver) rcs $@ $(port-objs)

lib-variant: $(obj)/libslate.a $(obj)/libslate-port.a

# The archives of the last variant asked for stand in $(O) itself.
lib: lib-variant
	@cmp -s $(obj)/libslate.a $(O)/libslate.a || \
		cp $(obj)/libslate.a $(O)/libslate.a
	@cmp -s $(obj)/libslate-port.a $(O)/libslate-port.a || \
		cp $(obj)/libslate-port.a $(O)/libslate-port.a

# Programs for a board: picolibc's start-up, our script and fault handlers.
board-flags = $(target-$(PORT)) $(more) $(picolibc-gcc) --oslib=$1 \
	--crt0=hosted -Llinker -Tlinker/$(BOARD).ld \
	-Wl,--defsym=__stack_size=$2 -Wl,-u,slate_layout_
fault-cortex-m := $(obj)/linker/fault.o
fault-riscv := $(obj)/linker/fault_riscv.o

$(obj)/linker/%.o: linker/%.c $(obj)/lib.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(lib-flags) -MMD -MP -c $< -o $@

include scripts/test.mk
include scripts/libc.mk
include scripts/replay.mk
include scripts/demo.mk
include scripts/lisp.mk
include scripts/tour.mk
include scripts/check.mk
include scripts/bench.mk
include scripts/clients.mk
include scripts/desk.mk
include scripts/bugs.mk
include scripts/trace.mk

clean:
	$(Q)rm -rf $(O)/obj $(O)/demo $(O)/check $(O)/lua $(O)/bench \
		$(O)/cjson $(O)/desk $(O)/watched.elf \
		$(O)/check-desk $(O)/check-browser
	$(Q)rm -f $(O)/libslate.a $(O)/libslate-port.a $(O)/slate-test \
		$(O)/slate-replay $(O)/libslate-libc.a $(libcs:%=$(O)/slate-libc-test-%) \
		$(libcs:%=$(O)/slate-libc-test-%.map)
	$(Q)rmdir $(O) 2>/dev/null || true

help:
	@printf '%s\n' \
	'Targets:' \
	'  lib       $(O)/libslate.a and $(O)/libslate-port.a (the default)' \
	'  libc      $(O)/libslate-libc.a: slate as the malloc of LIBC' \
	'  demo      build Lua for a board, run SCRIPT on it in QEMU, report' \
	'  bugs      a firmware with five mistakes, which debug hooks name' \
	'  trace     who forgets memory, with four frames; here or on BOARD' \
	'  lisp      run SCRIPT, or the terminal, in a Lisp of slate objects;' \
	'            with BOARD= in QEMU, with HEAP= in so much memory' \
	'  tour      run the tour of objects, here or on BOARD' \
	'  lisp-bench     count the instructions of its loads' \
	'  costs     count those of caches, pools, scopes and the like' \
	'  check     all tests here, on boards in QEMU and for Windows in wine' \
	'  check-board    the test program on BOARD, as CONFIG, OPT, CC say' \
	'  check-boards   the same on all boards, by several compilers' \
	'  check-windows  the same for Windows, in wine' \
	'  check-irq      an interrupt and the program in one heap, in QEMU' \
	'  check-libc     as the malloc of three C libraries, in QEMU' \
	'  check-cross    the same on Linux on 32-bit Arm and PowerPC' \
	'  bench     measure slate beside other allocators; QUICK=1 for less' \
	'  bench-readme   put what was measured last into README.md' \
	'  clients   smallest heaps of programs on three C libraries' \
	'  guard     what was measured and committed still holds' \
	'  guard-update   commit to what is measured now' \
	'  test-elf  $(O)/slate-test: the test program of one variant' \
	'  replay    $(O)/slate-replay: runs traces through a tier' \
	'  check-desk     the tools, with every configuration' \
	'  check-browser  the pages of slate-map, in Chromium' \
	'  tools     install what the tools of the desk take (docs/desk.md)' \
	'  cjson-elf cJSON on a slate heap, for BOARD (docs/desk.md)' \
	'  clean     remove what was built' \
	'  help      this text' \
	'' \
	'Variables (NAME=value behind make; in parentheses as they are now):' \
	'  O=folder         where everything built goes ($(O))' \
	'  PORT=            $(ports) ($(PORT))' \
	'  CPU=             for linux: $(cpus-linux); windows: $(cpus-windows)' \
	'                   for cortex-m: $(wordlist 1,3,$(cpus-cortex-m))' \
	'                   $(wordlist 4,9,$(cpus-cortex-m))' \
	'                   for riscv: $(cpus-riscv)' \
	'                   ($(CPU))' \
	'  BOARD=           $(wordlist 1,4,$(boards))' \
	'                   $(wordlist 5,8,$(boards))' \
	'                   $(wordlist 9,19,$(boards)) ($(BOARD));' \
	'                   stands for its PORT and CPU too' \
	'  CONFIG=          $(configs)' \
	'                   a file in configs/, or none ($(CONFIG))' \
	'  OPT=             $(opts) ($(OPT))' \
	'  CC=compiler      $$(CROSS_COMPILE)gcc; clang is told the machine' \
	'  CROSS_COMPILE=   prefix of the tools; for cortex-m arm-none-eabi-' \
	'  LIBC=            $(libcs) ($(LIBC))' \
	'  CFLAGS=          more flags for the compiler' \
	'  V=               0: one line a file, 1: whole commands ($(V))' \
	'For bench:' \
	'  QUICK=1          fewer measurements' \
	'  TRACES=folder    traces beside those of bench/traces' \
	'  PEER=file        an adapter of one more allocator, whose other' \
	'  PEER_SRC=files   sources are these' \
	'For demo:' \
	'  SCRIPT=file      the Lua script ($(SCRIPT))' \
	'  HEAP=bytes       its heap: 40960, 0xa000, 40k, 1M ($(HEAP))' \
	'  LUA_SRC=folder   source of Lua 5.4; without it Debian is asked' \
	'  TIMEOUT=seconds  how long the script may take ($(TIMEOUT))' \
	'  RECORD=file      record every call into it (docs/recording.md)'

-include $(wildcard $(obj)/*/*.d $(obj)/*/*/*.d)
