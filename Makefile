# SPDX-License-Identifier: MIT
#
# make, make lib     build the library
# make demo          Lua on a board in QEMU
# make check         all tests
# make help          the rest

.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: all lib lib-variant test-elf replay demo demo-elf check clean help FORCE

all: lib

#
# Variables, all for the command line. What is not given follows from what is.
#

VARIABLES := O PORT CPU BOARD CONFIG SCRIPT HEAP LUA_SRC TIMEOUT V \
	CROSS_COMPILE CC OPT CFLAGS

given = $(filter command,$(firstword $(origin $1)))

O := out
V := 0
SCRIPT := examples/lua/device.lua
HEAP := 46080
LUA_SRC :=
TIMEOUT := 120
CROSS_COMPILE := arm-none-eabi-
CFLAGS :=

PORT := $(if $(call given,BOARD),cortex-m,linux)
CONFIG := default
BOARD := mps2-an385
OPT := $(if $(filter tiny,$(CONFIG)),-Os,-O2)

# What each may be.
ports := linux cortex-m
cpus-linux := native
cpus-cortex-m := cortex-m0 cortex-m3 cortex-m4 cortex-m7 cortex-m33 cortex-m55
boards := mps2-an385 microbit lm3s6965evb
configs := default $(sort $(basename $(notdir $(wildcard configs/*.h))))
opts := -O0 -O1 -O2 -O3 -Os -Og

cpu-mps2-an385 := cortex-m3
cpu-microbit := cortex-m0
cpu-lm3s6965evb := cortex-m3

board-cpu := $(if $(call given,BOARD),$(cpu-$(BOARD)))
cpu-linux := native
cpu-cortex-m := $(or $(board-cpu),cortex-m3)
CPU := $(cpu-$(PORT))

# A misspelt name or value is refused, with what is valid.
given-names := $(foreach v,$(.VARIABLES),$(if $(call given,$v),$v))
unknown := $(filter-out $(VARIABLES) MAKEFLAGS,$(given-names))
ifneq ($(unknown),)
$(error no such variable: $(unknown). There are: $(VARIABLES))
endif

comma := ,
one = $(and $(filter 1,$(words $($1))),$(filter $2,$($1)))
one-of = $(if $(call one,$1,$2),,$(error $1=$($1)$(comma) but it is one of: $2))

$(call one-of,PORT,$(ports))
$(call one-of,CPU,$(cpus-$(PORT)))
$(call one-of,BOARD,$(boards))
$(call one-of,CONFIG,$(configs))
$(call one-of,OPT,$(opts))
$(call one-of,V,0 1)
ifneq ($(words $(O)),1)
$(error O=$(O)$(comma) but it is the name of a folder, without spaces)
endif
ifneq ($(and $(call given,BOARD),$(filter-out cortex-m,$(PORT))),)
$(error BOARD=$(BOARD) has PORT=cortex-m$(comma) not $(PORT))
endif
ifneq ($(and $(call given,BOARD),$(filter-out $(board-cpu),$(CPU))),)
$(error BOARD=$(BOARD) has CPU=$(board-cpu)$(comma) not $(CPU))
endif

#
# How files are compiled
#

# CC from the environment is a compiler for this machine.
cc-linux := $(if $(filter default,$(origin CC)),gcc,$(CC))
cc-cortex-m := $(if $(call given,CC),$(CC),$(CROSS_COMPILE)gcc)
compiler := $(cc-$(PORT))
archiver := $(if $(filter cortex-m,$(PORT)),$(CROSS_COMPILE)ar,ar)

target-linux :=
target-cortex-m := -mthumb -mcpu=$(CPU)
warnings := -Wall -Wextra -Wconversion -Wshadow -Wundef -Werror
includes := -Iinclude -Iport/$(PORT)
config-flags := $(if $(filter-out default,$(CONFIG)),\
	-I. -DSLATE_CONFIG_HEADER='"configs/$(CONFIG).h"')

base-flags := -std=c11 $(OPT) -g -ffunction-sections -fdata-sections \
	$(target-$(PORT)) $(includes) $(config-flags)
lib-flags := $(base-flags) -ffreestanding $(warnings) $(CFLAGS)
freestanding-cortex-m := -ffreestanding
port-flags := $(base-flags) $(freestanding-$(PORT)) $(warnings) $(CFLAGS)
specs-cortex-m := --specs=picolibc.specs
test-flags := $(base-flags) $(specs-$(PORT)) -Isrc -Itests \
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
ifneq ($(filter all lib lib-variant test-elf replay demo-elf,$(goals)),)
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
board-flags = $(target-cortex-m) --specs=picolibc.specs --oslib=$1 \
	--crt0=hosted -Llinker -Tlinker/$(BOARD).ld -Wl,--defsym=__stack_size=$2

$(obj)/linker/%.o: linker/%.c $(obj)/lib.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(lib-flags) -MMD -MP -c $< -o $@

include scripts/test.mk
include scripts/replay.mk
include scripts/demo.mk
include scripts/check.mk

clean:
	$(Q)rm -rf $(O)/obj $(O)/demo $(O)/check $(O)/lua
	$(Q)rm -f $(O)/libslate.a $(O)/libslate-port.a $(O)/slate-test \
		$(O)/slate-replay
	$(Q)rmdir $(O) 2>/dev/null || true

help:
	@printf '%s\n' \
	'Targets:' \
	'  lib       $(O)/libslate.a and $(O)/libslate-port.a (the default)' \
	'  demo      build Lua for a board, run SCRIPT on it in QEMU, report' \
	'  check     all tests on this machine and on the boards in QEMU' \
	'  test-elf  $(O)/slate-test: the test program of one variant' \
	'  replay    $(O)/slate-replay: runs traces through a tier' \
	'  clean     remove what was built' \
	'  help      this text' \
	'' \
	'Variables (NAME=value behind make; in parentheses as they are now):' \
	'  O=folder         where everything built goes ($(O))' \
	'  PORT=            $(ports) ($(PORT))' \
	'  CPU=             for linux: $(cpus-linux)' \
	'                   for cortex-m: $(wordlist 1,3,$(cpus-cortex-m))' \
	'                   $(wordlist 4,9,$(cpus-cortex-m)) ($(CPU))' \
	'  BOARD=           $(boards) ($(BOARD))' \
	'                   stands for its PORT and CPU too' \
	'  CONFIG=          $(configs)' \
	'                   a file in configs/, or none ($(CONFIG))' \
	'  OPT=             $(opts) ($(OPT))' \
	'  CC=compiler      gcc; for cortex-m $$(CROSS_COMPILE)gcc' \
	'  CROSS_COMPILE=   prefix of the cortex-m tools ($(CROSS_COMPILE))' \
	'  CFLAGS=          more flags for the compiler' \
	'  V=               0: one line a file, 1: whole commands ($(V))' \
	'For demo:' \
	'  SCRIPT=file      the Lua script ($(SCRIPT))' \
	'  HEAP=bytes       its heap: 40960, 0xa000, 40k, 1M ($(HEAP))' \
	'  LUA_SRC=folder   source of Lua 5.4; without it Debian is asked' \
	'  TIMEOUT=seconds  how long the script may take ($(TIMEOUT))'

-include $(wildcard $(obj)/*/*.d $(obj)/*/*/*.d)
