#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The regression guard: what does not depend on the machine is measured on the
project's traces and compared with bench/guard.json. Fails, with both figures,
where one got worse by more than its margin. Smallest heaps are always
compared; instructions, code and stack only with the compiler that the table
has figures of. --update writes the table.
"""

import argparse
import json
import os
import sys

import adversary
import count
import hosted
import size
import target
import tracefile

TABLE = os.path.join(target.TOP, "bench", "guard.json")
TRACES = "bench/traces"
ADAPTERS = ("slate_obj", "slate_raw")
SIZES = [("cortex-m0", "-Os", "tiny"), ("cortex-m0", "-Os", "default"),
         ("cortex-m3", "-O2", "default")]

# By how much a figure may be worse: a share of it, and a number beside that.
MARGINS = {"heap": (0.005, 0), "mean": (0.01, 0.5), "worst": (0.02, 4),
           "code": (0.01, 16), "stack": (0, 16)}


def heap_figures(paths, out, cflags):
    figures = {}
    for adapter in ADAPTERS:
        elf = hosted.build("heapsize", f"bench/peers/{adapter}.c",
                           cflags=cflags, out=out)
        for name, row in hosted.smallest(elf, paths, out=out).items():
            figures[f"heap {adapter} {name}"] = row["smallest"]
    return figures


def count_figures(paths, out, cflags):
    figures = {}
    variant = target.Variant(cflags=cflags, out=out)
    for adapter in ADAPTERS:
        elf = target.build(variant, f"bench/peers/{adapter}.c")
        for name, row in count.count_traces(elf, paths, [1.25]).items():
            for call, found in row[1.25]["calls"].items():
                key = f"{adapter} {name} {call}"
                figures[f"mean {key}"] = round(found["mean"], 2)
                figures[f"worst {key}"] = found["max"]
            done = row[1.25]["status"] == "done"
            figures[f"worst {adapter} {name} fails"] = 0 if done else 10 ** 9
    elf = target.build(variant, "bench/peers/slate_obj.c")
    for label, tops in adversary.summit(adversary.measure(elf)).items():
        for call, top in tops.items():
            figures[f"worst adversary {label} {call}"] = top
    return figures


def size_figures(out, cflags):
    figures = {}
    for row in size.measure(SIZES, cflags, out):
        key = f"{row['config']} {row['cpu']} {row['opt']}"
        figures[f"code {key}"] = row["code"] + row["libgcc"]
        for call, depth in row["stack"].items():
            figures[f"stack {key} {call}"] = depth
    return figures


def worse(old, new, changes):
    """How many figures are worse than their margin allows; says which."""
    failures = 0
    for key, was in old.items():
        now = new.get(key)
        share, beside = MARGINS[key.split()[0]]
        if now is None:
            failures += 1
            print(f"not ok {key}: was {was}, is not measured")
        elif now > was * (1 + share) + beside or \
                (key.startswith("heap") and not now):
            failures += 1
            print(f"not ok {key}: was {was}, is {now or 'no heap'}, more "
                  f"than the margin of {share:.1%} + {beside}")
        elif changes and now != was:
            print(f"       {key}: was {was}, is {now}")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true",
                        help="write the figures into the table")
    parser.add_argument("--changes", action="store_true",
                        help="list every figure that differs")
    parser.add_argument("--cflags", default="", help="to try the guard")
    parser.add_argument("--out", default="out/bench")
    args = parser.parse_args()

    table = {"heaps": {}, "compilers": {}}
    if os.path.exists(TABLE):
        with open(TABLE, encoding="utf-8") as file:
            table = json.load(file)
    try:
        compiler = target.compiler_version()
        paths = tracefile.find(os.path.join(target.TOP, TRACES))
        paths = [path for path in paths if tracefile.header(path)[3] == 32]
        heaps = heap_figures(paths, args.out, args.cflags)
        known = table["compilers"].get(compiler)
        counts = None
        if known or args.update:
            counts = count_figures(paths, args.out, args.cflags)
            counts.update(size_figures(args.out, args.cflags))
    except (OSError, target.TargetError, tracefile.TraceError) as error:
        sys.exit(f"not ok guard: {error}")

    failures = worse(table["heaps"], heaps, args.changes)
    if known:
        failures += worse(known, counts, args.changes)
    elif not args.update:
        print(f"skipped: instructions, code and stack; there are no figures "
              f"of {compiler}, but of: {', '.join(table['compilers'])}")
    if args.update:
        table["heaps"] = heaps
        table["compilers"][compiler] = counts
        with open(TABLE, "w", encoding="utf-8") as file:
            json.dump(table, file, indent=1)
            file.write("\n")
        print(f"bench/guard.json: {len(heaps)} heaps, {len(counts)} counts")
        return 0
    print(f"guard: {len(heaps) + len(counts or [])} figures, "
          f"{failures} worse")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
