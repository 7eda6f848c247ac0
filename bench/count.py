#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Exact instruction counts of each call on Cortex-M, by replaying traces in
QEMU. Instructions, not cycles; copying and clearing of the caller's bytes is
left out, and so is everything that the harness does.

Armv6-M code is run on the Cortex-M3 board, whose processor takes it as it is.
"""

import argparse
import collections
import concurrent.futures
import os
import sys

import target
import tracefile


def percentile(counter, total, share):
    """The smallest cost that share of all calls do not exceed."""
    left = total - int(total * share)
    for cost in sorted(counter, reverse=True):
        left -= counter[cost]
        if left <= 0:
            return cost
    return 0


def summarize(trace, costs):
    """n, mean, p99.9, max and where the max is, by kind of call."""
    summary = {}
    for kind, name in enumerate(tracefile.KINDS):
        counter = collections.Counter()
        first = {}
        for index, (what, cost) in enumerate(zip(trace.what, costs)):
            if what >> 30 == kind:
                counter[cost] += 1
                if cost not in first:
                    first[cost] = index
        total = sum(counter.values())
        if not total:
            continue
        top = max(counter)
        summary[name] = {
            "n": total,
            "mean": sum(c * k for c, k in counter.items()) / total,
            "p99.9": percentile(counter, total, 0.999),
            "max": top,
            "at": first[top],
        }
    return summary


def count_trace(elf, path, factors, offset=0):
    """Replay one trace in regions of factors times its peak."""
    trace = tracefile.read(path)
    results = {}
    for factor in factors:
        region = int(trace.peak * factor) & ~7
        result = target.run(elf, trace.what, trace.size, trace.slots, region,
                            offset)
        results[factor] = {"status": result.status, "done": result.done,
                           "calls": summarize(trace, result.costs)}
    return trace.name, results


def aggregate(results, factor):
    """Mean of the means and greatest maximum over the traces that complete."""
    total = {}
    for name in tracefile.KINDS:
        done = [trace[factor]["calls"][name] for trace in results.values()
                if trace[factor]["status"] == "done" and
                name in trace[factor]["calls"]]
        if done:
            total[name] = {
                "traces": len(done),
                "mean": sum(call["mean"] for call in done) / len(done),
                "p99.9": max(call["p99.9"] for call in done),
                "max": max(call["max"] for call in done),
            }
    return total


def count_traces(elf, paths, factors, jobs=2, offset=0):
    """Replay all traces, a few at a time, in their order."""
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        futures = [pool.submit(count_trace, elf, path, factors, offset)
                   for path in paths]
        return dict(future.result() for future in futures)


def for_target(paths):
    """The traces of 32-bit programs that the board's memory can hold."""
    good = []
    for path in paths:
        slots, peak, ops, word = tracefile.header(path)
        if word == 32 and peak * 2 <= target.REGION_MAX and \
                ops * 8 + slots * 8 < 0x3e0000:
            good.append(path)
    return good


def cell(call):
    return f"{call['mean']:.1f}/{call['p99.9']}/{call['max']}"


def print_table(results, factor):
    print(f"\n{factor} x peak: mean/p99.9/max instructions")
    print(f"{'':24}" + "".join(f"{name:>18}" for name in tracefile.KINDS))
    for name, trace in results.items():
        calls = trace[factor]["calls"]
        row = "".join(f"{cell(calls[kind]) if kind in calls else '':>18}"
                      for kind in tracefile.KINDS)
        note = "" if trace[factor]["status"] == "done" else \
            f"  {trace[factor]['status']} at call {trace[factor]['done']}"
        print(f"{name:24}{row}{note}")
    total = aggregate(results, factor)
    done = sum(trace[factor]["status"] == "done" for trace in results.values())
    row = "".join(f"{cell(total[kind]) if kind in total else '':>18}"
                  for kind in tracefile.KINDS)
    print(f"{f'all that complete ({done}/{len(results)})':24}{row}",
          flush=True)


def numbers(text):
    return [float(word) for word in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("traces", nargs="*", default=["bench/traces"],
                        help="trace files or folders (bench/traces)")
    parser.add_argument("--adapter", default="bench/peers/slate_obj.c",
                        help="file in bench/peers (slate_obj.c)")
    parser.add_argument("--src", default="", help="more files of the peer")
    parser.add_argument("--cpu", default="m3", help="m3, m0, ... (m3)")
    parser.add_argument("--opt", default="O2", help="O2 or Os (O2)")
    parser.add_argument("--config", default="default")
    parser.add_argument("--cflags", default="",
                        help="such as -DSLATE_CONFIG_POOL=0")
    parser.add_argument("--factor", type=numbers, default=[1.25, 2.0],
                        help="heap by peak_live (1.25,2)")
    parser.add_argument("--offset", type=int, default=0,
                        help="bytes from a 16 MiB boundary to the region")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", default="out/bench")
    return parser.parse_args()


def main():
    args = arguments()
    variant = target.Variant(args.cpu, args.opt, args.config, args.cflags,
                             out=args.out)
    try:
        paths = for_target(tracefile.find(" ".join(args.traces)))
        elf = target.build(variant, args.adapter, args.src.split())
        results = count_traces(elf, paths, args.factor, args.jobs,
                               args.offset)
    except (target.TargetError, tracefile.TraceError) as error:
        sys.exit(str(error))
    print(os.path.basename(args.adapter), variant.key())
    for factor in args.factor:
        print_table(results, factor)


if __name__ == "__main__":
    main()
