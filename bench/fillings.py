# SPDX-License-Identifier: MIT
"""
Fillings that make an allocator work hard, each for a heap of any size.

A filling is a list of (kind, slot, size). Calls that fail leave their slot
empty and what needs the block is skipped, so a filling need not know what an
allocator can hold. Large heaps are filled to the brim by one large block, so
that the number of calls stays bounded.
"""

import random

from tracefile import MALLOC, CALLOC, REALLOC, FREE

FINE = 384 * 1024	# bytes that small blocks are put into, at most


class Calls:
    """A list of calls under construction."""

    def __init__(self, heap):
        self.heap = heap
        self.calls = []
        self.slots = 0

    def new(self, size, kind=MALLOC):
        self.slots += 1
        self.calls.append((kind, self.slots - 1, max(int(size), 1)))
        return self.slots - 1

    def free(self, slot):
        self.calls.append((FREE, slot, 0))

    def resize(self, slot, size):
        self.calls.append((REALLOC, slot, max(int(size), 1)))

    def occupy(self):
        """Take what is above FINE with one block; the bytes that remain."""
        rest = min(self.heap * 15 // 16, FINE)
        if rest < self.heap * 15 // 16:
            self.new(self.heap * 31 // 32 - rest)
        return rest

    def probe(self, sizes):
        """Allocate and free each size, apart and nested."""
        for size in sizes:
            self.free(self.new(size))
        for slot in [self.new(size) for size in sizes]:
            self.free(slot)


LADDER = [1, 8, 9, 16, 24, 32, 33, 48, 64, 65, 96, 100, 128, 129, 160, 200,
          256, 257, 264, 300, 384, 500, 512, 513, 640, 1000, 1024, 1025, 1500,
          2000, 2048, 2050, 3000, 4000, 5000, 8000, 16000, 33000]


def comb(heap, size):
    """Small blocks, every other one freed."""
    calls = Calls(heap)
    rest = calls.occupy()
    blocks = [calls.new(size) for _ in range(rest // max(size, 8))]
    for slot in blocks[::2]:
        calls.free(slot)
    calls.probe(LADDER)
    for slot in blocks[1::4]:
        calls.free(slot)
    calls.probe(LADDER)
    for slot in blocks[3::4]:
        calls.resize(slot, size * 2)
        calls.free(slot)
    return calls


def comb_8(heap):
    return comb(heap, 8)


def comb_24(heap):
    return comb(heap, 24)


def comb_256(heap):
    return comb(heap, 256)


def comb_264(heap):
    return comb(heap, 264)


def ordered(heap, largest_first):
    """Blocks of many sizes, freed by size."""
    calls = Calls(heap)
    rest = calls.occupy()
    rng = random.Random(1)
    blocks = []
    while rest > 0:
        size = rng.choice(LADDER[:30]) + rng.randrange(16)
        blocks.append((size, calls.new(size)))
        rest -= size + 8
    for count, (_, slot) in enumerate(sorted(blocks, reverse=largest_first)):
        calls.free(slot)
        if count % 64 == 0:
            calls.probe(LADDER[count // 64 % 7::7])
    calls.probe(LADDER)
    return calls


def largest_first(heap):
    return ordered(heap, True)


def smallest_first(heap):
    return ordered(heap, False)


def pools_nearly_full(heap):
    """Each class with blocks in multiples of what pools hold, less a few."""
    calls = Calls(heap)
    calls.occupy()
    room = min(heap, FINE) // 48
    classes = []
    for size in range(8, 520, 8):
        count = max(room // size // 4, 2)
        classes.append([calls.new(size) for _ in range(min(count, 70))])
    for stride in (4, 8, 16, 32):
        for blocks in classes:
            for slot in blocks[stride - 1::stride]:
                calls.free(slot)
        for size, blocks in zip(range(8, 520, 8), classes):
            again = [calls.new(size) for _ in blocks[stride - 1::stride]]
            again.append(calls.new(size))
            for slot in again:
                calls.free(slot)
    for blocks in classes:
        for slot in blocks:
            calls.free(slot)
    return calls


def classes_cold(heap):
    """One block of each class by turns: no class is in use for long."""
    calls = Calls(heap)
    calls.occupy()
    for count in (1, 2, 3, 5, 9, 17):
        for size in range(8, 600, 8):
            for slot in [calls.new(size) for _ in range(count)]:
                calls.free(slot)
    held = []
    for count in range(6):
        for size in range(8, 600, 8):
            held.append(calls.new(size + count % 3))
            if len(held) > 40:
                calls.free(held.pop(len(held) * 7 % 40))
    for slot in held:
        calls.free(slot)
    return calls


def bins_too_small(heap):
    """In every bin several chunks that are one granule short."""
    calls = Calls(heap)
    rest = calls.occupy()
    sizes = list(range(8, 600, 8))
    size = 608
    while size < rest // 16:
        sizes += [size - 8, size]
        size = size * 9 // 8 // 8 * 8
    holes = []
    for repeat in range(6):
        for size in sizes:
            rest -= size + 16
            if rest > 0:
                holes.append((size, calls.new(size)))
                calls.new(8)
    for _, slot in holes:
        calls.free(slot)
    for size in sizes:
        calls.free(calls.new(size + 8))
    for size in sizes:
        slot = calls.new(size)
        calls.resize(slot, size + 8)
        calls.free(slot)
    calls.probe([size + 8 for size in sizes[::3]])
    return calls


def realloc_ladders(heap):
    """Growing and shrinking, with neighbours free, used, before, behind."""
    calls = Calls(heap)
    rest = calls.occupy()
    slots = [calls.new(8) for _ in range(12)]
    for size in LADDER[:28]:
        for slot in slots:
            calls.resize(slot, size)
    for size in reversed(LADDER[:28]):
        for slot in slots[::2] + slots[1::2]:
            calls.resize(slot, size)
    blocks = [calls.new(120) for _ in range(min(rest // 140, 600))]
    for first in range(0, len(blocks) - 3, 4):
        calls.free(blocks[first])
        calls.free(blocks[first + 2])
        calls.resize(blocks[first + 1], 240)
        calls.resize(blocks[first + 1], 360)
        calls.resize(blocks[first + 3], 30)
    for slot in slots:
        for size in (40, 600, 20, 3000, 8, 9000, 1):
            calls.resize(slot, size)
    calls.free(calls.new(rest))
    big = calls.new(rest // 2)
    for share in (3, 4, 2, 5, 1):
        calls.resize(big, rest // share)
    return calls


def storm(heap):
    """Random calls at the brim, sizes of all magnitudes."""
    calls = Calls(heap)
    rest = calls.occupy()
    rng = random.Random(7)
    live = []
    for _ in range(24000):
        if live and rng.random() < (0.35 if len(live) * 100 < rest else 0.55):
            at = rng.randrange(len(live))
            live[at], live[-1] = live[-1], live[at]
            calls.free(live.pop())
        elif live and rng.random() < 0.3:
            calls.resize(rng.choice(live), 2 ** rng.uniform(0, 11))
        else:
            kind = CALLOC if rng.random() < 0.1 else MALLOC
            live.append(calls.new(2 ** rng.uniform(0, 11), kind))
    for slot in live:
        calls.free(slot)
    return calls


FILLINGS = [comb_8, comb_24, comb_256, comb_264, largest_first,
            smallest_first, pools_nearly_full, classes_cold, bins_too_small,
            realloc_ladders, storm]
