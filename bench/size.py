#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
What slate takes on a target: code and static data of a program that creates a
heap and calls malloc, calloc, realloc and free, unused sections left out, with
what it needs of libgcc (memcpy, memmove and memset are the program's anyway);
and the deepest stack of each call, summed over the compiler's call graph.
"""

import argparse
import glob
import os
import re
import sys

import target

VARIANTS = [(cpu, opt, config) for config in ("default", "tiny")
            for cpu in ("cortex-m0", "cortex-m3") for opt in ("-Os", "-O2")]
CALLS = [f"slate_{tier}_{call}" for tier in ("raw", "obj")
         for call in ("malloc", "calloc", "realloc", "free")]
SECTION = re.compile(r"^ (\.\S+)(?:\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+(\S+))?")
MORE = re.compile(r"^\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+(\S+)$")


def map_sections(text):
    """(section, bytes, file) of all that was linked."""
    text = text[text.index("Linker script and memory map"):]
    pending = None
    for line in text.splitlines():
        if pending:
            more = MORE.match(line)
            if more:
                yield pending, int(more[2], 16), more[3]
            pending = None
            continue
        match = SECTION.match(line)
        if match and match[4]:
            yield match[1], int(match[3], 16), match[4]
        elif match:
            pending = match[1]


def code_size(variant):
    """{code, libgcc, ram} in bytes."""
    library = target.build_library(variant)
    base = os.path.join(library, "size")
    target.run_quietly([
        variant.cross + "gcc", "-std=c11", "-mthumb", f"-mcpu={variant.cpu}",
        variant.opt, "-ffreestanding", "-Iinclude", "-Iport/cortex-m",
        *target.config_flags(variant), *variant.cflags.split(),
        "--specs=picolibc.specs", "-nostartfiles", "-Wl,-emain",
        "-Wl,--gc-sections", "-ffunction-sections", "bench/target/size.c",
        os.path.join(library, "libslate.a"),
        os.path.join(library, "libslate-port.a"),
        f"-Wl,-Map={base}.map", "-o", base + ".elf"])
    sizes = {"code": 0, "libgcc": 0, "ram": 0}
    with open(base + ".map", encoding="utf-8") as file:
        for section, size, name in map_sections(file.read()):
            ours = "libslate" in name
            if section.startswith((".text", ".rodata")) and ours:
                sizes["code"] += size
            elif section.startswith((".text", ".rodata")) and \
                    "libgcc" in name:
                sizes["libgcc"] += size
            elif section.startswith((".data", ".bss")) and ours:
                sizes["ram"] += size
                if section.startswith(".data"):
                    sizes["code"] += size
    return sizes


def call_graph(library):
    """{function: (own stack, [callees])} from gcc's .ci files."""
    graph = {}
    for path in glob.glob(os.path.join(library, "obj/**/*.ci"),
                          recursive=True):
        with open(path, encoding="utf-8") as file:
            for line in file:
                names = re.findall(r'(?:title|sourcename|targetname): '
                                   r'"([^"]*)"', line)
                own = re.search(r"\\n(\d+) bytes \((\w+)", line)
                if line.startswith("node:") and own:
                    graph.setdefault(names[0], [0, set()])[0] = int(own[1])
                elif line.startswith("edge:"):
                    graph.setdefault(names[0], [0, set()])[1].add(names[1])
    return graph


def callees(graph, name):
    """A tier's call goes through the tier's table; to slate's own function."""
    for callee in graph[name][1]:
        if callee != "__indirect_call":
            yield callee
            continue
        parts = name.split("_", 1)
        for other in graph:
            if parts[0] == "slate" and other.endswith(":" + parts[1]):
                yield other


def depth(graph, name, above=()):
    """Deepest stack from a function on; those of others count as 0."""
    if name not in graph or name in above:
        return 0
    below = [depth(graph, callee, (*above, name))
             for callee in callees(graph, name)]
    return graph[name][0] + max(below, default=0)


def stack_depth(variant):
    """{call: bytes}; hooks, sources and ports of the program's own excepted."""
    cflags = f"{variant.cflags} -fcallgraph-info=su".strip()
    noted = target.Variant(variant.cpu, variant.opt, variant.config, cflags,
                           variant.cross)
    noted.out = variant.out
    graph = call_graph(target.build_library(noted))
    return {call: depth(graph, call) for call in CALLS if call in graph}


def measure(variants=VARIANTS, cflags="", out="out/bench"):
    """[{cpu, opt, config, code, libgcc, ram, stack}]"""
    rows = []
    for cpu, opt, config in variants:
        variant = target.Variant(cpu, opt, config, cflags, out=out)
        rows.append({"cpu": cpu, "opt": opt, "config": config,
                     **code_size(variant), "stack": stack_depth(variant)})
    return rows


def print_table(rows):
    print(f"{'configuration':26}{'code':>7}{'+libgcc':>8}{'total':>7}"
          f"{'RAM':>5}  deepest stack: raw malloc/calloc/realloc/free, obj")
    for row in rows:
        name = f"{row['config']} {row['cpu']} {row['opt']}"
        stack = [str(row["stack"].get(call, "")) for call in CALLS]
        print(f"{name:26}{row['code']:7}{row['libgcc']:8}"
              f"{row['code'] + row['libgcc']:7}{row['ram']:5}  "
              f"{'/'.join(stack[:4])}  {'/'.join(stack[4:])}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cflags", default="")
    args = parser.parse_args()
    try:
        print_table(measure(cflags=args.cflags))
    except target.TargetError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
