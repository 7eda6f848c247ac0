# SPDX-License-Identifier: MIT
"""
Collapsed stacks, "outer;inner WEIGHT" a line, which speedscope and the flame
graph tools open. The weight is bytes: live at the end, live at the peak, or
asked for in all; or calls.
"""

from .model import Heap, heap_at

WEIGHTS = ("leaked", "peak", "bytes", "calls")


def stack(block, sites):
    """The line's first half; ";" separates, so names have none."""
    names = [frame.function or f"{frame.file}:{frame.line}" if
             frame.function or frame.file else f"{frame.address:#x}"
             for frame in reversed(sites.frames(block.site))]
    return ";".join(name.replace(";", ":") for name in names)


def sums(recording, weight):
    """{site: (block of it, weight)}"""
    heap = Heap()
    rows = {}
    for event in recording.events:
        _, made = heap.apply(event)
        if made and weight in ("bytes", "calls"):
            add(rows, made, made.size if weight == "bytes" else 1)
    if weight == "peak":
        heap = heap_at(recording.events, heap.peak_index)
    if weight in ("leaked", "peak"):
        for block in heap.live.values():
            add(rows, block, block.size)
    return rows


def add(rows, block, amount):
    _, before = rows.get(block.site, (None, 0))
    rows[block.site] = block, before + amount


def write(file, recording, sites, weight):
    """Write the whole file; sites of the same names are one line."""
    lines = {}
    for block, amount in sums(recording, weight).values():
        text = stack(block, sites)
        lines[text] = lines.get(text, 0) + amount
    for text, amount in sorted(lines.items()):
        if amount:
            file.write(f"{text} {amount}\n")
