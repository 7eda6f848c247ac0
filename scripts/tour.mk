# SPDX-License-Identifier: MIT
# The tour of examples/tour: on this machine, or with BOARD= on a board in QEMU.

tour-board := $(if $(call given,BOARD),$(BOARD))
tour-out := $(O)/tour/$(or $(tour-board),host)
tour-objs := $(patsubst %.c,$(tour-out)/%.o,$(sort $(wildcard \
	examples/tour/*.c))) $(if $(tour-board),$(fault-$(PORT)))

tour-flags := $(base-flags) $(picolibc) $(warnings) $(CFLAGS)
tour-link = $(if $(tour-board),$(linker) $(call \
	board-flags,semihost,0x800),$(compiler) $(CFLAGS) -pthread)

ifneq ($(filter tour-elf,$(goals)),)
$(call stamp,tour.flags,$(compiler) $(tour-flags) $(tour-link))
endif

$(tour-out)/examples/%.o: examples/%.c $(obj)/tour.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(tour-flags) -MMD -MP -c $< -o $@

$(tour-out)/slate-tour: $(tour-objs) $(obj)/libslate.a $(obj)/libslate-port.a
	$(call say,LD,$@)
	$(Q)$(tour-link) $(filter %.o,$^) $(filter %.a,$^) \
		$(obj)/libslate.a -o $@

tour-elf: $(tour-out)/slate-tour
	@:

-include $(wildcard $(tour-out)/examples/*/*.d)

tour:
	@$(if $(tour-board),scripts/need.sh $(if \
		$(filter rv%,$(BOARD)),$(need-riscv),$(need-arm)))
	@$(MAKE) --no-print-directory -s tour-elf
	@scripts/tour.sh $(tour-out)/slate-tour $(tour-board)
