# SPDX-License-Identifier: MIT
# The tools of the desk, what they need, and a program that they are tried on.

.PHONY: tools cjson-elf watched-elf check-browser check-desk

need-desk := python3:python3 gdb-multiarch:gdb-multiarch \
	matplotlib:python3-matplotlib ms_print:valgrind \
	heaptrack_print:heaptrack m32:gcc-multilib
need-browser := chromium:chromium

# What tools/ takes; the tools themselves are run as they are.
tools:
	@scripts/need.sh $(need-desk) $(need-arm)

# cJSON on a board, from Debian's source package.
cjson-dir := $(O)/cjson
cjson-objs := $(cjson-dir)/cJSON.o $(patsubst %,$(cjson-dir)/%.o,\
	examples/cjson/main examples/lua/console examples/lua/recording)
cjson-flags := $(base-flags) $(picolibc) -DDEMO_CLOCK=25000000u \
	-Iexamples/lua -isystem $(cjson-dir)/src

ifneq ($(filter cjson-elf,$(goals)),)
$(call stamp,cjson.flags,$(compiler) $(cjson-flags))
endif

$(cjson-dir)/src/cJSON.c:
	@scripts/debian-source.sh cjson $(cjson-dir)/src

$(cjson-dir)/cJSON.o: $(cjson-dir)/src/cJSON.c $(obj)/cjson.flags
	$(call say,CC,cJSON.c)
	$(Q)$(compiler) $(cjson-flags) -w -c $< -o $@

$(cjson-dir)/examples/%.o: examples/%.c $(obj)/cjson.flags \
		$(cjson-dir)/src/cJSON.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(cjson-flags) $(warnings) -MMD -MP -c $< -o $@

$(cjson-dir)/cjson.elf: $(cjson-objs) $(obj)/linker/fault.o \
		$(obj)/libslate.a $(obj)/libslate-port.a \
		linker/slate.ld linker/$(BOARD).ld
	$(call say,LD,$@)
	$(Q)$(linker) $(filter %.o %.a,$^) -lm \
		$(call board-flags,semihost,0x4000) -o $@

cjson-elf: $(cjson-dir)/cjson.elf
	@:

-include $(wildcard $(cjson-dir)/examples/*/*.d)

# The tools with all configurations and on other machines, which make check
# leaves out.
check-desk:
	@scripts/need.sh $(need-desk) $(need-arm) $(need-riscv)
	@DEMO_LUA='$(LUA_SRC)' scripts/lua-source.sh $(lua-dir)
	@rm -rf $(O)/check-desk && mkdir -p $(O)/check-desk
	@scripts/step.sh $(O)/check-desk desk scripts/check-tools.sh \
		$(O)/check-desk/desk '$(or $(LUA_SRC),$(lua-dir)/src)' all
	@scripts/total.sh $(O)/check-desk

# In a browser: what a machine without a screen cannot do otherwise.
check-browser:
	@scripts/need.sh $(need-desk) $(need-browser) $(need-arm)
	@rm -rf $(O)/check-browser && mkdir -p $(O)/check-browser
	@scripts/step.sh $(O)/check-browser browser scripts/check-browser.sh \
		$(O)/check-browser/browser
	@scripts/total.sh $(O)/check-browser

# A heap for the debugger to look at.
watched-elf: $(O)/watched.elf
	@:

$(O)/watched.elf: tools/tests/watched.c $(fault-$(PORT)) \
		$(obj)/libslate.a $(obj)/libslate-port.a
	$(call say,CC,$<)
	$(Q)$(linker) $(base-flags) $(warnings) $^ \
		$(call board-flags,semihost,0x1000) -o $@
