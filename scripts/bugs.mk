# SPDX-License-Identifier: MIT
# A firmware with five mistakes, which debug hooks name: examples/bugs.

.PHONY: bugs bugs-elf

bugs-dir := $(O)/bugs/$(BOARD)
bugs-flags := $(base-flags) $(picolibc) $(warnings) $(CFLAGS)
bugs-lib := $(obj)/libslate.a $(obj)/libslate-port.a

ifneq ($(filter bugs-elf,$(goals)),)
$(call stamp,bugs.flags,$(compiler) $(bugs-flags))
endif

$(bugs-dir)/main.o: examples/bugs/main.c $(obj)/bugs.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(bugs-flags) -MMD -MP -c $< -o $@

$(bugs-dir)/bugs.elf: $(bugs-dir)/main.o $(fault-$(PORT)) $(bugs-lib) \
		linker/slate.ld linker/$(BOARD).ld
	$(call say,LD,$@)
	$(Q)$(linker) $(filter %.o %.a,$^) $(call board-flags,semihost,0x800) \
		-o $@

bugs-elf: $(bugs-dir)/bugs.elf
	@:

# Without optimization that inlines one mistake into another.
bugs:
	@scripts/need.sh python3:python3 $(if $(filter rv%,$(BOARD)),\
		$(need-riscv),$(need-arm))
	@$(MAKE) --no-print-directory BOARD=$(BOARD) OPT=-Og bugs-elf
	@timeout $(TIMEOUT) $(call run-of,$(BOARD)) -display none \
		-monitor none -serial none \
		-semihosting-config enable=on,target=native \
		-kernel $(bugs-dir)/bugs.elf </dev/null 2>&1 | \
		tools/slate-sites --elf $(bugs-dir)/bugs.elf

-include $(wildcard $(bugs-dir)/*.d)
