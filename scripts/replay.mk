# SPDX-License-Identifier: MIT
# $(O)/slate-replay: runs traces of programs through a tier.

replay-objs := $(patsubst %.c,$(obj)/%.o,$(sort $(wildcard bench/replay*.c)))

ifneq ($(filter replay,$(goals)),)
$(call stamp,replay.flags,$(compiler) $(test-flags))
endif

$(obj)/bench/%.o: bench/%.c $(obj)/replay.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(test-flags) -MMD -MP -c $< -o $@

$(O)/slate-replay: $(replay-objs) $(obj)/libslate.a $(obj)/libslate-port.a
	$(call say,LD,$@)
	$(Q)$(compiler) $^ $(test-link-linux) -o $@

replay: $(O)/slate-replay
	@:
