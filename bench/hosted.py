# SPDX-License-Identifier: MIT
"""Builds the host's programs, and searches smallest heaps with them."""

import concurrent.futures
import math
import os
import subprocess

import target
import tracefile


def library(word, config, cflags, out):
    """make lib for this machine; the folder with the archives."""
    variant = target.Variant("native", "O2", config, cflags, out=out)
    where = os.path.join(variant.out, "lib", f"m{word}-{variant.key()}")
    target.run_quietly(["make", "-s", "lib", "PORT=linux", "CPU=native",
                        f"O={os.path.relpath(where, target.TOP)}",
                        f"CONFIG={config}", "OPT=-O2",
                        f"CFLAGS=-m{word} {cflags}".strip()])
    return where


def build(program, adapter, word=32, config="default", cflags="", sources=(),
          out="out/bench"):
    """A program of bench/host with one adapter; its path."""
    lib = library(word, config, cflags, out)
    name = os.path.splitext(os.path.basename(adapter))[0]
    elf = os.path.join(lib, f"{program}-{name}")
    variant = target.Variant("native", "O2", config, cflags)
    target.run_quietly([
        "gcc", "-std=gnu11", "-O2", "-g", "-w", f"-m{word}", "-Iinclude",
        "-Iport/linux", "-Ibench", *target.config_flags(variant),
        *cflags.split(), f"bench/host/{program}.c", "bench/host/job.c",
        adapter, *sources, "-Wl,--start-group",
        os.path.join(lib, "libslate.a"), os.path.join(lib, "libslate-port.a"),
        "-Wl,--end-group", "-pthread", "-o", elf])
    return elf


def job(path, out="out/bench"):
    """The trace at path as a job file; made anew where it is older."""
    folder = os.path.join(target.TOP, out, "jobs")
    name = os.path.join(folder, tracefile.name_of(path) + ".job")
    if not os.path.exists(name) or \
            os.path.getmtime(name) < os.path.getmtime(path):
        os.makedirs(folder, exist_ok=True)
        trace = tracefile.read(path)
        part = f"{name}.{os.getpid()}"
        target.write_job(part, trace.what, trace.size, trace.slots, 0)
        os.replace(part, name)
    return name


def ask(elf, path, what, offset=0, out="out/bench"):
    """What heapsize says of a trace."""
    _, peak, _, _ = tracefile.header(path)
    done = subprocess.run([elf, job(path, out), str(peak), str(offset),
                           str(what)], capture_output=True, text=True)
    if done.returncode:
        raise target.TargetError(f"heapsize {path}: {done.stderr}")
    return int(done.stdout)


def smallest(elf, paths, robust=False, jobs=2, out="out/bench"):
    """{name: {peak, smallest, robust}} in bytes; 0 where it does not fit."""
    modes = ["smallest", "robust"] if robust else ["smallest"]
    results = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for path in paths:
            job(path, out)
            row = {"peak": tracefile.header(path)[1]}
            for mode in modes:
                row[mode] = pool.submit(ask, elf, path, mode, 0, out)
            results[tracefile.name_of(path)] = row
    return {name: {key: value if key == "peak" else value.result()
                   for key, value in row.items()}
            for name, row in results.items()}


def control(config, cflags="", out="out/bench"):
    """[(region, overhead, control, handed out)] of a 32-bit build."""
    lib = library(32, config, cflags, out)
    elf = os.path.join(lib, "control")
    variant = target.Variant("native", "O2", config, cflags)
    target.run_quietly([
        "gcc", "-std=gnu11", "-O2", "-w", "-m32", "-Iinclude", "-Iport/linux",
        *target.config_flags(variant), *cflags.split(),
        "bench/host/control.c", "-Wl,--start-group",
        os.path.join(lib, "libslate.a"), os.path.join(lib, "libslate-port.a"),
        "-Wl,--end-group", "-pthread", "-o", elf])
    return [tuple(map(int, line.split()))
            for line in target.run_quietly([elf]).splitlines()]


def on_target(elf, path):
    """The smallest heap by bisection in QEMU, for the target's libcs."""
    trace = tracefile.read(path)

    def works(steps):
        return target.run(elf, trace.what, trace.size, trace.slots,
                          steps * 32).status == "done"

    bad, good = trace.peak // 32, trace.peak * 2 // 32
    if not works(good):
        bad, good = good, good * 2
        if not works(good):
            return 0
    while good - bad > 1:
        middle = (bad + good) // 2
        if works(middle):
            good = middle
        else:
            bad = middle
    return good * 32


def smallest_on_target(elf, paths, jobs=2):
    """As smallest(), for the program of bench/target."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        found = {path: pool.submit(on_target, elf, path) for path in paths}
        return {tracefile.name_of(path): {
            "peak": tracefile.header(path)[1], "smallest": each.result()}
            for path, each in found.items()}


def mean_log(values):
    """The geometric mean."""
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values))


def geometric_mean(results, key="smallest"):
    """Of heap / peak; None if one of them does not fit."""
    if not results or not all(row.get(key) for row in results.values()):
        return None
    return mean_log(row[key] / row["peak"] for row in results.values())
