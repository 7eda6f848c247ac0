#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The most instructions that one call takes in fillings made to be expensive and
in the sequences that bench/search.py found, in heaps of 4 KiB to 16 MiB, on
Cortex-M3 in QEMU. Copying and clearing of the caller's bytes is left out.
These are the worst cases found, not proofs.
"""

import argparse
import concurrent.futures
import glob
import os
import sys

import fillings
import target
import tracefile

HEAPS = {"4K": 4096, "64K": 65536, "1M": 1 << 20, "16M": 31 << 19}
KINDS = (*tracefile.KINDS, "fails")


def cases():
    return sorted(glob.glob(os.path.join(target.TOP, "bench", "adversary",
                                         "*.txt")))


def read_case(path):
    """A sequence in the words of a trace; calls need not be possible."""
    calls = []
    for _, line in tracefile.read_lines(path):
        words = line.split()
        if words and words[0] in tracefile.LETTERS:
            calls.append((tracefile.LETTERS[words[0]], int(words[1]),
                          int(words[2]) if len(words) > 2 else 0))
    return calls


def worst(calls, costs):
    """The greatest cost by kind, and of calls that returned NULL."""
    top = dict.fromkeys(KINDS, 0)
    for (kind, _, _), cost in zip(calls, costs):
        if cost & target.SKIPPED:
            continue
        name = "fails" if cost & target.FAILED else tracefile.KINDS[kind]
        top[name] = max(top[name], cost & ~target.FAILED)
    return top


def run_calls(elf, calls, heap):
    slots = max(slot for _, slot, _ in calls) + 1
    what = [kind << 30 | slot for kind, slot, _ in calls]
    size = [size for _, _, size in calls]
    result = target.run(elf, what, size, slots, heap, goes_on=True)
    if result.status != "done":
        raise target.TargetError(f"{result.status} in {heap} bytes")
    return worst(calls, result.costs)


def run_one(elf, name, heap):
    if os.path.exists(name):
        return run_calls(elf, read_case(name), heap)
    return run_calls(elf, getattr(fillings, name)(heap).calls, heap)


def measure(elf, heaps=None, jobs=2):
    """{filling: {heap: {kind: most}}}"""
    heaps = heaps or HEAPS
    names = [filling.__name__ for filling in fillings.FILLINGS]
    names += cases()
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        table = {name: {label: pool.submit(run_one, elf, name, size)
                        for label, size in heaps.items()} for name in names}
        return {tracefile.name_of(name):
                {label: each.result() for label, each in row.items()}
                for name, row in table.items()}


def summit(table):
    """The most over all fillings: {heap: {kind: most}}"""
    return {label: {kind: max(row[label][kind] for row in table.values())
                    for kind in KINDS}
            for label in next(iter(table.values()))}


def cell(tops):
    return "/".join(str(tops[kind]) for kind in KINDS)


def print_table(table):
    print("most instructions: " + "/".join(KINDS))
    heaps = list(next(iter(table.values())))
    print(f"{'':24}" + "".join(f"{label:>25}" for label in heaps))
    table = {**table, "all": summit(table)}
    for name, row in table.items():
        print(f"{name:24}" +
              "".join(f"{cell(row[label]):>25}" for label in heaps))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--adapter", default="bench/peers/slate_obj.c")
    parser.add_argument("--src", default="")
    parser.add_argument("--cpu", default="m3")
    parser.add_argument("--opt", default="O2")
    parser.add_argument("--config", default="default")
    parser.add_argument("--cflags", default="")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    variant = target.Variant(args.cpu, args.opt, args.config, args.cflags)
    try:
        elf = target.build(variant, args.adapter, args.src.split())
        table = measure(elf, jobs=args.jobs)
    except (target.TargetError, tracefile.TraceError) as error:
        sys.exit(str(error))
    print(os.path.basename(args.adapter), variant.key())
    print_table(table)


if __name__ == "__main__":
    main()
