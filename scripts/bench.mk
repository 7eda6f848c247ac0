# SPDX-License-Identifier: MIT
# make bench: heaps, instructions, worst cases, sizes, times; make guard: what
# does not depend on the machine against the committed table.

.PHONY: bench bench-readme guard guard-update adversary-search

# Debian's Python: the one that python3-matplotlib belongs to.
bench-python := $(firstword $(wildcard /usr/bin/python3) python3) -B

bench-tools := python3:python3 m32:gcc-multilib arm-none-eabi-gcc:gcc-arm-none-eabi \
	picolibc:picolibc-arm-none-eabi newlib:libnewlib-arm-none-eabi \
	qemu-system-arm:qemu-system-arm
bench-peers := matplotlib:python3-matplotlib musl-gcc:musl-tools \
	libmimalloc.so.2.0:libmimalloc2.0 libjemalloc.so.2:libjemalloc2

# What it measures is what it says: a variant of the command line is none of it.
ifneq ($(filter bench bench-readme guard guard-update,$(goals)),)
one-bench := $(strip $(foreach v,PORT CPU BOARD CONFIG OPT CFLAGS,\
	$(if $(call given,$v),$v)))
ifneq ($(one-bench),)
$(error make $(goals) measures fixed variants: it takes no $(one-bench); \
bench/count.py and bench/heaps.py do)
endif
endif

bench-env = O='$(O)' TRACES='$(TRACES)' QUICK='$(QUICK)' PEER='$(PEER)' \
	PEER_SRC='$(PEER_SRC)'

# Without the peers of this machine, or plots, the rest is measured.
bench:
	@scripts/need.sh $(bench-tools)
	@scripts/need.sh $(bench-peers) || true
	@$(bench-env) $(bench-python) bench/bench.py

bench-readme:
	@O='$(O)' $(bench-python) bench/report.py README.md

guard guard-update:
	@scripts/need.sh $(bench-tools)
	@$(bench-python) bench/guard.py --out $(O)/bench \
		$(if $(filter guard-update,$@),--update)

# Ten minutes for each kind of call and heap.
adversary-search:
	@scripts/need.sh $(bench-tools)
	@$(bench-python) bench/search.py
