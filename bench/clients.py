#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The smallest heap in which a program completes, with the allocator of each C
library and with slate in its place, on Cortex-M3 in QEMU. The programs edit a
JSON document with cJSON and verify X.509 chains with mbedTLS; both libraries
come from Debian's source packages.

What an allocator has in static data counts as heap. A heap is smallest if no
smaller one, down to SPAN bytes less, is enough.

Writes the table into docs/libc.md, between its two marks, with --write.
"""

import argparse
import concurrent.futures
import glob
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "bench"))

import target  # noqa: E402

PAGE = os.path.join(TOP, "docs", "libc.md")
BEGIN = "<!-- clients: begin, written by make clients-page -->"
END = "<!-- clients: end -->"
SIZE_AT = 0x20300000
SPAN = 64
MOST = 1 << 17
CPU = ["-mcpu=cortex-m3", "-mthumb"]
SOURCES = os.path.join(TOP, "out", "clients")

LIBCS = {
    "picolibc": ["--specs=picolibc.specs", "--crt0=hosted",
                 "-Tpicolibc.ld", "-Wl,--defsym=__flash=0",
                 "-Wl,--defsym=__flash_size=0x400000",
                 "-Wl,--defsym=__ram=0x20000000",
                 "-Wl,--defsym=__ram_size=0x400000",
                 "-Wl,--defsym=__stack_size=0x8000"],
    "newlib": ["-nostartfiles", "-Llinker", "-Tnewlib.ld",
               "linker/start_newlib.c", "-Iinclude", "-Iport/cortex-m",
               "-Iport/libc", "-Itests", "tests/libc/calls_newlib.c",
               "-Wl,--defsym=__stack_size=0x8000"],
}
LIBCS["newlib-nano"] = ["--specs=nano.specs", "-u", "_printf_float",
                        *LIBCS["newlib"]]
OWN = "its own"
ALLOCATORS = {OWN: None, "slate": "locked", "slate, tiny": "tiny"}

PROGRAMS = {
    "JSON": ["-I{src}/cjson", "bench/clients/json.c", "{src}/cjson/cJSON.c"],
    "X.509": ["-I{src}/mbedtls/include", "-Ibench/clients",
              '-DMBEDTLS_CONFIG_FILE="x509_config.h"',
              "bench/clients/x509.c", "{src}/mbedtls/library/*.c"],
}


def files(words):
    for word in words:
        word = word.format(src=SOURCES)
        yield from sorted(glob.glob(word)) if "*" in word else [word]


def archive(libc, config, out):
    where = os.path.join(out, f"{libc}-{config}")
    flags = "-DSLATE_CONFIG_LOCK=1" if config == "tiny" else ""
    target.run_quietly(["make", "-s", "libc", f"LIBC={libc}", "CPU=cortex-m3",
                        f"CONFIG={config}", f"CFLAGS={flags}", "OPT=-O2",
                        f"O={where}"])
    return os.path.join(where, "libslate-libc.a")


def build(program, libc, allocator, out):
    """The image of one program with one allocator; returns its path."""
    name = re.sub(r"\W+", "-", f"{program}-{libc}-{allocator}".lower())
    elf = os.path.join(out, name + ".elf")
    os.makedirs(out, exist_ok=True)
    config = ALLOCATORS[allocator]
    slate = ["-Wl,-u,malloc", archive(libc, config, out)] if config else []
    target.run_quietly([
        "arm-none-eabi-gcc", *CPU, "-Os", "-w", "-ffunction-sections",
        "-fdata-sections", "-Wl,--gc-sections", "-Ilinker",
        "-Wl,--no-warn-rwx-segments",
        "bench/clients/main.c", "linker/fault.c",
        *files(PROGRAMS[program]), *LIBCS[libc], *slate, "-o", elf])
    return elf


def static_bytes(elf):
    """The allocator's own variables."""
    text = target.run_quietly(["arm-none-eabi-nm", "-S", elf])
    total = 0
    for line in text.splitlines():
        words = line.split()
        if len(words) == 4 and words[2] in "bBdD" and (
                words[3].startswith("__malloc_") or words[3] == "libc"):
            total += int(words[1], 16)
    return total


def completes(elf, size):
    done = subprocess.run(
        ["qemu-system-arm", "-M", "mps2-an385", "-display", "none",
         "-monitor", "none", "-serial", "none", "-semihosting-config",
         "enable=on,target=native", "-device",
         f"loader,addr={SIZE_AT:#x},data={size},data-len=4", "-kernel", elf],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    if done.returncode not in (0, 1):
        raise target.TargetError(f"{elf}: status {done.returncode} in {size} "
                                 f"bytes: {done.stderr[-200:]}")
    return done.returncode == 0


def smallest(elf):
    """The smallest heap, in steps of 8 bytes, static data included."""
    low, high = 0, MOST
    if not completes(elf, high):
        raise target.TargetError(f"{elf}: does not complete in {high} bytes")
    while high - low > 8:
        middle = (low + high) // 16 * 8
        low, high = (low, middle) if completes(elf, middle) else (middle, high)
    size = high
    while size > max(high - SPAN, 8):
        size -= 8
        if completes(elf, size):
            high = size
    return high + static_bytes(elf)


def measure(out, jobs):
    """{program: {libc: {allocator: bytes}}}"""
    cases = [(program, libc, allocator) for program in PROGRAMS
             for libc in LIBCS for allocator in ALLOCATORS]
    elfs = [build(*case, out) for case in cases]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return dict(zip(cases, pool.map(smallest, elfs)))


def table(found):
    lines = ["| program, C library | " + " | ".join(ALLOCATORS) + " |",
             "|---|" + "---:|" * len(ALLOCATORS)]
    for program in PROGRAMS:
        for libc in LIBCS:
            cells = " | ".join(str(found[program, libc, allocator])
                               for allocator in ALLOCATORS)
            lines.append(f"| {program}, {libc} | {cells} |")
    return "\n".join(lines) + "\n"


def write(text):
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    head, rest = page.split(BEGIN)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(head + BEGIN + "\n\n" + text + "\n" + END +
                   rest.split(END)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", default="out/bench/clients")
    parser.add_argument("--write", action="store_true",
                        help="put the table into docs/libc.md")
    args = parser.parse_args()
    try:
        text = table(measure(os.path.join(TOP, args.out), args.jobs))
    except target.TargetError as error:
        sys.exit(str(error))
    print(text, end="")
    if args.write:
        write(text)


if __name__ == "__main__":
    main()
