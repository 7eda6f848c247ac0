# SPDX-License-Identifier: MIT
# $(O)/libslate-libc.a: slate as the malloc of a C library on Cortex-M, and the
# test program of it, which is C++ and has a whole C library in it.

libcs := picolibc newlib newlib-nano
LIBC := picolibc
$(call one-of,LIBC,$(libcs))

# Threads and interrupts may call malloc unless CONFIG says else.
libc-config := $(if $(call given,CONFIG),$(CONFIG),locked)
libc-kind := $(patsubst %-nano,%,$(LIBC))
libc-obj := $(obj)/$(LIBC)

# clang is told where the headers are, which gcc knows.
specs-picolibc := --specs=picolibc.specs
specs-newlib :=
specs-newlib-nano := --specs=nano.specs
its-headers = $(filter %/newlib.h %/_ansi.h,$(shell $(linker) \
	$(specs-$(LIBC)) -include newlib.h -include _ansi.h -M -E -x c \
	/dev/null))
libc-headers = $(if $(by-clang),$(patsubst %,-isystem %,$(dir \
	$(its-headers))),$(specs-$(LIBC)))

libc-objs := $(patsubst %.c,$(libc-obj)/%.o,$(sort $(wildcard port/libc/*.c)))
libc-flags = $(base-flags) $(libc-headers) -ffreestanding -Iport/libc \
	$(warnings) $(CFLAGS)

# Its test program, for mps2-an385, whose RAM and flash start where most do.
libc-test := $(O)/slate-libc-test-$(LIBC)
libc-test-srcs := $(sort $(wildcard tests/libc/*_test.c)) tests/libc/main.c \
	tests/libc/calls_$(libc-kind).c tests/ktap.c tests/platform_semihost.c \
	linker/fault.c $(if $(filter newlib,$(libc-kind)),linker/start_newlib.c)
libc-test-objs := $(patsubst %.c,$(libc-obj)/%.o,$(libc-test-srcs)) \
	$(libc-obj)/tests/libc/cxx_test.o
libc-test-flags = $(target-cortex-m) $(more) $(OPT) -g -ffunction-sections \
	-fdata-sections $(includes) $(config-flags) -Iport/libc -Itests \
	-Ilinker -Wall -Wextra -Wshadow -Wundef -Werror $(CFLAGS)
libc-cc = $(linker) -std=gnu11 -D_GNU_SOURCE $(specs-$(LIBC)) -fno-builtin \
	$(libc-test-flags)
libc-cxx = $(CROSS_COMPILE)g++ -std=c++17 $(specs-cxx-$(LIBC)) \
	-fno-builtin $(libc-test-flags)
specs-cxx-picolibc := --specs=picolibcpp.specs
specs-cxx-newlib :=
specs-cxx-newlib-nano := --specs=nano.specs

# picolibc's own script, told where memory is; newlib has none for this.
wraps = $(foreach w,$1,-Wl,--wrap=$w)
link-picolibc := -Tpicolibcpp.ld --oslib=semihost --crt0=hosted \
	$(foreach d,__flash=0 __flash_size=0x400000 __ram=0x20000000 \
	__ram_size=0x400000 __stack_size=0x2000 \
	__slate_heap_start=__heap_start __slate_heap_end=__heap_end,\
	-Wl,--defsym=$d) \
	$(call wraps,__retarget_lock_acquire_recursive \
	__retarget_lock_release_recursive)
link-newlib := -nostartfiles -Llinker -Tnewlib.ld \
	$(call wraps,__malloc_lock __malloc_unlock)
# nano's libstdc++ is built without exceptions: its new would abort.
link-newlib-nano := $(link-newlib) -u _printf_float -l:libsupc++.a
libc-link = $(link-$(LIBC)) -Wl,--gc-sections -Wl,-u,malloc \
	-Wl,--no-warn-rwx-segments,-Map=$(libc-test).map \
	$(call wraps,slate_port_lock slate_port_unlock memcpy memmove memset)

ifneq ($(filter libc-archive libc-objects libc-test-elf,$(goals)),)
$(call stamp,libc-$(LIBC).flags,$(compiler) $(libc-flags))
$(call stamp,libc-test-$(LIBC).flags,$(libc-cc) $(libc-cxx) $(libc-link))
endif

$(libc-obj)/port/libc/%.o: port/libc/%.c $(obj)/libc-$(LIBC).flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compiler) $(libc-flags) -MMD -MP -c $< -o $@

$(libc-obj)/tests/%.o: tests/%.c $(obj)/libc-test-$(LIBC).flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(libc-cc) -MMD -MP -c $< -o $@

$(libc-obj)/linker/%.o: linker/%.c $(obj)/libc-test-$(LIBC).flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(libc-cc) -MMD -MP -c $< -o $@

$(libc-obj)/tests/libc/%.o: tests/libc/%.cc $(obj)/libc-test-$(LIBC).flags
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(libc-cxx) -MMD -MP -c $< -o $@

$(libc-obj)/libslate-libc.a: $(libc-objs) $(lib-objs) $(port-objs) \
		$(obj)/libc-$(LIBC).flags
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(archiver) rcs $@ $(filter %.o,$^)

# One compiler's word on these files alone.
.PHONY: libc-objects
libc-objects: $(libc-objs)

libc-archive: $(libc-obj)/libslate-libc.a
	@cmp -s $< $(O)/libslate-libc.a || cp $< $(O)/libslate-libc.a

$(libc-test): $(libc-test-objs) $(libc-obj)/libslate-libc.a \
		linker/newlib.ld
	$(call say,LD,$@)
	$(Q)$(libc-cxx) $(filter %.o %.a,$^) $(libc-link) -o $@

libc-test-elf: $(libc-test)
	@:

need-libc-picolibc := picolibc:picolibc-arm-none-eabi
need-libc-newlib := newlib:libnewlib-arm-none-eabi
need-libc-newlib-nano := newlib:libnewlib-arm-none-eabi

libc:
	@scripts/need.sh $(CROSS_COMPILE)gcc:gcc-arm-none-eabi \
		$(need-libc-$(LIBC))
	@$(MAKE) --no-print-directory PORT=cortex-m CONFIG=$(libc-config) \
		libc-archive

#
# make check-libc: every C library on several processors; make check has M3.
#

libc-cpu = $(or $(filter m0 m4f,$(lastword $(subst -, ,$1))),m3)
libc-machine = mps2-an38$(if $(filter m4f,$(libc-cpu)),6,5)
libc-args = LIBC=$(patsubst libc-%,%,$(1:%-$(libc-cpu)=%)) $(args-$(libc-cpu))
args-m0 := CPU=cortex-m0 OPT=-Os
args-m4f := BOARD=mps2-an386
libc-suites := $(libcs:%=libc-%)
libc-all-suites := $(libc-suites) $(libc-suites:%=%-m0) \
	$(libc-suites:%=%-m4f)
need-libc := picolibc:picolibc-arm-none-eabi \
	newlib:libnewlib-arm-none-eabi \
	libstdcxx:libstdc++-arm-none-eabi-newlib \
	libstdcxx-picolibc:libstdc++-arm-none-eabi-picolibc \
	qemu-system-arm:qemu-system-arm clang:clang
libc-compare = env SKIPS=tests/libc/skips.txt scripts/compare.sh

.PHONY: check-libc check-libc-steps check-libc-page \
	$(libc-all-suites:%=check-suite-%)

$(libc-all-suites:%=check-suite-%): check-suite-%:
	$(step) $* scripts/libc-suite.sh $(check-dir)/on-$(call libc-cpu,$*) \
		$(call libc-machine,$*) $(call libc-args,$*)

# Those of one processor share a folder, and so the library's objects: they
# are made one after the other.
libc-order = $(eval check-suite-libc-newlib$1: check-suite-libc-picolibc$1) \
	$(eval check-suite-libc-newlib-nano$1: check-suite-libc-newlib$1)
$(call libc-order,)
$(call libc-order,-m0)
$(call libc-order,-m4f)

# Looks at their images, and takes their objects.
check-libc-page: $(libc-suites:%=check-suite-%)
	$(step) libc-page scripts/check-libc.sh $(check-dir)/libc-page \
		$(check-dir)/on-m3 $(libcs)

check-libc check-libc-steps: check-dir := $(O)/check-libc
check-libc:
	@scripts/need.sh arm-none-eabi-gcc:gcc-arm-none-eabi $(need-libc)
	$(anew)
	$(parallel) check-libc-steps
	$(step) compare $(libc-compare) $(check-dir) libc-newlib \
		$(libc-all-suites)
	@scripts/total.sh $(check-dir)

check-libc-steps: $(libc-all-suites:%=check-suite-%) check-libc-page

-include $(wildcard $(libc-obj)/*/*.d $(libc-obj)/*/*/*.d)
