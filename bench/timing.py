#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Time and peak of resident memory on this machine: slate with arenas from the
system against glibc and, where they are installed, mimalloc, jemalloc and
musl. All run in turn, many times; a ratio is the median of those of the runs
made one behind the other. Below 1 slate is faster, or takes less. --count:
instructions a call instead, the replay's own left out, counted by valgrind.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import hosted
import target
import tracefile

PRELOADS = {"mimalloc": "libmimalloc.so.2.0", "jemalloc": "libjemalloc.so.2"}


def find_library(name):
    path = target.run_quietly(["gcc", f"-print-file-name={name}"]).strip()
    return path if os.path.isabs(path) or "/" in path else None


def programs(word, cflags="", out="out/bench"):
    """{allocator: (command, preload)}; what is not installed is left out."""
    slate = hosted.build("timing", "bench/peers/slate_source.c", word,
                         cflags=cflags, out=out)
    libc = hosted.build("timing", "bench/peers/libc.c", word, out=out)
    found = {"slate": (slate, None), "glibc": (libc, None)}
    if word != 64:
        return found
    for name, library in PRELOADS.items():
        path = find_library(library)
        if path:
            found[name] = (libc, path)
    if shutil.which("musl-gcc"):
        musl = libc + "-musl"
        target.run_quietly(["musl-gcc", "-static", "-std=gnu11", "-O2", "-w",
                            "-Ibench", "bench/host/timing.c",
                            "bench/host/job.c", "bench/peers/libc.c",
                            "-o", musl])
        found["musl"] = (musl, None)
    return found


def run(program, job):
    command, preload = program
    env = dict(os.environ)
    if preload:
        env["LD_PRELOAD"] = preload
    done = subprocess.run([command, job], env=env, text=True,
                          capture_output=True)
    if done.returncode:
        raise target.TargetError(f"{command}: {done.stderr}")
    nanoseconds, kib = done.stdout.split()
    return int(nanoseconds), int(kib)


def time_trace(found, path, rounds, out):
    """{allocator: {ns, kib, ratio, memory}}; ratio: slate's time by its."""
    _, _, ops, _ = tracefile.header(path)
    job = hosted.job(path, out)
    runs = {name: [] for name in found}
    for _ in range(rounds):
        for name, program in found.items():
            runs[name].append(run(program, job))
    row = {}
    for name, own in runs.items():
        pairs = list(zip(runs["slate"], own))
        row[name] = {
            "ns": statistics.median(ns for ns, _ in own) / ops,
            "kib": statistics.median(kib for _, kib in own),
            "ratio": statistics.median(a[0] / b[0] for a, b in pairs),
            "memory": statistics.median(max(a[1], 1) / max(b[1], 1)
                                        for a, b in pairs),
        }
    return row


def measure(paths, rounds=15, cflags="", out="out/bench"):
    """{trace: {allocator: ...}}, of the traces with this machine's word."""
    found = programs(64, cflags, out)
    return {tracefile.name_of(path): time_trace(found, path, rounds, out)
            for path in paths}


LINE = re.compile(r"\s*([\d,]+) \(\s*[\d.]+%\)\s+\S*?:(\w+)")


def count_run(program, job):
    """Instructions of one run within job_run(), but for its own."""
    command, preload = program
    env = ["env", f"LD_PRELOAD={preload or ''}"]
    with tempfile.NamedTemporaryFile() as found:
        target.run_quietly(env + ["valgrind", "--tool=callgrind", "--quiet",
                                  "--toggle-collect=job_run",
                                  f"--callgrind-out-file={found.name}",
                                  command, job])
        text = target.run_quietly(["callgrind_annotate", "--auto=no",
                                   "--threshold=100", found.name])
    lines = filter(None, map(LINE.match, text.splitlines()))
    return sum(int(line[1].replace(",", "")) for line in lines
               if not line[2].startswith("job_"))


def print_counts(paths, cflags="", out="out/bench"):
    if not shutil.which("valgrind"):
        raise target.TargetError("--count needs valgrind")
    found = programs(64, cflags, out)
    found.pop("musl", None)
    print("instructions a call")
    print(f"{'':22}" + "".join(f"{name:>12}" for name in found))
    for path in paths:
        _, _, ops, _ = tracefile.header(path)
        job = hosted.job(path, out)
        counts = [count_run(program, job) / ops for program in found.values()]
        print(f"{tracefile.name_of(path):22}" +
              "".join(f"{count:12.1f}" for count in counts))


def print_table(table):
    names = list(next(iter(table.values())))
    print("time of slate / time of the peer; the same of peak memory; "
          "(ns a call, KiB)")
    print(f"{'':22}" + "".join(f"{name:>24}" for name in names))
    for trace, row in table.items():
        cells = [f"{row[name]['ratio']:.2f} {row[name]['memory']:.2f} "
                 f"({row[name]['ns']:.0f}, {row[name]['kib']:.0f})"
                 for name in names]
        print(f"{trace:22}" + "".join(f"{cell:>24}" for cell in cells))
    means = [(hosted.mean_log(row[name]["ratio"] for row in table.values()),
              hosted.mean_log(row[name]["memory"] for row in table.values()))
             for name in names]
    print(f"{'geometric mean':22}" +
          "".join(f"{f'{a:.3f} {b:.3f}':>24}" for a, b in means))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("traces", nargs="*", default=["bench/traces"])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--cflags", default="")
    parser.add_argument("--count", action="store_true")
    args = parser.parse_args()
    try:
        paths = tracefile.find(" ".join(args.traces))
        word64 = [path for path in paths if tracefile.header(path)[3] == 64]
        if args.count:
            print_counts(word64 or paths, args.cflags)
        else:
            print_table(measure(word64 or paths, args.rounds, args.cflags))
    except (target.TargetError, tracefile.TraceError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
