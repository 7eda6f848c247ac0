#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Which functions of the allocator a trace's instructions are spent in: QEMU
logs each instruction of the first calls, by address.
"""

import argparse
import collections
import os
import shutil
import subprocess
import sys
import tempfile

import target
import tracefile

HARNESS = ("main", "bench_call", "call", "carry_out", "cost", "payload_clear",
           "calibrate", "count", "finish", "start", "known", "is_", "mark",
           "grow", "release", "__wrap_", "mem", "__aeabi_mem", "semihost",
           "slate_heap_create", "slate_chunk_layout")


def symbols(elf):
    """[(address, size, name)] of the functions."""
    text = target.run_quietly(["arm-none-eabi-nm", "-S", "-n", elf])
    rows = [line.split() for line in text.splitlines()]
    return [(int(row[0], 16), int(row[1], 16), row[3]) for row in rows
            if len(row) == 4 and row[2] in "tT"]


def addresses(elf, folder):
    """Instructions executed, by address."""
    seen = collections.Counter()
    log = subprocess.Popen(target.qemu(elf) + [
        "-singlestep", "-d", "exec,nochain", "-D", "/dev/stderr"],
        cwd=folder, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    for line in log.stderr:
        if line.startswith(b"Trace "):
            seen[line.split(b"/")[1]] += 1
    log.wait()
    return {int(address, 16): n for address, n in seen.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trace")
    parser.add_argument("--calls", type=int, default=5000,
                        help="how many of the trace (5000)")
    parser.add_argument("--adapter", default="bench/peers/slate_obj.c")
    parser.add_argument("--cpu", default="m3")
    parser.add_argument("--opt", default="O2")
    parser.add_argument("--config", default="default")
    parser.add_argument("--cflags", default="")
    parser.add_argument("--factor", type=float, default=1.25)
    parser.add_argument("--lines", help="a function: each instruction of it")
    args = parser.parse_args()

    variant = target.Variant(args.cpu, args.opt, args.config, args.cflags)
    elf = target.build(variant, args.adapter)
    trace = tracefile.read(args.trace)
    folder = tempfile.mkdtemp(prefix="slate-bench-")
    try:
        target.write_job(os.path.join(folder, "job"), trace.what[:args.calls],
                         trace.size[:args.calls], trace.slots,
                         int(trace.peak * args.factor) & ~7)
        seen = addresses(elf, folder)
    finally:
        shutil.rmtree(folder)

    calls = min(args.calls, len(trace.what))
    table = []
    for start, size, name in symbols(elf):
        own = {a: n for a, n in seen.items() if start & ~1 <= a < start + size}
        if name == args.lines:
            code = target.run_quietly(["arm-none-eabi-objdump", "-dl",
                                       "--no-show-raw-insn",
                                       f"--disassemble={name}", elf])
            for line in code.splitlines():
                word = line.strip().split(":")[0]
                n = seen.get(int(word, 16), 0) if line.startswith(" ") and \
                    all(c in "0123456789abcdef" for c in word) else ""
                print(f"{n:>8} {line}")
        if own and not name.startswith(HARNESS):
            table.append((sum(own.values()) / calls, name))
    if not args.lines:
        for each, name in sorted(table, reverse=True):
            print(f"{each:8.2f} {name}")
        print(f"{sum(row[0] for row in table):8.2f} instructions a call, "
              f"over {calls} calls")


if __name__ == "__main__":
    sys.exit(main())
