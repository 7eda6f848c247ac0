#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The longest stretch with interrupts off, in instructions, of each kind of call,
with SLATE_CONFIG_LOCK 1 on Cortex-M in QEMU: in the traces of real programs at
1.25 x peak, and in the fillings made to be expensive, in heaps of 4 KiB to
1 MiB. Instructions, not cycles; the worst found, not proved.

Copies and clears of the caller's bytes would count if they ran inside of one.

Writes the table into docs/interrupts.md, and the longest of all into
README.md, between their marks, with --write.
"""

import argparse
import os
import re
import sys

import adversary
import count
import target
import tracefile

ADAPTERS = ("bench/peers/slate_obj.c", "bench/peers/slate_raw.c")
CPUS = ("m3", "m0")
HEAPS = {"4K": 4096, "64K": 65536, "1M": 1 << 20}
PAGE = os.path.join(target.TOP, "docs", "interrupts.md")
BEGIN = "<!-- stretches: begin, written by bench/stretch.py --write -->"
END = "<!-- stretches: end -->"
WRAPS = ["-Wl,--wrap=slate_port_lock", "-Wl,--wrap=slate_port_unlock"]


def rows(cpu, adapter, jobs):
    """{what: {kind: longest}} of one adapter on one CPU."""
    variant = target.Variant(cpu, "O2", "locked", out="out/bench/stretch")
    elf = target.build(variant, adapter, ["bench/target/stretch.c", *WRAPS])
    paths = count.for_target(tracefile.find("bench/traces"))
    found = {}
    results = count.count_traces(elf, paths, [1.25], jobs)
    total = count.aggregate(results, 1.25)
    found["traces"] = {kind: total[kind]["max"] if kind in total else 0
                       for kind in adversary.KINDS}
    for label, tops in adversary.summit(
            adversary.measure(elf, HEAPS, jobs)).items():
        found[label] = tops
    return found


def table(jobs):
    """The table, and the longest of all by CPU."""
    longest = dict.fromkeys(CPUS, 0)
    lines = ["| core, tier | heap | " + " | ".join(adversary.KINDS) + " |",
             "|---|---|" + "---:|" * len(adversary.KINDS)]
    for cpu in CPUS:
        for adapter in ADAPTERS:
            tier = os.path.basename(adapter)[len("slate_"):-len(".c")]
            for label, tops in rows(cpu, adapter, jobs).items():
                heap = "1.25 x peak of the traces" if label == "traces" \
                    else f"{label}iB, fillings"
                longest[cpu] = max(longest[cpu], *tops.values())
                cells = " | ".join(str(tops[kind]) if tops[kind] else "-"
                                   for kind in adversary.KINDS)
                lines.append(f"| Cortex-{cpu.upper()}, {tier} | {heap} | "
                             f"{cells} |")
    return "\n".join(lines) + "\n", longest


def write(text, longest):
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    head, rest = page.split(BEGIN)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(head + BEGIN + "\n\n" + text + "\n" + END +
                   rest.split(END)[1])
    readme = os.path.join(target.TOP, "README.md")
    with open(readme, encoding="utf-8") as file:
        page = file.read()
    m3, m0 = longest["m3"], longest["m0"]
    page = re.sub(r"(<!-- stretch: begin -->).*?(<!-- stretch: end -->)",
                  rf"\g<1>{m3} instructions on Cortex-M3, {m0} on\n"
                  r"  Cortex-M0\g<2>", page, flags=re.DOTALL)
    with open(readme, "w", encoding="utf-8") as file:
        file.write(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true",
                        help="put the table into docs/interrupts.md")
    args = parser.parse_args()
    try:
        text, longest = table(args.jobs)
    except (target.TargetError, tracefile.TraceError) as error:
        sys.exit(str(error))
    print(text, end="")
    if args.write:
        write(text, longest)


if __name__ == "__main__":
    main()
