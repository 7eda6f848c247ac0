#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
What the object layer takes on Cortex-M, in instructions counted by QEMU, and
in bytes. Clearing new objects is left out, as copies are in the other tables.
Prints the tables of docs/objects.md; with --update writes them there, and all
but the bytes of code into the README.
"""

import argparse
import os
import sys

import target

DOC = os.path.join(target.TOP, "docs", "objects.md")
README = os.path.join(target.TOP, "README.md")
BEGIN = "<!-- figures: bench/objects.py --update -->"
END = "<!-- end of figures -->"

CALLS = ("slate_object_new, plain", "slate_object_new, collected",
         "slate_incref", "slate_decref, more are left",
         "slate_decref, the last, plain", "slate_decref, the last, collected",
         "slate_weakref_new, without callback", "slate_weakref_get")
LIVE, TRASH, POLL, BYTES, BYTES_COLLECTED = range(8, 13)
SUM, MOST = 0, 256
CALLED = 1000
SIZES = (100, 1000, 10000)
REGION = 0x400000
SMALL = 16384
PARTS = (("objects and counts", ("object.", "object_")),
         ("collector", ("gc",)), ("weak references", ("weak",)))
VARIANTS = (("m3", "O2"), ("m0", "Os"))


class Counts:
    """All the measurements of one variant."""

    def __init__(self, cpu, opt, out):
        self.variant = target.Variant(cpu, opt, out=out)
        self.elf = target.build(self.variant, "bench/target/objects.c",
                                program=None)

    def ask(self, questions, region=REGION):
        what = [kind for kind, n in questions]
        size = [n for kind, n in questions]
        result = target.run(self.elf, what, size, 0, region)
        if result.status != "done":
            raise target.TargetError(f"objects: {result.status}")
        return list(result.costs)

    def calls(self):
        sums = self.ask([(kind | SUM, CALLED) for kind in range(len(CALLS))])
        most = self.ask([(kind | MOST, CALLED) for kind in range(len(CALLS))])
        return [f"{total / CALLED:.0f} / {top}"
                for total, top in zip(sums, most)]

    def collections(self, kind):
        return self.ask([(kind, n) for n in SIZES])

    def code(self):
        """Bytes of code and constants of each member of the library."""
        text = target.run_quietly(["arm-none-eabi-size", os.path.join(
            target.build_library(self.variant), "libslate.a")])
        rows = [line.split() for line in text.splitlines()[1:]]
        return {words[5]: int(words[0]) for words in rows}

    def objects_in(self, kind):
        return self.ask([(kind, 0)], SMALL)[0]


def heading(first):
    names = [f"Cortex-{cpu.upper()} -{opt}" for cpu, opt in VARIANTS]
    return [f"| {first} | " + " | ".join(names) + " |",
            "|---" * (len(names) + 1) + "|"]


def row(name, cells):
    return f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |"


def tables(counts):
    lines = heading("instructions, mean / most of 1000 calls")
    calls = [c.calls() for c in counts]
    for i, name in enumerate(CALLS):
        call, comma, when = name.partition(",")
        lines.append(row(f"`{call}`{comma}{when}", [c[i] for c in calls]))
    lines += [""] + heading("instructions of one collection")
    for kind, name in ((LIVE, "live"), (TRASH, "cyclic trash")):
        totals = [c.collections(kind) for c in counts]
        for i, n in enumerate(SIZES):
            cells = [f"{t[i]} ({t[i] / n:.0f} each)" for t in totals]
            lines.append(row(f"{n} objects, {name}", cells))
    cells = [c.collections(POLL)[2] for c in counts]
    lines.append(row(f"{SIZES[2]} objects, live, a poll that looks at 64",
                     cells))
    lines += [""] + heading(f"objects that a heap of {SMALL} bytes holds")
    for kind, name in ((BYTES, "plain, 16 bytes: header and two words"),
                       (BYTES_COLLECTED, "collected, 24 bytes: two more "
                        "words of header")):
        held = [c.objects_in(kind) for c in counts]
        cells = [f"{n} ({SMALL / n:.1f} bytes each)" for n in held]
        lines.append(row(name, cells))
    return lines


def code(counts):
    lines = heading("bytes of code")
    sizes = [c.code() for c in counts]
    for name, start in PARTS:
        lines.append(row(name, [sum(
            size for member, size in s.items() if member.startswith(start))
            for s in sizes]))
    return lines


def update(path, lines):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    head, rest = text.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + BEGIN + "\n" + "\n".join(lines) + "\n" + END + tail)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="out/bench")
    parser.add_argument("--update", action="store_true",
                        help="write the tables into docs/objects.md and the "
                        "README")
    args = parser.parse_args()
    try:
        counts = [Counts(cpu, opt, args.out) for cpu, opt in VARIANTS]
        calls = tables(counts)
        lines = calls + [""] + code(counts)
    except target.TargetError as error:
        sys.exit(str(error))
    print("\n".join(lines))
    if args.update:
        update(DOC, lines)
        update(README, calls)


if __name__ == "__main__":
    main()
