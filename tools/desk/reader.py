# SPDX-License-Identifier: MIT
"""
Looks at a heap in the memory of a program: a live target, a core, a dump.

Slate itself does the looking: tools/reader, built here as the program's slate
is (its slate_layout_ says how), gets the program's memory page by page. The
only thing described twice is slate_layout_ (src/layout.c).
"""

import collections
import os
import struct
import subprocess
import tempfile

from . import configs
from .errors import DeskError
from .memory import Unreadable, with_elf
from .model import heap_at
from .replayer import check_compiler, hosted, out_of_the_way, target

MAGIC, VERSION = 0x4c534c54, 1
HEAD = "IBBBB"
OPTIONS = ("GRANULE", "REGIONS", "SOURCE", "LINE", "POOL", "HOOKS", "STATS",
           "LOCK", "CHECK", "REPAIR", "DEBUG", "QUARANTINE", "FILL_CLEAN",
           "FILL_DEAD", "FILL_FORBIDDEN", "COMPACT")
PAGE = 4096
PIECE = 64
TABLES, LIVE, FREE, POOL = range(4)

# What makes the host's compiler lay structs out as the target's does.
ABI = {"ARM": "-fshort-enums -malign-double", "RISC-V": "-malign-double"}


# What is known of a block: bytes asked for, index of its tier, number of the
# call or event that made it or 0, its site, and the number of its owner or
# None. Only the last may be there alone.
Known = collections.namedtuple("Known", "size tier serial site owner",
                               defaults=(None, None, 0, (), None))


class Layout:
    """The slate_layout_ of a program: its bytes, and what they say."""

    def __init__(self, elf):
        symbol = elf.symbols.get("slate_layout_")
        if not symbol:
            raise DeskError(f"{elf.path}: it has no slate_layout_, which says "
                            "how its slate is built: link with "
                            "-Wl,-u,slate_layout_")
        self.bytes = elf.read(symbol[0], symbol[1])
        head = struct.Struct(elf.order + HEAD)
        if self.bytes is None or len(self.bytes) < head.size:
            raise DeskError(f"{elf.path}: its slate_layout_ is damaged")
        magic, version, word, noptions, _ = head.unpack_from(self.bytes)
        if magic != MAGIC or version != VERSION or noptions != len(OPTIONS):
            raise DeskError(f"{elf.path}: its slate is of another version "
                            "than these tools")
        numbers = struct.unpack_from(f"{elf.order}{noptions}I", self.bytes,
                                     head.size)
        self.word = 8 * word
        self.options = dict(zip(OPTIONS, numbers))


def build(elf, layout, out="out/desk"):
    """The reader for a program; its path."""
    if elf.order != "<":
        raise DeskError(f"{elf.path}: heaps of big-endian programs cannot be "
                        "read here")
    check_compiler(layout.word)
    abi = ABI.get(elf.machine, "") if layout.word == 32 else \
        "-fshort-enums" if elf.machine == "ARM" else ""
    flags = f"{configs.flags(layout.options)} {abi}".strip()
    try:
        lib = hosted.library(layout.word, "default", flags, out)
        path = os.path.join(lib, "reader")
        target.run_quietly([
            "gcc", "-std=gnu11", "-O2", "-w", f"-m{layout.word}",
            *out_of_the_way(layout.word), "-Iinclude", "-Isrc",
            "-Iport/linux", *flags.split(), "tools/reader/reader.c",
            "tools/reader/far.c", "-Wl,--start-group",
            os.path.join(lib, "libslate.a"),
            os.path.join(lib, "libslate-port.a"), "-Wl,--end-group",
            "-pthread", "-o", path])
    except FileNotFoundError as error:
        raise DeskError(f"{error.filename} is not here: reading a heap needs "
                        "gcc and make") from None
    except target.TargetError as error:
        raise DeskError(f"the reader could not be built:\n{error}") from None
    return path


class Reader:
    """
    Reads heaps of one program.

    elf		its Elf; out: where the reader is built
    read	a function (address, size) that gives bytes of the program's
		memory, or raises Unreadable
    """

    def __init__(self, elf, read, out="out/desk"):
        self.elf = elf
        self.read = with_elf(read, elf)
        self.layout = Layout(elf)
        self._check_program(read)
        self.recorded = {}
        self.path = build(elf, self.layout, out)
        self._compare()

    def _check_program(self, read):
        """Where the program's constants can be read, they are the file's."""
        if self.elf.moves:
            return
        address, size = self.elf.symbols["slate_layout_"]
        try:
            there = read(address, size)
        except Unreadable:
            return
        if there != self.layout.bytes:
            raise DeskError("the program there is not that of "
                            f"{self.elf.path}: its slate_layout_ differs")

    def _compare(self):
        done = subprocess.run([self.path, "layout",
                               str(len(self.layout.bytes))],
                              capture_output=True, text=True)
        if done.stdout.strip() != self.layout.bytes.hex():
            raise DeskError(f"{self.elf.path}: its slate is of another version "
                            "than this source, or built otherwise: structs "
                            "have other sizes")

    def _page(self, address):
        """A page, zeros where there is nothing; None if that is everywhere."""
        try:
            return self.read(address, PAGE)
        except Unreadable:
            pass
        page, found = bytearray(PAGE), False
        for at in range(0, PAGE, PIECE):
            try:
                page[at:at + PIECE] = self.read(address + at, PIECE)
                found = True
            except Unreadable:
                pass
        return bytes(page) if found else None

    def _serve(self, requests, replies):
        while True:
            request = requests.read(8)
            if len(request) < 8:
                return
            page = self._page(int.from_bytes(request, "little"))
            try:
                replies.write(b"\0" if page is None else b"\1" + page)
                replies.flush()
            except BrokenPipeError:
                return

    def ask(self, heap, command):
        """The lines, as words, that the reader prints."""
        get, put = os.pipe()
        with tempfile.TemporaryFile() as said, \
                tempfile.TemporaryFile() as complaint:
            child = subprocess.Popen(
                [self.path, hex(heap), command, str(put)],
                stdin=subprocess.PIPE, stdout=said, stderr=complaint,
                pass_fds=(put,))
            os.close(put)
            with os.fdopen(get, "rb", buffering=0) as requests:
                self._serve(requests, child.stdin)
            child.stdin.close()
            status = child.wait()
            said.seek(0)
            complaint.seek(0)
            if status:
                why = complaint.read().decode("utf-8", "replace").strip()
                raise DeskError(f"no heap at {heap:#x}: {why or 'no end'}")
            return [line.split() for line in said.read().decode().splitlines()]

    def take_recording(self, recording):
        """
        Who allocated blocks is what a recording of the program says of those
        live at its end; how many those are.
        """
        live = heap_at(recording.events).live
        self.recorded = {address: Known(block.size, block.tier, block.index,
                                        block.site, block.owner)
                         for address, block in live.items()}
        return len(live)

    def check(self, heap):
        """None if the heap is whole, or what is wrong, as text."""
        words = self.ask(heap, "check")[0]
        if words[0] == "whole":
            return None
        _, address, block, size = map(int, words[1:5])
        where = f"{address:#x}"
        if block:
            where += f", in the chunk of {size} bytes at {block:#x}"
        return f"{' '.join(words[5:])} at {where}"

    def stats(self, heap):
        """{name: number}, as struct slate_stats has them."""
        return {name: self._number(int(value))
                for name, value in self.ask(heap, "stats")}

    def _number(self, value):
        """More freed than allocated through a tier is a negative number."""
        word = self.layout.word
        return value - (1 << word) if value >> word - 1 else value

    def map(self, heap):
        """
        (spans, blocks): [(address, size, kind, block size, blocks, live,
        caps)], [(address, size, pooled)].
        """
        spans, blocks = [], []
        for kind, *numbers in self.ask(heap, "map"):
            (spans if kind == "span" else blocks).append(
                tuple(map(int, numbers)))
        return spans, blocks

    def owners(self, heap):
        """
        {address: Known} of the blocks that tracing, debug hooks or accounts
        know, or a recording (take_recording()).
        """
        owners = dict(self.recorded)
        for kind, address, *numbers in self.ask(heap, "owners"):
            before = owners.get(int(address), Known())
            numbers = list(map(int, numbers))
            if kind == "owner":
                known = before._replace(owner=numbers[0])
            else:
                size, tier, serial, *frames = numbers
                site = tuple(frame for frame in frames if frame)
                # Tracing may know more frames, debug hooks the serial number.
                known = Known(size, tier, max(serial, before.serial),
                              max(site, before.site, key=len), before.owner)
            owners[int(address)] = known
        return owners

    def faults(self, heap):
        """What debug hooks find wrong: [(kind, address, block, text)]."""
        return [(kind, int(address), int(block), " ".join(words))
                for kind, address, block, *words in self.ask(heap, "faults")]
