#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Searches the sequence of calls that makes one call most expensive: hill
climbing from random sequences, many candidates in one run of QEMU, whose
exact counts say which is better. The best is written to bench/adversary as a
case for bench/adversary.py, with what it cost in the first line.
"""

import argparse
import os
import random
import sys
import time

import adversary
import fillings
import target
from tracefile import KINDS, MALLOC, CALLOC, REALLOC, FREE

LETTERS = "acrf"
SLOTS = 96		# that random calls use
SLOTS_MAX = 20000	# that the fillings use
BATCH = 60
CALLS_MAX = 200000	# of one run of QEMU


class Search:
    """One climb: a few sequences that are best so far, and how to vary."""

    def __init__(self, elf, kind, heap, length, rng):
        self.elf = elf
        self.kind = kind
        self.heap = heap
        self.length = length
        self.rng = rng
        self.best = []
        self.runs = 0

    def random_size(self):
        shape = self.rng.random()
        if shape < 0.5:
            return 8 * self.rng.randrange(1, 66)
        if shape < 0.9:
            return int(2 ** self.rng.uniform(0, 12))
        return self.rng.randrange(1, self.heap // 2)

    def random_call(self):
        kind = self.rng.choices((MALLOC, CALLOC, REALLOC, FREE),
                                (45, 2, 15, 38))[0]
        return kind, self.rng.randrange(SLOTS), self.random_size()

    def random_sequence(self):
        size = self.random_size
        if self.rng.random() < 0.5:
            fixed = self.random_size() % (self.heap // 8) + 1
            size = lambda: fixed if self.rng.random() < 0.9 else \
                self.random_size()
        calls = [(MALLOC, slot, size()) for slot in range(SLOTS)
                 if self.rng.random() < 0.9]
        while len(calls) < self.length:
            kind, slot, _ = self.random_call()
            calls.append((kind, slot, size()))
        return calls

    def vary(self, calls):
        calls = list(calls)
        for _ in range(self.rng.choice((1, 1, 2, 3, 6))):
            at = self.rng.randrange(len(calls))
            end = min(at + self.rng.randrange(1, 24), len(calls))
            how = self.rng.randrange(7)
            if how == 0:
                calls.insert(at, self.random_call())
            elif how == 1:
                del calls[at:at + self.rng.randrange(1, 6)]
            elif how == 2:
                calls[at] = self.random_call()
            elif how == 3:
                kind, slot, size = calls[at]
                step = self.rng.choice((-64, -16, -8, -1, 1, 8, 16, 64))
                calls[at] = kind, slot, max(size + step, 1)
            elif how == 4:
                other = self.rng.randrange(len(calls))
                calls[at:at] = calls[other:other + end - at]
            elif how == 5:
                size = self.random_size()
                calls[at:end] = [(kind, slot, size)
                                 for kind, slot, _ in calls[at:end]]
            else:
                other = self.rng.randrange(len(calls))
                calls[at], calls[other] = calls[other], calls[at]
            calls = calls or [self.random_call()]
        return calls

    def rate(self, candidates):
        """[(cost, score, calls)], cut behind the most expensive call."""
        rated, batch, total = [], [], 0
        for calls in candidates:
            if batch and total + len(calls) > CALLS_MAX:
                rated += self.rate_batch(batch)
                batch, total = [], 0
            batch.append(calls)
            total += len(calls)
        return rated + (self.rate_batch(batch) if batch else [])

    def rate_batch(self, candidates):
        what, size = [], []
        for calls in candidates:
            what.append(target.RESET)
            size.append(0)
            what += [kind << 30 | slot for kind, slot, _ in calls]
            size += [size for _, _, size in calls]
        slots = 1 + max(slot for calls in candidates for _, slot, _ in calls)
        result = target.run(self.elf, what, size, slots, self.heap,
                            goes_on=True)
        self.runs += len(candidates)
        rated = []
        start = 0
        for calls in candidates:
            costs = result.costs[start + 1:start + 1 + len(calls)]
            start += 1 + len(calls)
            rated.append(self.score(calls, costs))
        return rated

    def score(self, calls, costs):
        """The greatest cost of our kind; others of its size count a little."""
        top, at, near = 0, len(calls), 0
        for index, ((kind, _, _), cost) in enumerate(zip(calls, costs)):
            if cost & target.SKIPPED:
                continue
            if cost & target.FAILED:
                kind, cost = len(KINDS), cost & ~target.FAILED
            if kind == self.kind:
                near = max(near, cost * 0.99 if cost < top else 0)
                if cost > top:
                    top, at = cost, index
        return top, near - len(calls) / 1e6, calls[:at + 1]

    def climb(self, seconds, seeds):
        end = time.monotonic() + seconds
        stale = 0
        self.best = [(*row[:2], self.shorten(row[2], row[0])) for row in
                     sorted(self.rate(seeds), reverse=True)[:4]]
        self.best += self.rate([self.random_sequence() for _ in range(BATCH)])
        summit = max(self.best)
        while time.monotonic() < end:
            self.best = sorted(self.best, reverse=True)[:12]
            if self.best[0][:2] > summit[:2]:
                summit, stale = self.best[0], 0
            stale += 1
            if stale > 60:
                self.best, stale = [], 0
                fresh = [self.random_sequence() for _ in range(BATCH)]
                if self.rng.random() < 0.5:
                    fresh.append(summit[2])
            else:
                fresh = [self.vary(self.rng.choice(self.best)[2])
                         for _ in range(BATCH - 6)]
                fresh += [self.random_sequence() for _ in range(6)]
            self.best += self.rate(fresh)
        return max(self.best + [summit])

    def shorten(self, calls, cost):
        """Leave out what the cost does not need."""
        step = max(len(calls) // 2, 1)
        while len(calls) // step <= 256:
            cut = [calls[:at] + calls[at + step:]
                   for at in range(0, len(calls) - 1, step)]
            good = [row for row in self.rate(cut) if row[0] >= cost]
            if good:
                calls = good[0][2]
            elif step == 1:
                return calls
            else:
                step //= 2
            step = min(step, max(len(calls) // 2, 1))
        return calls


def seeds_for(heap):
    """The fillings, and what was found before."""
    seeds = [filling(heap).calls for filling in fillings.FILLINGS]
    seeds += [adversary.read_case(path) for path in adversary.cases()]
    return [calls for calls in seeds
            if max(slot for _, slot, _ in calls) < SLOTS_MAX]


def write_case(path, kind, heap, cost, variant, calls):
    with open(path, "w", encoding="ascii") as file:
        file.write("# SPDX-License-Identifier: MIT\n"
                   f"# {kind}: {cost} instructions in {heap} bytes, "
                   f"{variant.key()}, when found\n")
        for number, slot, size in calls:
            letter = LETTERS[number]
            file.write(f"{letter} {slot}" +
                       (f" {size}\n" if number != FREE else "\n"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600,
                        help="for each kind of call and heap (600)")
    parser.add_argument("--kinds", default="malloc,realloc,free,fails")
    parser.add_argument("--heaps", default="4K,64K")
    parser.add_argument("--length", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--adapter", default="bench/peers/slate_obj.c")
    parser.add_argument("--cpu", default="m3")
    parser.add_argument("--opt", default="O2")
    parser.add_argument("--config", default="default")
    parser.add_argument("--cflags", default="")
    parser.add_argument("--keep", default="bench/adversary",
                        help="folder that the cases are written to")
    args = parser.parse_args()
    variant = target.Variant(args.cpu, args.opt, args.config, args.cflags)
    try:
        elf = target.build(variant, args.adapter)
        for label in args.heaps.split(","):
            heap = adversary.HEAPS[label]
            for kind in args.kinds.split(","):
                search = Search(elf, adversary.KINDS.index(kind), heap,
                                args.length, random.Random(args.seed))
                best = search.climb(args.seconds, seeds_for(heap))
                calls = search.shorten(best[2], best[0])
                print(f"{kind} in {label}: {best[0]} instructions, "
                      f"{len(calls)} calls, {search.runs} tried", flush=True)
                write_case(os.path.join(args.keep,
                                        f"found-{kind}-{label}.txt"), kind,
                           heap, best[0], variant, calls)
    except target.TargetError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
