#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The smallest heap in which each trace of a 32-bit program completes, as a
multiple of its peak of live bytes; slate is built with -m32.
"""

import argparse
import sys

import hosted
import target
import tracefile


def print_table(tables):
    """tables: {adapter: {trace: {peak, smallest, robust}}}"""
    for trace in next(iter(tables.values())):
        cells = []
        for results in tables.values():
            row = results[trace]
            cells += [row[key] / row["peak"] for key in ("smallest", "robust")
                      if key in row]
        print(f"{trace:26}" + "".join(f"{cell:10.3f}" for cell in cells))
    means = [hosted.geometric_mean(results, key)
             for results in tables.values()
             for key in ("smallest", "robust")
             if key in next(iter(results.values()))]
    print(f"{'geometric mean':26}" +
          "".join(f"{mean or 0:10.4f}" for mean in means))
    for name, results in tables.items():
        fit = sum(0 < row["smallest"] <= 1.25 * row["peak"]
                  for row in results.values())
        print(f"{name}: {fit} of {len(results)} complete in 1.25 x peak")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("traces", nargs="*", default=["bench/traces"])
    parser.add_argument("--adapters", default="bench/peers/slate_obj.c "
                        "bench/peers/slate_raw.c")
    parser.add_argument("--config", default="default")
    parser.add_argument("--cflags", default="")
    parser.add_argument("--robust", action="store_true",
                        help="also: the size from which none fails; slow")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    try:
        paths = [path for path in tracefile.find(" ".join(args.traces))
                 if tracefile.header(path)[3] == 32]
        tables = {}
        for adapter in args.adapters.split():
            elf = hosted.build("heapsize", adapter, 32, args.config,
                               args.cflags)
            tables[adapter] = hosted.smallest(elf, paths, args.robust,
                                              args.jobs)
    except (target.TargetError, tracefile.TraceError) as error:
        sys.exit(str(error))
    print_table(tables)


if __name__ == "__main__":
    main()
