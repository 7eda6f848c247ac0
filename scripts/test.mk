# SPDX-License-Identifier: MIT
# The test program of one variant: $(O)/slate-test.

test-platform := $(or $(patsubst %,semihost,$(fault-$(PORT))),$(if \
	$(filter windows,$(PORT)),windows,host))
test-srcs := $(filter-out tests/main.c tests/platform_%.c tests/context_%.c,\
	$(sort $(wildcard tests/*.c))) tests/platform_$(test-platform).c \
	tests/context_$(PORT).c
test-objs := $(patsubst %.c,$(obj)/%.o,$(test-srcs)) $(fault-$(PORT))
test-libs := $(obj)/libslate.a $(obj)/libslate-port.a

# On a board heaps in tests take half the RAM, at most 1 MiB, and the stack an
# eighth, at most 8 KiB; random calls are 100000, or 10000 where the heap has
# less than 64 KiB, as tests/testing.h has it. With 64 KiB or less, and
# the flash that goes with it, they are run in programs of their own, one for
# each PART of tests/main.c. CFLAGS may say else.
ifneq ($(and $(call given,BOARD),$(filter test-elf,$(goals))),)
test-ram := $(call board-ram,$(BOARD))
least = $(shell echo $$(($1 < $2 ? $1 : $2)))
less = $(shell [ $1 -ge $2 ] || echo less)

test-memory := $(call least,$(test-ram) * 512,1048576)
test-stack := $(call least,$(test-ram) * 128,8192)
test-steps := $(if $(call less,$(test-memory),65536),,100000)
test-parts := $(if $(call less,$(test-ram),65),$(shell \
	sed -n 's/^.define PART_\([0-9]*\)(x).*/\1/p' tests/main.c))

# A second bank of RAM, which the linker scripts leave alone.
test-bank-mps2-an385 := 0x21000000 0x1000000
test-bank-mps2-an386 := 0x21000000 0x1000000
test-bank-mps2-an500 := 0x60000000 0x1000000
test-bank-emcraft-sf2 := 0xa0000000 0x1000000
bank := $(test-bank-$(BOARD))

test-sizes := $(if $(bank),-DTEST_BANK=$(word 1,$(bank)) \
	-DTEST_BANK_SIZE=$(word 2,$(bank))) $(if $(findstring TEST_MEMORY,$(CFLAGS)),,\
	-DTEST_MEMORY=$(test-memory)) \
	$(if $(or $(findstring TEST_STEPS,$(CFLAGS)),\
	$(if $(test-steps),,none)),,-DTEST_STEPS=$(test-steps))
endif

test-elfs := $(if $(test-parts),$(test-parts:%=$(O)/slate-test-%),\
	$(O)/slate-test$(if $(filter windows,$(PORT)),.exe))

test-link-linux = $(CFLAGS) -pthread
test-link-windows = $(CFLAGS) -static
test-link-board = $(if $(findstring -flto,$(CFLAGS)),$(OPT) \
	$(CFLAGS)) $(call board-flags,semihost,$(test-stack))
test-link = $(if $(fault-$(PORT)),$(linker) $(test-link-board),$(compiler) \
	$(test-link-$(PORT)))

ifneq ($(filter test-elf,$(goals)),)
$(call stamp,test.flags,$(compiler) $(test-flags) $(test-sizes) $(test-link))
endif

$(obj)/tests/%.o: tests/%.c $(obj)/test.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(test-flags) $(test-sizes) -MMD -MP -c $< -o $@

$(obj)/tests/main-%.o: tests/main.c $(obj)/test.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(test-flags) $(test-sizes) -DTEST_PART=$* \
		-MMD -MP -c $< -o $@

$(O)/slate-test $(O)/slate-test.exe: $(obj)/tests/main.o $(test-objs) \
		$(test-libs)
	$(call say,LD,$@)
	$(Q)$(test-link) $^ -o $@

$(O)/slate-test-%: $(obj)/tests/main-%.o $(test-objs) $(test-libs)
	$(call say,LD,$@)
	$(Q)$(test-link) $^ -o $@

test-elf: $(test-elfs)
	@:
