# SPDX-License-Identifier: MIT
"""Traces of calls: text, one call a line, as bench/traces/README.md says."""

import array
import glob
import gzip
import os
import re
import zlib

MALLOC, CALLOC, REALLOC, FREE = range(4)
KINDS = ("malloc", "calloc", "realloc", "free")
LETTERS = {"a": MALLOC, "c": CALLOC, "r": REALLOC, "f": FREE}
HEADER = re.compile(r"# slots (\d+) peak_live (\d+) ops (\d+) word (32|64)\b")


class TraceError(Exception):
    """A trace that is not one; says the file and the line."""


class Trace:
    """A trace in memory: what is 'kind << 30 | slot' for each call."""

    def __init__(self, name, slots, peak, word):
        self.name = name
        self.slots = slots
        self.peak = peak
        self.word = word
        self.what = array.array("I")
        self.size = array.array("I")

    def add(self, kind, slot, size):
        self.what.append(kind << 30 | slot)
        self.size.append(size)


def name_of(path):
    return re.sub(r"(\.trace)?(\.txt)?(\.gz)?$", "", os.path.basename(path))


def read_lines(path):
    opener = gzip.open if path.endswith(".gz") else open
    number = 0
    try:
        with opener(path, "rt", encoding="ascii") as file:
            for number, line in enumerate(file, 1):
                yield number, line
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise TraceError(f"{path}:{number + 1}: {error}") from None


def parse_call(words, live):
    """One line; live has a byte for each slot. None if it makes no sense."""
    kind = LETTERS.get(words[0]) if words else None
    if kind is None or len(words) != (2 if kind == FREE else 3):
        return None
    if not all(word.isdecimal() for word in words[1:]):
        return None
    slot = int(words[1])
    size = int(words[2]) if kind != FREE else 0
    if slot >= len(live) or size > 0xffffffff:
        return None
    if bool(live[slot]) == (kind in (MALLOC, CALLOC)):
        return None
    live[slot] = kind != FREE
    return kind, slot, max(size, 1)


def read(path):
    """Read a whole trace, and look at each call whether it can be."""
    lines = read_lines(path)
    head = HEADER.match(next(lines, (1, ""))[1])
    if not head:
        raise TraceError(f"{path}:1: no '# slots N peak_live BYTES ops K "
                         "word 32|64'")
    slots, peak, ops, word = map(int, head.groups())
    trace = Trace(name_of(path), slots, peak, word)
    live = bytearray(slots)
    number = 1
    for number, line in lines:
        if line.startswith("#"):
            continue
        call = parse_call(line.split(), live)
        if call is None:
            raise TraceError(f"{path}:{number}: no call that can be here: "
                             f"{line.strip()[:40]!r}")
        trace.add(*call)
    if len(trace.what) != ops:
        raise TraceError(f"{path}:{number}: {len(trace.what)} calls, the "
                         f"first line says {ops}")
    return trace


def find(where):
    """The trace files named: files, folders, or several separated by space."""
    paths = []
    for name in where.split():
        if os.path.isdir(name):
            paths += sorted(glob.glob(os.path.join(name, "*.trace.gz")) +
                            glob.glob(os.path.join(name, "*.trace")))
        elif os.path.exists(name):
            paths.append(name)
        else:
            raise TraceError(f"{name}: no such trace")
    return paths


def header(path):
    """(slots, peak, ops, word) without reading the rest."""
    head = HEADER.match(next(read_lines(path), (1, ""))[1])
    if not head:
        raise TraceError(f"{path}:1: no '# slots ...'")
    return tuple(map(int, head.groups()))
