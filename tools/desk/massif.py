# SPDX-License-Identifier: MIT
"""
massif.out: the heap over time, as ms_print and massif-visualizer show it.

Snapshots lie evenly over the events, and one at the peak; every tenth and the
peak have a tree of who owned the memory. Time is milliseconds where the
recording has a clock; else massif's own "B": bytes handed out and given back.
"""

from .model import Heap, heap_at

SNAPSHOTS = 100
DETAILED = 10
THRESHOLD = 0.01


def tree(blocks, sites):
    """Nested {frame name: [bytes, below]} of the blocks' sites."""
    root = {}
    for block in blocks:
        level = root
        for frame in sites.frames(block.site):
            where = f"{frame.file or 'no file'}:{frame.line}"
            name = frame.function or "???"
            text = f"{frame.address:#x}: {name} ({where})"
            node = level.setdefault(text, [0, {}])
            node[0] += block.size
            level = node[1]
    return root


def write_level(file, level, total, depth):
    rows = sorted(level.items(), key=lambda row: (-row[1][0], row[0]))
    shown = [row for row in rows if row[1][0] >= total * THRESHOLD]
    small = rows[len(shown):]
    indent = " " * depth
    for text, (size, below) in shown:
        file.write(f"{indent}n{children_shown(below, total)}: {size} {text}\n")
        write_level(file, below, total, depth + 1)
    if small:
        size = sum(row[1][0] for row in small)
        places = f"{len(small)} places, all" if len(small) > 1 else "1 place,"
        file.write(f"{indent}n0: {size} in {places} below massif's threshold "
                   f"({THRESHOLD * 100:.2f}%)\n")


def children_shown(level, total):
    """How many lines write_level() writes for a level."""
    shown = sum(size >= total * THRESHOLD for size, _ in level.values())
    return shown + (shown < len(level))


def extra(blocks, granule):
    """Bytes that rounding to granules adds."""
    return sum(-block.size % granule for block in blocks)


def write_snapshot(file, number, time, heap, granule, sites, detail):
    file.write(f"#-----------\nsnapshot={number}\n#-----------\ntime={time}\n"
               f"mem_heap_B={heap.bytes}\n"
               f"mem_heap_extra_B={extra(heap.live.values(), granule)}\n"
               f"mem_stacks_B=0\n")
    if not detail:
        file.write("heap_tree=empty\n")
        return
    root = tree(heap.live.values(), sites)
    file.write(f"heap_tree={detail}\nn{children_shown(root, heap.bytes)}: "
               f"{heap.bytes} (all calls of the heap)\n")
    write_level(file, root, heap.bytes, 1)


def write(file, recording, sites, name):
    """Write the whole file; name: what was recorded."""
    events = recording.events
    end = heap_at(events)
    wanted = {round(at * (len(events) - 1) / max(SNAPSHOTS - 1, 1))
              for at in range(SNAPSHOTS)} | {end.peak_index}
    unit = "ms" if recording.hz else "B"
    file.write(f"desc: recorded by slate\ncmd: {name}\ntime_unit: {unit}\n")
    heap, moved, number = Heap(), 0, 0
    for event in events:
        gone, made = heap.apply(event)
        moved += (gone.size if gone else 0) + (made.size if made else 0)
        if heap.index not in wanted:
            continue
        detail = "peak" if heap.index == end.peak_index else \
            "detailed" if number % DETAILED == DETAILED - 1 else ""
        time = event.time * 1000 // recording.hz if recording.hz else moved
        write_snapshot(file, number, time, heap, recording.granule, sites,
                       detail)
        number += 1
