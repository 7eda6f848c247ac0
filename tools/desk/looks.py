# SPDX-License-Identifier: MIT
"""What a heap in memory looks like, as text: the gdb commands' answers."""

from . import reader
from .model import TIERS

KINDS = {reader.TABLES: "slate's own tables", reader.LIVE: "a block",
         reader.FREE: "free", reader.POOL: "a pool"}
LIMIT = 30


def put_stats(put, reading, heap):
    stats = reading.stats(heap)
    size = stats["size"]
    for name, value in stats.items():
        share = f"{100 * value / size:6.1f} %" if name in (
            "live", "peak", "free", "largest_free", "overhead") else ""
        put(f"{name:14} {value:10}{share}")


def put_check(put, reading, heap, sites):
    wrong = reading.check(heap)
    put(f"the heap at {heap:#x} is whole" if wrong is None else
        f"the heap at {heap:#x} is damaged: {wrong}")
    if wrong is not None:
        return
    owners = reading.owners(heap)
    for _, address, block, text in reading.faults(heap):
        put(f"{text}: {address:#x}, in the block {block:#x}"
            f"{who(owners.get(block), sites)}")


def put_walk(put, reading, heap, sites):
    owners = reading.owners(heap)
    sites.prepare({owner.site for owner in owners.values()})
    _, blocks = reading.map(heap)
    for address, size, pooled in blocks:
        put(f"{address:#x} {size:8} {'pool ' if pooled else 'chunk'}"
            f"{who(owners.get(address), sites)}")
    put(f"{len(blocks)} blocks of {sum(block[1] for block in blocks)} bytes")


def who(known, sites):
    """What is known of a block, for behind its address."""
    if known is None:
        return ""
    words = []
    if known.size is not None:
        words += [f"{known.size} bytes", TIERS[known.tier]]
    if known.serial:
        words.append(f"call {known.serial}")
    if known.owner:
        words.append(f"owner {known.owner}")
    if known.site:
        words.append(sites.name(known.site))
    return "  " + ", ".join(words)


def put_block(put, reading, heap, address, sites):
    """What is at an address, and who allocated it."""
    spans, blocks = reading.map(heap)
    span = next((span for span in spans
                 if span[0] <= address < span[0] + span[1]), None)
    if span is None:
        put(f"{address:#x} is in no memory of the heap at {heap:#x}")
        return
    block = next((block for block in blocks
                  if block[0] <= address < block[0] + block[1]), None)
    if span[2] == reader.POOL:
        put(f"pool of {span[5]} of {span[4]} blocks of {span[3]} bytes, "
            f"{span[0]:#x} to {span[0] + span[1]:#x}")
    if block is None:
        put(f"{address:#x} is " + ("a free block of the pool" if span[2] ==
                                   reader.POOL else KINDS[span[2]]) +
            ("" if span[2] == reader.POOL else
             f", {span[0]:#x} to {span[0] + span[1]:#x}"))
        return
    inside = address - block[0]
    put(f"{address:#x} is " + (f"{inside} bytes inside " if inside else "") +
        f"the live block {block[0]:#x} of {block[1]} bytes"
        f"{who(reading.owners(heap).get(block[0]), sites)}")


def put_leaks(put, reading, heap, sites):
    """Live blocks by site, where that is known, else by size."""
    owners = reading.owners(heap)
    _, blocks = reading.map(heap)
    sites.prepare({owner.site for owner in owners.values()})
    sums = {}
    for address, size, _ in blocks:
        owner = owners.get(address)
        name = sites.name(owner.site) if owner and owner.site else \
            f"blocks of {size}"
        row = sums.setdefault(name, [0, 0])
        row[0] += owner.size if owner and owner.size is not None else size
        row[1] += 1
    rows = sorted(sums.items(), key=lambda row: (-row[1][0], row[0]))
    if not owners:
        put("no tracing, debug hooks or recording: sites are not known")
    for name, (size, count) in rows[:LIMIT]:
        put(f"{size:10} bytes in {count:6} blocks: {name}")
    if len(rows) > LIMIT:
        put(f"{len(rows) - LIMIT} more")
    put(f"{len(blocks)} live blocks")
