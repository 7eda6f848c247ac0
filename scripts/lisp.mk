# SPDX-License-Identifier: MIT
# The Lisp of examples/lisp: on this machine, or with BOARD= on a board in QEMU.

lisp-board := $(if $(call given,BOARD),$(BOARD))
lisp-out := $(O)/lisp/$(or $(lisp-board),host)
lisp-console := $(if $(lisp-board),semihost,host)
lisp-srcs := $(filter-out %/main.c,$(sort $(wildcard examples/lisp/*.c))) \
	examples/console/console_$(lisp-console).c \
	examples/report/heap_report.c
lisp-objs := $(lisp-srcs:%.c=$(lisp-out)/%.o) \
	$(if $(lisp-board),$(fault-$(PORT)))
lisp-programs := $(addprefix $(lisp-out)/,lisp nomemory \
	$(if $(and $(lisp-board),$(filter cortex-m,$(PORT))),lisp-count))

lisp-flags := $(base-flags) $(picolibc) $(addprefix -Iexamples/,console \
	lisp report) $(warnings) $(CFLAGS)
# An eighth of the RAM, and as much as the deepest call needs.
lisp-link = $(if $(lisp-board),$(linker) $(call board-flags,semihost,$(if \
	$(filter 8 16,$(call board-ram,$(BOARD))),0x800,0x2000)),\
	$(compiler) $(CFLAGS) -pthread)

ifneq ($(filter lisp-elf costs-elf,$(goals)),)
$(call stamp,lisp.flags,$(compiler) $(lisp-flags) $(lisp-link))
endif

$(lisp-out)/examples/%.o: examples/%.c $(obj)/lisp.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(lisp-flags) -MMD -MP -c $< -o $@

$(lisp-out)/lisp $(lisp-out)/lisp-count: $(lisp-out)/examples/lisp/main.o
$(lisp-out)/nomemory: $(lisp-out)/examples/lisp/tests/nomemory.o
$(lisp-out)/lisp-count: $(addprefix $(lisp-out)/examples/console/,count.o \
	count_whole.o)
$(lisp-programs): $(lisp-objs) $(obj)/libslate.a $(obj)/libslate-port.a
	$(call say,LD,$@)
	$(Q)$(lisp-link) $(filter %.o,$^) $(filter %.a,$^) \
		$(obj)/libslate.a -o $@

lisp-elf: $(lisp-programs)
	@:

-include $(wildcard $(lisp-out)/examples/*/*.d \
	$(lisp-out)/examples/*/*/*.d)

lisp: export LISP_SCRIPT = $(if $(call given,SCRIPT),$(SCRIPT))
lisp: export LISP_HEAP = $(if $(call given,HEAP),$(HEAP))
lisp:
	@$(if $(lisp-board),scripts/need.sh $(if \
		$(filter rv%,$(BOARD)),$(need-riscv),$(need-arm)))
	@$(MAKE) --no-print-directory -s lisp-elf
	@scripts/lisp.sh $(lisp-out)/lisp $(lisp-board)

lisp-bench:
	@scripts/need.sh $(need-arm)
	@scripts/lisp-bench.sh $(O)

# What the calls of caches, pools, scopes and the like take.
costs-out := $(O)/costs/$(lisp-board)
costs-objs := $(addprefix $(lisp-out)/examples/,costs/main.o console/count.o \
	console/console_$(lisp-console).o)

$(costs-out)/costs: $(costs-objs) $(fault-$(PORT)) $(obj)/libslate.a \
		$(obj)/libslate-port.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(lisp-link) $^ -o $@

costs-elf: $(costs-out)/costs
	@:

costs:
	@scripts/need.sh $(need-arm)
	@scripts/costs.sh $(O)
