# SPDX-License-Identifier: MIT
# Lua on a board. "make demo" sees to tools and source, then calls demo-elf.

demo-dir := $(O)/demo/$(BOARD)
lua-dir := $(O)/lua
demo-cpu := $(call board-cpu,$(BOARD))
demo-stack := $(if $(filter 64 128,$(call board-ram,$(BOARD))),0x3000,0x20000)

# From the source: all but the two programs.
lua-objs := $(patsubst $(lua-dir)/src/%.c,$(demo-dir)/lua/%.o,$(filter-out \
	%/lua.c %/luac.c %/onelua.c %/ltests.c,$(wildcard $(lua-dir)/src/l*.c)))
demo-srcs := examples/lua/main.c examples/lua/console.c \
	examples/lua/recording.c examples/report/heap_report.c
demo-objs := $(patsubst %.c,$(demo-dir)/%.o,$(demo-srcs))

demo-clock := $(if $(filter mps2-an385,$(BOARD)),25000000,0)
demo-flags := $(base-flags) $(picolibc) -Iexamples/report \
	-DDEMO_CLOCK=$(demo-clock)u \
	-isystem $(lua-dir)/src $(warnings) $(CFLAGS)
lua-flags := $(target-cortex-m) $(more) $(picolibc) -std=c99 -Os -g -w \
	-ffunction-sections -fdata-sections -include examples/lua/lua_config.h
demo-link = $(call board-flags,semihost,$(demo-stack))

ifneq ($(filter demo-elf,$(goals)),)
$(call stamp,demo.flags,$(compiler) $(demo-flags) $(lua-flags) $(demo-link))
endif

$(demo-dir)/lua/%.o: $(lua-dir)/src/%.c examples/lua/lua_config.h \
		$(obj)/demo.flags
	@mkdir -p $(@D)
	$(call say,CC,$(notdir $<))
	$(Q)$(compiler) $(lua-flags) -c $< -o $@

$(demo-dir)/examples/%.o: examples/%.c $(obj)/demo.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(demo-flags) -MMD -MP -c $< -o $@

$(demo-dir)/lua.elf: $(demo-objs) $(lua-objs) $(obj)/linker/fault.o \
		$(obj)/libslate.a $(obj)/libslate-port.a \
		linker/slate.ld linker/$(BOARD).ld
	$(call say,LD,$@)
	$(Q)$(linker) $(filter %.o %.a,$^) $(demo-link) -o $@

demo-elf: $(demo-dir)/lua.elf
	@:

-include $(wildcard $(demo-dir)/examples/*/*.d)

ifneq ($(filter demo,$(goals)),)
ifneq ($(and $(call given,PORT),$(filter-out cortex-m,$(PORT))),)
$(error make demo runs on a board: it has PORT=cortex-m, not $(PORT))
endif
ifneq ($(filter-out cortex-m,$(call board-port,$(BOARD))),)
$(error make demo runs on a Cortex-M: BOARD=$(BOARD) has none)
endif
ifneq ($(and $(call given,CPU),$(filter-out $(demo-cpu),$(CPU))),)
$(error make demo: BOARD=$(BOARD) has CPU=$(demo-cpu), not $(CPU))
endif
endif

demo: export DEMO_SCRIPT = $(SCRIPT)
demo: export DEMO_HEAP = $(HEAP)
demo: export DEMO_LUA = $(LUA_SRC)
demo: export DEMO_TIMEOUT = $(TIMEOUT)
demo: export DEMO_RECORD = $(RECORD)
demo: export DEMO_RAM = $(call board-ram,$(BOARD))
demo:
	@scripts/demo.sh check $(BOARD)
	@scripts/need.sh $(or $(CROSS_COMPILE),arm-none-eabi-)gcc:gcc-arm-none-eabi \
		picolibc:picolibc-arm-none-eabi \
		qemu-system-arm:qemu-system-arm
	@scripts/lua-source.sh $(lua-dir)
	@$(MAKE) --no-print-directory PORT=cortex-m BOARD=$(BOARD) \
		CPU=$(demo-cpu) demo-elf
	@scripts/demo.sh run $(BOARD) $(demo-dir)/lua.elf
