# SPDX-License-Identifier: MIT
# A program that forgets memory, traced with four frames: examples/trace. Here,
# or on a BOARD.

.PHONY: trace trace-elf

trace-dir := $(O)/trace/$(PORT)$(if $(call given,BOARD),-$(BOARD))
trace-srcs := $(wildcard examples/trace/*.c)
trace-objs := $(patsubst examples/%.c,$(trace-dir)/%.o,$(trace-srcs))
trace-flags := $(base-flags) $(picolibc) $(warnings) $(CFLAGS)
trace-libs := $(obj)/libslate.a $(obj)/libslate-port.a
trace-link = $(if $(fault-$(PORT)),$(linker) -Llinker/unwind $(call \
	board-flags,semihost,0x1000),$(compiler) $(CFLAGS) -no-pie -pthread)

ifneq ($(filter trace-elf,$(goals)),)
$(call stamp,trace.flags,$(compiler) $(trace-flags) $(trace-link))
endif

$(trace-dir)/%.o: examples/%.c $(obj)/trace.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(trace-flags) -MMD -MP -c $< -o $@

$(trace-dir)/trace.elf: $(trace-objs) $(fault-$(PORT)) $(trace-libs) \
		$(if $(fault-$(PORT)),linker/unwind/slate.ld linker/$(BOARD).ld)
	$(call say,LD,$@)
	$(Q)$(trace-link) $(filter %.o,$^) -Wl,--start-group $(trace-libs) \
		-Wl,--end-group -o $@

trace-elf: $(trace-dir)/trace.elf
	@:

# The unwinder needs tables of all that may be on the stack, slate's too.
trace-run = $(if $(call given,BOARD),timeout $(TIMEOUT) $(call run-of,$(BOARD)) \
	-display none -monitor none -serial none \
	-semihosting-config enable=on$(comma)target=native -kernel)
trace-args = $(if $(call given,BOARD),BOARD=$(BOARD)) CFLAGS='$(strip \
	$(CFLAGS) -funwind-tables)'

trace:
	@scripts/need.sh python3:python3 $(if $(call given,BOARD),$(need-arm))
	@$(MAKE) --no-print-directory $(trace-args) trace-elf
	@$(trace-run) $(trace-dir)/trace.elf </dev/null 2>&1 | \
		tools/slate-sites --elf $(trace-dir)/trace.elf

-include $(wildcard $(trace-dir)/trace/*.d)
