# SPDX-License-Identifier: MIT
"""
Runs a recording's calls through slate itself, built for the word size of the
recording: tools/replayer, which this builds from the source checkout that the
tools lie in.
"""

import array
import os
import struct
import subprocess
import sys
import tempfile

from .errors import DeskError
from .model import ALIGNED, LIVE, Heap
from .progress import each

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "bench"))

import hosted	# noqa: E402  (bench/hosted.py: builds the library)
import target	# noqa: E402

MAGIC = 0x4a4c5332
HEAD = struct.Struct("=6I")
REGION = struct.Struct("=3Q")
CALL = struct.Struct("=QIBBBB")
OP_MALLOC, OP_ALIGNED, OP_REALLOC, OP_FREE = range(4)


def check_compiler(word):
    """gcc can make programs of that word size here."""
    done = subprocess.run(
        ["gcc", f"-m{word}", "-include", "errno.h", "-x", "c", "-", "-o",
         os.devnull], input="int main(void) { return 0; }", text=True,
        capture_output=True)
    if done.returncode:
        raise DeskError(f"gcc -m{word} does not work here: it takes Debian's "
                        "gcc-multilib (make tools installs it)")


def out_of_the_way(word):
    """Flags that put a program where few others have anything."""
    if word == 32:
        return ["-static", "-no-pie", "-Wl,-Ttext-segment=0x70000000"]
    return ["-static-pie"]


def build(word, cflags="", out="out/desk"):
    """The replayer with slate compiled with the flags; its path."""
    try:
        check_compiler(word)
        lib = hosted.library(word, "default", cflags, out)
        elf = os.path.join(lib, "replayer")
        target.run_quietly([
            "gcc", "-std=gnu11", "-O2", "-w", f"-m{word}",
            *out_of_the_way(word), "-Iinclude", "-Iport/linux",
            *cflags.split(),
            *(f"tools/replayer/{name}.c" for name in
              ("replayer", "memory", "pools")),
            "-Wl,--start-group", os.path.join(lib, "libslate.a"),
            os.path.join(lib, "libslate-port.a"), "-Wl,--end-group",
            "-pthread", "-o", elf])
    except FileNotFoundError as error:
        raise DeskError(f"{error.filename} is not here: the replay needs gcc "
                        "and make") from None
    except target.TargetError as error:
        raise DeskError(f"the replayer could not be built:\n{error}") from None
    return elf


class Job:
    """
    A recording as the replayer reads it.

    events	for each call in the job, the number of its event
    left_out	{why: how many} of the calls that cannot be replayed
    regions	[(base, size, caps)], as recorded
    least	bytes below which no region can do: the most that was live,
		each block rounded up to granules, less the other regions
    """

    def __init__(self, recording, varied=0, most=0):
        if not recording.regions:
            raise DeskError("the recording does not say what memory the heap "
                            "has: its first block is lost")
        self.regions = list(recording.regions)
        if varied >= len(self.regions):
            raise DeskError(f"region {varied}: the recording has only "
                            f"{len(self.regions)}")
        self.varied = varied
        self.granule = recording.granule
        self.most = max(most, self.regions[varied][1])
        self.events = []
        self.addresses = array.array("Q")
        self.left_out = {}
        self.least = 0
        self._convert(recording.events)
        others = sum(size for number, (_, size, _) in enumerate(self.regions)
                     if number != varied)
        self.least = max(self.least - others, self.granule)

    def _skip(self, why):
        self.left_out[why] = self.left_out.get(why, 0) + 1

    def _convert(self, events):
        self.calls, self.nslots = bytearray(), 0
        heap, slots, spare, live = Heap(), {}, [], 0
        for event in each(events, "reading calls", len(events)):
            failed, unknown = heap.failures, heap.unknown
            gone, made = heap.apply(event)
            if heap.failures > failed:
                self._skip("calls that got no memory on the device")
            if heap.unknown > unknown:
                self._skip("blocks from before the recording")
            if event.kind == LIVE:
                self._skip("blocks that were live when it began: in what "
                           "order they were made is not known")
            slot = slots.pop(id(gone), None)
            if slot is not None:
                live -= self._rounded(gone)
            if made and slot is None:
                slot = spare.pop() if spare else self.nslots
                self.nslots = max(self.nslots, slot + 1)
                self._add(heap.index, event, made, slot, OP_ALIGNED if
                          event.kind == ALIGNED else OP_MALLOC)
            elif made:
                self._add(heap.index, event, made, slot, OP_REALLOC)
            elif slot is not None:
                self._add(heap.index, event, gone, slot, OP_FREE)
                spare.append(slot)
            if made:
                slots[id(made)] = slot
                live += self._rounded(made)
                self.least = max(self.least, live)

    def _rounded(self, block):
        return max(-(-block.size // self.granule), 1) * self.granule

    def _add(self, index, event, block, slot, kind):
        align = max(event.align, 1).bit_length() - 1
        self.calls += CALL.pack(block.size, slot, kind, event.tier, align,
                                event.caps & 0xff)
        self.events.append(index)
        self.addresses.append(0 if kind == OP_FREE else block.address)

    def write(self, path):
        with open(path, "wb") as file:
            file.write(HEAD.pack(MAGIC, len(self.events), self.nslots,
                                 len(self.regions), self.varied, 0))
            for number, (base, size, caps) in enumerate(self.regions):
                if number == self.varied:
                    size = self.most
                file.write(REGION.pack(base, size, caps))
            file.write(self.calls)


class Replayer:
    """The program with one configuration, and a job for it."""

    def __init__(self, job, elf):
        self.job = job
        self.elf = elf
        self.folder = tempfile.TemporaryDirectory(prefix="slate-size-")
        self.path = os.path.join(self.folder.name, "job")
        job.write(self.path)

    def _ask(self, *words, text=True):
        command = [self.elf, self.path, *map(str, words)]
        done = subprocess.run(command, capture_output=True)
        if done.returncode:
            raise DeskError("the replay failed: " +
                            done.stderr.decode("utf-8", "replace").strip())
        return done.stdout.decode() if text else done.stdout

    def calls(self, *sizes):
        """How many calls go well in a region of each size."""
        return list(map(int, self._ask("calls", *sizes).split()))

    def completes(self, size):
        return self.calls(size)[0] == len(self.job.events)

    def first(self, low, high, step, progress):
        """Of low, low + step, ... to high the first that completes, or 0."""
        command = [self.elf, self.path, "first", str(low), str(high),
                   str(step)]
        with subprocess.Popen(command, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True) as child:
            for line in child.stdout:
                word, _, number = line.partition(" ")
                if word == "first":
                    return int(number)
                if not progress(int(number)):
                    child.kill()
                    return None
        raise DeskError("the replay failed")

    def addresses(self, size):
        """What each call returned, up to the first that failed."""
        found = array.array("Q")
        found.frombytes(self._ask("addresses", size, text=False))
        return found

    def stats(self, size, calls):
        """[(call, (size, live, peak, free, largest, overhead))]"""
        rows, call = [], 0
        for line in self._ask("stats", size, *calls).splitlines():
            words = line.split()
            if words[0] == "after":
                call = int(words[1])
            else:
                rows.append((call, tuple(map(int, words[1:]))))
        return rows

    def tables(self, size):
        """[(address, bytes)] of slate's own data in the empty heap."""
        return self._rows("tables", size)

    def pools(self, size):
        """[(call, came, address, bytes, block size)]: which come and go."""
        return self._rows("pools", size)

    def _rows(self, *words):
        return [tuple(map(int, line.split()))
                for line in self._ask(*words).splitlines()]
