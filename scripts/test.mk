# SPDX-License-Identifier: MIT
# The test program of one variant: $(O)/slate-test.

test-platform := $(if $(filter cortex-m,$(PORT)),semihost,host)
test-srcs := $(filter-out tests/platform_%.c,$(sort $(wildcard tests/*.c))) \
	tests/platform_$(test-platform).c
test-objs := $(patsubst %.c,$(obj)/%.o,$(test-srcs))
test-stack := $(if $(filter microbit,$(BOARD)),0x800,0x2000)

test-link-linux = $(CFLAGS) -pthread
test-link-cortex-m = $(obj)/linker/fault.o \
	$(call board-flags,semihost,$(test-stack))

ifneq ($(filter test-elf,$(goals)),)
$(call stamp,test.flags,$(compiler) $(test-flags) $(test-link-$(PORT)))
endif

$(obj)/tests/%.o: tests/%.c $(obj)/test.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(test-flags) -MMD -MP -c $< -o $@

$(O)/slate-test: $(test-objs) $(obj)/libslate.a $(obj)/libslate-port.a \
		$(if $(filter cortex-m,$(PORT)),$(obj)/linker/fault.o)
	$(call say,LD,$@)
	$(Q)$(compiler) $(test-objs) $(obj)/libslate.a $(obj)/libslate-port.a \
		$(test-link-$(PORT)) -o $@

test-elf: $(O)/slate-test
	@:
