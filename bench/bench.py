#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
All benchmarks with one command: smallest heaps, exact instruction counts,
worst cases, code, static data and stack, and times on this machine. Writes
results.json, results.csv and plots, and prints the tables.

Taken from the environment: TRACES, more traces than the project has (folders
or files); QUICK=1, less of all; PEER, the adapter of another allocator, and
PEER_SRC, its files.
"""

import csv
import json
import os
import sys
import time

import adversary
import count
import hosted
import report
import size
import target
import timing
import tracefile

LIBCS = ("picolibc", "newlib", "newlib_nano")
QUICK_HEAPS = {"4K": 4096, "64K": 65536, "16M": 31 << 19}


class Bench:
    """What was asked for, and what was found so far."""

    def __init__(self, env):
        self.quick = env.get("QUICK", "") not in ("", "0")
        self.out = os.path.join(env.get("O") or "out", "bench")
        self.peer = env.get("PEER", "")
        self.peer_src = env.get("PEER_SRC", "").split()
        self.jobs = os.cpu_count() or 1
        paths = tracefile.find("bench/traces")
        known = {tracefile.name_of(path) for path in paths}
        paths += [path for path in tracefile.find(env.get("TRACES", ""))
                  if tracefile.name_of(path) not in known]
        self.paths = count.for_target(sorted(paths, key=tracefile.name_of))
        self.wide = [path for path in paths if tracefile.header(path)[3] == 64]
        self.started = time.monotonic()
        self.results = {"quick": self.quick,
                        "compiler": target.compiler_version(),
                        "host": target.compiler_version("")}

    def say(self, text):
        print(f"[{time.monotonic() - self.started:5.0f} s] {text}",
              file=sys.stderr, flush=True)

    def variant(self, cpu="cortex-m3", opt="-O2"):
        return target.Variant(cpu, opt, out=self.out)

    def adapters(self):
        """[(name, file, more files)] of all that run on the target."""
        rows = [("slate-obj", "bench/peers/slate_obj.c", []),
                ("slate-raw", "bench/peers/slate_raw.c", [])]
        rows += [(name.replace("_", "-"), f"bench/peers/{name}.c", [])
                 for name in LIBCS]
        if self.peer:
            rows.append((tracefile.name_of(self.peer).removesuffix(".c"),
                         self.peer, self.peer_src))
        return rows

    def heaps(self):
        found = {}
        for name, adapter, src in self.adapters():
            self.say(f"smallest heaps: {name}")
            if name.replace("-", "_") in LIBCS:
                elf = target.build(self.variant(), adapter, src)
                found[name] = hosted.smallest_on_target(elf, self.paths,
                                                        self.jobs)
                continue
            elf = hosted.build("heapsize", adapter, 32, sources=src,
                               out=self.out)
            robust = not self.quick and name.startswith("slate")
            found[name] = hosted.smallest(elf, self.paths, robust, self.jobs,
                                          self.out)
        self.results["heaps"] = found

    def counts(self):
        found = {}
        wanted = [(name, adapter, src, "cortex-m3", "-O2")
                  for name, adapter, src in self.adapters()]
        wanted.append((*self.adapters()[0], "cortex-m0", "-Os"))
        if not self.quick:
            wanted.append((*self.adapters()[0], "cortex-m3", "-Os"))
        for name, adapter, src, cpu, opt in wanted:
            self.say(f"instructions: {name} {cpu} {opt}")
            elf = target.build(self.variant(cpu, opt), adapter, src)
            traces = count.count_traces(elf, self.paths, [1.25, 2.0],
                                        self.jobs)
            found[f"{name} {cpu} {opt}"] = {
                str(factor): {
                    "all": count.aggregate(traces, factor),
                    "done": sum(row[factor]["status"] == "done"
                                for row in traces.values()),
                    "traces": {trace: row[factor]
                               for trace, row in traces.items()}}
                for factor in (1.25, 2.0)}
        self.results["counts"] = found

    def worst(self):
        found = {}
        for name, adapter, src in self.adapters():
            self.say(f"worst cases: {name}")
            elf = target.build(self.variant(), adapter, src)
            heaps = QUICK_HEAPS if self.quick else adversary.HEAPS
            if not name.startswith("slate"):
                heaps = {label: heaps[label] for label in ("4K", "64K")}
            found[name] = adversary.measure(elf, heaps, self.jobs)
        self.results["worst"] = found

    def sizes(self):
        self.say("code, data, stack, control")
        self.results["sizes"] = size.measure(out=self.out)
        self.results["control"] = {
            config: hosted.control(config, out=self.out)
            for config in ("default", "tiny")}

    def times(self):
        if not self.wide:
            self.say("times: no trace of a 64-bit program; TRACES=folder")
        else:
            self.say("times on this machine")
            self.results["times"] = timing.measure(
                self.wide, 5 if self.quick else 15, out=self.out)

    def run(self):
        self.heaps()
        self.counts()
        self.worst()
        self.sizes()
        self.times()
        self.say("done")


def flatten(value, path=()):
    """(path, number) of every figure."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from flatten(each, (*path, key))
    elif isinstance(value, list):
        for key, each in enumerate(value):
            yield from flatten(each, (*path, key))
    else:
        yield path, value


def write(results, folder):
    with open(os.path.join(folder, "results.json"), "w",
              encoding="utf-8") as file:
        json.dump(results, file, indent=1)
        file.write("\n")
    with open(os.path.join(folder, "results.csv"), "w", newline="",
              encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["figure", "value"])
        for path, value in flatten(results):
            rows.writerow([" ".join(map(str, path)), value])


def main():
    os.chdir(target.TOP)
    try:
        bench = Bench(os.environ)
        os.makedirs(bench.out, exist_ok=True)
        bench.run()
    except (OSError, target.TargetError, tracefile.TraceError) as error:
        sys.exit(f"bench: {error}")
    # As a reader of the file would see it: all keys are text.
    results = json.loads(json.dumps(bench.results))
    write(results, bench.out)
    print(report.text(results))
    try:
        import plots
        print("plots:", " ".join(plots.draw(results, bench.out)))
    except ImportError:
        print("no plots: they need python3-matplotlib")


if __name__ == "__main__":
    main()
