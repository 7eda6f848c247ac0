# SPDX-License-Identifier: MIT
"""
The gdb commands: slate stats, walk, check, block, leaks, map, recording, dump.

HEAP is an expression that points to a heap; without one, the variable heap.
They read memory only: nothing of the program runs.
"""

import gdb

from . import looks, map_cli, memory, picture, recording, symbols
from .elf import Elf
from .errors import DeskError
from .reader import Reader


class Session:
    """What the commands share: the program's file, reader and memory."""

    def __init__(self):
        self.dump = None
        self.path = None
        self.reading = None

    def read(self, address, size):
        if self.dump:
            return self.dump.read(address, size)
        try:
            return bytes(gdb.selected_inferior().read_memory(address, size))
        except gdb.error:
            raise memory.Unreadable(address) from None

    def reader(self):
        """The Reader of the program that gdb has; built once."""
        if not self.dump and not gdb.selected_inferior().pid:
            raise DeskError("nothing runs here: say target remote, run, core, "
                            "or slate dump")
        path = gdb.current_progspace().filename
        if not path:
            raise DeskError("gdb has no program: say file PROGRAM")
        if self.path != path:
            self.reading = Reader(Elf(path), self.read)
            self.path = path
        return self.reading

    def address(self, text):
        """
        What an expression points to; where gdb knows no type of a variable,
        it is taken for a pointer.
        """
        if not self.dump:
            try:
                value = gdb.parse_and_eval(text)
                if value.type.strip_typedefs().code in (
                        gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_INT):
                    return int(value)
            except gdb.error:
                pass
        return memory.pointer(text, self.reader().elf, self.reader().read)

    def heap(self, text):
        heap = self.address(text or "heap")
        if not heap:
            raise DeskError(f"{text or 'heap'} is NULL: there is no heap yet")
        return heap

    def sites(self):
        elf, moved = self.reader().elf, 0
        if elf.moves and not self.dump:
            here = gdb.parse_and_eval("(unsigned long)&slate_layout_")
            moved = int(here) - elf.symbols["slate_layout_"][0]
        return symbols.Sites(symbols.Symbols(elf, moved))


SESSION = Session()


def put(text):
    gdb.write(text + "\n")


class Slate(gdb.Command):
    """Look at heaps of slate. HEAP is an expression; the variable heap if
    it is left out."""

    def __init__(self):
        super().__init__("slate", gdb.COMMAND_DATA, prefix=True)


class Command(gdb.Command):
    """One command; its words are NAME ARGUMENTS, the last of them HEAP."""

    usage = ""
    least = 0

    def __init__(self):
        super().__init__(self.usage.split(" [")[0].split(" ADDR")[0]
                         .split(" FILE")[0], gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        try:
            first, heap = looks.require(words, (self.least, self.least + 1),
                                        self.usage) if self.least else \
                (None, *looks.require(words, (0, 1), self.usage))
            self.run(SESSION.reader(), SESSION.heap(heap), first)
        except DeskError as error:
            raise gdb.GdbError(f"slate: {error}") from None


class Stats(Command):
    """slate stats [HEAP]: the heap in figures."""

    usage = "slate stats [HEAP]"

    def run(self, reading, heap, _):
        looks.put_stats(put, reading, heap)


class Check(Command):
    """slate check [HEAP]: test the whole structure, and with debug hooks the
    bytes around each block and those that were freed."""

    usage = "slate check [HEAP]"

    def run(self, reading, heap, _):
        looks.put_check(put, reading, heap, SESSION.sites())


class Walk(Command):
    """slate walk [HEAP]: every live block."""

    usage = "slate walk [HEAP]"

    def run(self, reading, heap, _):
        looks.put_walk(put, reading, heap, SESSION.sites())


class Leaks(Command):
    """slate leaks [HEAP]: live blocks by who allocated them, if that is known
    (from tracing or debug hooks), else by size."""

    usage = "slate leaks [HEAP]"

    def run(self, reading, heap, _):
        looks.put_leaks(put, reading, heap, SESSION.sites())


class Block(Command):
    """slate block ADDR [HEAP]: what is at an address, who allocated it."""

    usage = "slate block ADDR [HEAP]"
    least = 1

    def run(self, reading, heap, address):
        looks.put_block(put, reading, heap, SESSION.address(address),
                        SESSION.sites())


class Map(Command):
    """slate map FILE [HEAP]: draw the heap into FILE.svg or FILE.html."""

    usage = "slate map FILE [HEAP]"
    least = 1

    def run(self, reading, heap, path):
        drawn = picture.of_memory(reading, heap, SESSION.sites(),
                                  f"heap at {heap:#x}")
        map_cli.write(drawn, path, None, 0)


class Recording(gdb.Command):
    """slate recording FILE: from now on a recording of this program tells who
    allocated a block, as far as tracing and debug hooks do not."""

    def __init__(self):
        super().__init__("slate recording", gdb.COMMAND_DATA,
                         gdb.COMPLETE_FILENAME)

    def invoke(self, argument, from_tty):
        try:
            reading = SESSION.reader()
            path, = looks.require(gdb.string_to_argv(argument), (1, 1),
                                  "slate recording FILE")
            record = recording.read(path)
            recording.check_elf(record, reading.elf)
            put(f"{reading.take_recording(record)} blocks live at its end")
        except DeskError as error:
            raise gdb.GdbError(f"slate: {error}") from None


class Dump(gdb.Command):
    """slate dump FILE@ADDRESS...: from now on read memory from files, written
    by "dump binary memory FILE FROM TO"; without one, from the target."""

    def __init__(self):
        super().__init__("slate dump", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        try:
            names = gdb.string_to_argv(argument)
            SESSION.dump = memory.Dump(names) if names else None
        except DeskError as error:
            raise gdb.GdbError(f"slate: {error}") from None


def register():
    for command in (Slate, Stats, Check, Walk, Leaks, Block, Map,
                    Recording, Dump):
        command()
